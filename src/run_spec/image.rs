//! The parts of an image's address, as variables hold them.

use super::reading::normal;
use crate::phrase;
use crate::words::Phrase;

/// What an image may be called.
pub(super) const IMAGE: Phrase =
    phrase!("be-image", "an image in lower case without its tag, such as `library/nginx`");
/// What a tag may be.
pub(super) const TAG: Phrase =
    phrase!("be-image-tag", "a tag such as `1.27`, or a digest such as `sha256:…`");
/// What a registry may be called.
pub(super) const REPOSITORY: Phrase =
    phrase!("be-registry", "a registry such as `registry.example.org:5000`");

/// Whether `text` is an image without a tag.
pub(super) fn is_image(text: &str) -> bool {
    let (folders, last) = text.rsplit_once('/').unwrap_or(("", text));
    is_path(text) && !last.contains(':') && folders.split('/').skip(1).all(|part| !part.contains(':'))
}

/// Whether `text` is a tag, or a digest in full.
pub(super) fn is_tag(text: &str) -> bool {
    if let Some(digest) = text.strip_prefix("sha256:") {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        return digest.len() == 64 && digest.bytes().all(hexadecimal);
    }
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        && !text.starts_with(['.', '-'])
}

/// Whether `text` is a registry, with a port and folders or without.
pub(super) fn is_repository(text: &str) -> bool {
    is_path(text) && text.split('/').skip(1).all(|part| !part.contains(':'))
}

/// Whether `text` is a file of this server: an absolute path in its shortest form.
pub(super) fn is_file(text: &str) -> bool {
    normal(text).is_some_and(|path| path.as_os_str() == text)
}

/// Whether `rest`, an address without its scheme, names a server and no user, and has nothing that ends a word or a quote.
pub(super) fn is_address(rest: &str) -> bool {
    let plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'`<>\\".contains(&byte));
    let host = rest.split('/').next().unwrap_or_default();
    plain && !host.is_empty() && !host.contains('@')
}

/// `text` without the scheme and the slashes with which people write addresses.
pub(super) fn bare_repository(text: &str) -> &str {
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    bare.unwrap_or(text).trim_end_matches('/')
}

/// Lower-case letters and digits, with single separators between them.
fn is_path(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let joins = |byte: u8| b"._-".contains(&byte);
    !text.is_empty()
        && text.len() <= 255
        && text.split(['/', ':']).all(|part| {
            part.bytes().all(|byte| is_word(byte) || joins(byte))
                && part.bytes().next().is_some_and(is_word)
                && part.bytes().last().is_some_and(is_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_lower_case_and_no_tag() {
        for good in ["nginx", "library/nginx", "127.0.0.1:5000/demo/web", "a-b__c/d.e"] {
            assert!(is_image(good), "{good}");
        }
        for bad in ["", "Nginx", "nginx:1", "a b", "a;b", "a\nb", "a}", "/a", "a/", "a//b", "a@b", "a/b:5/c"]
        {
            assert!(!is_image(bad), "{bad}");
        }
    }

    #[test]
    fn a_tag_is_a_word_or_a_whole_digest() {
        assert!(is_tag("latest") && is_tag("V1.2-rc_3"));
        assert!(is_tag(&format!("sha256:{}", "a".repeat(64))));
        for bad in ["", ".a", "a:b", "sha256:ab", "a b", "a\"", "é"] {
            assert!(!is_tag(bad), "{bad}");
        }
    }

    #[test]
    fn a_registry_is_taken_without_scheme_and_slash() {
        assert_eq!(bare_repository("https://r.example.org:5000/"), "r.example.org:5000");
        assert!(is_repository("r.example.org:5000/team") && !is_repository("r.example.org;"));
    }
}
