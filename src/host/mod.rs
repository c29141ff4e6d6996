//! What this host can do: which technologies it can run, and what is missing for the others.
//!
//! In: the machine, and what the configuration asks of it. Out: [`Host`], which says of the web server, of each technology and
//! of each package that the dictionaries name whether it is there. Looking changes nothing; [`install`] is the one effect.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::apply::Machine;
use crate::diagnostic::{Problem, advice, said};
use crate::engine::EngineError;
use crate::plan::{ProxyState, Wanted};
use crate::program;
use crate::proxy::ProxyError;
use crate::render::{FileSet, PackageName, Reader};
use crate::run_spec::{ContainerName, Technology};
use crate::source::World;

mod install;
mod package;
mod requirement;

pub use install::{HostError, Shown, install};

use crate::phrase;
use crate::words::Phrase;
use requirement::Requirement;

/// What a host can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// What the system calls itself, such as `Debian GNU/Linux 12 (bookworm)`.
    pub system: String,
    /// The web server that the configuration names as the front door.
    pub web_server: WebServer,
    /// nginx, where another is the front door and dictionaries name files of nginx's all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<WebServer>,
    /// The technologies, in the order in which documentation names them.
    pub technologies: Vec<Capability>,
    /// The packages that the dictionaries name and that are not installed.
    pub packages: Vec<PackageName>,
}

/// A web server, and whether it can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebServer {
    /// Which one.
    pub program: Door,
    /// Whether it can.
    #[serde(flatten)]
    pub condition: Condition,
}

/// A program that can be the front door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// nginx.
    Nginx,
    /// Traefik.
    Traefik,
}

impl Door {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Traefik => "traefik",
        }
    }

    /// The front door that `files` are for, and nginx beside it where some are for that.
    fn of(files: &FileSet) -> (Self, Option<Self>) {
        let has = |reader| files.files.iter().any(|file| file.reader == reader);
        if has(Reader::TraefikStart) {
            (Self::Traefik, has(Reader::Nginx).then_some(Self::Nginx))
        } else {
            (Self::Nginx, None)
        }
    }
}

/// Which technologies are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    All,
    /// Those that containers are to run on: some take a second to answer.
    Used,
}

/// Whether one technology can be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability {
    /// Which one.
    pub technology: Technology,
    /// Whether it can.
    #[serde(flatten)]
    pub condition: Condition,
    /// The configured containers that are to run on it.
    pub containers: Vec<ContainerName>,
}

/// Whether a part of the host can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Condition {
    /// It can.
    Ready {
        /// What it says of itself.
        #[serde(with = "crate::words::english")]
        says: Phrase,
    },
    /// Packages are missing.
    Missing {
        /// Which.
        packages: Vec<PackageName>,
    },
    /// All is installed, and it cannot be used.
    Down {
        /// Why.
        #[serde(with = "crate::words::english")]
        cause: Phrase,
        /// What to do; may be empty.
        #[serde(with = "crate::words::english")]
        remedy: Phrase,
    },
}

impl Condition {
    /// Whether it can be used.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready { .. })
    }

    fn missing(&self) -> &[PackageName] {
        match self {
            Self::Missing { packages } => packages,
            Self::Ready { .. } | Self::Down { .. } => &[],
        }
    }

    fn down(error: &dyn Problem) -> Self {
        let remedy = advice(error).unwrap_or_else(|| "".into());
        Self::Down { cause: said(error), remedy }
    }
}

impl Host {
    /// Looks at the host for what `wanted`, if the configuration gives that, and the `packages` of the dictionaries ask of it.
    pub async fn look(
        machine: &Machine,
        world: &dyn World,
        wanted: Option<&Wanted>,
        packages: &[PackageName],
        scope: Scope,
    ) -> Self {
        let containers = wanted.map(|wanted| wanted.containers.as_slice()).unwrap_or_default();
        let (mut technologies, mut answers) = (Vec::new(), BTreeMap::new());
        for technology in Technology::ALL {
            let named = containers.iter().filter(|spec| spec.engine == technology);
            let named: Vec<ContainerName> = named.map(|spec| spec.name.clone()).collect();
            if scope == Scope::Used && named.is_empty() {
                continue;
            }
            // One engine holds what several technologies bring about.
            let holder = technology.holder();
            let answer = match answers.remove(&holder) {
                Some(answer) => answer,
                None => examined(machine, holder).await,
            };
            let condition = condition(technology, answer.as_ref());
            answers.insert(holder, answer);
            technologies.push(Capability { technology, condition, containers: named });
        }
        let (front, beside) = wanted.map_or((Door::Nginx, None), |wanted| Door::of(&wanted.files));
        Self {
            system: system(machine, world),
            web_server: web_server(machine, front).await,
            beside: match beside {
                Some(door) => Some(web_server(machine, door).await),
                None => None,
            },
            technologies,
            packages: package::missing(packages).await,
        }
    }

    /// The packages that the configuration needs and that are not installed, each once: what to install before `instance`.
    pub fn missing(&self) -> Vec<PackageName> {
        let used = self.technologies.iter().filter(|capability| !capability.containers.is_empty());
        let servers = self.web_servers().map(|server| &server.condition);
        let all = servers.chain(used.map(|capability| &capability.condition));
        let all = all.flat_map(Condition::missing).chain(&self.packages);
        let mut once: Vec<PackageName> = Vec::new();
        for package in all {
            if !once.contains(package) {
                once.push(package.clone());
            }
        }
        once
    }

    /// Whether all that the configuration needs can be used.
    pub fn is_ready(&self) -> bool {
        let used = |capability: &&Capability| !capability.containers.is_empty();
        let mut used = self.technologies.iter().filter(used);
        self.web_servers().all(|server| server.condition.is_ready())
            && used.all(|capability| capability.condition.is_ready())
    }

    /// The web servers that the configuration needs.
    pub fn web_servers(&self) -> impl Iterator<Item = &WebServer> {
        [&self.web_server].into_iter().chain(&self.beside)
    }
}

/// What the engine of a technology says of itself; none of one that is not asked.
async fn examined(machine: &Machine, technology: Technology) -> Option<Result<Phrase, EngineError>> {
    match (machine.cluster(technology), machine.engine(technology)) {
        (Some(cluster), _) => Some(cluster.examine().await),
        (None, Some(engine)) => Some(engine.examine().await),
        (None, None) => None,
    }
}

/// Whether a technology can be run: its engine answers, and the programs are there that galerne runs for it.
fn condition(technology: Technology, answer: Option<&Result<Phrase, EngineError>>) -> Condition {
    let Some(answer) = answer else {
        return Condition::Down { cause: phrase!("not-asked", "it is not asked"), remedy: "".into() };
    };
    // An engine that answers, perhaps from elsewhere, needs no program of its own here.
    let is_needed = |requirement: &&Requirement| !(requirement.is_engine && answer.is_ok());
    let lacking = requirement::of(technology)
        .iter()
        .filter(is_needed)
        .filter(|requirement| program::find(requirement.program, program::SEARCH_PATH).is_none());
    let mut packages: Vec<PackageName> =
        lacking.filter_map(|requirement| PackageName::parse(requirement.package)).collect();
    packages.dedup();
    judge(technology, answer.clone(), packages)
}

fn judge(
    technology: Technology,
    answer: Result<Phrase, EngineError>,
    packages: Vec<PackageName>,
) -> Condition {
    match answer {
        _ if !packages.is_empty() => Condition::Missing { packages },
        Ok(says) => Condition::Ready { says },
        Err(error @ EngineError::Absent { .. }) => match requirement::unit(technology) {
            Some(unit) => Condition::Down {
                cause: said(&error),
                remedy: format!("systemctl enable --now {unit}").into(),
            },
            None => Condition::down(&error),
        },
        Err(error) => Condition::down(&error),
    }
}

async fn web_server(machine: &Machine, door: Door) -> WebServer {
    let asked = match door {
        Door::Nginx => nginx(machine).await,
        Door::Traefik => traefik(machine).await,
    };
    let not_asked = || Condition::Down { cause: phrase!("not-asked", "it is not asked"), remedy: "".into() };
    WebServer { program: door, condition: asked.unwrap_or_else(not_asked) }
}

async fn nginx(machine: &Machine) -> Option<Condition> {
    let proxy = machine.proxy.as_ref()?;
    let state = proxy.state().await;
    if state == ProxyState::Absent {
        let packages = PackageName::parse(requirement::WEB_SERVER).into_iter().collect();
        return Some(Condition::Missing { packages });
    }
    Some(judged(state, proxy.check().await))
}

async fn traefik(machine: &Machine) -> Option<Condition> {
    let traefik = machine.traefik.as_ref()?;
    let state = traefik.state().await;
    if state == ProxyState::Absent {
        // No package has it.
        return Some(Condition::down(&ProxyError::TraefikAbsent));
    }
    // Before the first run it has nothing to be tried with.
    Some(judged(state, if traefik.has_files() { traefik.check().await } else { Ok(()) }))
}

fn judged(state: ProxyState, checked: Result<(), ProxyError>) -> Condition {
    match checked {
        Ok(()) if state == ProxyState::Running => Condition::Ready { says: phrase!("it-runs", "it runs") },
        Ok(()) => Condition::Ready {
            says: phrase!("it-does-not-run", "it does not run, and is started when it is needed"),
        },
        Err(error) => Condition::down(&error),
    }
}

/// What the system calls itself (os-release(5)).
fn system(machine: &Machine, world: &dyn World) -> String {
    let text = |path: &str| {
        let bytes = world.read(&machine.root.join(Path::new(path))).ok()?;
        String::from_utf8(bytes).ok()
    };
    let text = text("etc/os-release").or_else(|| text("usr/lib/os-release")).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim_matches('"').replace(char::is_control, "\u{fffd}"));
    name.unwrap_or_else(|| "Linux".to_owned())
}

#[cfg(test)]
mod tests;
