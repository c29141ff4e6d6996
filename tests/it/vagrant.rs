//! What is Vagrant's own: values that would be Ruby, machines that a killed run left, boxes, providers that are not there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use galerne::engine::docker::Settings as DockerSettings;
use galerne::engine::vagrant::Settings;
use galerne::engine::{Engine, EngineError, LogRequest, Vagrant};
use galerne::plan::{Role, State};
use galerne::run_spec::{Provider, RunSpec, Source, Technology};
use serde_json::{Value, json};

use crate::described::Described;
use crate::lab::{Demo, Hosts, Lab, Server, http, run};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

fn docker(address: String) -> DockerSettings {
    DockerSettings {
        technology: Technology::Docker,
        address,
        credentials: Vec::new(),
        root: PathBuf::from("/"),
        environment: Vec::new(),
    }
}

fn engine(hosts: &Hosts) -> Vagrant {
    let docker = docker(hosts.engine().host());
    Vagrant::new(Settings { folder: hosts.path(), root: PathBuf::from("/"), docker, environment: Vec::new() })
}

fn source(image: String, tag: &str, provider: Provider) -> Source {
    Source { image, tag: tag.to_owned(), git: None, provider: Some(provider) }
}

/// The run spec of the machine `demo` with `members`.
fn spec(source: &Source, members: &Value) -> RunSpec {
    let mut spec = json!({
        "name": "demo", "engine": "vagrant", "source": source, "health": {"within_seconds": 10},
        "ports": [{"address": "127.0.0.1", "host": Server::free_port(), "container": 80}],
    });
    let members = members.as_object().expect("they are members").clone();
    spec.as_object_mut().expect("it is an object").extend(members);
    serde_json::from_value(spec).expect("it is a run spec")
}

async fn start(engine: &Vagrant, spec: &RunSpec) {
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    engine.create("demo", spec).await.expect("it can be made");
    engine.start("demo").await.expect("it starts");
    engine.health(spec).await.expect("it is well");
}

async fn state(engine: &Vagrant) -> State {
    let found = engine.observe(&[]).await.expect("it answers").containers;
    assert_eq!((found.len(), found[0].role), (1, Role::Current));
    found[0].state
}

#[test]
fn values_stay_data_and_secrets_stay_off_command_lines() {
    let Some(lab) = Lab::open() else { return };
    let hosts = Hosts::start(lab);
    let (engine, touched) = (engine(&hosts), hosts.path().join("touched"));
    let data = hosts.path().join("a,\"b\" 'c' #{exit 1}");
    fs::create_dir_all(&data).expect("it can be made");
    fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    let source = source(hosts.put("vagrant/values", Demo::Serves), "1", Provider::Docker);
    let evil = format!("' #{{`touch {0}`}} $(touch {0}) \" \\", touched.display());
    let members = json!({
        "mounts": [{"host": data, "container": "/data"}],
        "environment": {"WORDS": evil, "SPACED": " x = y "},
        "command": ["/bin/busybox", evil],
        "limits": {"memory": 64 << 20, "milli_cpus": 500},
    });
    let spec = spec(&source, &members);
    block_on(async {
        start(&engine, &spec).await;
        let page = http::get(spec.ports[0].host, "/data/kept.txt").expect("it answers");
        assert_eq!(page.body, "kept");
        let (_, folder) = hosts.machines().remove(0);
        let name = folder.file_name().expect("it has one").to_string_lossy().into_owned();
        let asked = |format: &str| hosts.engine().docker(&["inspect", "--format", format, &name]);
        let environment: Vec<String> =
            serde_json::from_str(&asked("{{json .Config.Env}}")).expect("it is JSON");
        assert!(environment.contains(&format!("WORDS={evil}")), "{environment:?}");
        assert!(environment.contains(&"SPACED= x = y ".to_owned()), "{environment:?}");
        let command: Vec<String> = serde_json::from_str(&asked("{{json .Config.Cmd}}")).expect("it is JSON");
        assert_eq!(command, spec.command);
        assert_eq!(asked("{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}").trim(), "67108864 500000000");
        assert!(!touched.exists());
        // What others of this server may look at says no value of the environment.
        for file in ["Vagrantfile", "machine.json", "galerne.json"] {
            let text = fs::read_to_string(folder.join(file)).expect("it is there");
            assert!(!text.contains("SPACED"), "{file}: {text}");
        }
        let log = fs::read_to_string(folder.join("log")).expect("Vagrant's own words are kept");
        assert!(log.contains("Creating the container") && !log.contains("SPACED"), "{log}");
        engine.remove("demo").await.expect("it goes");
    });
    assert_eq!(hosts.engine().docker(&["ps", "--all", "--quiet"]), "");
    let left = hosts.vagrant(&hosts.path(), &["global-status", "--machine-readable"]);
    assert!(left.contains(",machine-count,0"), "Vagrant has forgotten it: {left}");
    // A value that would be another line is refused, and not shown.
    let refused = json!({"environment": {"A": "evil\nB=1"}});
    let refused =
        block_on(engine.create("demo", &self::spec(&source, &refused))).expect_err("it has two lines");
    assert!(!refused.to_string().contains("evil"), "{refused}");
    assert!(hosts.machines().is_empty());
}

#[test]
fn what_a_killed_run_left_is_put_right() {
    let Some(lab) = Lab::open() else { return };
    let hosts = Hosts::start(lab);
    let engine = engine(&hosts);
    let source = source(hosts.put("vagrant/killed", Demo::Serves), "1", Provider::Docker);
    let spec = spec(&source, &json!({}));
    block_on(async {
        start(&engine, &spec).await;
        assert_eq!(state(&engine).await, State::Running);
        // Vagrant was killed after Docker had made the container and before it noted which.
        let (_, folder) = hosts.machines().remove(0);
        let id = folder.join(".vagrant/machines/demo/docker/id");
        fs::remove_file(&id).expect("Vagrant noted it");
        engine.start("demo").await.expect("what nobody knows gives way");
        engine.health(&spec).await.expect("it is well");
        assert_eq!(hosts.engine().docker(&["ps", "--all", "--quiet"]).lines().count(), 1);
        // Somebody removed the container by hand.
        hosts.engine().docker(&["rm", "--force", fs::read_to_string(&id).expect("it is noted").trim()]);
        assert_eq!(state(&engine).await, State::Stopped);
        engine.start("demo").await.expect("it is made again");
        engine.health(&spec).await.expect("it is well");
        let log = engine.logs(&spec.name, LogRequest { follow: false, tail: Some(1) });
        let log = log.try_collect::<Vec<String>>().await.expect("it can be read").concat();
        assert!(log.contains("listens on port 80"), "{log}");
        // A run of Vagrant that outlives the galerne that began it is waited for.
        let held = fs::File::options().write(true).open(folder.join("lock")).expect("it is there");
        held.lock().expect("nobody has it");
        let waiting = engine.stop("demo");
        tokio::pin!(waiting);
        let early = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
        assert!(early.is_err(), "somebody else works on it");
        assert_eq!(state(&engine).await, State::Running);
        drop(held);
        waiting.await.expect("it stops");
        assert_eq!(state(&engine).await, State::Stopped);
        // Somebody removed the folder: its container is foreign, and not touched.
        engine.start("demo").await.expect("it starts");
        fs::rename(&folder, hosts.path().join(".aside")).expect("it can be moved");
        let seen = engine.observe(&[]).await.expect("it answers");
        assert!(seen.containers.is_empty());
        assert_eq!(seen.foreign[0].ports[0].port, spec.ports[0].host);
        assert_eq!(http::get(spec.ports[0].host, "/").expect("it still serves").status, 200);
    });
}

/// Packs a box without a system for `provider`.
fn pack(hosts: &Hosts, provider: Provider) -> PathBuf {
    let folder = hosts.path().join(format!("box-{}", provider.name()));
    fs::create_dir_all(&folder).expect("it can be made");
    let metadata = json!({"provider": provider.name(), "format": "qcow2", "virtual_size": 1});
    fs::write(folder.join("metadata.json"), metadata.to_string()).expect("it can be written");
    fs::write(folder.join("box.img"), "no system").expect("it can be written");
    let file = hosts.path().join(format!("{}.box", provider.name()));
    run(Command::new("tar").arg("-czf").arg(&file).arg("-C").arg(&folder).arg("."));
    file
}

fn sha256(file: &Path) -> String {
    let said = run(Command::new("sha256sum").arg(file));
    format!("sha256:{}", said.split(' ').next().expect("it begins with it"))
}

#[test]
fn boxes_are_what_their_tags_say_and_vagrant_accepts_what_is_written() {
    let Some(lab) = Lab::open() else { return };
    let hosts = Hosts::start(lab);
    let engine = engine(&hosts);
    for provider in [Provider::Libvirt, Provider::Virtualbox] {
        let file = pack(&hosts, provider);
        let of = |tag: &str| source(file.display().to_string(), tag, provider);
        let good = of(&sha256(&file));
        let bad = of(&format!("sha256:{}", "0".repeat(64)));
        let refused = block_on(engine.fetch(&bad, &|_| {})).expect_err("it is not what it says");
        assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
        assert!(block_on(engine.observe(std::slice::from_ref(&good))).expect("it answers").images.is_empty());
        let told = std::sync::Mutex::new(Vec::new());
        let tell = |layer: galerne::engine::Layer| told.lock().expect("nobody panics").push(layer.status);
        block_on(engine.fetch(&good, &tell)).expect("it is what it says");
        let told = told.into_inner().expect("nobody panics");
        assert!(told.iter().any(|status| status.english().contains("Successfully added")), "{told:?}");
        assert!(
            block_on(engine.observe(std::slice::from_ref(&good))).expect("it answers").images.contains(&good)
        );
        // To check a folder that it shares, Vagrant wants to ask libvirt.
        let mounts = match provider {
            Provider::Libvirt => json!([]),
            _ => json!([{"host": hosts.path(), "container": "/data"}]),
        };
        let members = json!({
            "mounts": mounts, "environment": {"A": "#{exit 1}"},
            "limits": {"memory": 128 << 20, "milli_cpus": 1500},
        });
        block_on(engine.create("demo", &spec(&good, &members))).expect("it can be made");
        let (_, folder) = hosts.machines().remove(0);
        let arguments = match provider {
            // Where it is not installed, Vagrant reads what is for it all the same.
            Provider::Virtualbox => &["validate", "--ignore-provider"][..],
            _ => &["validate"],
        };
        let said = hosts.vagrant(&folder, arguments);
        assert!(said.contains("validated successfully"), "{said}");
        // Nobody runs such machines in the lab: nothing is left of the attempt.
        let refused = block_on(engine.start("demo")).expect_err("its provider is not there");
        assert!(matches!(refused, EngineError::ProviderAbsent { .. }), "{refused}");
        assert!(refused.to_string().contains(provider.name()), "{refused}");
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
    let junk = hosts.path().join("junk.box");
    fs::write(&junk, "no box").expect("it can be written");
    let junk = source(junk.display().to_string(), "1", Provider::Libvirt);
    let refused = block_on(engine.fetch(&junk, &|_| {})).expect_err("it is no box");
    assert!(matches!(refused, EngineError::ImageDamaged { .. }), "{refused}");
    let absent = source("/nowhere/a.box".to_owned(), "1", Provider::Libvirt);
    let refused = block_on(engine.fetch(&absent, &|_| {})).expect_err("it is not there");
    assert!(matches!(refused, EngineError::ImageAbsent { .. }), "{refused}");
    let address = format!("127.0.0.1:{}", Server::free_port());
    for image in [format!("https://{address}/a.box"), format!("{address}/team/wiki")] {
        let away = source(image, "1", Provider::Libvirt);
        let refused = block_on(engine.fetch(&away, &|_| {})).expect_err("nobody listens");
        assert!(matches!(refused, EngineError::RegistryUnreachable { .. }), "{refused}");
    }
}

#[test]
fn a_move_that_cannot_be_made_leaves_the_old_one_serving() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "vagrant/refused", "1");
    let server = &described.server;
    let mount = |arguments: &[&str]| run(server.command("mount").args(arguments));
    let unmount = |place: &str| run(server.command("umount").arg(place));
    let refused = |code: &str| {
        let (codes, said) = described.failed(3, &["reconfigure"]);
        assert_eq!(codes, [code], "{said}");
        described.expect("demo", "1");
        assert_eq!(described.containers(), ["demo"]);
    };
    described.done(&["set", "conteneur1_type=vagrant"]);
    // What is not a file is no program.
    mount(&["--bind", "/dev/null", "/usr/bin/vagrant"]);
    refused("engine::absent");
    unmount("/usr/bin/vagrant");
    let store = "/var/lib/galerne/vagrant";
    // Somebody's own folder has the name.
    let theirs = format!("{store}/demo/Vagrantfile");
    server.write(&theirs, "Vagrant.configure('2') { |config| }\n");
    refused("plan::name_taken");
    assert_eq!(server.read(&theirs).as_deref(), Some("Vagrant.configure('2') { |config| }\n"));
    run(server.command("rm").args(["-r", store]));
    run(server.command("mkdir").arg(store));
    mount(&["-t", "tmpfs", "-o", "size=4k", "full", store]);
    refused("engine::disk_full");
    unmount(store);
    // Who wants it on a machine of its own has nobody to run it here.
    let file = server.folder("wiki.box");
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
    fs::write(&file, "no box").expect("it can be written");
    let url = format!("conteneur1_url={}", file.display());
    described.done(&["set", "conteneur1_fournisseur=libvirt", &url]);
    refused("engine::image_damaged");
    described.done(&["set", "conteneur1_type=docker", "conteneur1_url=vagrant/refused"]);
    described.done(&["reconfigure"]);
    described.expect("demo", "1");
    described.expect_settled();
}

#[test]
fn a_docker_engine_that_is_away_is_told_only_when_it_is_needed() {
    let Some(lab) = Lab::open() else { return };
    let hosts = Hosts::start(lab);
    let away = Vagrant::new(Settings {
        folder: hosts.path(),
        root: PathBuf::from("/"),
        docker: docker("unix:///nowhere/galerne.sock".to_owned()),
        environment: Vec::new(),
    });
    assert!(!block_on(away.probe()).expect("Vagrant itself is there").is_empty());
    assert!(block_on(away.observe(&[])).expect("nobody needs Docker").containers.is_empty());
    let source = source("team/wiki".to_owned(), "1", Provider::Docker);
    let refused = block_on(away.observe(std::slice::from_ref(&source))).expect_err("it is needed");
    assert!(matches!(refused, EngineError::Absent { engine: "Docker", .. }), "{refused}");
}
