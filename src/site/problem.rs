//! What can be wrong with a site.

use std::path::PathBuf;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::words::Phrase;

/// A problem of the stage `site`.
#[derive(Debug, Error, Diagnostic, Serialize)]
pub enum SiteProblem {
    /// There is no such site.
    #[error("there is no site `{name}`")]
    #[diagnostic(code(site::unknown), help("{help}"))]
    Unknown {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// There is one already.
    #[error("there is a site `{name}` already")]
    #[diagnostic(
        code(site::exists),
        help("choose another name, or use that one: galerne --site {name} diff")
    )]
    Exists {
        /// Its name.
        name: String,
    },
    /// There are as many as there can be.
    #[error("there are {most} sites already, and no more ports for another one")]
    #[diagnostic(code(site::too_many), help("remove one of them first: galerne site remove NAME"))]
    TooMany {
        /// How many there can be.
        most: u16,
    },
    /// A file of a site says nothing that could be read.
    #[error("`{}` of the site `{site}` cannot be read: {reason}", path.display())]
    #[diagnostic(
        code(site::unreadable),
        help("put it back from a backup, or remove the site and add it anew")
    )]
    Unreadable {
        /// The site.
        site: String,
        /// The file.
        path: PathBuf,
        /// Why.
        reason: Phrase,
    },
    /// The files of a site cannot be written.
    #[error("`{}` of the site `{site}` cannot be written: {reason}", path.display())]
    #[diagnostic(
        code(site::unwritable),
        help("check the permissions and the disk, and run the command again")
    )]
    Unwritable {
        /// The site.
        site: String,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A command that is about sites is called for one, or one that wants a site is called without.
    #[error("`galerne {command}` {says}")]
    #[diagnostic(code(site::wrong_site), help("{help}"))]
    WrongSite {
        /// The command.
        command: &'static str,
        /// What it is.
        says: Phrase,
        /// What to do.
        help: Phrase,
    },
    /// A variable of the front door, which all sites are behind.
    #[error("`{name}` belongs to production: all sites are behind one front door")]
    #[diagnostic(code(site::productions), help("set it without --site"))]
    Productions {
        /// The variable.
        name: String,
    },
    /// The container of a site has a name of production.
    #[error("`{variable}` is `{name}`, which does not end in `{mark}`")]
    #[diagnostic(
        code(site::not_marked),
        help("name it `{name}{mark}`: by this end it is known to be of the site")
    )]
    NotMarked {
        /// The variable.
        variable: String,
        /// Its value.
        name: String,
        /// What it must end in.
        mark: String,
    },
    /// A container has a name of another site.
    #[error("`{variable}` is `{name}`, which is a name of another site")]
    #[diagnostic(code(site::marked), help("give it a name that does not end in `-` and the name of a site"))]
    Marked {
        /// The variable.
        variable: String,
        /// Its value.
        name: String,
    },
    /// A port of the server is another site's.
    #[error("`{variable}` has the port {port}, which is that of `{by}` in {of}")]
    #[diagnostic(code(site::port_taken), help("choose another port of the server for one of the two"))]
    PortTaken {
        /// The variable.
        variable: String,
        /// The port.
        port: u16,
        /// Whose it is.
        by: String,
        /// Of which site.
        of: Phrase,
    },
    /// A folder of the server is another site's too.
    #[error("`{variable}` has the folder `{}`, but `{}` is that of `{by}` in {of}", folder.display(), theirs.display())]
    #[diagnostic(
        code(site::folder_shared),
        help("choose another folder: two sites never write to the same data")
    )]
    FolderShared {
        /// The variable.
        variable: String,
        /// The folder.
        folder: PathBuf,
        /// The one that it is in, or that is in it.
        theirs: PathBuf,
        /// Whose it is.
        by: String,
        /// Of which site.
        of: Phrase,
    },
    /// A volume of the cluster is another site's too.
    #[error("`{variable}` has the volume `{volume}`, which is that of `{by}` in {of}")]
    #[diagnostic(
        code(site::volume_shared),
        help("choose another volume, or another device for it: two sites never write to the same data")
    )]
    VolumeShared {
        /// The variable.
        variable: String,
        /// The volume.
        volume: String,
        /// Whose it is.
        by: String,
        /// Of which site.
        of: Phrase,
    },
    /// A snap cannot run twice on a server.
    #[error("`{name}` is the snap `{snap}`, which runs in {of} already")]
    #[diagnostic(
        code(site::one_snap),
        help("a server runs a snap once: choose another technology for it here, or leave it without a name")
    )]
    OneSnap {
        /// The container.
        name: String,
        /// The snap.
        snap: String,
        /// Of which site.
        of: Phrase,
    },
    /// Production was changed where the site has values of its own.
    #[error("`{name}` was changed in production since the site has its own value")]
    #[diagnostic(
        code(site::conflict),
        help(
            "look at both with `galerne --site {site} diff`, then promote with --force, or name the variables to promote"
        )
    )]
    Conflict {
        /// The variable.
        name: String,
        /// The site.
        site: String,
    },
    /// What is kept apart has no value in production, and none can be told from the site's.
    #[error("`{name}` is kept apart, and production has no value for it yet")]
    #[diagnostic(
        code(site::no_value),
        help(
            "give it in the site a value as galerne makes it of production's: a name or folder that ends in `{mark}`, a port that is {step} higher"
        )
    )]
    NoValue {
        /// The variable.
        name: String,
        /// What a name ends in.
        mark: String,
        /// By how much a port is higher.
        step: u16,
    },
}
