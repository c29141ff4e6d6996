//! A place for machines of Vagrant: a folder of them, and a Docker engine that runs them.
//!
//! What runs ends with the engine; Vagrant itself stays no longer than a call of it.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use galerne::run_spec::Source;

use super::{Demo, Engine, Lab, Registry, ports, run};

/// A folder of machines and the engine that runs them.
#[derive(Debug)]
pub(crate) struct Hosts {
    folder: tempfile::TempDir,
    engine: Engine,
    registry: &'static Registry,
}

impl Hosts {
    /// Makes one without machines.
    pub(crate) fn start(lab: Lab) -> Self {
        let folder = tempfile::Builder::new().prefix("galerne-lab-").tempdir();
        let folder = folder.expect("a scratch folder can be made");
        Self { folder, engine: Engine::start(lab), registry: lab.registry() }
    }

    /// The folder of machines, as `GALERNE_VAGRANT_PATH` says it.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("machines")
    }

    /// The engine that runs them.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Puts version 1 of the demo into the registry as `image`, and gives it with its registry.
    pub(crate) fn put(&self, image: &str, behaviour: Demo) -> String {
        self.registry.put(image, "1", behaviour);
        format!("{}/{image}", self.registry.address())
    }

    /// What `vagrant ARGUMENTS` prints in `folder`.
    pub(crate) fn vagrant(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("vagrant");
        command
            .args(arguments)
            .current_dir(folder)
            .env("VAGRANT_HOME", self.path().join(".home"))
            .env("VAGRANT_CHECKPOINT_DISABLE", "1")
            .env("DOCKER_HOST", self.engine.host());
        run(&mut command)
    }

    /// The folders of galerne's machines, by the names that galerne knows them by.
    pub(crate) fn machines(&self) -> Vec<(String, PathBuf)> {
        machines(&self.path())
    }

    /// The environment of the only container that runs.
    pub(crate) fn environment(&self) -> String {
        let id = self.engine.docker(&["ps", "--quiet", "--filter", "label=org.galerne.managed"]);
        self.engine.docker(&["inspect", "--format", "{{.Config.Env}}", id.trim()])
    }

    /// Starts `source` as a machine that somebody wrote by hand, and gives where it answers.
    pub(crate) fn start_stranger(&self, name: &str, source: &Source) -> SocketAddr {
        let (folder, port) = (self.path().join(name), ports::take());
        fs::create_dir_all(&folder).expect("it can be made");
        let text = format!(
            "Vagrant.configure('2') do |config|\n  config.vm.synced_folder '.', '/vagrant', disabled: true\n  \
             config.vm.provider 'docker' do |docker|\n    docker.image = '{}:{}'\n    docker.has_ssh = false\n    \
             docker.create_args = ['--publish=127.0.0.1:{port}:80']\n  end\nend\n",
            source.image, source.tag
        );
        fs::write(folder.join("Vagrantfile"), text).expect("it can be written");
        self.vagrant(&folder, &["up", "--provider", "docker"]);
        let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "the stranger does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        address
    }
}

/// The folders of galerne's machines below `folder`, by the names that galerne knows them by.
pub(crate) fn machines(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.map(|entry| entry.expect("it can be read").path());
    let mut machines: Vec<(String, PathBuf)> = folders
        .filter_map(|folder| Some((fs::read_to_string(folder.join("galerne.json")).ok()?, folder)))
        .map(|(note, folder)| {
            let note: serde_json::Value = serde_json::from_str(&note).expect("it is JSON");
            (note["name"].as_str().expect("it is a text").to_owned(), folder)
        })
        .collect();
    machines.sort();
    machines
}
