//! The steps of a plan, as data, as JSON and in words.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Conflict, NodeChange, sha256};
use crate::diagnostic::message;
use crate::phrase;
use crate::render::ServiceName;
use crate::run_spec::{ContainerName, Source, Technology};
use crate::words::{Phrase, Words};

/// One effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Fetches an image, or builds it.
    Fetch {
        /// The image.
        source: Source,
    },
    /// Makes a folder of the host that a container mounts.
    MakeFolder {
        /// The folder.
        path: PathBuf,
        /// The container, whose user is to own it.
        container: ContainerName,
    },
    /// Makes a container, without starting it.
    Create {
        /// The engine's name for it.
        name: String,
        /// The container whose run spec it follows.
        container: ContainerName,
    },
    /// Goes on with a replacement that was interrupted; changes nothing itself.
    Resume {
        /// The container.
        container: ContainerName,
    },
    /// Gives a container another name.
    Rename {
        /// Its name.
        name: String,
        /// Its name to be.
        to: String,
    },
    /// Starts a container.
    Start {
        /// Its name.
        name: String,
    },
    /// Stops a container.
    Stop {
        /// Its name.
        name: String,
    },
    /// Waits until a container is healthy.
    AwaitHealthy {
        /// The container, under its own name.
        container: ContainerName,
    },
    /// Removes a container, never what it mounted.
    Remove {
        /// Its name.
        name: String,
    },
    /// Has a cluster run a release, and follows that to its end: the service is made, or its copies change one by one.
    Deploy {
        /// The container whose run spec it follows.
        container: ContainerName,
    },
    /// Changes how many copies a service has, and nothing else.
    Scale {
        /// The container.
        container: ContainerName,
        /// How many.
        replicas: u32,
    },
    /// Has a cluster go back to the release before.
    RollBack {
        /// The container.
        container: ContainerName,
    },
    /// Removes a service, never the volumes that it mounted.
    Withdraw {
        /// The container.
        container: ContainerName,
    },
    /// Has nginx listen for an application, and hand requests to its copies.
    Balance {
        /// The container.
        container: ContainerName,
    },
    /// Has nginx no longer listen for it.
    Unbalance {
        /// The container.
        container: ContainerName,
    },
    /// Changes a node of a cluster: its role, its labels, or whether it takes work.
    ChangeNode {
        /// Its name.
        node: String,
        /// What changes.
        change: NodeChange,
    },
    /// Writes a file or a link.
    WriteFile {
        /// Where.
        path: PathBuf,
    },
    /// Removes a file or a link.
    RemoveFile {
        /// Where.
        path: PathBuf,
    },
    /// Notes which files are generated.
    Record,
    /// Has nginx check its configuration.
    CheckProxy,
    /// Has nginx read its configuration again.
    ReloadProxy,
    /// Starts nginx.
    StartProxy,
    /// Tries Traefik's configuration, beside the Traefik that runs.
    CheckTraefik,
    /// Has Traefik read its configuration again.
    ReloadTraefik,
    /// Starts Traefik.
    StartTraefik,
    /// Stops Traefik and starts it again.
    RestartTraefik,
    /// Stops Traefik.
    StopTraefik,
    /// Stops a service and starts it again.
    RestartService {
        /// Its name.
        name: ServiceName,
    },
    /// Starts a service.
    StartService {
        /// Its name.
        name: ServiceName,
    },
    /// Stops a service.
    StopService {
        /// Its name.
        name: ServiceName,
    },
    /// Has a service start with the machine.
    EnableService {
        /// Its name.
        name: ServiceName,
    },
    /// Has a service not start with the machine.
    DisableService {
        /// Its name.
        name: ServiceName,
    },
}

/// One effect, why it is needed, and what takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The effect.
    #[serde(flatten)]
    pub action: Action,
    /// Why, in a few words; in JSON they are English.
    #[serde(with = "crate::words::english")]
    pub reason: Phrase,
    /// The container that it is for, of a file. In JSON it has a name that no action uses: they share one object.
    #[serde(rename = "serves", default, skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerName>,
    /// The engine that does it and takes it back, where it is not that of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Technology>,
    /// What takes it back, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Action>,
}

impl Step {
    /// A step that nothing takes back.
    pub fn new(action: Action, reason: impl Into<Phrase>) -> Self {
        Self { action, reason: reason.into(), container: None, engine: None, undo: Vec::new() }
    }

    /// Says what takes it back.
    #[must_use]
    pub fn undone_by(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.undo.extend(actions);
        self
    }

    /// Says which engine does it.
    #[must_use]
    pub fn on(mut self, engine: Technology) -> Self {
        self.engine = Some(engine);
        self
    }

    /// Says which container it is for.
    #[must_use]
    pub fn for_container(mut self, container: Option<ContainerName>) -> Self {
        self.container = container;
        self
    }
}

/// The change of one container, or of several that hand a port to each other: it succeeds or is undone as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerChange {
    /// The containers.
    pub containers: Vec<ContainerName>,
    /// Their engine, but for the steps that name another one.
    pub engine: Technology,
    /// What cannot be done, and why; then there are no steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Conflict>,
    /// What happens while the old one still serves.
    pub fetch: Vec<Step>,
    /// The change itself.
    pub change: Vec<Step>,
    /// What happens once nginx points at the new one.
    pub clean: Vec<Step>,
}

impl ContainerChange {
    /// The engine that does a step of this change.
    pub fn engine_of(&self, step: &Step) -> Technology {
        step.engine.unwrap_or(self.engine)
    }
}

/// Ordered steps. Stage by stage: `nodes`, all `fetch` of all containers, all `change`, `files`, `proxy`, `services`, all `clean`; within a
/// stage containers go side by side. Values of environments are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The changes of a cluster's nodes, before anything else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Step>,
    /// Why nodes are left as they are; then there are no steps of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes_refused: Option<Conflict>,
    /// The changes of containers.
    pub containers: Vec<ContainerChange>,
    /// The changes of files: all or none.
    pub files: Vec<Step>,
    /// What nginx is to do after them.
    pub proxy: Vec<Step>,
    /// What becomes of services after that.
    #[serde(default)]
    pub services: Vec<Step>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
            && self.nodes_refused.is_none()
            && self.containers.is_empty()
            && self.files.is_empty()
            && self.proxy.is_empty()
            && self.services.is_empty()
    }

    /// What of it makes the node `name` what it is to be, and follows copies that move; all else is left for later.
    #[must_use]
    pub fn of_node(mut self, name: &str) -> Self {
        self.nodes.retain(|step| matches!(&step.action, Action::ChangeNode { node, .. } if node == name));
        let moves = !self.nodes.is_empty();
        let follows =
            |step: &Step| matches!(step.action, Action::AwaitHealthy { .. } | Action::Balance { .. });
        self.containers.retain(|change| {
            let steps = change.fetch.iter().chain(&change.change).chain(&change.clean);
            moves && change.refused.is_none() && steps.clone().next().is_some() && steps.clone().all(follows)
        });
        Self {
            nodes: self.nodes,
            nodes_refused: self.nodes_refused,
            containers: self.containers,
            ..Self::default()
        }
    }

    /// All steps, in the order of the stages.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let fetch = self.containers.iter().flat_map(|change| &change.fetch);
        let change = self.containers.iter().flat_map(|change| &change.change);
        let clean = self.containers.iter().flat_map(|change| &change.clean);
        self.nodes
            .iter()
            .chain(fetch)
            .chain(change)
            .chain(&self.files)
            .chain(&self.proxy)
            .chain(&self.services)
            .chain(clean)
    }
}

impl Action {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Fetch { source } => match &source.git {
                Some(git) => phrase!(
                    "step-build",
                    "build the image {image} from {repository}",
                    image = image(source),
                    repository = git.repository
                ),
                None => phrase!("step-fetch", "fetch the image {image}", image = image(source)),
            },
            Self::MakeFolder { path, .. } => {
                phrase!("step-folder", "make the folder {path}", path = shown(path))
            }
            Self::ChangeNode { node, change } => change.phrase(node),
            Self::WriteFile { path } => phrase!("step-write", "write {path}", path = shown(path)),
            Self::RemoveFile { path } => phrase!("step-remove", "remove {name}", name = shown(path)),
            Self::Record => phrase!("step-record", "note which files are generated"),
            Self::CheckProxy => phrase!("step-check-proxy", "have nginx check its configuration"),
            Self::ReloadProxy => phrase!("step-reload-proxy", "have nginx read its configuration again"),
            Self::StartProxy => phrase!("step-start", "start {name}", name = "nginx"),
            Self::CheckTraefik
            | Self::ReloadTraefik
            | Self::StartTraefik
            | Self::RestartTraefik
            | Self::StopTraefik => self.of_traefik(),
            Self::RestartService { .. }
            | Self::StartService { .. }
            | Self::StopService { .. }
            | Self::EnableService { .. }
            | Self::DisableService { .. } => self.of_service(),
            _ => self.of_container(),
        }
    }

    fn of_container(&self) -> Phrase {
        match self {
            Self::Create { name, .. } => phrase!("step-create", "create {name}", name = name),
            Self::Resume { container } => {
                phrase!("step-resume", "go on with the replacement of {container}", container = container)
            }
            Self::Rename { name, to } => {
                phrase!("step-rename", "rename {name} to {to}", name = name, to = to)
            }
            Self::Start { name } => phrase!("step-start", "start {name}", name = name),
            Self::Stop { name } => phrase!("step-stop", "stop {name}", name = name),
            Self::AwaitHealthy { container } => {
                phrase!("step-await", "wait until {container} is healthy", container = container)
            }
            Self::Remove { name } => phrase!("step-remove", "remove {name}", name = name),
            Self::Deploy { container } => phrase!("step-deploy", "deploy {container}", container = container),
            Self::Scale { container, replicas } => phrase!(
                "step-scale",
                "scale {container} to {replicas}",
                container = container,
                replicas = replicas
            ),
            Self::RollBack { container } => {
                phrase!("step-roll-back", "roll {container} back", container = container)
            }
            Self::Withdraw { container } => {
                phrase!("step-withdraw", "withdraw {container}", container = container)
            }
            Self::Balance { container } => phrase!(
                "step-balance",
                "have nginx hand requests to the copies of {container}",
                container = container
            ),
            Self::Unbalance { container } => phrase!(
                "step-unbalance",
                "have nginx no longer listen for {container}",
                container = container
            ),
            _ => Phrase::from(""),
        }
    }

    fn of_traefik(&self) -> Phrase {
        match self {
            Self::CheckTraefik => phrase!("step-check-traefik", "try Traefik's configuration"),
            Self::ReloadTraefik => {
                phrase!("step-reload-traefik", "have Traefik read its configuration again")
            }
            Self::StartTraefik => phrase!("step-start", "start {name}", name = "Traefik"),
            Self::RestartTraefik => phrase!("step-restart-traefik", "stop Traefik and start it again"),
            Self::StopTraefik => phrase!("step-stop", "stop {name}", name = "Traefik"),
            _ => Phrase::from(""),
        }
    }

    fn of_service(&self) -> Phrase {
        match self {
            Self::RestartService { name } => {
                phrase!("step-restart-service", "restart the service {name}", name = name)
            }
            Self::StartService { name } => {
                phrase!("step-start-service", "start the service {name}", name = name)
            }
            Self::StopService { name } => {
                phrase!("step-stop-service", "stop the service {name}", name = name)
            }
            Self::EnableService { name } => {
                phrase!("step-enable-service", "have the service {name} start with the machine", name = name)
            }
            Self::DisableService { name } => phrase!(
                "step-disable-service",
                "have the service {name} not start with the machine",
                name = name
            ),
            _ => Phrase::from(""),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl Step {
    /// It in words, with its reason.
    pub fn phrase(&self) -> Phrase {
        let (action, reason) = (self.action.phrase(), &self.reason);
        match self.engine {
            Some(engine) => phrase!(
                "step-in",
                "{action} in {engine} ({reason})",
                action = action,
                engine = engine.name(),
                reason = reason
            ),
            None => phrase!("step-why", "{action} ({reason})", action = action, reason = reason),
        }
    }
}

impl Plan {
    /// The plan as a person reads it, in the language of `words`.
    pub fn told(&self, words: &Words) -> String {
        if self.is_empty() {
            return words.phrase(&phrase!("nothing-to-do", "nothing to do")) + "\n";
        }
        let steps = self.steps().enumerate();
        let steps =
            steps.map(|(number, step)| format!("{:>3}. {}\n", number + 1, words.phrase(&step.phrase())));
        let refused = self.containers.iter().filter_map(|change| change.refused.as_ref());
        let refused = self.nodes_refused.iter().chain(refused);
        steps.chain(refused.map(|conflict| format!("  !  {}\n", message(conflict, words)))).collect()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(&Words::default()))
    }
}

/// The image as an engine is asked for it: `image:tag`, or `image@sha256:…` for a digest. What is built has its commit for
/// a tag, and beside it what tells two images of one commit from each other.
pub fn image(source: &Source) -> String {
    if let Some((git, commit)) = source.git.as_ref().and_then(|git| Some((git, git.commit.as_ref()?))) {
        let part = match (&git.folder, &git.dockerfile) {
            (None, None) => String::new(),
            part => format!("-{}", sha256(format!("{part:?}").as_bytes()).get(..8).unwrap_or_default()),
        };
        return format!("{}:{commit}{part}", source.image);
    }
    let joint = if source.tag.contains(':') { '@' } else { ':' };
    format!("{}{joint}{}", source.image, source.tag)
}
