//! What is LXC's own: archives, image servers, rights, and attendants that die.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use galerne::engine::lxc::Settings;
use galerne::engine::{Engine, EngineError};
use galerne::plan::{Role, State};
use galerne::run_spec::{RunSpec, Source};
use serde_json::json;

use crate::lab::{Demo, ImageServer, Lab, Lxc, Server, http, run};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

fn engine(lxc: &Lxc, environment: Vec<(String, String)>) -> galerne::engine::Lxc {
    galerne::engine::Lxc::new(Settings {
        folder: lxc.path(),
        bridge: lxc.bridge(),
        root: PathBuf::from("/"),
        program: PathBuf::from(env!("CARGO_BIN_EXE_galerne")),
        environment,
    })
}

fn source(image: &Path, tag: &str) -> Source {
    Source { image: image.display().to_string(), tag: tag.to_owned(), git: None, provider: None }
}

fn fetch(engine: &galerne::engine::Lxc, source: &Source) -> Result<(), EngineError> {
    block_on(engine.fetch(source, &|_| {}))
}

/// Runs the demo of `source` with `members` of its run spec, and gives the spec.
fn start(engine: &galerne::engine::Lxc, source: &Source, members: &serde_json::Value) -> RunSpec {
    let mut spec = json!({
        "name": "demo", "engine": "lxc", "source": source, "health": {"within_seconds": 10},
        "ports": [{"address": "127.0.0.1", "host": Server::free_port(), "container": 80}],
    });
    let members = members.as_object().expect("they are members").clone();
    spec.as_object_mut().expect("it is an object").extend(members);
    let spec: RunSpec = serde_json::from_value(spec).expect("it is a run spec");
    block_on(async {
        engine.create("demo", &spec).await.expect("it can be made");
        engine.start("demo").await.expect("it starts");
        engine.health(&spec).await.expect("it is well");
    });
    spec
}

#[test]
fn an_archive_is_what_its_tag_says_and_stays_in_its_folder() {
    let Some(lab) = Lab::open() else { return };
    let lxc = Lxc::start(lab);
    let engine = engine(&lxc, Vec::new());
    let archive = lxc.pack("demo", "1", Demo::Serves);
    let digest = run(Command::new("sha256sum").arg(&archive));
    let digest = format!("sha256:{}", digest.split(' ').next().expect("it begins with it"));
    fetch(&engine, &source(&archive, &digest)).expect("it is what it says");

    let outside = lxc.path().join("outside");
    fs::create_dir_all(&outside).expect("it can be made");
    let evil = lxc.path().join("evil.tar");
    let script = "import io, sys, tarfile\n\
        archive = tarfile.open(sys.argv[1], 'w')\n\
        link = tarfile.TarInfo('out'); link.type = tarfile.SYMTYPE; link.linkname = sys.argv[2]; archive.addfile(link)\n\
        for name in ['out/written', '../written', sys.argv[2] + '/absolute']:\n  \
        file = tarfile.TarInfo(name); file.size = 1; archive.addfile(file, io.BytesIO(b'x'))\n\
        archive.close()\n";
    run(Command::new("python3").args(["-c", script]).arg(&evil).arg(&outside));
    let _ = fetch(&engine, &source(&evil, "1"));
    assert_eq!(fs::read_dir(&outside).expect("it is there").count(), 0, "nothing was written outside");
    assert!(!lxc.path().join("written").exists() && !lxc.path().join(".images/written").exists());

    for (text, tag) in [("no archive", "1"), ("another", digest.as_str())] {
        let other = lxc.path().join("other.tar");
        fs::write(&other, text).expect("it can be written");
        let refused = fetch(&engine, &source(&other, tag)).expect_err("it is not what it says");
        assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
    }
}

#[test]
fn a_container_has_no_rights_on_the_host_and_keeps_the_owners_of_its_data() {
    let Some(lab) = Lab::open() else { return };
    let lxc = Lxc::start(lab);
    let engine = engine(&lxc, Vec::new());
    let source = source(&lxc.pack("demo", "1", Demo::Serves), "1");
    fetch(&engine, &source).expect("it is there");
    let data = lxc.path().join("my data");
    fs::create_dir(&data).expect("it can be made");
    run(Command::new("chmod").arg("700").arg(&data));
    let script = "/bin/busybox touch /data/made; exec /sbin/init";
    let members = json!({
        "command": ["/bin/busybox", "sh", "-c", script],
        "mounts": [{"host": data, "container": "/data"}],
        "limits": {"memory": 64 << 20, "milli_cpus": 500},
        "environment": {"WORDS": " a \"b\" 'c' # = d "},
    });
    start(&engine, &source, &members);
    let made = fs::metadata(data.join("made")).expect("the container made it");
    assert_eq!((made.uid(), made.gid()), (0, 0));
    assert!(lxc.environment().contains("\nWORDS= a \"b\" 'c' # = d \n"), "{}", lxc.environment());
    let id = lxc.lxc("lxc-ls", &["--running", "-1"]);
    let pid = lxc.lxc("lxc-info", &["-p", "-H", "-n", id.trim()]);
    let process = fs::metadata(format!("/proc/{}", pid.trim())).expect("it runs");
    assert_eq!(process.uid(), 2_000_000_000);
    let limit = |keys: [&str; 2]| {
        let found = keys.iter().find_map(|key| {
            let mut ask = Command::new("lxc-cgroup");
            let said = ask.arg("-P").arg(lxc.path()).args(["-n", id.trim(), key]).output().ok()?;
            said.status.success().then(|| String::from_utf8_lossy(&said.stdout).trim().to_owned())
        });
        found.expect("one of the hierarchies has it")
    };
    assert_eq!(limit(["memory.limit_in_bytes", "memory.max"]), "67108864");
    assert!(limit(["cpu.cfs_quota_us", "cpu.max"]).starts_with("50000"));
}

#[test]
fn a_container_whose_attendant_was_killed_is_seen_and_starts_again() {
    let Some(lab) = Lab::open() else { return };
    let lxc = Lxc::start(lab);
    let engine = engine(&lxc, Vec::new());
    let source = source(&lxc.pack("demo", "1", Demo::Serves), "1");
    fetch(&engine, &source).expect("it is there");
    let spec = start(&engine, &source, &json!({}));
    let port = spec.ports[0].host;
    let id = lxc.lxc("lxc-ls", &["--running", "-1"]).trim().to_owned();

    // An end of the container alone: the attendant starts it again.
    let pid = lxc.lxc("lxc-info", &["-p", "-H", "-n", &id]);
    run(Command::new("kill").args(["-KILL", pid.trim()]));
    let answers = || {
        (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            http::get(port, "/").is_ok_and(|response| response.status == 200)
        })
    };
    assert!(answers(), "it was started again");

    let attendant = fs::read_to_string(lxc.path().join(&id).join("pid")).expect("it wrote it");
    run(Command::new("kill").args(["-KILL", attendant.trim()]));
    let state = || {
        let found = block_on(engine.observe(&[])).expect("it answers").containers;
        assert_eq!((found.len(), found[0].role), (1, Role::Current));
        found[0].state
    };
    while state() != State::Stopped {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(http::get(port, "/").is_err());
    block_on(async {
        engine.start("demo").await.expect("it starts");
        engine.health(&spec).await.expect("it is well");
    });
    assert_eq!(http::get(port, "/").expect("it answers").status, 200);
    assert_eq!(state(), State::Running);

    // The machine goes down and comes up: what ran is started, what was stopped is not.
    let start_all = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        run(command
            .arg("attend")
            .env("GALERNE_LXC_PATH", lxc.path())
            .env("GALERNE_LXC_BRIDGE", lxc.bridge()));
    };
    let attendant = fs::read_to_string(lxc.path().join(&id).join("pid")).expect("it wrote it");
    run(Command::new("kill").args(["-KILL", attendant.trim()]));
    lxc.lxc("lxc-stop", &["-k", "-n", &id]);
    start_all();
    assert!(answers(), "it was started");
    block_on(engine.stop("demo")).expect("it stops");
    start_all();
    assert_eq!(state(), State::Stopped);
    block_on(engine.remove("demo")).expect("it goes");
    assert_eq!(lxc.lxc("lxc-ls", &["-1"]).trim(), "");
}

#[test]
fn images_come_from_a_server_and_archives_over_https() {
    let Some(lab) = Lab::open() else { return };
    let lxc = Lxc::start(lab);
    let server = ImageServer::start(lab, &lxc.pack("demo", "1", Demo::Serves));
    let trusting = engine(&lxc, server.trust());
    let of = |image: String, tag: &str| Source { image, tag: tag.to_owned(), git: None, provider: None };
    let image = of(format!("127.0.0.1:{}/lab/1/amd64", server.port()), "latest");
    fetch(&trusting, &image).expect("the server has it");
    let spec = start(&trusting, &image, &json!({}));
    assert_eq!(http::get(spec.ports[0].host, "/").expect("it answers").status, 200);
    block_on(trusting.remove("demo")).expect("it goes");
    let absent = of(format!("127.0.0.1:{}/lab/2/amd64", server.port()), "latest");
    let absent = fetch(&trusting, &absent).expect_err("the server has no such release");
    assert!(matches!(absent, EngineError::ImageAbsent { .. }), "{absent}");

    let address = |name: &str| format!("https://127.0.0.1:{}/archives/{name}", server.port());
    let archive = of(address("demo.tar.gz"), "1");
    fetch(&trusting, &archive).expect("the server has it");
    let state = block_on(trusting.observe(&[archive.clone(), image])).expect("it answers");
    assert_eq!(state.images.len(), 2);
    let absent =
        fetch(&trusting, &of(address("other.tar.gz"), "1")).expect_err("the server has no such file");
    assert!(matches!(absent, EngineError::ImageAbsent { .. }), "{absent}");
    let strict = engine(&lxc, Vec::new());
    let distrusted = fetch(&strict, &archive).expect_err("nobody knows the certificate");
    assert!(matches!(distrusted, EngineError::RegistryUnreachable { .. }), "{distrusted}");
}
