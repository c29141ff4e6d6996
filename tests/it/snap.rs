//! What is snapd's own: what it refuses, what it is given beside the snap, going back, and building.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use galerne::engine::snap::Settings;
use galerne::engine::{Engine, EngineError, LogRequest, Snap};
use galerne::plan::{Role, State};
use galerne::run_spec::{RunSpec, Source};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::lab::{Demo, Lab, Repository, Server, Snapd, http, run};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// The engine with notes of its own, and a folder of this machine for repositories.
fn engine(snapd: &Snapd, name: &str) -> Snap {
    Snap::new(Settings {
        socket: snapd.socket(),
        machine: Some(snapd.machine()),
        folder: PathBuf::from(format!("/var/lib/galerne-{name}")),
        root: snapd.folder(&format!("{name}-root")),
        environment: Vec::new(),
    })
}

fn source(file: &Path, tag: &str) -> Source {
    Source { image: file.display().to_string(), tag: tag.to_owned(), git: None, provider: None }
}

fn fetch(engine: &Snap, source: &Source) -> Result<(), EngineError> {
    block_on(engine.fetch(source, &|_| {}))
}

/// The run spec of `source` as the container `name`, whose first port is `port`, with more members.
fn spec(name: &str, source: &Source, port: u16, members: &Value) -> RunSpec {
    let mut spec = json!({
        "name": name, "engine": "snap", "source": source, "health": {"within_seconds": 15},
        "ports": [{"address": "127.0.0.1", "host": port, "container": port}],
    });
    let members = members.as_object().expect("they are members").clone();
    spec.as_object_mut().expect("it is an object").extend(members);
    serde_json::from_value(spec).expect("it is a run spec")
}

fn run_it(engine: &Snap, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
    block_on(async {
        engine.create(name, spec).await?;
        engine.start(name).await?;
        engine.health(spec).await
    })
}

/// The page that is served; one that was put back is not waited for by the engine.
fn body(port: u16, path: &str) -> String {
    assert!(http::get_patiently(SocketAddr::from((Ipv4Addr::LOCALHOST, port))), "nobody answers");
    http::get(port, path).expect("it answers").body
}

#[test]
fn what_cannot_be_a_snap_is_refused_before_anything_is_touched() {
    let Some(lab) = Lab::open() else { return };
    let snapd = lab.snapd();
    let engine = engine(snapd, "refused");
    let port = Server::free_port();
    let file = snapd.pack("refused", "1", Demo::Serves, port);

    let digest = run(Command::new("sha256sum").arg(&file));
    let digest = format!("sha256:{}", digest.split(' ').next().expect("it begins with it"));
    fetch(&engine, &source(&file, &digest)).expect("it is what it says");
    let wrong = format!("sha256:{}", "0".repeat(64));
    let text = snapd.folder("refused-text");
    fs::write(&text, "no snap").expect("it can be written");
    for refused in [source(&file, &wrong), source(&text, "1")] {
        let refused = fetch(&engine, &refused).expect_err("it is not what it says");
        assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
    }
    let absent = fetch(&engine, &source(Path::new("/nowhere/a.snap"), "1")).expect_err("it is not there");
    assert!(matches!(absent, EngineError::ImageAbsent { .. }), "{absent}");

    let unfit = |name: &str, folder: &Path, members: Value| {
        let file = folder.with_extension("other.snap");
        run(Command::new("mksquashfs").arg(folder).arg(&file).args(["-noappend", "-quiet", "-no-progress"]));
        let source = source(&file, "1");
        fetch(&engine, &source)?;
        block_on(engine.create(name, &spec(name, &source, port, &members)))
    };
    let folder = snapd.folder("refused-1");
    let closed = json!({"mounts": [{"host": "/srv", "container": "/var/snap/other/common"}]});
    let refused = unfit("refused", &folder, closed).expect_err("a snap sees no other's folder");
    assert!(matches!(refused, EngineError::SnapUnfit { .. }), "{refused}");

    let yaml = folder.join("meta/snap.yaml");
    let was = fs::read_to_string(&yaml).expect("it is there");
    fs::write(&yaml, was.replace("    daemon: simple\n", "")).expect("it can be written");
    let idle = unfit("refused", &folder, json!({})).expect_err("it has no service");
    assert!(idle.to_string().contains("no service"), "{idle}");
    fs::remove_file(folder.with_extension("other.snap")).expect("it is there");
    fs::write(&yaml, format!("{was}base: no-such-base\n")).expect("it can be written");
    let another = snapd.folder("refused-2");
    run(Command::new("cp").arg("-R").arg(&folder).arg(&another));
    let baseless = unfit("refused", &another, json!({})).expect_err("the store does not answer");
    assert!(matches!(baseless, EngineError::RegistryUnreachable { .. }), "{baseless}");
    assert_eq!(snapd.revision("refused"), None);
    assert!(block_on(engine.observe(&[])).expect("it answers").containers.is_empty());

    snapd.install_by_hand(&file);
    let source = source(&file, &digest);
    let taken = block_on(engine.create("other", &spec("other", &source, port, &json!({}))));
    let taken = taken.expect_err("somebody else installed it");
    assert!(taken.to_string().contains("not by galerne"), "{taken}");
    assert_eq!(snapd.revision("refused").as_deref(), Some("x1"));
    snapd.change("/v2/snaps/refused", &json!({"action": "remove", "purge": true}));
}

#[test]
fn a_snap_gets_its_settings_folders_and_limits_and_the_data_survive_it() {
    let Some(lab) = Lab::open() else { return };
    let snapd = lab.snapd();
    let engine = engine(snapd, "given");
    let port = Server::free_port();
    let source = source(&snapd.pack("given", "1", Demo::Serves, port), "1");
    fetch(&engine, &source).expect("it is there");
    let data = snapd.folder("given my data");
    fs::create_dir(&data).expect("it can be made");
    fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    let words = "a \"b\" $c `d` \\ # = e";
    let members = json!({
        "mounts": [{"host": data, "container": "/data"}],
        "environment": {"WORDS": words, "HTTP__MAX_SIZE": "12"},
        "limits": {"memory": 64 << 20, "milli_cpus": 500},
    });
    let wanted = spec("app", &source, port, &members);
    run_it(&engine, "app", &wanted).expect("it comes up");
    assert_eq!(body(port, "/data/kept.txt"), "kept");
    let environment = snapd.environment("given");
    assert!(environment.contains(&format!("\nWORDS={words}\n")), "{environment}");
    let settings = snapd.ask("/v2/snaps/given/conf", None);
    assert_eq!(settings["result"], json!({"words": words, "http": {"max-size": 12}}));
    let slice = ["show", "--property=MemoryMax,CPUQuotaPerSecUSec", "galerne-given.slice"];
    let slice = snapd.run("systemctl", &slice);
    assert!(slice.contains("MemoryMax=67108864") && slice.contains("CPUQuotaPerSecUSec=500ms"), "{slice}");
    let group = snapd.run("cat", &[&format!("/proc/{}/cgroup", snapd.main_process("given"))]);
    assert!(group.contains("/galerne-given.slice/snap.given.web.service"), "{group}");

    // The next life has other settings, of which the snap refuses one: its words are shown, the value is not.
    let mut other = wanted.clone();
    other.environment = serde_json::from_value(json!({"REFUSE": "a-secret-word"})).expect("it is one");
    block_on(engine.rename("app", "app.galerne-old")).expect("the name is free");
    block_on(engine.create("app", &other)).expect("it can be made");
    block_on(engine.stop("app.galerne-old")).expect("it stops");
    let refused = block_on(engine.start("app")).expect_err("the snap refuses the setting");
    assert!(refused.to_string().contains("refused: …"), "{refused}");
    assert!(!refused.to_string().contains("a-secret-word"), "{refused}");
    block_on(engine.remove("app")).expect("it goes");
    block_on(engine.start("app.galerne-old")).expect("the old one comes back");
    assert_eq!(body(port, "/data/kept.txt"), "kept");
    block_on(engine.rename("app.galerne-old", "app")).expect("the name is free");
    let settings = snapd.ask("/v2/snaps/given/conf", None);
    assert_eq!(settings["result"]["refuse"], Value::Null, "{settings}");

    // Somebody removes the snap by hand, with all of its own data.
    snapd.change("/v2/snaps/given", &json!({"action": "remove", "purge": true}));
    assert_eq!(fs::read_to_string(data.join("kept.txt")).expect("it is there"), "kept");
    let found = block_on(engine.observe(&[])).expect("it answers").containers;
    assert_eq!((found.len(), found[0].role, found[0].state), (1, Role::Current, State::Stopped));
    block_on(engine.start("app")).expect("it is installed again");
    block_on(engine.health(&wanted)).expect("it is well");
    assert_eq!(body(port, "/data/kept.txt"), "kept");
    block_on(engine.remove("app")).expect("it goes");
    assert_eq!(fs::read_to_string(data.join("kept.txt")).expect("it is there"), "kept");
    assert_eq!(snapd.revision("given"), None);
    let left = snapd.run("find", &["/etc/systemd/system", "-name", "*given*"]);
    assert_eq!(left, "");
}

#[test]
fn a_version_goes_back_to_its_own_revision() {
    let Some(lab) = Lab::open() else { return };
    let snapd = lab.snapd();
    let engine = engine(snapd, "revised");
    let port = Server::free_port();
    let one = source(&snapd.pack("revised", "1", Demo::Serves, port), "1");
    let two = source(&snapd.pack("revised", "2", Demo::EndsAtOnce, port), "2");
    fetch(&engine, &one).expect("it is there");
    fetch(&engine, &two).expect("it is there");
    let (old, new) = (spec("app", &one, port, &json!({})), spec("app", &two, port, &json!({})));
    run_it(&engine, "app", &old).expect("it comes up");
    assert_eq!(snapd.revision("revised").as_deref(), Some("x1"));

    block_on(engine.create("app.galerne-new", &new)).expect("it can be made");
    block_on(engine.rename("app", "app.galerne-old")).expect("the name is free");
    block_on(engine.rename("app.galerne-new", "app")).expect("the name is free");
    let second = block_on(engine.start("app")).expect_err("the old one runs");
    assert!(matches!(second, EngineError::PortTaken { .. }), "{second}");
    assert!(body(port, "/").contains("version 1."), "the old one still serves");
    block_on(engine.stop("app.galerne-old")).expect("it stops");
    block_on(engine.start("app")).expect("it starts");
    let unwell = block_on(engine.health(&new)).expect_err("it ends");
    assert!(unwell.to_string().contains("ends at once, as it was told to"), "{unwell}");
    block_on(engine.stop("app")).expect("it stops");
    block_on(engine.rename("app", "app.galerne-new")).expect("the name is free");
    block_on(engine.rename("app.galerne-old", "app")).expect("the name is free");
    block_on(engine.start("app")).expect("it starts");
    block_on(engine.health(&old)).expect("it is well");
    assert_eq!(snapd.revision("revised").as_deref(), Some("x1"));
    block_on(engine.remove("app.galerne-new")).expect("it goes");
    let log =
        block_on(engine.logs(&old.name, LogRequest { follow: false, tail: Some(2) }).try_collect::<Vec<_>>());
    assert_eq!(log.expect("it can be read").len(), 2);
    let all = snapd.ask("/v2/snaps?select=all", None);
    let all = all["result"].as_array().expect("it is a list").clone();
    assert_eq!(all.iter().filter(|found| found["name"] == "revised").count(), 1, "{all:?}");
    block_on(engine.remove("app")).expect("it goes");
}

#[test]
fn a_start_that_is_cut_off_is_done_by_the_next() {
    let Some(lab) = Lab::open() else { return };
    let snapd = lab.snapd();
    let engine = engine(snapd, "cut");
    let port = Server::free_port();
    let source = source(&snapd.pack("cut", "1", Demo::Serves, port), "1");
    fetch(&engine, &source).expect("it is there");
    let wanted = spec("app", &source, port, &json!({"environment": {"WORDS": "all of them"}}));
    block_on(engine.create("app", &wanted)).expect("it can be made");
    for after in [50, 200, 600, 1500] {
        let cut = async { timeout(Duration::from_millis(after), engine.start("app")).await };
        if let Ok(ended) = block_on(cut) {
            ended.expect("what was cut off before is no hindrance");
        }
    }
    block_on(engine.start("app")).expect("it starts");
    block_on(engine.health(&wanted)).expect("it is well");
    assert!(snapd.environment("cut").contains("WORDS=all of them\n"));
    let held = snapd.run("find", &["/etc/systemd/system", "-path", "*snap.cut.*", "-name", "galerne-hold*"]);
    assert_eq!(held, "");
    block_on(engine.remove("app")).expect("it goes");
    assert_eq!(snapd.revision("cut"), None);
}

#[test]
fn a_snap_is_built_once_a_commit() {
    let Some(lab) = Lab::open() else { return };
    let snapd = lab.snapd();
    let engine = engine(snapd, "built");
    let port = Server::free_port();
    fs::create_dir_all(snapd.folder("built-root")).expect("it can be made");
    let repository = Repository::make(snapd.folder("built-repository"));
    let put = |version: &str| {
        Snapd::lay_out(&repository.folder().join("prime"), "built", version, Demo::Serves, port);
        repository.commit()
    };
    let first = put("1");
    let asked: Source = serde_json::from_value(json!({
        "image": "built", "tag": "main", "git": {"repository": repository.address()},
    }))
    .expect("it is a source");
    // Each look is one of another run: an answer of a repository is good for a minute.
    let look =
        || block_on(self::engine(snapd, "built").observe(std::slice::from_ref(&asked))).expect("it answers");
    let pinned = look().pins[&asked].clone();
    assert_eq!(pinned.git.as_ref().and_then(|git| git.commit.clone()), Some(first));
    assert!(!look().images.contains(&pinned));
    fetch(&engine, &pinned).expect("it can be built");
    assert!(look().images.contains(&pinned), "it is built once");
    let mut wanted = spec("app", &pinned, port, &json!({"engine": "snapcraft"}));
    run_it(&engine, "app", &wanted).expect("it comes up");
    assert!(body(port, "/").contains("version 1."));

    put("2");
    let moved = look().pins[&asked].clone();
    assert!(moved != pinned && !look().images.contains(&moved));
    fetch(&engine, &moved).expect("it can be built");
    fs::write(repository.folder().join("prime/meta/snap.yaml"), "name: built\n\tbad")
        .expect("it can be written");
    repository.commit();
    let broken = fetch(&engine, &look().pins[&asked]).expect_err("it cannot be packed");
    assert!(matches!(broken, EngineError::BuildFailed { .. }), "{broken}");
    assert!(body(port, "/").contains("version 1."), "the old one still serves");

    fs::remove_dir_all(repository.folder().join("prime")).expect("it is there");
    repository.commit();
    let lacking = fetch(&engine, &look().pins[&asked]).expect_err("nothing says how");
    assert!(matches!(lacking, EngineError::DockerfileAbsent { .. }), "{lacking}");
    repository.write("snapcraft.yaml", "name: built\n");
    let alone = fetch(&engine, &look().pins[&asked]);
    let installed = ["/usr/bin/snapcraft", "/snap/bin/snapcraft"].iter().any(|path| Path::new(path).exists());
    match alone.expect_err("there is no snapcraft, or it refuses") {
        EngineError::SnapcraftAbsent { .. } => assert!(!installed),
        other => assert!(installed && matches!(other, EngineError::BuildFailed { .. }), "{other}"),
    }
    wanted.source = moved;
    block_on(engine.remove("app")).expect("it goes");
    run_it(&engine, "app", &wanted).expect("it comes up");
    assert!(body(port, "/").contains("version 2."));
    block_on(engine.remove("app")).expect("it goes");
}
