//! The programs that each technology needs on this host, and the packages of Debian and Ubuntu that bring them.

use crate::run_spec::Technology;

/// The package of the web server.
pub(super) const WEB_SERVER: &str = "nginx";

/// A program that has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The program.
    pub(super) program: &'static str,
    /// The package that brings it.
    pub(super) package: &'static str,
    /// Whether it is the engine's own: one that answers needs no more of it.
    pub(super) is_engine: bool,
}

const fn engine(program: &'static str, package: &'static str) -> Requirement {
    Requirement { program, package, is_engine: true }
}

const fn tool(program: &'static str, package: &'static str) -> Requirement {
    Requirement { program, package, is_engine: false }
}

/// What `technology` needs.
pub(super) fn of(technology: Technology) -> &'static [Requirement] {
    match technology {
        Technology::Docker | Technology::Swarm => const { &[engine("dockerd", "docker.io")] },
        Technology::DockerGit => const { &[engine("dockerd", "docker.io"), tool("git", "git")] },
        Technology::Podman => const { &[engine("podman", "podman")] },
        Technology::Lxc => {
            const {
                &[
                    tool("lxc-start", "lxc"),
                    tool("dnsmasq", "dnsmasq-base"),
                    tool("xz", "xz-utils"),
                    tool("wget", "wget"),
                ]
            }
        }
        // It is spoken to by its API alone.
        Technology::Kubernetes => const { &[] },
        // What runs its machines is chosen by a variable, and may be elsewhere: the engine says which it finds.
        Technology::Vagrant => const { &[tool("vagrant", "vagrant")] },
        Technology::Qemu => {
            const {
                &[
                    engine("qemu-system-x86_64", "qemu-system-x86"),
                    tool("qemu-img", "qemu-utils"),
                    tool("curl", "curl"),
                ]
            }
        }
        Technology::Snap => const { &[engine("snap", "snapd"), tool("unsquashfs", "squashfs-tools")] },
        Technology::Snapcraft => {
            const { &[engine("snap", "snapd"), tool("unsquashfs", "squashfs-tools"), tool("git", "git")] }
        }
    }
}

/// The unit of systemd that has the engine of `technology` answer, if one has.
pub(super) fn unit(technology: Technology) -> Option<&'static str> {
    match technology {
        Technology::Docker | Technology::DockerGit | Technology::Swarm => {
            Some("docker.socket docker.service")
        }
        Technology::Podman => Some("podman.socket"),
        Technology::Snap | Technology::Snapcraft => Some("snapd.socket"),
        Technology::Lxc | Technology::Qemu | Technology::Vagrant | Technology::Kubernetes => None,
    }
}
