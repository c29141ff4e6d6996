//! What a snap is, as variables hold it.

use crate::phrase;
use crate::words::Phrase;

/// Where a snap comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapImage<'a> {
    /// A file on this server: an absolute path.
    File(&'a str),
    /// A name in the store.
    Store(&'a str),
}

/// What it may be.
pub(super) const IMAGE: Phrase =
    phrase!("be-snap", "a snap of the store such as `nextcloud`, or a file such as `/srv/wiki.snap`");
/// What a snap may be called.
pub(super) const NAME: Phrase = phrase!(
    "be-snap-name",
    "the name of a snap: at most 40 small letters, digits and single `-`, with a letter among them"
);
/// What its tag may be.
pub(super) const TAG: Phrase = phrase!(
    "be-snap-tag",
    "a channel of the store such as `latest/stable`; of a file a word such as `1.27`, or its `sha256:…`"
);
/// What runs in it.
pub(super) const NO_COMMAND: Phrase = phrase!("be-no-command", "nothing: a snap runs its own services");

/// The parts of a channel that say how mature a snap is.
const RISKS: [&str; 4] = ["stable", "candidate", "beta", "edge"];

impl<'a> SnapImage<'a> {
    /// What `image` stands for.
    pub fn of(image: &'a str) -> Option<Self> {
        if image.starts_with('/') {
            return super::image::is_file(image).then_some(Self::File(image));
        }
        is_name(image).then_some(Self::Store(image))
    }
}

/// Whether `text` says where a snap comes from.
pub(super) fn is_image(text: &str) -> bool {
    SnapImage::of(text).is_some()
}

/// Whether `text` is a name that a snap may have, by snapd's rules.
pub fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (2..=40).contains(&text.len())
        && text.bytes().all(allowed)
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// Whether `text` is a channel: `TRACK/RISK/BRANCH`, of which track or risk may stand alone.
pub(super) fn is_channel(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let word = |part: &&str| {
        part.len() <= 100
            && part.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    parts.iter().all(word)
        && match parts.as_slice() {
            [_] => true,
            [first, second] => RISKS.contains(first) || RISKS.contains(second),
            [_, risk, _] => RISKS.contains(risk),
            _ => false,
        }
}

/// Whether `tag` is one that a snap from `image` may have.
pub(super) fn is_tag_of(image: &str, tag: &str) -> bool {
    if image.starts_with('/') { super::image::is_tag(tag) } else { is_channel(tag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snap_is_a_name_or_a_file() {
        assert_eq!(SnapImage::of("/srv/a b.snap"), Some(SnapImage::File("/srv/a b.snap")));
        assert_eq!(SnapImage::of("next-cloud2"), Some(SnapImage::Store("next-cloud2")));
        for bad in ["", "a", "12", "-a", "a-", "a--b", "A", "a_b", "a/b", "../a", "/srv/../a", "/a\nb"] {
            assert_eq!(SnapImage::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_channel_has_a_track_a_risk_and_a_branch() {
        for good in ["latest", "stable", "latest/stable", "stable/fix-1", "22/edge", "22.04/edge/fix"] {
            assert!(is_channel(good), "{good}");
        }
        for bad in ["", "a/b", "a/b/c", "/stable", "stable/", "a/stable/b/c", "sha256:0", "-x", "a b"] {
            assert!(!is_channel(bad), "{bad}");
        }
        assert!(!is_tag_of("wiki", &format!("sha256:{}", "a".repeat(64))));
        assert!(is_tag_of("/srv/wiki.snap", &format!("sha256:{}", "a".repeat(64))));
    }
}
