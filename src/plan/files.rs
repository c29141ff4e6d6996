//! The steps of files, and what nginx is to do after them.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Action, Observed, OnDisk, ProxyState, Recorded, STOCK_SITE, Step, Wanted, sha256};
use crate::phrase;
use crate::render::{Content, GeneratedFile, Reader};
use crate::run_spec::{ContainerName, Technology};
use crate::words::Phrase;

/// The changes of files, all of which are made or none.
pub(super) fn changes(wanted: &Wanted, observed: &Observed) -> Vec<Step> {
    let mut steps: Vec<Step> = wanted.files.files.iter().filter_map(|file| write(file, observed)).collect();
    steps.extend(stock_site(wanted, observed));
    steps.extend(stale(wanted, observed).map(|recorded| {
        let action = Action::RemoveFile { path: recorded.path.clone() };
        Step::new(action, phrase!("because-not-generated", "no longer generated"))
            .for_container(recorded.container.clone())
    }));
    let switched_off = wanted.files.removed.iter().filter(|path| observed.files.contains_key(*path));
    steps.extend(switched_off.map(|path| {
        Step::new(
            Action::RemoveFile { path: path.clone() },
            phrase!("because-switched-off", "it is switched off"),
        )
    }));
    if record(wanted) != sorted(&observed.recorded) {
        steps.push(Step::new(
            Action::Record,
            phrase!("because-list-changed", "the list of generated files changed"),
        ));
    }
    steps
}

/// What nginx and Traefik are to do after the changes `files`. The one that goes lets go of its ports before the other takes them, and a
/// trial comes before anything that is seen.
pub(super) fn proxy(wanted: &Wanted, observed: &Observed, files: &[Step]) -> Vec<Step> {
    let mut steps = nginx(wanted, observed, files);
    let traefik = traefik(wanted, observed, files);
    let is_early = |step: &&Step| matches!(step.action, Action::CheckTraefik | Action::StopTraefik);
    let after_check = usize::from(!steps.is_empty());
    steps.splice(after_check..after_check, traefik.iter().filter(is_early).cloned());
    steps.extend(traefik.into_iter().filter(|step| !is_early(&step)));
    steps
}

fn nginx(wanted: &Wanted, observed: &Observed, files: &[Step]) -> Vec<Step> {
    let touched = files.iter().any(|step| is_for_nginx(step, wanted, observed));
    let wanted_at_all = wanted.files.files.iter().any(|file| file.reader == Reader::Nginx);
    let check = Step::new(
        Action::CheckProxy,
        phrase!("because-nginx-accepts", "nginx must accept its files before it reads them"),
    );
    match observed.proxy {
        ProxyState::Running if touched => {
            vec![
                check,
                Step::new(Action::ReloadProxy, phrase!("because-nginx-files", "files of nginx changed")),
            ]
        }
        ProxyState::Stopped if wanted_at_all => {
            vec![check, Step::new(Action::StartProxy, phrase!("because-nginx-stopped", "nginx does not run"))]
        }
        _ => Vec::new(),
    }
}

fn traefik(wanted: &Wanted, observed: &Observed, files: &[Step]) -> Vec<Step> {
    let reads = |file: &GeneratedFile| matches!(file.reader, Reader::Traefik | Reader::TraefikStart);
    // A site has places behind Traefik, and what Traefik starts with is production's: a site neither starts nor stops it.
    let is_wanted = wanted.files.files.iter().any(|file| file.reader == Reader::TraefikStart);
    let was_started = observed.recorded.iter().any(|file| file.path == Path::new(crate::traefik::STATIC));
    let is_its_own = |path: &Path| {
        wanted.files.files.iter().any(|file| file.path == path && reads(file))
            || observed.recorded.iter().any(|file| file.path == path && file.traefik)
    };
    let changed = files.iter().filter_map(|step| match &step.action {
        Action::WriteFile { path } | Action::RemoveFile { path } => Some(path.as_path()),
        _ => None,
    });
    let changed: Vec<&Path> = changed.filter(|path| is_its_own(path)).collect();
    let starts_anew = changed.contains(&Path::new(crate::traefik::STATIC));
    let because = phrase!("because-traefik-files", "files of Traefik changed");
    let check = Step::new(
        Action::CheckTraefik,
        phrase!("because-traefik-accepts", "Traefik must accept its files before it reads them"),
    );
    match observed.traefik {
        ProxyState::Running if was_started && !is_wanted => {
            let reason = phrase!("because-other-door", "it is the front door no more");
            vec![Step::new(Action::StopTraefik, reason)]
        }
        ProxyState::Running if starts_anew => vec![check, Step::new(Action::RestartTraefik, because)],
        ProxyState::Running if !changed.is_empty() => vec![check, Step::new(Action::ReloadTraefik, because)],
        ProxyState::Stopped if is_wanted => {
            let reason = phrase!("because-traefik-stopped", "Traefik does not run");
            vec![check, Step::new(Action::StartTraefik, reason)]
        }
        _ => Vec::new(),
    }
}

/// What is noted as generated once `wanted` is reached, in the order of the paths.
pub(super) fn record(wanted: &Wanted) -> Vec<Recorded> {
    let all: Vec<Recorded> = wanted
        .files
        .files
        .iter()
        .map(|file| Recorded {
            engine: file.container.as_ref().and_then(|name| holder(wanted, name)),
            path: file.path.clone(),
            container: file.container.clone(),
            nginx: file.reader == Reader::Nginx,
            traefik: matches!(file.reader, Reader::Traefik | Reader::TraefikStart),
            stays: file.stays,
            digest: match &file.content {
                Content::Text(text) => Some(sha256(text.as_bytes())),
                Content::Link(_) => None,
            },
        })
        .collect();
    sorted(&all)
}

/// The engine that holds a container, unless it is Docker's: that is what nothing said means.
fn holder(wanted: &Wanted, name: &ContainerName) -> Option<Technology> {
    let holder = wanted.container(name)?.engine.holder();
    (holder != Technology::Docker).then_some(holder)
}

fn sorted(recorded: &[Recorded]) -> Vec<Recorded> {
    let mut all = recorded.to_vec();
    all.sort();
    all
}

fn write(file: &GeneratedFile, observed: &Observed) -> Option<Step> {
    let reason = difference(file, observed)?;
    let action = Action::WriteFile { path: file.path.clone() };
    Some(Step::new(action, reason).for_container(file.container.clone()))
}

fn difference(file: &GeneratedFile, observed: &Observed) -> Option<Phrase> {
    let found = observed.files.get(&file.path);
    match (&file.content, found) {
        (_, None) => Some(phrase!("because-absent", "it does not exist")),
        (Content::Link(to), Some(OnDisk::Link(found))) => {
            (to != found).then_some(phrase!("because-link", "it leads elsewhere"))
        }
        (Content::Text(text), Some(OnDisk::File { digest, mode, user, group })) => {
            let (wanted_user, wanted_group) = observed.accounts.of(&file.owner);
            if sha256(text.as_bytes()) != *digest {
                Some(if is_edited(&file.path, observed) {
                    EDITED
                } else {
                    phrase!("because-content", "its content differs")
                })
            } else if wanted_user.is_some_and(|wanted| wanted != *user)
                || wanted_group.is_some_and(|wanted| wanted != *group)
            {
                Some(phrase!("because-owner", "its owner differs"))
            } else {
                (file.mode != *mode).then_some(phrase!("because-mode", "its permissions differ"))
            }
        }
        _ if is_edited(&file.path, observed) => Some(EDITED),
        _ => Some(phrase!("because-other", "something else stands there")),
    }
}

/// Why a file is written that somebody has changed since.
const EDITED: Phrase =
    phrase!("because-edited", "somebody changed it; what stands there is kept beside it as .galerne-old");

/// Whether somebody else wrote what stands at `path` after it was last generated. A link has no digest: an editor, or `sed -i`, puts a
/// file in its place.
pub(super) fn is_edited(path: &Path, observed: &Observed) -> bool {
    let noted = observed.recorded.iter().find(|recorded| recorded.path == *path);
    match (noted, observed.files.get(path)) {
        (Some(noted), Some(OnDisk::File { digest, .. })) => noted.digest.as_ref() != Some(digest),
        _ => false,
    }
}

/// The stock site goes when ours is first enabled and claims the same place; who enables it again later is left alone.
fn stock_site(wanted: &Wanted, observed: &Observed) -> Option<Step> {
    let enabled = Path::new(STOCK_SITE).parent();
    let claims_its_place = wanted.files.files.iter().any(
        |file| matches!(&file.content, Content::Text(text) if text.contains("listen 80 default_server;")),
    );
    let ours_is_new = wanted.files.files.iter().any(|file| {
        file.path.parent() == enabled
            && matches!(file.content, Content::Link(_))
            && !observed.files.contains_key(&file.path)
    });
    (observed.stock_site && ours_is_new && claims_its_place).then(|| {
        let action = Action::RemoveFile { path: STOCK_SITE.into() };
        Step::new(action, phrase!("because-stock-site", "nginx's stock site answers where ours should"))
    })
}

fn stale<'a>(wanted: &Wanted, observed: &'a Observed) -> impl Iterator<Item = &'a Recorded> {
    let files = &wanted.files;
    let paths = files.files.iter().map(|file| &file.path).chain(&files.removed);
    let other: BTreeSet<_> = paths.cloned().collect();
    observed.recorded.iter().filter(move |recorded| {
        !recorded.stays && !other.contains(&recorded.path) && observed.files.contains_key(&recorded.path)
    })
}

fn is_for_nginx(step: &Step, wanted: &Wanted, observed: &Observed) -> bool {
    let (Action::WriteFile { path } | Action::RemoveFile { path }) = &step.action else {
        return false;
    };
    let in_wanted = wanted.files.files.iter().any(|file| file.path == *path && file.reader == Reader::Nginx);
    let in_recorded = observed.recorded.iter().any(|recorded| recorded.path == *path && recorded.nginx);
    in_wanted || in_recorded || path == Path::new(STOCK_SITE)
}
