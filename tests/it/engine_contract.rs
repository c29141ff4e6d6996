//! What every engine has to do, asked of real ones: the same questions to Docker and to podman.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use galerne::engine::docker::{Docker, Settings};
use galerne::engine::{Engine, EngineError, LogRequest};
use galerne::plan::{EngineState, ObservedContainer, Role, State};
use galerne::run_spec::{RunSpec, Technology};
use serde_json::json;

use crate::lab::{self, Demo, Lab, Podman, Registry, Server, http};

/// Runs `docker ARGUMENTS` on the engine that is asked.
type Client = Box<dyn Fn(&[&str]) -> String>;

/// An engine that is asked, and the client that people have for it.
struct Asked {
    engine: Docker,
    client: Client,
    technology: Technology,
    registry: &'static Registry,
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
    fn docker(lab: Lab) -> Self {
        let engine = lab::Engine::start(lab);
        Self {
            engine: Docker::new(settings(Technology::Docker, engine.host())),
            client: Box::new(move |arguments| engine.docker(arguments)),
            technology: Technology::Docker,
            registry: lab.registry(),
        }
    }

    fn podman(lab: Lab) -> Self {
        let podman = Podman::start(lab);
        Self {
            engine: Docker::new(settings(Technology::Podman, podman.host())),
            client: Box::new(move |arguments| podman.docker(arguments)),
            technology: Technology::Podman,
            registry: lab.registry(),
        }
    }

    /// The run spec of the demo, which listens on `port`.
    fn spec(&self, image: &str, tag: &str, port: u16) -> RunSpec {
        let image = format!("{}/{image}", self.registry.address());
        let spec = json!({
            "name": "demo", "engine": self.technology, "source": {"image": image, "tag": tag},
            "ports": [{"address": "127.0.0.1", "host": port, "container": 80}],
            "environment": {"GREETING": "hello"},
            "limits": {"memory": 64 << 20},
            "health": {"within_seconds": 10},
        });
        serde_json::from_value(spec).expect("it is a run spec")
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
    let image = format!("contract/{}", asked.technology.name());
    asked.registry.put(&image, "1", Demo::Serves);
    let port = Server::free_port();
    let spec = asked.spec(&image, "1", port);
    assert!(!asked.observe(&spec).await.images.contains(&spec.source));
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    assert!(asked.observe(&spec).await.images.contains(&spec.source));

    let (new, old) = (Role::New.of(&spec.name), Role::Old.of(&spec.name));
    engine.create(&new, &spec).await.expect("it can be made");
    let made = &asked.lives(&spec).await[&Role::New];
    assert_eq!((made.state, &made.digest), (State::Stopped, &galerne::plan::digest(&spec)));
    engine.create(&new, &spec).await.expect("a leftover of ours gives way");
    engine.rename(&new, "demo").await.expect("the name is free");
    for _ in 0..2 {
        engine.start("demo").await.expect("it starts, and does so already");
    }
    engine.health(&spec).await.expect("it is well");
    assert!(http::get(port, "/").expect("it answers").body.contains("version 1."));
    let found = &asked.lives(&spec).await[&Role::Current];
    assert_eq!((found.state, found.ports.len()), (State::Running, 1));
    let environment = (asked.client)(&["inspect", "--format", "{{.Config.Env}}", "demo"]);
    assert!(environment.contains("GREETING=hello"), "{environment}");
    let log = engine.logs(&spec.name, LogRequest::default()).try_collect::<Vec<String>>().await;
    assert!(log.expect("it can be read").concat().contains("listens on port 80"));

    engine.rename("demo", &old).await.expect("it steps aside");
    engine.create("demo", &spec).await.expect("the name is free again");
    let taken = engine.start("demo").await.expect_err("the old one has the port");
    let expected = EngineError::PortTaken { container: "demo".to_owned(), port: port.to_string() };
    assert_eq!(taken, expected);
    for _ in 0..2 {
        engine.stop(&old).await.expect("it stops, and has done so");
    }
    assert_eq!(asked.lives(&spec).await[&Role::Old].state, State::Stopped);
    engine.start("demo").await.expect("the port is free");
    engine.health(&spec).await.expect("it is well");
    for _ in 0..2 {
        engine.remove(&old).await.expect("it goes, and is gone");
    }
    engine.remove("demo").await.expect("one that runs goes too");
    assert!(asked.lives(&spec).await.is_empty());
    assert!(http::get(port, "/").is_err(), "nobody listens any more");
}

/// What goes wrong has its own error.
async fn failures(asked: &Asked) {
    let engine = &asked.engine;
    let image = format!("contract/{}-fails", asked.technology.name());
    asked.registry.put(&image, "1", Demo::EndsAtOnce);
    let spec = asked.spec(&image, "1", Server::free_port());
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    engine.create("demo", &spec).await.expect("it can be made");
    engine.start("demo").await.expect("it starts");
    let unwell = engine.health(&spec).await.expect_err("it ended");
    assert!(matches!(unwell, EngineError::Unhealthy { .. }), "{unwell}");
    assert!(unwell.to_string().contains("ends at once, as it was told to"), "{unwell}");
    engine.remove("demo").await.expect("it goes");

    let absent = asked.spec(&image, "2", 1);
    let unknown = engine.fetch(&absent.source, &|_| {}).await.expect_err("there is no such tag");
    assert!(matches!(unknown, EngineError::ImageAbsent { .. }), "{unknown}");
    let unmade = engine.create("demo", &absent).await.expect_err("there is no such image");
    assert!(matches!(unmade, EngineError::ImageAbsent { .. }), "{unmade}");
    let mut nowhere = absent.source.clone();
    nowhere.image = format!("127.0.0.1:{}/a", Server::free_port());
    let unreached = engine.fetch(&nowhere, &|_| {}).await.expect_err("nobody listens");
    assert!(matches!(unreached, EngineError::RegistryUnreachable { .. }), "{unreached}");
    let gone = engine.start("demo").await.expect_err("there is no such container");
    assert!(matches!(gone, EngineError::ContainerAbsent { .. }), "{gone}");
}

/// A container of somebody else is seen, and left alone by every call.
async fn strangers(asked: &Asked) {
    let engine = &asked.engine;
    let image = format!("contract/{}", asked.technology.name());
    asked.registry.put(&image, "1", Demo::Serves);
    let port = Server::free_port();
    let spec = asked.spec(&image, "1", Server::free_port());
    engine.fetch(&spec.source, &|_| {}).await.expect("it is in the registry");
    let address = format!("{}:1", spec.source.image);
    let published = format!("127.0.0.1:{port}:80");
    (asked.client)(&["run", "--detach", "--name", "demo", "--publish", &published, &address]);
    let state = asked.observe(&spec).await;
    assert!(state.containers.is_empty(), "{:?}", state.containers);
    let stranger = state.foreign.iter().find(|foreign| foreign.name == "demo").expect("it is seen");
    assert_eq!(stranger.ports.iter().map(|held| held.port).collect::<Vec<_>>(), [port]);
    let foreign = EngineError::Foreign { container: "demo".to_owned() };
    assert_eq!(engine.stop("demo").await.expect_err("it is not ours"), foreign);
    assert_eq!(engine.remove("demo").await.expect_err("it is not ours"), foreign);
    assert_eq!(engine.rename("demo", "other").await.expect_err("it is not ours"), foreign);
    let taken = engine.create("demo", &spec).await.expect_err("the name is taken");
    assert_eq!(taken, EngineError::NameTaken { container: "demo".to_owned() });
    assert_eq!(http::get(port, "/").expect("it still serves").status, 200);
}

async fn keeps(asked: &Asked) {
    lives_of_a_container(asked).await;
    failures(asked).await;
    strangers(asked).await;
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
