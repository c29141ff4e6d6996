//! What an LXC container is made from, as variables hold it.

use crate::phrase;
use crate::words::Phrase;

/// Where the root of a container comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LxcImage<'a> {
    /// An archive on this server: an absolute path.
    File(&'a str),
    /// An archive on another one: an `https` address.
    Download(&'a str),
    /// An image of an image server.
    Server {
        /// The server.
        server: &'a str,
        /// The image: `distribution/release`, and the architecture where it is not this machine's.
        image: &'a str,
    },
    /// One of the templates that are installed with LXC.
    Template(&'a str),
}

/// What it may be.
pub(super) const IMAGE: Phrase = phrase!(
    "be-lxc-image",
    "an archive such as `/srv/wiki.tar.xz` or `https://files.example.org/wiki.tar.gz`, an image \
     such as `debian/bookworm`, or a template such as `busybox`"
);
/// What its tag may be.
pub(super) const TAG: Phrase =
    phrase!("be-archive-tag", "a word such as `1.27`, or the archive's `sha256:…`");

/// Whose images are meant where no server is named.
const SERVER: &str = "images.linuxcontainers.org";

impl<'a> LxcImage<'a> {
    /// What `image`, an image with its server, stands for.
    pub fn of(image: &'a str) -> Option<Self> {
        if image.starts_with('/') {
            return super::image::is_file(image).then_some(Self::File(image));
        }
        if let Some(rest) = image.strip_prefix("https://") {
            return super::image::is_address(rest).then_some(Self::Download(image));
        }
        if !super::image::is_image(image) {
            return None;
        }
        let Some((first, rest)) = image.split_once('/') else { return Some(Self::Template(image)) };
        if first.contains(['.', ':']) {
            return rest.contains('/').then_some(Self::Server { server: first, image: rest });
        }
        Some(Self::Server { server: SERVER, image })
    }
}

/// Whether `text` says what a container is made from.
pub(super) fn is_image(text: &str) -> bool {
    LxcImage::of(text).is_some()
}

/// Whether `text` is an archive, which no server is named for.
pub(super) fn is_archive(text: &str) -> bool {
    matches!(LxcImage::of(text), Some(LxcImage::File(_) | LxcImage::Download(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_an_archive_or_of_a_server_or_a_template() {
        let server = |server, image| Some(LxcImage::Server { server, image });
        assert_eq!(LxcImage::of("/srv/a b.tar"), Some(LxcImage::File("/srv/a b.tar")));
        let address = "https://files.example.org/A.tar.gz?x=1";
        assert_eq!(LxcImage::of(address), Some(LxcImage::Download(address)));
        assert_eq!(LxcImage::of("127.0.0.1:8443/lab/1"), server("127.0.0.1:8443", "lab/1"));
        assert_eq!(LxcImage::of("debian/bookworm"), server(SERVER, "debian/bookworm"));
        assert_eq!(LxcImage::of("busybox"), Some(LxcImage::Template("busybox")));
        for bad in [
            "",
            "../a",
            "/srv/../a",
            "/srv//a",
            "/a\nb",
            "http://a/b",
            "https://",
            "https://u:p@h/a",
            "-t",
            "a.b/c",
        ] {
            assert_eq!(LxcImage::of(bad), None, "{bad}");
        }
    }
}
