//! Bringing the root file system of an image here: from an archive, an image server or one of LXC's templates.
//!
//! An archive is unpacked by `tar`, which makes links last, so that none of them leads it out of the folder. Devices are left
//! out: the container has its own.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use super::program::{self, run, unwritable};
use crate::engine::attended::image::{TRANSFER, damaged, download, lacks, unreachable, verify};
use crate::engine::attended::program::lines;
use crate::engine::attended::store::{self, Store};
use crate::engine::{EngineError, FetchProgress, Layer, answer};
use crate::phrase;
use crate::run_spec::{LxcImage, Source};
use crate::words::{Phrase, as_said, joined};

/// Brings the image of `source` into `store`.
///
/// # Errors
/// It does not exist, cannot be reached, is not what its tag says or is no root file system.
pub(super) async fn fetch(
    store: &Store,
    source: &Source,
    environment: &Environment,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let folder = store.image(source);
    let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: io::Error| unwritable(phrase!("to-keep-image", "keep an image"), &folder, &error);
    let making = store.making(&key).map_err(failed)?;
    let brought = bring(source, environment, &making, progress).await;
    if let Err(error) = brought {
        store::remove(&making).map_err(failed)?;
        return Err(error);
    }
    store::make(&store.folder().join(".images")).map_err(failed)?;
    store::remove(&folder).map_err(failed)?;
    fs::rename(&making, &folder).map_err(failed)
}

/// What the programs are told of the environment.
type Environment = [(String, String)];

async fn bring(
    source: &Source,
    environment: &Environment,
    making: &Path,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let tell = |status: Phrase| progress(Layer::told("rootfs", status));
    let root = making.join("rootfs");
    let failed = |error: io::Error| unwritable(phrase!("to-keep-image", "keep an image"), &root, &error);
    match LxcImage::of(&source.image) {
        Some(LxcImage::File(path)) => {
            store::make(&root).map_err(failed)?;
            tell(phrase!("layer-unpacks", "unpacking"));
            unpack(source, Path::new(path), &root).await?;
        }
        Some(LxcImage::Download(address)) => {
            store::make(&root).map_err(failed)?;
            progress(Layer::downloads("rootfs"));
            let archive = making.join("archive");
            download(program::CALLED, source, environment, (address, "=https"), &archive, progress).await?;
            tell(phrase!("layer-unpacks", "unpacking"));
            unpack(source, &archive, &root).await?;
            fs::remove_file(&archive).map_err(failed)?;
        }
        Some(LxcImage::Server { server, image }) => {
            progress(Layer::downloads("rootfs"));
            from_server(source, environment, (server, image), making).await?;
        }
        Some(LxcImage::Template(name)) => {
            tell(phrase!("layer-makes", "making"));
            create(source, environment, making, &["-t", name]).await?;
        }
        None => {
            return Err(lacks(
                source,
                phrase!("lacks-archive", "it is no archive, no template and no image of a server"),
            ));
        }
    }
    // The root of many archives is one that only its owner may enter, and the container's programs have other users.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&root, open).map_err(failed)
}

async fn unpack(source: &Source, archive: &Path, root: &Path) -> Result<(), EngineError> {
    if !archive.is_file() {
        return Err(lacks(source, answer::no_file()));
    }
    verify(source, archive).await?;
    let options = ["--extract", "--numeric-owner", "--same-owner", "--same-permissions", "--anchored"];
    let mut arguments: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
    arguments.extend(["--exclude=dev/*", "--exclude=./dev/*", "--file"].map(OsStr::new));
    arguments.extend([archive.as_os_str(), OsStr::new("--directory"), root.as_os_str()]);
    let ended = run("tar", &arguments, TRANSFER).await?;
    if !ended.success {
        return Err(damaged(source, ended.words));
    }
    let is_empty = fs::read_dir(root).map_or(true, |mut entries| entries.next().is_none());
    if is_empty { Err(damaged(source, vec![phrase!("image-empty", "nothing is in it")])) } else { Ok(()) }
}

/// An image of a server that speaks the protocol of images.linuxcontainers.org, by LXC's own template.
async fn from_server(
    source: &Source,
    environment: &Environment,
    (server, image): (&str, &str),
    making: &Path,
) -> Result<(), EngineError> {
    let parts: Vec<&str> = image.split('/').collect();
    let machine = architecture();
    let (distribution, release) = (parts.first().copied(), parts.get(1).copied());
    let (Some(distribution), Some(release)) = (distribution, release) else {
        return Err(lacks(
            source,
            phrase!("lacks-release", "an image of a server is written DISTRIBUTION/RELEASE"),
        ));
    };
    let architecture = parts.get(2).copied().unwrap_or(machine);
    let mut arguments = vec!["-t", "download", "--", "--server", server, "--dist", distribution];
    arguments.extend(["--release", release, "--arch", architecture]);
    // Builds are named by dates; any other word stands for a variant, and `latest` for the newest of the usual one.
    if source.tag != "latest" {
        arguments.extend(["--variant", &source.tag]);
    }
    create(source, environment, making, &arguments).await
}

/// Has LXC make a container in `making`, of which only the root stays.
async fn create(
    source: &Source,
    environment: &Environment,
    making: &Path,
    arguments: &[&str],
) -> Result<(), EngineError> {
    let mut all = vec![OsStr::new("-P"), making.as_os_str(), OsStr::new("-n"), OsStr::new("image")];
    all.extend([OsStr::new("-f"), OsStr::new("/dev/null")]);
    all.extend(arguments.iter().map(OsStr::new));
    // The image itself is kept, so what LXC would keep beside it is not needed.
    let cache = making.join("cache");
    let mut environment = environment.to_vec();
    environment.push(("LXC_CACHE_PATH".to_owned(), cache.to_string_lossy().into_owned()));
    let ended = program::CALLED.run("lxc-create", &all, &environment, TRANSFER).await?;
    let made = making.join("image/rootfs");
    if !ended.success || !made.is_dir() {
        let absent = ["Couldn't find a matching image", "bad template", "does not exist"];
        // The template's own words are on standard output.
        let words = [as_said(lines(ended.output.as_bytes(), 20)), ended.words].concat();
        let is_absent = words.iter().any(|line| absent.iter().any(|words| line.english().contains(words)));
        return Err(if is_absent { lacks(source, joined(&words)) } else { unreachable(source, &words) });
    }
    let root = making.join("rootfs");
    let moved = fs::rename(&made, &root).and_then(|()| store::remove(&making.join("image")));
    let moved = moved.and_then(|()| store::remove(&cache));
    moved.map_err(|error| unwritable(phrase!("to-keep-image", "keep an image"), &root, &error))
}

/// The machine's architecture, as image servers call it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "armhf",
        "x86" => "i386",
        other => other,
    }
}
