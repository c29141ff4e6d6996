//! What a machine of Vagrant is made from and by whom, as variables hold it.

use crate::phrase;
use crate::words::Phrase;
use serde::{Deserialize, Serialize};

/// What runs the machines of Vagrant: the word in `conteneurX_fournisseur`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A Docker engine, whose containers are machines without a system of their own.
    Docker,
    /// KVM or QEMU, by libvirt.
    Libvirt,
    /// `VirtualBox`.
    Virtualbox,
}

/// What a provider may be called.
pub(super) const PROVIDER: Phrase = phrase!("be-provider", "`docker`, `libvirt` or `virtualbox`");
/// What a box may be.
pub(super) const BOX: Phrase = phrase!(
    "be-box",
    "a box such as `debian/bookworm64`, or a file of one such as `/srv/wiki.box` or \
     `https://files.example.org/wiki.box`"
);
/// What its tag may be.
pub(super) const TAG: Phrase =
    phrase!("be-box-tag", "a version such as `12.20250126.1`, `latest`, or the file's `sha256:…`");

impl Provider {
    /// What `word` means.
    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Docker, Self::Libvirt, Self::Virtualbox].into_iter().find(|known| known.name() == word)
    }

    /// Its name in files, in JSON and for Vagrant.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Libvirt => "libvirt",
            Self::Virtualbox => "virtualbox",
        }
    }
}

/// Where a box comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VagrantBox<'a> {
    /// A file on this server: an absolute path.
    File(&'a str),
    /// A file on another one: an `https` address.
    Download(&'a str),
    /// One of a catalogue.
    Named {
        /// The server; without one, Vagrant's own.
        server: Option<&'a str>,
        /// The box: `owner/name`.
        name: &'a str,
    },
}

impl<'a> VagrantBox<'a> {
    /// What `image`, a box with its server, stands for.
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
        let (server, name) = match image.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) => (Some(first), rest),
            _ => (None, image),
        };
        (name.split('/').count() == 2).then_some(Self::Named { server, name })
    }
}

/// Whether `text` is a box.
pub(super) fn is_box(text: &str) -> bool {
    VagrantBox::of(text).is_some()
}

/// Whether `text` is the file of a box, which no server is named for.
pub(super) fn is_file(text: &str) -> bool {
    matches!(VagrantBox::of(text), Some(VagrantBox::File(_) | VagrantBox::Download(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_a_file_or_of_a_catalogue() {
        assert_eq!(VagrantBox::of("/srv/a b.box"), Some(VagrantBox::File("/srv/a b.box")));
        let address = "https://files.example.org/A.box";
        assert_eq!(VagrantBox::of(address), Some(VagrantBox::Download(address)));
        let named = |server, name| Some(VagrantBox::Named { server, name });
        assert_eq!(VagrantBox::of("debian/bookworm64"), named(None, "debian/bookworm64"));
        assert_eq!(
            VagrantBox::of("boxes.example.org:8443/a/b"),
            named(Some("boxes.example.org:8443"), "a/b")
        );
        for bad in
            ["", "debian", "a/b/c", "/srv/../a", "http://a/b", "https://u:p@h/a", "-x/y", "a.b/c", "a\nb/c"]
        {
            assert_eq!(VagrantBox::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_provider_is_a_word() {
        for known in [Provider::Docker, Provider::Libvirt, Provider::Virtualbox] {
            assert_eq!(Provider::of(known.name()), Some(known));
            assert_eq!(serde_json::to_value(known).unwrap(), known.name());
        }
        assert_eq!(Provider::of("vmware"), None);
    }
}
