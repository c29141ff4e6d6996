//! What the package hands to systemd and logrotate, held to these programs themselves. None of them needs a machine that systemd has booted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::described::text;
use crate::schemas::has;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a program, which must take what it is given and have nothing to say of it.
fn taken(command: &mut Command) {
    let output = command.output().expect("it starts");
    let said = text(&[output.stdout, output.stderr].concat());
    assert!(output.status.success() && !said.contains("error:"), "{command:?}: {said}");
}

#[test]
fn the_units_are_such_as_systemd_reads() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut units = Vec::new();
    for entry in fs::read_dir(project("packaging")).expect("it is there").flatten() {
        let path = entry.path();
        if !path.extension().is_some_and(|ending| ending == "service" || ending == "timer") {
            continue;
        }
        let unit = fs::read_to_string(&path).expect("it can be read");
        // The program has to be there.
        let unit = unit.replace("/usr/bin/galerne", env!("CARGO_BIN_EXE_galerne"));
        let copy = folder.path().join(entry.file_name());
        fs::write(&copy, unit).expect("it can be written");
        units.push(copy);
    }
    assert!(units.len() > 5, "{units:?}");
    let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&units).output();
    let output = output.expect("it starts");
    let said = text(&output.stderr);
    // Of the machine's own units it may have something to say.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("galerne")).collect();
    assert!(output.status.success() && ours.is_empty(), "{said}");
}

#[test]
fn the_folders_get_their_modes_back() {
    if !has("systemd-tmpfiles") {
        return;
    }
    let root = tempfile::tempdir().expect("a folder can be made");
    let put = |path: &str, content: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
        fs::write(path, content).expect("it can be written");
    };
    put("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    put("etc/group", "root:x:0:\n");
    let settings = fs::read_to_string(project("packaging/tmpfiles.conf")).expect("it is there");
    put("usr/lib/tmpfiles.d/galerne.conf", &settings);
    put("var/lib/galerne/kept", "");
    let mode = |path: &str| {
        let meta = fs::metadata(root.path().join(path)).expect("it is there");
        meta.permissions().mode() & 0o777
    };
    let state = root.path().join("var/lib/galerne");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).expect("it can be changed");
    let mut command = Command::new("systemd-tmpfiles");
    taken(command.arg("--create").arg(format!("--root={}", root.path().display())).arg("galerne.conf"));
    assert_eq!((mode("var/lib/galerne"), mode("var/log/galerne")), (0o755, 0o755));
    assert!(state.join("kept").exists());
}

#[test]
fn the_log_is_turned_over_as_logrotate_understands_it() {
    if !has("logrotate") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (log, state) = (folder.path().join("galerne.log"), folder.path().join("state"));
    fs::write(&log, "a line\n").expect("it can be written");
    let settings = fs::read_to_string(project("packaging/logrotate")).expect("it is there");
    let settings = settings.replace("/var/log/galerne/", &format!("{}/", folder.path().display()));
    let path = folder.path().join("settings");
    fs::write(&path, settings).expect("it can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it can be changed");
    taken(Command::new("logrotate").args(["--debug", "--state"]).arg(&state).arg(&path));
    taken(Command::new("logrotate").args(["--force", "--state"]).arg(&state).arg(&path));
    assert!(folder.path().join("galerne.log.1").exists());
    let made = fs::metadata(&log).expect("a new one is made");
    assert_eq!((made.len(), made.permissions().mode() & 0o777), (0, 0o600));
}
