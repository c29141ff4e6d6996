//! `cluster hosts`: the files that make nodes of bare machines.

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::{CommandError, Session, Status};
use crate::apply;
use crate::nodes::Nodes;
use crate::phrase;
use crate::provision;

/// Write what makes nodes of bare Debian machines: for Ansible, for cloud-init, and for Vagrant
///
/// inventory.yml and playbook.yml have Ansible bring machines that are reached over SSH up to date, install Docker and galerne, and join;
/// cloud-init/NODE/ has the user data of a new machine; Vagrantfile with machines.json makes the same nodes as virtual machines. No
/// token is in any of them: the first manager hands it over when a machine joins.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: galerne cluster hosts --into hosts; ansible-playbook -i hosts/inventory.yml hosts/playbook.yml"
)]
pub(super) struct Hosts {
    /// Write them into this folder, in place of those that are there
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Say which files would be written, and write none
    #[arg(long = "dry-run")]
    preview: bool,
}

impl Hosts {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some((_, compiled)) = session.compiled() else { return Status::Refused };
        let nodes = Nodes::of(&compiled.snapshot);
        let (wrong, missing) = (compiled.wrong, compiled.missing);
        if wrong.has_errors() {
            session.findings.append(wrong);
            return Status::Refused;
        }
        if nodes.all.is_empty() {
            session.findings.append(missing);
            return session.refuse(CommandError::NoNodes);
        }
        let files = match provision::files(&nodes) {
            Ok(files) => files,
            Err(errors) => {
                for error in errors {
                    session.findings.add(error);
                }
                return Status::Refused;
            }
        };
        if !self.preview
            && let Err(error) = apply::replace_files(&files, &self.into)
        {
            return session.refuse(error);
        }
        let paths: Vec<PathBuf> = files
            .files
            .iter()
            .map(|file| self.into.join(file.path.strip_prefix("/").unwrap_or(&file.path)))
            .collect();
        let written = self.show(&paths, session);
        session.end(written)
    }

    fn show(&self, paths: &[PathBuf], session: &mut Session<'_>) -> io::Result<()> {
        if session.is_json() {
            return session.json(&json!({ "files": paths, "written": !self.preview }));
        }
        if session.options.quiet {
            return Ok(());
        }
        for path in paths {
            session.line(&path.display().to_string())?;
        }
        if self.preview {
            return Ok(());
        }
        session.say(&phrase!(
            "hosts-next",
            "then: ansible-playbook -i {folder}/inventory.yml {folder}/playbook.yml",
            folder = self.into.display().to_string()
        ))
    }
}
