//! Bringing the boxes here from which virtual machines are made: Vagrant downloads, checks and unpacks them.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::failure::{Asked, sentence};
use super::program::{Message, unwritable};
use super::store::{self, Store};
use super::{Vagrant, program::Run};
use crate::engine::{EngineError, FetchProgress, Layer, answer};
use crate::phrase;
use crate::plan::image;
use crate::run_spec::{Provider, Source, VagrantBox};

/// How long a transfer may take.
const TRANSFER: Duration = Duration::from_hours(2);

/// A box that is here, as Vagrant knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: Option<String>,
}

/// The box of `source`, if it is here.
pub(super) fn kept(store: &Store, source: &Source) -> Option<Kept> {
    let kept: Kept = serde_json::from_str(&store::read(&store.kept(source)).ok()?).ok()?;
    // So Vagrant names its folders; who removes a box by hand removes that one.
    let folder = store.home().join("boxes").join(kept.name.replace('/', "-VAGRANTSLASH-"));
    folder.is_dir().then_some(kept)
}

/// Brings the box of `source` here.
pub(super) async fn fetch(
    vagrant: &Vagrant,
    source: &Source,
    provider: Provider,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let mut arguments = vec!["box", "add", "--force", "--provider", provider.name()];
    let mut environment = vagrant.environment(provider);
    let key = format!("galerne-{}", Store::key(source));
    let absent = |cause| EngineError::ImageAbsent { image: image(source), cause };
    let checksum = source.tag.strip_prefix("sha256:");
    let name = match VagrantBox::of(&source.image) {
        Some(VagrantBox::File(path)) if !Path::new(path).is_file() => {
            return Err(absent(answer::no_file()));
        }
        Some(VagrantBox::File(address) | VagrantBox::Download(address)) => {
            if let Some(checksum) = checksum {
                arguments.extend(["--checksum-type", "sha256", "--checksum", checksum]);
            }
            arguments.extend(["--name", &key, address]);
            key.as_str()
        }
        Some(VagrantBox::Named { .. }) if checksum.is_some() => {
            return Err(absent(phrase!("box-no-digest", "a box of a catalogue has versions, and no digest")));
        }
        Some(VagrantBox::Named { server, name }) => {
            if let Some(server) = server {
                environment.push(("VAGRANT_SERVER_URL".to_owned(), format!("https://{server}")));
            }
            if source.tag != "latest" {
                arguments.extend(["--box-version", &source.tag]);
            }
            arguments.push(name);
            name
        }
        None => return Err(absent(phrase!("box-none", "it is no box"))),
    };
    let (folder, failed) = (vagrant.store.folder(), |error: io::Error| {
        unwritable(phrase!("to-keep-box", "keep a box"), vagrant.store.folder(), &error)
    });
    let boxes = folder.join(".boxes");
    store::make(&boxes).map_err(failed)?;
    let mut version = None;
    let mut hear = |message: &Message| {
        version = version.take().or_else(|| added(message));
        if let Some(layer) = layer(message) {
            progress(layer);
        }
    };
    vagrant.prepare_home(&environment).await?;
    let run = Run { folder, environment: &environment, input: None, patience: TRANSFER };
    if let Err(failure) = run.vagrant(&arguments, &mut hear).await? {
        return Err(sentence(&failure, Asked::Box(source), provider));
    }
    let text = serde_json::to_string(&Kept { name: name.to_owned(), version }).unwrap_or_default();
    store::write(&vagrant.store.kept(source), &text).map_err(failed)
}

/// The version in "Successfully added box 'debian/bookworm64' (v12.1) for 'libvirt'!".
fn added(message: &Message) -> Option<String> {
    let (_, rest) = message.shown()?.split_once("Successfully added box")?;
    let (_, rest) = rest.split_once("(v")?;
    rest.split_once(')').map(|(version, _)| version.to_owned())
}

/// How far a message says that the box is.
fn layer(message: &Message) -> Option<Layer> {
    let said = message.shown()?.trim_start_matches("==>").trim();
    let percent = said.strip_prefix("Progress: ").and_then(|rest| rest.split_once('%')?.0.parse().ok());
    if percent.is_some() {
        return Some(Layer { current: percent, total: Some(100), ..Layer::downloads("box") });
    }
    let status = answer::harmless(said.trim_start_matches("box:").trim());
    (!status.is_empty()).then(|| Layer::told("box", status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(said: &str) -> Message {
        Message::of(&format!("1795257364,box,ui,detail,{said}")).unwrap()
    }

    #[test]
    fn messages_tell_how_far_a_box_is() {
        let at = message("Progress: 40% (Rate: 2M/s%!(VAGRANT_COMMA) Estimated time remaining: 0:00:10)");
        let expected =
            Layer { id: "box".to_owned(), status: "downloading".into(), current: Some(40), total: Some(100) };
        assert_eq!(layer(&at), Some(expected));
        let done = message("==> box: Successfully added box 'a/b' (v12.1) for 'libvirt'!");
        assert_eq!(added(&done).as_deref(), Some("12.1"));
        assert_eq!(
            layer(&done).unwrap().status.english(),
            "Successfully added box 'a/b' (v12.1) for 'libvirt'!"
        );
        assert_eq!(added(&at), None);
    }
}
