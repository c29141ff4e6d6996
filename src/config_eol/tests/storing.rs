use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::*;
use crate::source::{Disk, Memory};

/// A folder with a lock, and the path of a configuration in it.
fn scratch() -> (tempfile::TempDir, Lock, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::try_lock(&folder.path().join("lib/lock")).unwrap();
    let path = folder.path().join("etc/eole/config.eol");
    (folder, lock, path)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn put(path: &Path, text: &str) {
    fs::File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn text(path: &Path) -> String {
    String::from_utf8(crate::source::World::read(&Disk, path).unwrap()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_private_and_can_be_loaded() {
    let (_folder, lock, path) = scratch();
    write(&path, SAMPLE, &lock).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(names(path.parent().unwrap()), ["config.eol"]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let saved = load(&Disk, &path, &mut sources, &mut findings).unwrap();
    assert_eq!(saved.to_text(), SAMPLE);
    let shown = &sources.get(saved.span("nombre").unwrap().file).unwrap().text;
    assert!(shown.contains("nom_machine") && !shown.contains("eolebase"), "{shown}");
}

#[test]
fn where_there_is_no_file_nothing_is_saved() {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let world = Memory::from_iter([("/bad", &b"\xff"[..])]);
    assert!(load(&world, Path::new("/none"), &mut sources, &mut findings).is_some());
    assert!(load(&world, Path::new("/bad"), &mut sources, &mut findings).is_none());
    assert_eq!(findings.codes(), ["config_eol::unreadable"]);
}

#[test]
fn a_diagnostic_shows_the_line_without_its_values() {
    let text = r#"{"nom": {"val": "s3cret", "owner": "x"}, "nom": "s3cret2", "autre": "s3cret3"}"#;
    let world = Memory::from_iter([("/config.eol", text)]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    assert!(load(&world, Path::new("/config.eol"), &mut sources, &mut findings).is_none());
    let shown = crate::diagnostic::human(&findings, &sources, false, &crate::words::Words::default());
    assert!(shown.contains(r#"{"nom": {"val": "******", "owner": "*"}, "nom": "*******""#), "{shown}");
    assert!(shown.contains(r#"write it as {"owner": "gen_config", "val": …}"#), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn an_open_file_becomes_private_and_keeps_its_owner() {
    let (_folder, lock, path) = scratch();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    put(&path, "{}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    // Only root can give a file away; for others theirs stays theirs.
    let given = std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).is_ok();
    let owner = fs::metadata(&path).unwrap();
    assert!(!given || owner.uid() == 65_534);
    write(&path, SAMPLE, &lock).unwrap();
    let new = fs::metadata(&path).unwrap();
    assert_eq!((new.uid(), new.gid()), (owner.uid(), owner.gid()));
    assert_eq!(mode(&path), 0o600);
}

/// Whatever a writer that was killed leaves beside, the file is whole and the next write cleans up.
#[test]
fn what_a_killed_writer_leaves_is_ignored_and_removed() {
    let (_folder, lock, path) = scratch();
    write(&path, SAMPLE, &lock).unwrap();
    let beside = path.with_file_name(".config.eol.galerne-new");
    let elsewhere = path.with_file_name("elsewhere");
    let leave: [&dyn Fn(); 4] =
        [&|| put(&beside, ""), &|| put(&beside, "{\"half"), &|| put(&beside, "{}"), &|| {
            symlink(&elsewhere, &beside).unwrap();
        }];
    for (round, leave) in leave.iter().enumerate() {
        put(&elsewhere, "untouched");
        let former = text(&path);
        leave();
        assert_eq!(text(&path), former);
        let next = format!("{{\"___round\": {round}}}");
        write(&path, &next, &lock).unwrap();
        assert_eq!(text(&path), next);
        assert_eq!(text(&elsewhere), "untouched");
        assert_eq!(names(path.parent().unwrap()), ["config.eol", "elsewhere"]);
    }
}

#[test]
fn a_write_that_fails_leaves_the_former_file() {
    let (_folder, lock, path) = scratch();
    write(&path, SAMPLE, &lock).unwrap();
    fs::create_dir(path.with_file_name(".config.eol.galerne-new")).unwrap();
    let error = write(&path, "{}", &lock).unwrap_err();
    assert!(matches!(error, ConfigError::NotWritten { .. }), "{error:?}");
    assert_eq!(text(&path), SAMPLE);
}

#[test]
fn a_link_or_a_folder_in_its_place_is_not_replaced() {
    let (_folder, lock, path) = scratch();
    let folder = path.parent().unwrap();
    fs::create_dir_all(folder.join("folder")).unwrap();
    let target = folder.join("target");
    put(&target, "theirs");
    symlink(&target, folder.join("link")).unwrap();
    for name in ["link", "folder"] {
        write(&folder.join(name), SAMPLE, &lock).unwrap_err();
    }
    write(Path::new("/"), SAMPLE, &lock).unwrap_err();
    assert_eq!(text(&target), "theirs");
    assert_eq!(names(folder), ["folder", "link", "target"]);
}

#[test]
fn a_reader_sees_one_whole_file_or_the_other() {
    let (_folder, lock, path) = scratch();
    let [small, large] = [1, 50_000].map(|size| format!("{{\"___a\": \"{}\"}}", "x".repeat(size)));
    write(&path, &small, &lock).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..40 {
                write(&path, if round % 2 == 0 { &large } else { &small }, &lock).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = text(&path);
            assert!(seen == small || seen == large, "a file of {} bytes", seen.len());
        }
    });
}

#[test]
fn the_one_who_waits_learns_who_holds_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    put(&path, "99999 and more of an old one");
    let held = Lock::try_lock(&path).unwrap();
    let refusal = Lock::try_lock(&path).unwrap_err();
    assert_eq!(refusal, ConfigError::Held { path: path.clone(), holder: Some(std::process::id()) });
    assert!(refusal.to_string().contains(&format!("process {}", std::process::id())));
    assert!(Lock::lock_within(&path, Duration::from_millis(10)).is_err());
    drop(held);
    assert_eq!(text(&path), "");
    drop(Lock::try_lock(&path).unwrap());
}

#[test]
fn a_lock_given_back_in_time_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let held = Lock::try_lock(&path).unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| Lock::lock_within(&path, Duration::from_secs(30)).map(drop));
        drop(held);
        waiter.join().unwrap().unwrap();
    });
}

#[test]
fn a_lock_is_a_private_file_and_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    drop(Lock::try_lock(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    for bad in [link.as_path(), folder.path()] {
        let error = Lock::try_lock(bad).unwrap_err();
        assert!(matches!(error, ConfigError::NotLockable { .. }), "{error:?}");
    }
}
