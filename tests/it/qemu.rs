//! What is QEMU's own: disks and what they may be, what a machine is told, and attendants that die.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use galerne::engine::qemu::Settings;
use galerne::engine::{Engine, EngineError};
use galerne::plan::{Role, State};
use galerne::run_spec::{RunSpec, Source};
use serde_json::{Value, json};

use crate::lab::{Demo, Lab, Qemu, Server, http, run};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// The lab's place for machines, where they can run.
fn open() -> Option<Qemu> {
    let lab = Lab::open()?;
    Qemu::can_run(lab).then(|| Qemu::start(lab))
}

fn engine(folder: &Path) -> galerne::engine::Qemu {
    galerne::engine::Qemu::new(Settings {
        folder: folder.to_owned(),
        root: PathBuf::from("/"),
        program: PathBuf::from(env!("CARGO_BIN_EXE_galerne")),
        environment: Vec::new(),
    })
}

fn source(image: impl std::fmt::Display, tag: &str) -> Source {
    let spec = json!({"name": "demo", "engine": "qemu", "source": {"image": image.to_string(), "tag": tag}});
    serde_json::from_value::<RunSpec>(spec).expect("it is a run spec").source
}

/// The run spec of the demo of `source` with these members.
fn spec(source: &Source, members: &Value) -> RunSpec {
    let mut spec = json!({
        "name": "demo", "engine": "qemu", "source": source, "health": {"within_seconds": 120},
        "limits": {"memory": 128 << 20},
        "ports": [{"address": "127.0.0.1", "host": Server::free_port(), "container": 80}],
    });
    let members = members.as_object().expect("they are members").clone();
    spec.as_object_mut().expect("it is an object").extend(members);
    serde_json::from_value(spec).expect("it is a run spec")
}

fn fetch(engine: &galerne::engine::Qemu, source: &Source) -> Result<(), EngineError> {
    block_on(engine.fetch(source, &|_| {}))
}

/// Makes and starts the demo.
fn start(engine: &galerne::engine::Qemu, spec: &RunSpec) {
    block_on(async {
        engine.create("demo", spec).await.expect("it can be made");
        engine.start("demo").await.expect("it starts");
        engine.health(spec).await.expect("it is well");
    });
}

fn page(spec: &RunSpec, path: &str) -> String {
    http::get(spec.ports[0].host, path).expect("it answers").body
}

#[test]
fn a_disk_boots_by_itself_and_hears_of_its_name_environment_and_folders() {
    let Some(qemu) = open() else { return };
    let engine = engine(&qemu.path());
    let disk = qemu.pack_disk("demo", "1", Demo::Serves);
    let digest = run(Command::new("sha256sum").arg(&disk));
    let digest = format!("sha256:{}", digest.split(' ').next().expect("it begins with it"));
    let (_server, port) = qemu.serve();
    let address = |name: &str| format!("http://127.0.0.1:{port}/{name}");
    let image = source(address("demo.qcow2"), &digest);
    fetch(&engine, &image).expect("it is what it says");
    let absent = fetch(&engine, &source(address("none.qcow2"), &digest)).expect_err("there is none");
    assert!(matches!(absent, EngineError::ImageAbsent { .. }), "{absent}");
    let other = fetch(&engine, &source(address("demo.raw"), &digest)).expect_err("it is another file");
    assert!(matches!(other, EngineError::ImageDamaged { .. }), "{other}");

    let data = qemu.scratch().join("my, data");
    fs::create_dir(&data).expect("it can be made");
    fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    run(Command::new("chown").arg("4242:4242").arg(data.join("kept.txt")));
    let spec = spec(
        &image,
        &json!({
            "boot": {"disk": 1 << 30},
            "environment": {"WORDS": " a \"b\" 'c' $(d) \\e , "},
            "mounts": [{"host": data, "container": "/data"}],
        }),
    );
    start(&engine, &spec);
    assert!(page(&spec, "/").contains("version 1."));
    let log = fs::read_to_string(qemu.machines()[0].1.join("log")).expect("it has one");
    assert_eq!(page(&spec, "/data/kept.txt"), "kept", "{log}");
    assert_eq!(page(&spec, "/hostname"), "demo\n");
    let environment = page(&spec, "/environment");
    assert!(environment.contains("WORDS= a \"b\" 'c' $(d) \\e , \n"), "{environment}");
    assert_eq!(fs::metadata(data.join("kept.txt")).expect("it is there").uid(), 4242);
    let (_, folder) = &qemu.machines()[0];
    let mode = |name: &str| fs::metadata(folder.join(name)).expect("it is there").mode() & 0o777;
    assert_eq!((mode("told.img"), mode("galerne.json")), (0o600, 0o600));
    let said =
        run(Command::new("qemu-img").args(["info", "-U", "--output=json"]).arg(folder.join("disk.qcow2")));
    let said: Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!(said["virtual-size"], 1 << 30);
    let began = Instant::now();
    block_on(engine.remove("demo")).expect("it goes");
    assert!(began.elapsed() < Duration::from_secs(25), "it heard that it was to end");
    assert!(!folder.exists() && data.join("kept.txt").is_file());
}

#[test]
fn a_machine_whose_attendant_was_killed_is_seen_and_starts_again() {
    let Some(qemu) = open() else { return };
    let engine = engine(&qemu.path());
    let image = source(qemu.pack("demo", "1", Demo::Serves).display(), "1");
    fetch(&engine, &image).expect("it is there");
    let boot = json!({"boot": {"kernel": Qemu::kernel(), "options": "quiet"}});
    let spec = spec(&image, &boot);
    start(&engine, &spec);
    let (_, folder) = qemu.machines().remove(0);
    let number = |name: &str| fs::read_to_string(folder.join(name)).expect("it wrote it").trim().to_owned();
    let machine = number("machine.pid");
    let state = || {
        let found = block_on(engine.observe(&[])).expect("it answers").containers;
        assert_eq!((found.len(), found[0].role), (1, Role::Current));
        found[0].state
    };
    // It shares no folder, so it has no rights on the server.
    assert_eq!(fs::metadata(format!("/proc/{machine}")).expect("it runs").uid(), 2_000_000_000);
    assert_eq!(state(), State::Running);

    run(Command::new("kill").args(["-KILL", &number("pid")]));
    while state() != State::Stopped {
        std::thread::sleep(Duration::from_millis(20));
    }
    // One that has ended may be listed until its parent asks for it.
    let runs = |number: &str| fs::read_link(format!("/proc/{number}/cwd")).is_ok();
    assert!(runs(&machine) && http::get(spec.ports[0].host, "/").is_err());
    block_on(engine.start("demo")).expect("it starts");
    assert!(!runs(&machine), "the one without an attendant was ended");
    block_on(engine.health(&spec)).expect("it is well");
    assert!(page(&spec, "/").contains("version 1."));

    // An end of the machine alone: the attendant starts it again.
    run(Command::new("kill").args(["-KILL", &number("machine.pid")]));
    let began = Instant::now();
    while http::get(spec.ports[0].host, "/").is_err() {
        assert!(began.elapsed() < Duration::from_mins(2), "it was started again");
        std::thread::sleep(Duration::from_millis(100));
    }
    block_on(engine.stop("demo")).expect("it stops");
    assert_eq!(state(), State::Stopped);
}

#[test]
fn what_boots_nothing_is_refused_before_anything_is_made() {
    let Some(qemu) = open() else { return };
    let engine = engine(&qemu.path());
    let file = |name: &str, bytes: &[u8]| {
        let path = qemu.scratch().join(name);
        fs::write(&path, bytes).expect("it can be written");
        path
    };
    let secret = file("secret", &[b's'; 512]);
    let thief = qemu.scratch().join("thief.qcow2");
    run(Command::new("qemu-img")
        .args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"])
        .arg(&secret)
        .arg(&thief));
    for (path, why) in [
        (thief, "another file that it names"),
        (file("torn.qcow2", b"QFI\xfb\0\0\0\x03"), ""),
        (file("disk.vmdk", b"KDMV\x01\0\0\0"), "qemu-img convert"),
        (file("page.html", b"<html>not found</html>"), "whole sectors"),
    ] {
        let refused = fetch(&engine, &source(path.display(), "1")).expect_err("it is no disk");
        assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
        assert!(refused.to_string().contains(why), "{refused}");
    }

    let empty = source(file("empty.raw", &[0; 1024]).display(), "1");
    let first = source(qemu.pack("demo", "1", Demo::Serves).display(), "1");
    let kernel = json!({"kernel": Qemu::kernel()});
    for image in [&empty, &first] {
        fetch(&engine, image).expect("it is an image");
        let refused = block_on(engine.create("demo", &spec(image, &json!({})))).expect_err("nothing boots");
        assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
    }
    let small = json!({"boot": {"kernel": Qemu::kernel(), "disk": 512}});
    let shared = json!({"boot": kernel, "mounts": [{"host": secret, "container": "/data"}]});
    let nowhere = json!({"boot": {"kernel": "/nowhere/vmlinuz"}});
    for (image, members, why) in [
        (&empty, small, "it can grow"),
        (&first, shared, "folders alone"),
        (&first, nowhere, "/nowhere/vmlinuz"),
    ] {
        let refused = block_on(engine.create("demo", &spec(image, &members))).expect_err("it cannot be");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let left: Vec<_> =
        fs::read_dir(qemu.path()).expect("it is there").map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".images"], "nothing is left of what was refused");
}

#[test]
fn a_full_disk_is_told_and_nothing_is_left() {
    let Some(qemu) = open() else { return };
    let small = qemu.scratch().join("small");
    fs::create_dir(&small).expect("it can be made");
    run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&small));
    let engine = engine(&small);
    let large = qemu.scratch().join("large.raw");
    fs::write(&large, vec![1; 2 << 20]).expect("it can be written");
    let (_server, port) = qemu.serve();
    let digest = format!("sha256:{}", "a".repeat(64));
    for image in [source(large.display(), "1"), source(format!("http://127.0.0.1:{port}/large.raw"), &digest)]
    {
        let full = fetch(&engine, &image).expect_err("it has no room");
        assert!(matches!(full, EngineError::DiskFull { .. }), "{full}");
    }
    let left = fs::read_dir(&small).expect("it is there").count();
    run(Command::new("umount").arg(&small));
    assert_eq!(left, 0);
}
