//! What a machine is told of its configuration: its name, environment, folders and program.
//!
//! One that boots from a disk is told by a second disk that cloud-init knows (its `NoCloud` source); one that boots a kernel
//! finds the same in the folder `/galerne` of its first root file system. Both are files that root alone may read, as an
//! environment may hold secrets. No value becomes a part of a script: scripts are fixed, and values are their arguments
//! or quoted words in a file.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fatfs::{FileSystem, FormatVolumeOptions, FsOptions};
use serde_json::{Value, json};

use super::initramfs;
use crate::run_spec::RunSpec;

/// The folder that a first root file system finds them in.
const FOLDER: &str = "galerne";

/// The options with which a shared folder is mounted.
const SHARED: &str = "trans=virtio,version=9p2000.L,msize=262144";

/// Mounts the shared folder `$1` on `$2`, with the options `$3`.
const MOUNT: &str = "mkdir -p \"$2\" && { mountpoint -q \"$2\" || mount -t 9p -o \"$3\" \"$1\" \"$2\"; } \
     || echo \"galerne: $2 cannot be mounted\" >/dev/console";

/// Runs the program of the configuration with its environment, its output on the console.
const RUN: &str = "#!/bin/sh
# Written by galerne.
set -a
. /etc/galerne/environment
set +a
setsid xargs -0 -a /etc/galerne/command env -- >/dev/console 2>&1 </dev/null &
";

/// The size of the disk for cloud-init, beside what is on it: the least that has room for its tables.
const LEAST: usize = 1 << 20;

/// By which name a machine finds the shared folder `index`.
pub(super) fn tag(index: usize) -> String {
    format!("galerne{index}")
}

/// The archive with the folder `/galerne` of a first root file system: `hostname`, `environment` as a shell reads it,
/// `mounts` as lines of a name and a folder in which a space is `\040`, and `command`, each of its words followed by a NUL.
pub(super) fn archive(spec: &RunSpec) -> Vec<u8> {
    let files = [
        ("hostname", format!("{}\n", hostname(spec)).into_bytes()),
        ("environment", environment(spec).into_bytes()),
        ("mounts", mounts(spec).into_bytes()),
        ("command", command(spec)),
    ];
    initramfs::of(FOLDER, &files)
}

/// The disk for cloud-init, of the machine that is called `id`.
///
/// # Errors
/// None that could be brought about: it is made in memory.
pub(super) fn disk(spec: &RunSpec, id: &str) -> io::Result<Vec<u8>> {
    let user = format!("#cloud-config\n{:#}\n", cloud_config(spec));
    let meta = format!("{:#}\n", json!({"instance-id": id, "local-hostname": hostname(spec)}));
    let size = (LEAST + 2 * (user.len() + meta.len())).next_multiple_of(LEAST);
    let mut disk = Cursor::new(vec![0; size]);
    fatfs::format_volume(&mut disk, FormatVolumeOptions::new().volume_label(*b"CIDATA     "))?;
    {
        let system = FileSystem::new(&mut disk, FsOptions::new())?;
        let root = system.root_dir();
        for (name, text) in [("user-data", user), ("meta-data", meta)] {
            let mut file = root.create_file(name)?;
            file.truncate()?;
            file.write_all(text.as_bytes())?;
            file.flush()?;
        }
    }
    Ok(disk.into_inner())
}

fn cloud_config(spec: &RunSpec) -> Value {
    let mount = |(index, mount): (usize, &crate::run_spec::Mount)| {
        json!(["sh", "-c", MOUNT, FOLDER, tag(index), mount.container, SHARED])
    };
    let file = |path: &str, rights: &str, bytes: &[u8]| {
        let content = STANDARD.encode(bytes);
        json!({"path": path, "permissions": rights, "owner": "root:root", "encoding": "b64", "content": content})
    };
    let mut files = vec![file("/etc/galerne/environment", "0600", environment(spec).as_bytes())];
    if !spec.command.is_empty() {
        files.push(file("/etc/galerne/command", "0600", &command(spec)));
        files.push(file("/var/lib/cloud/scripts/per-boot/galerne", "0755", RUN.as_bytes()));
    }
    let mounts: Vec<Value> = spec.mounts.iter().enumerate().map(mount).collect();
    json!({"hostname": hostname(spec), "bootcmd": mounts, "write_files": files})
}

/// The name as a name of a host.
fn hostname(spec: &RunSpec) -> String {
    spec.name.as_str().replace('_', "-").trim_end_matches(['-', '.']).to_owned()
}

/// The environment as lines that a shell and systemd read.
fn environment(spec: &RunSpec) -> String {
    spec.environment.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}='{}'", value.reveal().replace('\'', "'\\''"));
        text
    })
}

fn command(spec: &RunSpec) -> Vec<u8> {
    spec.command.iter().flat_map(|word| word.bytes().chain([0])).collect()
}

fn mounts(spec: &RunSpec) -> String {
    let line = |(index, mount): (usize, &crate::run_spec::Mount)| {
        format!("{} {}\n", tag(index), escaped(&mount.container))
    };
    spec.mounts.iter().enumerate().map(line).collect()
}

/// A path as `fstab` writes it.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "\\134").replace(' ', "\\040")
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::process::Command;

    use super::*;
    use crate::engine::attended::store;

    fn spec() -> RunSpec {
        serde_json::from_value(json!({
            "name": "my_wiki", "engine": "qemu", "source": {"image": "/srv/wiki.qcow2", "tag": "1"},
            "mounts": [{"host": "/srv/data", "container": "/srv/my data"}],
            "environment": {"GREETING": "it's \"$(touch /tmp/x)\"\nNEXT=1"},
            "command": ["/bin/echo", "a b", "$(c)"],
        }))
        .unwrap()
    }

    #[test]
    fn a_shell_reads_the_environment_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("environment");
        store::write(&file, environment(&spec())).unwrap();
        let script = ". \"$0\"; printf '%s|%s' \"$GREETING\" \"$NEXT\"";
        let said = Command::new("sh").args(["-c", script]).arg(&file).output().unwrap().stdout;
        assert_eq!(String::from_utf8(said).unwrap(), "it's \"$(touch /tmp/x)\"\nNEXT=1|");
    }

    #[test]
    fn the_disk_is_one_that_cloud_init_looks_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seed");
        store::write(&file, disk(&spec(), "my_wiki-1").unwrap()).unwrap();
        let said =
            Command::new("/sbin/blkid").args(["-p", "-o", "export"]).arg(&file).output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("LABEL=CIDATA") && said.contains("TYPE=vfat"), "{said}");
        let opened = OpenOptions::new().read(true).write(true).open(&file).unwrap();
        let system = FileSystem::new(opened, FsOptions::new()).unwrap();
        let names: Vec<String> = system.root_dir().iter().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["user-data", "meta-data"]);
    }

    #[test]
    fn what_cloud_init_reads_has_values_as_values_alone() {
        let config = cloud_config(&spec());
        assert_eq!(config["hostname"], "my-wiki");
        assert_eq!(config["bootcmd"][0][4], "galerne0");
        assert_eq!(config["bootcmd"][0][5], "/srv/my data");
        assert_eq!(config["write_files"][0]["permissions"], "0600");
        assert_eq!(command(&spec()), b"/bin/echo\0a b\0$(c)\0");
        assert_eq!(mounts(&spec()), "galerne0 /srv/my\\040data\n");
        assert!(!config.to_string().contains("touch"), "a value is encoded, whatever is in it");
    }
}
