//! A git repository from which an image is built, as variables hold it.

use crate::phrase;
use crate::words::Phrase;
use serde::{Deserialize, Serialize};

/// What an image is built from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Git {
    /// Where the repository is.
    pub repository: String,
    /// The folder in it that is built; without one, all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The file that says how, in that folder; without one, `Dockerfile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// The commit that is built, once the repository has said which one the source's tag is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// What a repository may be.
pub(super) const REPOSITORY: Phrase = phrase!(
    "be-repository",
    "a git repository such as `https://git.example.org/team/wiki.git`, \
     `ssh://git@git.example.org/wiki.git` or `/srv/git/wiki.git`, without a password"
);
/// What may be asked of a repository.
pub(super) const REFERENCE: Phrase = phrase!("be-reference", "a branch, a tag or a commit in full");
/// What may stand in a repository.
pub(super) const INSIDE: Phrase = phrase!("be-inside", "a path in the repository, without `..`");

/// The schemes that are spoken to. A plain path is a repository too, and `user@host:path` is ssh.
const SCHEMES: [&str; 4] = ["https://", "ssh://", "git://", "file:///"];

/// Whether `text` is a repository that git may be asked for: no option, no program, no password.
pub(super) fn is_repository(text: &str) -> bool {
    let plain = |text: &str| text.chars().all(|letter| !letter.is_control() && !letter.is_whitespace());
    if text.starts_with('-') || !plain(text) || text.contains("::") {
        return false;
    }
    match SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)) {
        Some(rest) => !rest.is_empty() && !rest.starts_with('-') && !has_password(rest),
        None => is_normal(text) || is_remote_path(text),
    }
}

/// Whether the part of an address before its host says a password.
fn has_password(rest: &str) -> bool {
    let host = rest.split('/').next().unwrap_or_default();
    host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

fn is_normal(text: &str) -> bool {
    super::reading::normal(text).is_some()
}

/// `user@host:path`, as git and ssh write it.
fn is_remote_path(text: &str) -> bool {
    let Some((host, path)) = text.split_once(':') else { return false };
    let word = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    let is_host = match host.split_once('@') {
        Some((user, host)) => word(user) && word(host),
        None => word(host) && host.contains('.'),
    };
    is_host && !path.is_empty() && !path.starts_with(['-', '/'])
}

/// Whether `text` is a branch, a tag or a commit, by what git allows in such names.
pub(super) fn is_reference(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./+-".contains(&byte))
        && !text.starts_with(['-', '/', '.'])
        && !text.ends_with('.')
        && !["..", "//", "/.", ".lock/"].iter().any(|sequence| format!("{text}/").contains(sequence))
}

/// Whether `text` stays in the repository.
pub(super) fn is_inside(text: &str) -> bool {
    !text.starts_with(['-', '/'])
        && !text.chars().any(char::is_control)
        && text.split('/').all(|part| !part.is_empty() && part != ".." && part != "." && part != ".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_an_address_that_git_may_be_given() {
        for good in [
            "https://git.example.org/a.git",
            "https://robot@git.example.org/a.git",
            "ssh://git@git.example.org:2222/a.git",
            "git@git.example.org:team/a.git",
            "git.example.org:a.git",
            "file:///srv/git/a",
            "/srv/git/a.git",
        ] {
            assert!(is_repository(good), "{good}");
        }
        for bad in [
            "",
            "-uoops",
            "--upload-pack=touch /tmp/x",
            "ext::sh -c touch",
            "http://git.example.org/a.git",
            "https://robot:secret@git.example.org/a.git",
            "ssh://-oProxyCommand=x/a",
            "-oProxyCommand=x:a",
            "file://host/a",
            "/srv/../a",
            "a b",
            "registry.example.org",
        ] {
            assert!(!is_repository(bad), "{bad}");
        }
    }

    #[test]
    fn a_reference_is_a_name_that_git_allows() {
        for good in ["main", "feature/x", "v1.2", "1.0+1", "0123456789abcdef0123456789abcdef01234567"] {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["", "-x", "a..b", "a b", "a:b", "/a", "a/", "a~1", "a^", "a@{1}", ".a", "a.lock"] {
            assert!(!is_reference(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_in_a_repository_stays_in_it() {
        for good in ["docker", "docker/web", "Dockerfile.prod", "a/..b"] {
            assert!(is_inside(good), "{good}");
        }
        for bad in ["", "/etc", "..", "a/../..", "./a", "a//b", ".git/config", "-x"] {
            assert!(!is_inside(bad), "{bad}");
        }
    }
}
