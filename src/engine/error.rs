//! What an engine can answer that is no success.

use std::fmt::Display;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::words::Phrase;

/// Why an engine did not do what it was asked. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum EngineError {
    /// No engine there, or it does not answer.
    #[error("the {engine} engine does not answer at `{address}`: {cause}")]
    #[diagnostic(
        code(engine::absent),
        help(
            "install and start {engine}, or set {variable} to where it listens; `galerne diagnose` says what this server lacks"
        )
    )]
    Absent {
        /// Which engine.
        engine: &'static str,
        /// The variable of the environment that says where it listens.
        variable: &'static str,
        /// Where it was looked for.
        address: String,
        /// What the system says.
        cause: Phrase,
    },

    /// It does not let us in.
    #[error("the {engine} engine at `{address}` may not be used by this user")]
    #[diagnostic(code(engine::permission), help("run galerne as root"))]
    Permission {
        /// Which engine.
        engine: &'static str,
        /// Where it listens.
        address: String,
    },

    /// The image is not in its registry.
    #[error("the image `{image}` does not exist: {cause}")]
    #[diagnostic(
        code(engine::image_absent),
        help("check the image, its tag and its registry; a private registry wants `docker login` first")
    )]
    ImageAbsent {
        /// The image with its tag.
        image: String,
        /// What the engine says.
        cause: Phrase,
    },

    /// The registry wants other credentials.
    #[error("the registry of `{image}` refused the credentials: {cause}")]
    #[diagnostic(code(engine::registry_refused), help("run `docker login` for that registry as root"))]
    RegistryRefused {
        /// The image with its tag.
        image: String,
        /// What the engine says.
        cause: String,
    },

    /// The registry does not answer.
    #[error("the registry of `{image}` cannot be reached: {cause}")]
    #[diagnostic(
        code(engine::registry_unreachable),
        help("check the registry's name, and that this server reaches it")
    )]
    RegistryUnreachable {
        /// The image with its tag.
        image: String,
        /// What the engine says.
        cause: Phrase,
    },

    /// Docker's configuration, or a program that it names, gives no credentials.
    #[error("the credentials for `{registry}` cannot be read: {cause}")]
    #[diagnostic(
        code(engine::credentials_unreadable),
        help("correct Docker's configuration file, or run `docker login` again")
    )]
    CredentialsUnreadable {
        /// The registry.
        registry: String,
        /// Why.
        cause: Phrase,
    },

    /// A port is taken.
    #[error("`{container}` cannot be started: port {port} of this server is taken")]
    #[diagnostic(
        code(engine::port_taken),
        help("stop what listens on that port (`ss -ltnp` shows it), or choose another one")
    )]
    PortTaken {
        /// The container.
        container: String,
        /// The port.
        port: String,
    },

    /// A name is taken.
    #[error("`{container}` cannot be made: another container has that name")]
    #[diagnostic(code(engine::name_taken), help("rename or remove that container, or choose another name"))]
    NameTaken {
        /// The name.
        container: String,
    },

    /// The container is not ours.
    #[error("the container `{container}` was not made by galerne, and is left alone")]
    #[diagnostic(code(engine::foreign), help("run the command again: the container appeared meanwhile"))]
    Foreign {
        /// The name.
        container: String,
    },

    /// No room is left.
    #[error("the disk of the {engine} engine is full: {cause}")]
    #[diagnostic(code(engine::disk_full), help("make room, for instance with `docker image prune`"))]
    DiskFull {
        /// Which engine.
        engine: &'static str,
        /// What the engine says.
        cause: String,
    },

    /// The container does not work.
    #[error("`{container}` is not healthy: {cause}{}", tail(.log))]
    #[diagnostic(
        code(engine::unhealthy),
        help("read its log above; give it more time, or another path to be asked, if it only starts slowly")
    )]
    Unhealthy {
        /// The container.
        container: String,
        /// What was seen.
        cause: Phrase,
        /// The last lines that it wrote.
        log: Vec<String>,
    },

    /// There is no git.
    #[error("git cannot be started: {cause}")]
    #[diagnostic(code(engine::git_absent), help("install git"))]
    GitAbsent {
        /// What the system says.
        cause: String,
    },

    /// A git repository does not answer, or does not let us in.
    #[error("the repository `{repository}` cannot be fetched{}", tail(.log))]
    #[diagnostic(
        code(engine::repository_unreachable),
        help("check its address, and that root of this server may read it: try `git ls-remote` as root")
    )]
    RepositoryUnreachable {
        /// The repository.
        repository: String,
        /// The last lines that git wrote.
        log: Vec<Phrase>,
    },

    /// What a repository holds cannot be laid out on this server.
    #[error("the files of the repository `{repository}` cannot be brought here{}", tail(.log))]
    #[diagnostic(
        code(engine::repository_broken),
        help("check its submodules, and the disk of /var/lib/galerne/git")
    )]
    RepositoryBroken {
        /// The repository.
        repository: String,
        /// The last lines that git wrote.
        log: Vec<Phrase>,
    },

    /// A repository does not have what is asked for.
    #[error("the repository `{repository}` has no branch, tag or commit `{reference}`")]
    #[diagnostic(code(engine::reference_absent), help("write one that it has; a commit is written in full"))]
    ReferenceAbsent {
        /// The repository.
        repository: String,
        /// What it lacks.
        reference: String,
    },

    /// A repository does not say how it is built.
    #[error("the repository `{repository}` has no file `{file}`")]
    #[diagnostic(
        code(engine::dockerfile_absent),
        help("say in which folder of it what is built is, and which file says how")
    )]
    DockerfileAbsent {
        /// The repository.
        repository: String,
        /// The file.
        file: String,
    },

    /// An image cannot be built.
    #[error("the image `{image}` cannot be built{}", tail(.log))]
    #[diagnostic(
        code(engine::build_failed),
        help("correct what the last line complains of in the repository; the image before is still in use")
    )]
    BuildFailed {
        /// The image with its commit.
        image: String,
        /// The last lines of the build.
        log: Vec<Phrase>,
    },

    /// What an image is made from is not what its tag says, or cannot be unpacked or booted.
    #[error("the image `{image}` cannot be used{}", tail(.log))]
    #[diagnostic(
        code(engine::image_damaged),
        help("bring the whole archive, box or disk image again; a tag `sha256:…` is the file's own digest")
    )]
    ImageDamaged {
        /// The image with its tag.
        image: String,
        /// What was found, or the last lines of `tar`.
        log: Vec<Phrase>,
    },

    /// The network of containers is not there.
    #[error("there is no bridge `{bridge}` with an address for containers of LXC")]
    #[diagnostic(
        code(engine::bridge_absent),
        help("start it with `systemctl enable --now lxc-net`, or name another one in GALERNE_LXC_BRIDGE")
    )]
    BridgeAbsent {
        /// The bridge.
        bridge: String,
    },

    /// What is to run the machines of Vagrant is not there.
    #[error("Vagrant cannot use its provider `{provider}`: {cause}")]
    #[diagnostic(
        code(engine::provider_absent),
        help("install and start what runs the machines, or name another one in conteneurX_fournisseur")
    )]
    ProviderAbsent {
        /// The provider.
        provider: String,
        /// What Vagrant says, or the engine.
        cause: Phrase,
    },

    /// What is asked for is not to be had with that snap.
    #[error("`{container}` cannot run as a snap: {why}")]
    #[diagnostic(
        code(engine::snap_unfit),
        help("change what the sentence names, take another snap, or another technology")
    )]
    SnapUnfit {
        /// The container.
        container: String,
        /// Why.
        why: Phrase,
    },

    /// There is no snapcraft, and nothing that does without it.
    #[error("`snapcraft` is not installed, and the repository `{repository}` has no prepared folder")]
    #[diagnostic(
        code(engine::snapcraft_absent),
        help(
            "install it with `snap install snapcraft --classic`, or keep what is packed, with its `meta/snap.yaml`, in the folder `prime`"
        )
    )]
    SnapcraftAbsent {
        /// The repository.
        repository: String,
    },

    /// This engine is part of no swarm.
    #[error("the Docker engine of this server is part of no swarm")]
    #[diagnostic(
        code(engine::no_swarm),
        help("make one with `docker swarm init --advertise-addr ADDRESS`, or join one as a manager")
    )]
    NoSwarm,

    /// This node of a swarm may not manage it.
    #[error("this server is a worker of its swarm, and may not manage it")]
    #[diagnostic(
        code(engine::not_a_manager),
        help("run galerne on a manager, or run `docker node promote NODE` there with the name of this node")
    )]
    NotAManager,

    /// Too few managers are up.
    #[error("the swarm has no quorum: too few of its managers can be reached")]
    #[diagnostic(
        code(engine::no_quorum),
        help(
            "bring its managers back; if they are lost for good, run `docker swarm init --force-new-cluster` on this one"
        )
    )]
    NoQuorum,

    /// The swarm has no such node.
    #[error("the swarm has no node `{node}`")]
    #[diagnostic(code(engine::node_absent), help("`galerne cluster status` lists its nodes"))]
    NodeAbsent {
        /// Its name.
        node: String,
    },

    /// A swarm that is joined twice.
    #[error("the Docker engine of this server is part of a swarm already")]
    #[diagnostic(
        code(engine::already_in_a_swarm),
        help("to have it join another one, run `docker swarm leave` first: what the swarm runs here ends")
    )]
    AlreadyInASwarm,

    /// A token that the swarm does not take.
    #[error("the swarm at `{manager}` does not take this token")]
    #[diagnostic(
        code(engine::wrong_token),
        help(
            "take the token of today with `galerne cluster token` on that manager: it may have been changed, or be of another swarm"
        )
    )]
    WrongToken {
        /// The manager.
        manager: String,
    },

    /// A manager that does not answer.
    #[error("no manager of a swarm answers at `{manager}`: {cause}")]
    #[diagnostic(
        code(engine::manager_unreachable),
        help("check the address, that its swarm is up, and that port 2377 is open between both servers")
    )]
    ManagerUnreachable {
        /// The manager.
        manager: String,
        /// What the engine says.
        cause: String,
    },

    /// A release failed, and the cluster is back at the one before.
    #[error("the new release of `{container}` failed, and the one before serves again: {cause}{}", tail(.log))]
    #[diagnostic(
        code(engine::rolled_back),
        help("correct what the copy complains of, and run the command again")
    )]
    RolledBack {
        /// The container.
        container: String,
        /// What the cluster says.
        cause: Phrase,
        /// The last lines that the copy wrote.
        log: Vec<String>,
    },

    /// A release failed, and the cluster left it there.
    #[error("the update of `{container}` stopped half-way: {cause}{}", tail(.log))]
    #[diagnostic(
        code(engine::update_paused),
        help(
            "correct what the copy complains of and run the command again; conteneurX_maj_echec=rollback goes back by itself"
        )
    )]
    UpdatePaused {
        /// The container.
        container: String,
        /// What the cluster says.
        cause: Phrase,
        /// The last lines that the copy wrote.
        log: Vec<String>,
    },

    /// No node takes a copy.
    #[error("no node of the cluster can run `{container}`: {cause}")]
    #[diagnostic(
        code(engine::no_node),
        help(
            "ask for fewer copies or smaller reservations, bring a node back, or correct conteneurX_contrainte; `docker node ls` or `kubectl get nodes` shows the nodes"
        )
    )]
    NoNode {
        /// The container.
        container: String,
        /// What the cluster says.
        cause: Phrase,
    },

    /// A secret or a configuration is not there.
    #[error("the cluster has no {kind} `{name}`")]
    #[diagnostic(code(engine::object_absent), help("make it with `{make}`"))]
    ObjectAbsent {
        /// `secret` or `config`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The command that makes it.
        make: String,
    },

    /// What says how a cluster is reached cannot be used.
    #[error("the kubeconfig `{file}` cannot be used: {cause}")]
    #[diagnostic(
        code(engine::kubeconfig_unreadable),
        help(
            "correct the file, or name another one in KUBECONFIG; `kubectl config view` shows what it says"
        )
    )]
    KubeconfigUnreadable {
        /// The file, or the files.
        file: String,
        /// What is wrong.
        cause: String,
    },

    /// The API server does not know who we are.
    #[error("the API server at `{address}` does not accept the credentials of the kubeconfig: {cause}")]
    #[diagnostic(
        code(engine::credentials_refused),
        help(
            "bring a kubeconfig of today: its certificate or token may have expired; try `kubectl get pods` with it"
        )
    )]
    CredentialsRefused {
        /// Where it is.
        address: String,
        /// What it says.
        cause: String,
    },

    /// The API server does not let us do it.
    #[error("the API server forbids to {what}: {cause}")]
    #[diagnostic(
        code(engine::forbidden),
        help(
            "have the cluster's administrator allow it, by a role for the user of the kubeconfig or in the policy of the namespace; `kubectl auth can-i --list` shows what that user may do"
        )
    )]
    Forbidden {
        /// What it was asked.
        what: Phrase,
        /// What it says.
        cause: String,
    },

    /// The API server knows no such kind.
    #[error("the API server knows no {kind} of `{version}`")]
    #[diagnostic(
        code(engine::kind_unknown),
        help(
            "install what brings that kind to the cluster, update the cluster, or choose another conteneurX_exposition"
        )
    )]
    KindUnknown {
        /// The kind.
        kind: String,
        /// Its version.
        version: String,
    },

    /// The cluster has no such namespace.
    #[error("the cluster has no namespace `{namespace}`")]
    #[diagnostic(
        code(engine::namespace_absent),
        help(
            "make it with `kubectl create namespace {namespace}`, or name another one in conteneurX_espace_noms"
        )
    )]
    NamespaceAbsent {
        /// Its name.
        namespace: String,
    },

    /// An object of the name of one of ours is somebody else's.
    #[error(
        "the {kind} `{name}` of the cluster was not made by galerne for this application, and is left alone"
    )]
    #[diagnostic(
        code(engine::object_foreign),
        help("rename or remove it, or name another namespace in conteneurX_espace_noms")
    )]
    ObjectForeign {
        /// Its kind.
        kind: String,
        /// Its namespace and name.
        name: String,
    },

    /// The cluster makes no copies.
    #[error("the cluster makes no copy of `{container}`: {cause}")]
    #[diagnostic(
        code(engine::copies_refused),
        help(
            "ask for less (copies, memory, conteneurX_droits=restreint), or have the quota or policy of the namespace changed"
        )
    )]
    CopiesRefused {
        /// The container.
        container: String,
        /// What the cluster says.
        cause: String,
    },

    /// Only this node has an image.
    #[error("the image `{image}` is on this node alone, and the others cannot fetch it: {cause}")]
    #[diagnostic(
        code(engine::image_on_one_node),
        help("push it to a registry that all nodes reach, and name that in conteneurX_repository")
    )]
    ImageOnOneNode {
        /// The image with its tag.
        image: String,
        /// What its registry says.
        cause: Phrase,
    },

    /// The container is not there.
    #[error("the container `{container}` does not exist")]
    #[diagnostic(code(engine::container_absent), help("run `galerne reconfigure`"))]
    ContainerAbsent {
        /// The container.
        container: String,
    },

    /// Anything else that the engine says.
    #[error("the {engine} engine refused to {what}: {cause}")]
    #[diagnostic(code(engine::refused), help("look for the cause in the engine's own log"))]
    Refused {
        /// Which engine.
        engine: &'static str,
        /// What it was asked.
        what: Phrase,
        /// What it says.
        cause: Phrase,
    },
}

fn tail(log: &[impl Display]) -> String {
    if log.is_empty() {
        return "; it wrote nothing".to_owned();
    }
    let lines: Vec<String> = log.iter().map(|line| format!("\n  | {line}")).collect();
    format!("; its last lines:{}", lines.concat())
}
