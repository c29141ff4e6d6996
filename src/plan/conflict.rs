//! What keeps a container from being changed at all.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::run_spec::ContainerName;

/// Why a container is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize, Deserialize)]
#[serde(tag = "conflict", rename_all = "snake_case")]
pub enum Conflict {
    /// Someone else's container has its name.
    #[error("container `{container}` cannot be made: `{name}` is a container that galerne did not make")]
    #[diagnostic(code(plan::name_taken), help("rename or remove that container, or choose another name"))]
    NameTaken {
        /// The container.
        container: ContainerName,
        /// The name that is taken.
        name: String,
    },

    /// Someone else's container listens on its port.
    #[error(
        "container `{container}` cannot be started: port {port} is taken by the container `{by}`, which galerne did not make"
    )]
    #[diagnostic(code(plan::port_taken), help("stop that container, or choose another port of the host"))]
    PortTaken {
        /// The container.
        container: ContainerName,
        /// The port of the host.
        port: u16,
        /// The container that listens.
        by: String,
    },

    /// Someone else's service has its name.
    #[error(
        "the service `{container}` cannot be made: the cluster has a service `{name}` that galerne did not make"
    )]
    #[diagnostic(code(plan::service_taken), help("remove that service, or choose another name"))]
    ServiceTaken {
        /// The container.
        container: ContainerName,
        /// The name that is taken.
        name: String,
    },

    /// The cluster is to listen, and cannot.
    #[error(
        "`{container}` asks the swarm to listen for it (conteneurX_entree=ingress), and this kernel has no IPVS: connections would be refused without a word"
    )]
    #[diagnostic(
        code(plan::no_ipvs),
        help(
            "load the kernel's module ip_vs on every node, or set conteneurX_entree=hote: nginx then listens, and hands requests to the copies"
        )
    )]
    NoIpvs {
        /// The container.
        container: ContainerName,
    },

    /// A swarm never changes how the copies of a service are counted.
    #[error(
        "a swarm does not change a service from a number of copies to one on each node, or back, as `{container}` would have to"
    )]
    #[diagnostic(
        code(plan::mode_change),
        help(
            "put conteneurX_mode back, or remove the service and have it made anew while its requests wait: docker service rm {container}, then galerne reconfigure"
        )
    )]
    ModeChange {
        /// The container.
        container: ContainerName,
    },

    /// Its copies would each have a folder of their own under one name.
    #[error(
        "`{container}` mounts a folder of one node, and the cluster has {nodes}: a copy on another node would not see the same data"
    )]
    #[diagnostic(
        code(plan::scattered_folder),
        help(
            "mount a volume that all nodes share (NFS, or a plugin), or keep it on one node: conteneurX_contrainte+='node.hostname == NODE'"
        )
    )]
    ScatteredFolder {
        /// The container.
        container: ContainerName,
        /// How many nodes there are.
        nodes: usize,
    },

    /// Who demotes itself can no longer undo it.
    #[error("the node `{container}` is this server, and cannot make itself a worker")]
    #[diagnostic(
        code(plan::own_demotion),
        help("run galerne on another manager, or leave this one a manager in cluster_noeud_role")
    )]
    OwnDemotion {
        /// The node.
        container: String,
    },

    /// Its name is one that galerne gives to leftovers.
    #[error("container `{container}` cannot have a name that ends in `.galerne-new` or `.galerne-old`")]
    #[diagnostic(code(plan::reserved_name), help("choose another name"))]
    ReservedName {
        /// The container.
        container: ContainerName,
    },
}
