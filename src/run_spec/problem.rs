//! What can be wrong with a container, as the variables describe it or as a template rendered it.

use std::fmt;

use crate::phrase;
use crate::words::Phrase;
use miette::Diagnostic;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// A variable and where the editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub variable: String,
    /// Its family, as displayed.
    pub family: String,
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.phrase().serialize(serializer)
    }
}

impl Named {
    /// It in words.
    pub(super) fn phrase(&self) -> Phrase {
        let Self { variable, family } = self;
        phrase!("named", "`{variable}` of the family `{family}`", variable = variable, family = family)
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of the family `{}`", self.variable, self.family)
    }
}

/// A problem of the stage `run_spec`.
#[derive(Debug, Error, Diagnostic, Serialize)]
pub enum RunSpecProblem {
    /// A name that is no segment of a path.
    #[error("{variable} is {found:?}, which is no container name: {why}")]
    #[diagnostic(code(run_spec::bad_name), help("give it a name such as `wiki`"))]
    BadName {
        /// The variable.
        variable: Named,
        /// Its value.
        found: String,
        /// What a name is.
        why: super::name::NotAName,
    },
    /// Two containers have one name.
    #[error("{variable} and {other} both name the container `{name}`")]
    #[diagnostic(code(run_spec::duplicate_name), help("give each container a name of its own"))]
    DuplicateName {
        /// The later variable.
        variable: Named,
        /// The first one.
        other: Named,
        /// The name.
        name: String,
    },
    /// Two containers listen for one port of the host.
    #[error("{variable} has the port {port}, for which {other} listens already")]
    #[diagnostic(code(run_spec::duplicate_port), help("give each container a host port of its own"))]
    DuplicatePort {
        /// The later variable.
        variable: Named,
        /// Who listens.
        other: Phrase,
        /// The port.
        port: u16,
    },
    /// The technology is not known.
    #[error("{variable} is {found:?}, which is no known technology")]
    #[diagnostic(code(run_spec::unknown_technology), help("write `{near}`"))]
    UnknownTechnology {
        /// The variable.
        variable: Named,
        /// Its value.
        found: String,
        /// The nearest known word.
        near: String,
    },
    /// The technology is known, but this version does not drive it.
    #[error("{variable} is `{word}`, a technology that this version does not drive")]
    #[diagnostic(
        code(run_spec::undriven_technology),
        help(
            "write `docker`, `docker+git`, `podman`, `lxc`, `snap`, `snapcraft`, `qemu`, `vagrant`, `swarm` or `kubernetes`, or take a version that drives `{word}`"
        )
    )]
    UndrivenTechnology {
        /// The variable.
        variable: Named,
        /// The technology.
        word: String,
    },
    /// Copies on several nodes would each have another folder.
    #[error("{variable} is {folder:?}, a folder of one node, and nothing says which node runs the copies")]
    #[diagnostic(
        code(run_spec::scattered_folder),
        help(
            "mount a volume instead (conteneurX_volume_nom), or keep the copies on one node: conteneurX_contrainte+='node.hostname == NODE'"
        )
    )]
    ScatteredFolder {
        /// The variable.
        variable: Named,
        /// The folder.
        folder: String,
    },
    /// A port or a folder is said of one side only.
    #[error("{variable} has no value for its item {item}")]
    #[diagnostic(
        code(run_spec::missing_side),
        help("say both sides: `_in` in the container, `_out` on the server")
    )]
    MissingSide {
        /// The variable.
        variable: Named,
        /// The item, from 1.
        item: usize,
    },
    /// A value that has no meaning there.
    #[error("{variable} is {found:?}, expected {expected}")]
    #[diagnostic(code(run_spec::bad_value), help("give it {expected}"))]
    BadValue {
        /// The variable.
        variable: Named,
        /// Its value.
        found: String,
        /// What it should be.
        expected: Phrase,
    },
    /// A container without an image.
    #[error("{variable} is empty, and `{container}` has nothing to run")]
    #[diagnostic(code(run_spec::no_image), help("give it an image, such as `library/nginx`"))]
    NoImage {
        /// The variable.
        variable: Named,
        /// The container.
        container: String,
    },
    /// A container that is to be built from nothing.
    #[error("{variable} is empty, and `{container}` has nothing to be built from")]
    #[diagnostic(
        code(run_spec::no_repository),
        help("give it a git repository, such as `https://git.example.org/team/wiki.git`")
    )]
    NoRepository {
        /// The variable.
        variable: Named,
        /// The container.
        container: String,
    },
    /// A git repository that cannot be.
    #[error("{variable} is not {expected}")]
    #[diagnostic(
        code(run_spec::bad_repository),
        help("write the address alone; git takes passwords from its credential helper, ssh its keys")
    )]
    BadRepository {
        /// The variable.
        variable: Named,
        /// What it should be.
        expected: Phrase,
    },
    /// An image, tag or registry that cannot be.
    #[error("{variable} is {found:?}, expected {expected}")]
    #[diagnostic(code(run_spec::bad_image), help("write {expected}"))]
    BadImage {
        /// The variable.
        variable: Named,
        /// Its value.
        found: String,
        /// What it should be.
        expected: Phrase,
    },
    /// What a template rendered is no run spec.
    #[error("what `{template}` rendered for `{container}` is no run spec: {message}")]
    #[diagnostic(code(run_spec::unreadable), help("correct the template, or the values that it writes"))]
    Unreadable {
        /// The template.
        template: String,
        /// The container.
        container: String,
        /// What the reader says, with line and column of the rendered text.
        message: String,
    },
    /// A member of a run spec is out of its bounds.
    #[error("in what `{template}` rendered for `{container}`, `{member}` is not {expected}")]
    #[diagnostic(code(run_spec::out_of_bounds), help("let the template write {expected}"))]
    OutOfBounds {
        /// The template.
        template: String,
        /// The container.
        container: String,
        /// The member.
        member: String,
        /// What it should be.
        expected: Phrase,
    },
}

impl RunSpecProblem {
    /// Whether it only says that something is still to be filled in.
    pub(super) fn is_missing_value(&self) -> bool {
        matches!(self, Self::NoImage { .. } | Self::NoRepository { .. } | Self::MissingSide { .. })
    }
}
