//! What every engine has to do, asked of real ones: the same questions to each.

use std::any::Any;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use galerne::engine::docker::{Docker, Settings};
use galerne::engine::{Engine, EngineError, LogRequest, lxc, qemu, snap, vagrant};
use galerne::plan::{EngineState, ObservedContainer, Role, State};
use galerne::run_spec::{Provider, RunSpec, Source, Technology};
use serde_json::json;

use crate::lab::{self, Demo, Hosts, Lab, Lxc, Podman, Qemu, Registry, Server, Snapd, http};
use crate::promises::Kept;

/// Runs `docker ARGUMENTS` on the engine that is asked.
type Client = Box<dyn Fn(&[&str]) -> String>;

/// What an engine stands on, and how people ask it without galerne.
enum Ground {
    /// An engine with Docker's client, and a registry.
    Docker(Client, &'static Registry),
    /// Programs on a folder, and archives.
    Lxc(Lxc),
    /// Vagrant on a folder, with Docker as its provider, and a registry.
    Vagrant(Hosts),
    /// Programs on a folder, images and a kernel.
    Qemu(Qemu),
    /// A machine with snapd, and the port that the demo listens on, which is the snap's own.
    Snap(&'static Snapd, u16),
}

/// An engine that is asked.
struct Asked {
    engine: Box<dyn Engine>,
    ground: Ground,
    technology: Technology,
    /// The promises that it has kept so far.
    kept: Kept,
}

fn settings(technology: Technology, address: String) -> Settings {
    Settings {
        technology,
        address,
        credentials: Vec::new(),
        root: PathBuf::from("/"),
        environment: Vec::new(),
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

impl Asked {
    fn new(engine: Box<dyn Engine>, ground: Ground, technology: Technology) -> Self {
        Self { engine, ground, technology, kept: Kept::default() }
    }

    fn docker(lab: Lab) -> Self {
        let engine = lab::Engine::start(lab);
        let address = engine.host();
        Self::with_client(
            lab,
            Technology::Docker,
            address,
            Box::new(move |arguments| engine.docker(arguments)),
        )
    }

    fn podman(lab: Lab) -> Self {
        let podman = Podman::start(lab);
        let address = podman.host();
        Self::with_client(
            lab,
            Technology::Podman,
            address,
            Box::new(move |arguments| podman.docker(arguments)),
        )
    }

    fn with_client(lab: Lab, technology: Technology, address: String, client: Client) -> Self {
        let engine = Box::new(Docker::new(settings(technology, address)));
        Self::new(engine, Ground::Docker(client, lab.registry()), technology)
    }

    fn lxc(lab: Lab) -> Self {
        let ground = Lxc::start(lab);
        let engine = galerne::engine::Lxc::new(lxc::Settings {
            folder: ground.path(),
            bridge: ground.bridge(),
            root: PathBuf::from("/"),
            program: PathBuf::from(env!("CARGO_BIN_EXE_galerne")),
            environment: Vec::new(),
        });
        Self::new(Box::new(engine), Ground::Lxc(ground), Technology::Lxc)
    }

    fn vagrant(lab: Lab) -> Self {
        let ground = Hosts::start(lab);
        let engine = galerne::engine::Vagrant::new(vagrant::Settings {
            folder: ground.path(),
            root: PathBuf::from("/"),
            docker: settings(Technology::Docker, ground.engine().host()),
            environment: Vec::new(),
        });
        Self::new(Box::new(engine), Ground::Vagrant(ground), Technology::Vagrant)
    }

    fn qemu(lab: Lab) -> Self {
        let ground = Qemu::start(lab);
        let engine = galerne::engine::Qemu::new(qemu::Settings {
            folder: ground.path(),
            root: PathBuf::from("/"),
            program: PathBuf::from(env!("CARGO_BIN_EXE_galerne")),
            environment: Vec::new(),
        });
        Self::new(Box::new(engine), Ground::Qemu(ground), Technology::Qemu)
    }

    fn snap(lab: Lab) -> Self {
        let ground = lab.snapd();
        let engine = galerne::engine::Snap::new(snap::Settings {
            socket: ground.socket(),
            machine: Some(ground.machine()),
            folder: PathBuf::from("/var/lib/galerne-contract"),
            root: PathBuf::from("/"),
            environment: Vec::new(),
        });
        let ground = Ground::Snap(ground, Server::free_port());
        Self::new(Box::new(engine), ground, Technology::Snap)
    }

    /// Puts version 1 of the demo where the engine fetches it from, and gives its image.
    fn put(&self, name: &str, behaviour: Demo) -> String {
        match &self.ground {
            Ground::Docker(_, registry) => {
                let image = format!("contract/{}-{name}", self.technology.name());
                registry.put(&image, "1", behaviour);
                format!("{}/{image}", registry.address())
            }
            Ground::Lxc(lxc) => lxc.pack(&format!("1-{name}"), "1", behaviour).display().to_string(),
            Ground::Vagrant(hosts) => hosts.put(&format!("contract/vagrant-{name}"), behaviour),
            Ground::Qemu(qemu) => qemu.pack(&format!("1-{name}"), "1", behaviour).display().to_string(),
            Ground::Snap(snapd, port) => {
                let file = snapd.pack("demo", "1", behaviour, *port);
                let named = file.with_file_name(format!("contract-{name}.snap"));
                std::fs::rename(file, &named).expect("it can be renamed");
                named.display().to_string()
            }
        }
    }

    /// A source like `source` that is nowhere, and one of a server that does not answer.
    fn astray(&self, source: &Source) -> (Source, Source) {
        let away = format!("127.0.0.1:{}/a/b", Server::free_port());
        let (mut absent, mut away) = (source.clone(), Source { image: away, ..source.clone() });
        match &self.ground {
            Ground::Docker(..) | Ground::Vagrant(_) => "2".clone_into(&mut absent.tag),
            Ground::Lxc(_) | Ground::Qemu(_) => {
                absent.image.push_str(".absent");
                away.image.insert_str(0, "https://");
            }
            Ground::Snap(..) => {
                absent.image.push_str(".absent");
                "no-such-snap-of-the-lab".clone_into(&mut away.image);
                "latest".clone_into(&mut away.tag);
            }
        }
        (absent, away)
    }

    /// The environment of the container `demo`.
    fn environment(&self, spec: &RunSpec) -> String {
        match &self.ground {
            Ground::Docker(client, _) => client(&["inspect", "--format", "{{.Config.Env}}", "demo"]),
            Ground::Lxc(lxc) => lxc.environment(),
            Ground::Vagrant(hosts) => hosts.environment(),
            Ground::Qemu(_) => {
                let port = spec.ports[0].host;
                http::get(port, "/environment").expect("it answers").body
            }
            Ground::Snap(snapd, _) => snapd.environment("demo"),
        }
    }

    /// Starts the demo under the name `demo` without galerne, and gives where it answers.
    fn start_stranger(&self, spec: &RunSpec) -> (SocketAddr, Vec<u16>, Option<Box<dyn Any>>) {
        match &self.ground {
            Ground::Docker(client, _) => {
                let (image, port) = (format!("{}:1", spec.source.image), Server::free_port());
                let published = format!("127.0.0.1:{port}:80");
                client(&["run", "--detach", "--name", "demo", "--publish", &published, &image]);
                (SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), vec![port], None)
            }
            Ground::Lxc(lxc) => (SocketAddr::new(lxc.start_stranger("demo").into(), 80), Vec::new(), None),
            Ground::Qemu(qemu) => {
                let port = Server::free_port();
                let stranger = qemu.start_stranger("demo", port);
                let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
                (address, Vec::new(), Some(Box::new(stranger)))
            }
            Ground::Vagrant(hosts) => (hosts.start_stranger("demo", &spec.source), Vec::new(), None),
            Ground::Snap(snapd, port) => {
                snapd.install_by_hand(Path::new(&spec.source.image));
                let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), *port);
                assert!(http::get_patiently(address), "the stranger does not listen");
                (address, Vec::new(), None)
            }
        }
    }

    /// The run spec of the demo, which listens on `port`.
    fn spec(&self, image: &str, port: u16) -> RunSpec {
        let inside = if let Ground::Snap(_, port) = self.ground { port } else { 80 };
        let mut spec = json!({
            "name": "demo", "engine": self.technology, "source": {"image": image, "tag": "1"},
            "ports": [{"address": "127.0.0.1", "host": port, "container": inside}],
            "environment": {"GREETING": "hello"},
            "limits": {"memory": 64 << 20, "milli_cpus": 500},
            "health": {"within_seconds": 10},
        });
        if let Ground::Qemu(_) = &self.ground {
            spec["boot"] = json!({"kernel": Qemu::kernel(), "options": "quiet"});
            // A whole kernel starts, which the processor's own virtualisation may not help with.
            spec["limits"]["memory"] = json!(128 << 20);
            spec["health"]["within_seconds"] = json!(120);
        }
        let mut spec: RunSpec = serde_json::from_value(spec).expect("it is a run spec");
        spec.source.provider = matches!(self.ground, Ground::Vagrant(_)).then_some(Provider::Docker);
        spec
    }

    async fn observe(&self, spec: &RunSpec) -> EngineState {
        self.engine.observe(std::slice::from_ref(&spec.source)).await.expect("the engine answers")
    }

    /// Our containers by their lives.
    async fn lives(&self, spec: &RunSpec) -> BTreeMap<Role, ObservedContainer> {
        let state = self.observe(spec).await;
        state.containers.into_iter().map(|found| (found.role, found)).collect()
    }
}

/// From an image to a page, from one version to the next, and away.
async fn lives_of_a_container(asked: &Asked) {
    let engine = &asked.engine;
    assert!(!engine.probe().await.expect("it answers").is_empty());
    let port = Server::free_port();
    let spec = asked.spec(&asked.put("lives", Demo::Serves), port);
    assert!(!asked.observe(&spec).await.images.contains(&spec.source));
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    assert!(asked.observe(&spec).await.images.contains(&spec.source));
    asked.kept.note("fetches an image, and knows which it has");

    let (new, old) = (Role::New.of(&spec.name), Role::Old.of(&spec.name));
    engine.create(&new, &spec).await.expect("it can be made");
    let made = &asked.lives(&spec).await[&Role::New];
    assert_eq!((made.state, &made.digest), (State::Stopped, &galerne::plan::digest(&spec)));
    engine.create(&new, &spec).await.expect("a leftover of ours gives way");
    asked.kept.note("makes a container without starting it, knows it again by its digest, and replaces what an earlier run left half-made");
    engine.rename(&new, "demo").await.expect("the name is free");
    for _ in 0..2 {
        engine.start("demo").await.expect("it starts, and does so already");
    }
    asked.kept.note("starts it, and starts what runs already without harm");
    engine.health(&spec).await.expect("it is well");
    assert!(http::get(port, "/").expect("it answers").body.contains("version 1."));
    let found = &asked.lives(&spec).await[&Role::Current];
    assert_eq!((found.state, found.ports.len()), (State::Running, 1));
    asked.kept.note("waits until it is healthy, and has it answer on its port of the server");
    let environment = asked.environment(&spec);
    assert!(environment.contains("GREETING=hello"), "{environment}");
    asked.kept.note("gives it its environment");
    let log = engine.logs(&spec.name, LogRequest::default()).try_collect::<Vec<String>>().await;
    assert!(log.expect("it can be read").concat().contains("listens on port "));
    asked.kept.note("shows what it wrote");

    engine.rename("demo", &old).await.expect("it steps aside");
    engine.create("demo", &spec).await.expect("the name is free again");
    asked.kept.note("gives it another name while it runs, and makes the next one beside it");
    let taken = engine.start("demo").await.expect_err("the old one has the port");
    let expected = EngineError::PortTaken { container: "demo".to_owned(), port: port.to_string() };
    assert_eq!(taken, expected);
    for _ in 0..2 {
        engine.stop(&old).await.expect("it stops, and has done so");
    }
    assert_eq!(asked.lives(&spec).await[&Role::Old].state, State::Stopped);
    engine.start("demo").await.expect("the port is free");
    engine.health(&spec).await.expect("it is well");
    asked.kept.note("says which port is taken, and starts it once that is free");
    for _ in 0..2 {
        engine.remove(&old).await.expect("it goes, and is gone");
    }
    engine.remove("demo").await.expect("one that runs goes too");
    assert!(asked.lives(&spec).await.is_empty());
    assert!(http::get(port, "/").is_err(), "nobody listens any more");
    asked.kept.note("stops it, removes it, and leaves nobody listening");
}

/// What goes wrong has its own error.
async fn failures(asked: &Asked) {
    let engine = &asked.engine;
    let spec = asked.spec(&asked.put("fails", Demo::EndsAtOnce), Server::free_port());
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    engine.create("demo", &spec).await.expect("it can be made");
    engine.start("demo").await.expect("it starts");
    let unwell = engine.health(&spec).await.expect_err("it ended");
    assert!(matches!(unwell, EngineError::Unhealthy { .. }), "{unwell}");
    assert!(unwell.to_string().contains("ends at once, as it was told to"), "{unwell}");
    asked.kept.note("tells of one that ends at once, with its last lines");
    engine.remove("demo").await.expect("it goes");

    let (absent, away) = asked.astray(&spec.source);
    let absent = RunSpec { source: absent, ..spec };
    let unknown = engine.fetch(&absent.source, &|_| {}).await.expect_err("there is no such tag");
    assert!(matches!(unknown, EngineError::ImageAbsent { .. }), "{unknown}");
    let unmade = engine.create("demo", &absent).await.expect_err("there is no such image");
    assert!(matches!(unmade, EngineError::ImageAbsent { .. }), "{unmade}");
    let unreached = engine.fetch(&away, &|_| {}).await.expect_err("nobody listens");
    assert!(matches!(unreached, EngineError::RegistryUnreachable { .. }), "{unreached}");
    let gone = engine.start("demo").await.expect_err("there is no such container");
    assert!(matches!(gone, EngineError::ContainerAbsent { .. }), "{gone}");
    asked.kept.note("tells of an image that does not exist and of a server that does not answer");
}

/// A container of somebody else is seen, and left alone by every call.
async fn strangers(asked: &Asked) {
    let engine = &asked.engine;
    let spec = asked.spec(&asked.put("strangers", Demo::Serves), Server::free_port());
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    let (address, ports, _stranger) = asked.start_stranger(&spec);
    let state = asked.observe(&spec).await;
    assert!(state.containers.is_empty(), "{:?}", state.containers);
    let stranger = state.foreign.iter().find(|foreign| foreign.name == "demo").expect("it is seen");
    assert_eq!(stranger.ports.iter().map(|held| held.port).collect::<Vec<_>>(), ports);
    let foreign = EngineError::Foreign { container: "demo".to_owned() };
    assert_eq!(engine.stop("demo").await.expect_err("it is not ours"), foreign);
    assert_eq!(engine.remove("demo").await.expect_err("it is not ours"), foreign);
    assert_eq!(engine.rename("demo", "other").await.expect_err("it is not ours"), foreign);
    let taken = engine.create("demo", &spec).await.expect_err("the name is taken");
    assert_eq!(taken, EngineError::NameTaken { container: "demo".to_owned() });
    assert_eq!(http::get_from(address, "/").expect("it still serves").status, 200);
    asked.kept.note("sees what somebody else made, and leaves it alone");
}

async fn keeps(asked: &Asked) {
    lives_of_a_container(asked).await;
    failures(asked).await;
    strangers(asked).await;
    asked.kept.is_told(asked.technology.name());
}

#[test]
fn docker_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    block_on(keeps(&Asked::docker(lab)));
}

#[test]
fn podman_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    block_on(keeps(&Asked::podman(lab)));
}

#[test]
fn lxc_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    block_on(keeps(&Asked::lxc(lab)));
}

#[test]
fn vagrant_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    block_on(keeps(&Asked::vagrant(lab)));
}

#[test]
fn qemu_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    if Qemu::can_run(lab) {
        block_on(keeps(&Asked::qemu(lab)));
    }
}

#[test]
fn snap_keeps_the_contract() {
    let Some(lab) = Lab::open() else { return };
    let asked = Asked::snap(lab);
    block_on(keeps(&asked));
    lab.snapd().change("/v2/snaps/demo", &json!({"action": "remove", "purge": true}));
}

#[test]
fn an_engine_that_is_away_says_which_variable_leads_to_it() {
    for (technology, variable) in
        [(Technology::Docker, "DOCKER_HOST"), (Technology::Podman, "CONTAINER_HOST")]
    {
        use miette::Diagnostic as _;
        let engine = Docker::new(settings(technology, "unix:///nowhere/galerne.sock".to_owned()));
        let away = block_on(engine.probe()).expect_err("nobody is there");
        assert!(away.help().expect("there is one").to_string().contains(variable), "{away}");
        assert!(Settings::from_environment(technology, Path::new("/")).address.contains("://"));
    }
}
