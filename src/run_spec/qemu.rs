//! What a virtual machine boots from, as variables hold it.

use std::path::{Path, PathBuf};

use crate::phrase;
use crate::words::Phrase;
use serde::{Deserialize, Serialize};

/// How a virtual machine boots, where its image alone does not say so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Boot {
    /// The file of the kernel that is booted, absolute; without one, the boot loader on the image's disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<PathBuf>,
    /// The file of that kernel's first root file system, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initrd: Option<PathBuf>,
    /// What that kernel is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<String>,
    /// The size of the disk, in bytes; without one, that of the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<u64>,
}

impl Boot {
    /// Whether it says nothing.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Where the image of a virtual machine comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QemuImage<'a> {
    /// A file on this server: an absolute path.
    File(&'a str),
    /// One on another server: an `https` or `http` address.
    Download(&'a str),
}

/// What it may be.
pub(super) const IMAGE: Phrase = phrase!(
    "be-disk-image",
    "a disk image such as `/srv/debian-12.qcow2` or `https://images.example.org/debian-12.qcow2`"
);
/// What its tag may be.
pub(super) const TAG: Phrase = phrase!(
    "be-disk-tag",
    "a word such as `12`, or the image's `sha256:…`, which one that comes over `http` must have"
);
/// What a kernel and its first root file system may be.
pub(super) const FILE: Phrase = phrase!("be-path", "an absolute path without `..`");
/// What a kernel may be told.
pub(super) const OPTIONS: Phrase = phrase!("be-kernel-options", "words such as `root=/dev/vda1 ro`");

impl<'a> QemuImage<'a> {
    /// What `image` stands for.
    pub fn of(image: &'a str) -> Option<Self> {
        if image.starts_with('/') {
            return is_file(Path::new(image)).then_some(Self::File(image));
        }
        let rest = ["https://", "http://"].iter().find_map(|scheme| image.strip_prefix(scheme))?;
        super::image::is_address(rest).then_some(Self::Download(image))
    }
}

/// Whether `text` is an image.
pub(super) fn is_image(text: &str) -> bool {
    QemuImage::of(text).is_some()
}

/// Whether `tag` is one, and says enough of `image`: over `http` anybody on the way could change it.
pub(super) fn is_tag_of(image: &str, tag: &str) -> bool {
    super::image::is_tag(tag) && (!image.starts_with("http://") || tag.starts_with("sha256:"))
}

/// Whether `path` is absolute and in its shortest form.
pub(super) fn is_file(path: &Path) -> bool {
    path.to_str().is_some_and(super::image::is_file)
}

/// Whether `text` can be told to a kernel.
pub(super) fn is_options(text: &str) -> bool {
    text.len() <= 1024 && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_a_file_here_or_on_a_server() {
        assert_eq!(QemuImage::of("/srv/a b,c.qcow2"), Some(QemuImage::File("/srv/a b,c.qcow2")));
        for good in ["https://images.example.org/A.qcow2?x=1", "http://127.0.0.1:80/a.raw"] {
            assert_eq!(QemuImage::of(good), Some(QemuImage::Download(good)));
        }
        for bad in ["", "debian", "../a", "/srv/../a", "/a\nb", "https://", "http://u:p@h/a", "ftp://a/b"] {
            assert_eq!(QemuImage::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_comes_over_http_has_a_digest() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert!(is_tag_of("https://a/b", "12") && is_tag_of("/a", "12") && is_tag_of("http://a/b", &digest));
        assert!(!is_tag_of("http://a/b", "12") && !is_tag_of("/a", "sha256:ab"));
    }

    #[test]
    fn a_kernel_is_told_one_line() {
        assert!(is_options("root=/dev/vda1 ro") && is_options(""));
        assert!(!is_options("a\nb") && !is_options("é"));
    }
}
