//! Making the folder of a machine, whole: its disk, its kernel, and what it is told.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::image::{self, Form, Known, copy};
use super::{ANSWER, CALLED, told};
use crate::engine::attended::Keeper;
use crate::engine::attended::image::{damaged, lacks};
use crate::engine::attended::store;
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::run_spec::RunSpec;
use crate::words::Phrase;

/// The file by which a machine is known.
pub(super) const SHAPE: &str = "machine.json";

/// The files of a machine.
pub(super) const DISK: &str = "disk.qcow2";
pub(super) const TOLD: &str = "told.img";
pub(super) const KERNEL: &str = "kernel";
pub(super) const INITRD: &str = "initrd";

/// What a machine is made of.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Shape {
    /// It has a disk, and one for cloud-init.
    pub(super) disk: bool,
    /// A kernel of its own is booted, with a first root file system.
    pub(super) kernel: bool,
}

/// Makes the machine of `spec` under `name`.
///
/// # Errors
/// Its image has not been fetched or boots nothing as `spec` says, its kernel is not there, or the disk is full.
pub(super) async fn make(keeper: &Keeper, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
    let images = keeper.store.image(&spec.source);
    let Some(known) = image::known(&images) else {
        return Err(lacks(&spec.source, answer::not_fetched()));
    };
    check(spec, known)?;
    let id = keeper.new_id(&spec.name)?;
    let failed = |error: io::Error| {
        CALLED.unwritable(phrase!("to-make-machine", "make a machine"), keeper.store.folder(), &error)
    };
    let making = keeper.store.making("machine").map_err(failed)?;
    let made = fill(&making, &images, spec, known, &id, &keeper.root).await;
    let noted = made.and_then(|()| {
        let note = keeper.note(name, spec, address(&id));
        store::write_note(&making, &note).map_err(failed)
    });
    if let Err(error) = noted {
        store::remove(&making).map_err(failed)?;
        return Err(error);
    }
    fs::rename(&making, keeper.store.folder().join(id)).map_err(failed)
}

/// Whether something will boot.
fn check(spec: &RunSpec, known: Known) -> Result<(), EngineError> {
    let wrong = |why: Phrase| Err(damaged(&spec.source, vec![why]));
    match (known.form, &spec.boot.kernel) {
        (Form::Initramfs, None) => wrong(phrase!(
            "image-compressed",
            "it is compressed, or a first root file system: unpack it, or say which kernel boots it"
        )),
        (Form::Raw, None) if !known.is_bootable => {
            wrong(phrase!("image-no-boot", "nothing boots from this disk: say which kernel does"))
        }
        (Form::Qcow2 | Form::Raw, _) if spec.boot.disk.is_some_and(|size| size < known.size) => {
            wrong(phrase!(
                "image-shrinks",
                "its disk has {size} bytes: it can grow and not shrink",
                size = known.size
            ))
        }
        _ => Ok(()),
    }
}

/// Makes all files of the machine in `making`.
async fn fill(
    making: &Path,
    images: &Path,
    spec: &RunSpec,
    known: Known,
    id: &str,
    root: &Path,
) -> Result<(), EngineError> {
    let failed =
        |error: io::Error| CALLED.unwritable(phrase!("to-make-machine", "make a machine"), making, &error);
    for mount in &spec.mounts {
        let host = root.join(mount.host.strip_prefix("/").unwrap_or(&mount.host));
        if !host.is_dir() {
            let why = phrase!(
                "qemu-no-folder",
                "`{path}` is no folder, and QEMU shares folders alone",
                path = mount.host.display().to_string()
            );
            return Err(CALLED.refused(phrase!("to-share", "share it with a machine"), &[why]));
        }
    }
    let shape = Shape { disk: known.form != Form::Initramfs, kernel: spec.boot.kernel.is_some() };
    let file = images.join(image::FILE);
    if shape.disk {
        overlay(making, &file, spec, known).await?;
        let disk = told::disk(spec, id).map_err(failed)?;
        store::write(&making.join(TOLD), disk).map_err(failed)?;
    }
    if let Some(kernel) = &spec.boot.kernel {
        let of_machine = [(Some(kernel.as_path()), KERNEL), (spec.boot.initrd.as_deref(), "given")];
        for (from, to) in of_machine.into_iter().filter_map(|(from, to)| Some((from?, to))) {
            if !from.is_file() {
                return Err(absent(from));
            }
            copy(from, &making.join(to)).await?;
        }
        let image = (!shape.disk).then_some(file);
        initrd(making, spec, image.as_deref()).map_err(failed)?;
    }
    let text = serde_json::to_string(&shape).unwrap_or_default();
    store::write(&making.join(SHAPE), &text).map_err(failed)
}

/// A disk that holds what differs from the image.
async fn overlay(making: &Path, image: &Path, spec: &RunSpec, known: Known) -> Result<(), EngineError> {
    let form = if known.form == Form::Qcow2 { "qcow2" } else { "raw" };
    let disk = making.join(DISK);
    let size = spec.boot.disk.map(|size| size.to_string());
    let mut arguments: Vec<_> = ["create", "-q", "-f", "qcow2", "-F", form, "-b"].map(AsRef::as_ref).to_vec();
    arguments.extend([image.as_os_str(), disk.as_os_str()]);
    arguments.extend(size.as_deref().map(std::ffi::OsStr::new));
    let made = CALLED.run("qemu-img", &arguments, &[], ANSWER).await?;
    if made.success {
        Ok(())
    } else {
        Err(CALLED.refused(phrase!("to-make-disk", "make a disk"), &made.words))
    }
}

/// The first root file system: what the machine is told, what its kernel wants, and its image where it is one.
fn initrd(making: &Path, spec: &RunSpec, image: Option<&Path>) -> io::Result<()> {
    let mut file = private(&making.join(INITRD))?;
    file.write_all(&told::archive(spec))?;
    let given = making.join("given");
    for path in [Some(given.as_path()).filter(|given| given.is_file()), image].into_iter().flatten() {
        let length = io::copy(&mut File::open(path)?, &mut file)?;
        // The next one begins at a multiple of four.
        file.write_all(&vec![0; usize::try_from(length.next_multiple_of(4) - length).unwrap_or_default()])?;
    }
    if given.is_file() { fs::remove_file(given) } else { Ok(()) }
}

/// A new file that root alone may read: an environment may hold secrets.
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// An address of this server alone for the machine `id`, on which the attendant reaches its ports.
fn address(id: &str) -> Ipv4Addr {
    let end = id.get(id.len().saturating_sub(6)..).unwrap_or_default();
    let [_, second, third, last] = u32::from_str_radix(end, 16).unwrap_or_default().to_be_bytes();
    // Neither the one that everybody uses nor one of the ends.
    Ipv4Addr::new(127, second | 0x80, third, last.clamp(1, 254))
}

/// What is said of a kernel that is not there.
fn absent(path: &Path) -> EngineError {
    EngineError::ImageAbsent { image: path.display().to_string(), cause: answer::no_file() }
}
