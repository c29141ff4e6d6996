//! Bringing the image of a machine here: a disk in one of two forms, or a first root file system.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{ANSWER, CALLED};
use crate::engine::attended::image::{TRANSFER, damaged, download, lacks, verify};
use crate::engine::attended::store::{self, Store};
use crate::engine::{EngineError, FetchProgress, Layer, answer};
use crate::phrase;
use crate::run_spec::{QemuImage, Source};
use crate::words::Phrase;

/// The note on an image that is here.
pub(super) const NOTE: &str = "image.json";

/// The image itself, beside it.
pub(super) const FILE: &str = "image";

/// The unit that disks are made of.
const SECTOR: u64 = 512;

/// What an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// A disk in QEMU's own form.
    Qcow2,
    /// A disk as it is.
    Raw,
    /// A first root file system, compressed or not.
    Initramfs,
}

/// What is known of an image.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Known {
    /// What it is.
    pub(super) form: Form,
    /// The size of the disk, in bytes.
    pub(super) size: u64,
    /// Whether its first sector says that something boots from it.
    pub(super) is_bootable: bool,
}

/// What is known of the image in `folder`, if it is here.
pub(super) fn known(folder: &Path) -> Option<Known> {
    serde_json::from_str(&store::read(&folder.join(NOTE)).ok()?).ok()
}

/// Brings the image of `source` into `store`.
///
/// # Errors
/// It does not exist, cannot be reached, is not what its tag says or is no image.
pub(super) async fn fetch(
    store: &Store,
    source: &Source,
    environment: &[(String, String)],
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let folder = store.image(source);
    let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed =
        |error: io::Error| CALLED.unwritable(phrase!("to-keep-image", "keep an image"), &folder, &error);
    let making = store.making(&key).map_err(failed)?;
    if let Err(error) = bring(source, environment, &making, progress).await {
        store::remove(&making).map_err(failed)?;
        return Err(error);
    }
    store::make(&store.folder().join(".images")).map_err(failed)?;
    store::remove(&folder).map_err(failed)?;
    fs::rename(&making, &folder).map_err(failed)
}

async fn bring(
    source: &Source,
    environment: &[(String, String)],
    making: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let file = making.join(FILE);
    match QemuImage::of(&source.image) {
        Some(QemuImage::File(path)) if Path::new(path).is_file() => {
            progress(Layer::copies("image"));
            copy(Path::new(path), &file).await?;
        }
        Some(QemuImage::File(_)) => return Err(lacks(source, answer::no_file())),
        Some(QemuImage::Download(address)) => {
            // What is asked for over TLS is not to be led out of it.
            let protocols = if address.starts_with("https:") { "=https" } else { "=http,https" };
            download(CALLED, source, environment, (address, protocols), &file, progress).await?;
        }
        None => return Err(lacks(source, phrase!("lacks-path", "it is no path and no address"))),
    }
    progress(Layer::told("image", phrase!("layer-checks", "checking")));
    verify(source, &file).await?;
    let known = look(source, &file).await?;
    let text = serde_json::to_string(&known).unwrap_or_default();
    store::write(&making.join(NOTE), &text)
        .map_err(|error| CALLED.unwritable(phrase!("to-keep-image", "keep an image"), &file, &error))
}

/// Copies a file that may have holes.
///
/// # Errors
/// It cannot be read, or the disk is full.
pub(super) async fn copy(from: &Path, to: &Path) -> Result<(), EngineError> {
    let options = ["--reflink=auto", "--sparse=auto", "--"].map(AsRef::as_ref);
    let arguments = [&options[..], &[from.as_os_str(), to.as_os_str()]].concat();
    let copied = CALLED.run("cp", &arguments, &[], TRANSFER).await?;
    if copied.success {
        Ok(())
    } else {
        Err(CALLED.refused(phrase!("to-copy-file", "copy a file"), &copied.words))
    }
}

/// Says what `file` is.
async fn look(source: &Source, file: &Path) -> Result<Known, EngineError> {
    let unreadable = |error: io::Error| damaged(source, vec![error.to_string().into()]);
    let size = fs::metadata(file).map_err(unreadable)?.len();
    let form = form(&first(file, 0, 16).map_err(unreadable)?).map_err(|why| damaged(source, vec![why]))?;
    let is_bootable = first(file, SECTOR - 2, 2).map_err(unreadable)? == [0x55, 0xAA];
    match form {
        Form::Initramfs => Ok(Known { form, size, is_bootable: false }),
        Form::Raw if size == 0 || size % SECTOR != 0 => Err(damaged(
            source,
            vec![phrase!(
                "image-sectors",
                "a disk has whole sectors, and this has {size} bytes",
                size = size
            )],
        )),
        Form::Raw => Ok(Known { form, size, is_bootable }),
        Form::Qcow2 => Ok(Known { form, size: qcow2_size(source, file).await?, is_bootable: true }),
    }
}

/// The first bytes of a file from `offset` on, as many as it has.
fn first(file: &Path, offset: u64, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(offset))?;
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What begins as `bytes`. QEMU itself is never left to guess: what a machine writes on its disk could mislead it.
fn form(bytes: &[u8]) -> Result<Form, Phrase> {
    let initramfs: [&[u8]; 8] = [
        b"070701",
        b"070702",
        b"\x1f\x8b",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
        b"BZh",
        b"\x02\x21\x4c\x18",
        b"\x5d\0\0",
    ];
    let others: [(&[u8], Phrase); 5] = [
        (b"KDMV", phrase!("image-vmware", "a disk of VMware")),
        (b"<<< ", phrase!("image-virtualbox", "a disk of VirtualBox")),
        (b"vhdxfile", phrase!("image-hyper-v", "a disk of Hyper-V")),
        (b"conectix", phrase!("image-virtual-pc", "a disk of Virtual PC")),
        (b"PK\x03\x04", phrase!("image-zip", "a zip archive")),
    ];
    if let Some((_, what)) = others.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(phrase!(
            "image-convert",
            "it is {what}: make a qcow2 image of it by `qemu-img convert -O qcow2`",
            what = what
        ));
    }
    match bytes {
        _ if bytes.starts_with(b"QFI\xfb") => Ok(Form::Qcow2),
        _ if initramfs.iter().any(|magic| bytes.starts_with(magic)) => Ok(Form::Initramfs),
        _ => Ok(Form::Raw),
    }
}

/// The size of the disk in a qcow2 file, which must be whole: one that names another file would show that to the machine.
async fn qcow2_size(source: &Source, file: &Path) -> Result<u64, EngineError> {
    let arguments = ["info", "-f", "qcow2", "--output=json"].map(AsRef::as_ref);
    let info = CALLED.run("qemu-img", &[&arguments[..], &[file.as_os_str()]].concat(), &[], ANSWER).await?;
    if !info.success {
        return Err(damaged(source, info.words));
    }
    let info: serde_json::Value = serde_json::from_str(&info.output).unwrap_or_default();
    let named = ["/backing-filename", "/format-specific/data/data-file"];
    if named.iter().any(|member| info.pointer(member).is_some()) {
        return Err(damaged(
            source,
            vec![phrase!("image-not-whole", "it is not whole: the rest is in another file that it names")],
        ));
    }
    info["virtual-size"]
        .as_u64()
        .ok_or_else(|| damaged(source, vec![phrase!("image-no-size", "it does not say its size")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_how_it_begins() {
        for (bytes, expected) in [
            (&b"QFI\xfb\0\0\0\x03"[..], Form::Qcow2),
            (b"070701000", Form::Initramfs),
            (b"\x1f\x8b\x08", Form::Initramfs),
            (b"\xeb\x63\x90", Form::Raw),
            (b"", Form::Raw),
        ] {
            assert_eq!(form(bytes), Ok(expected));
        }
        assert!(form(b"KDMV\x01").unwrap_err().english().contains("qemu-img convert"));
    }
}
