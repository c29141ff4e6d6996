//! The files that dictionaries name: where each is to be, whose, and what it is to hold.
//!
//! In: the entries of the dictionaries, which of their lists are switched off, and the templates. Out: the files, and the paths
//! of those that are to go; or findings on the dictionaries and on the templates. A file of one of EOLE's own containers is put below
//! the container's root, which EOLE has in `container_path_NAME`; without it, the container is the machine itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::header::with_header;
use super::{Content, FileSet, GeneratedFile, Ownership, Reader, RenderProblem, Validator};
use crate::diagnostic::{Finding, Findings};
use crate::dictionary::{Name, SystemEntry};
use crate::distribution::{Distribution, TemplateLanguage};
use crate::evaluation::Snapshot;
use crate::phrase;
use crate::schema::System;
use crate::source::Span;
use crate::words::Phrase;

/// The folders in which galerne's own state is.
const OWN: [&str; 2] = ["/var/lib/galerne", "/etc/eole/config.eol"];

/// The names of the templates that the active files of `system` need.
pub fn templates(system: &System, snapshot: &Snapshot) -> BTreeSet<String> {
    let active = files(system).filter(|entry| is_active(entry, snapshot));
    active.filter_map(|entry| source(entry).ok()).collect()
}

/// Renders the active files of `system` into `set`.
pub(super) fn render(
    system: &System,
    snapshot: &Snapshot,
    distribution: &Distribution<'_>,
    set: &mut FileSet,
    findings: &mut Findings,
) {
    let mut seen: BTreeMap<PathBuf, Span> = BTreeMap::new();
    let mut inactive = Vec::new();
    for entry in files(system) {
        let place = entry.attribute("name").unwrap_or(&entry.text);
        let Some(prefix) = prefix(entry, snapshot) else { continue };
        let path = match target(&prefix, &place.value) {
            Ok(path) => path,
            Err(problem) => {
                findings.push(Finding::new(problem).at(place.span, phrase!("at-here", "here")));
                continue;
            }
        };
        if !is_active(entry, snapshot) {
            if is_true(entry, "rm") {
                inactive.push(path);
            }
            continue;
        }
        if let Some(first) = seen.insert(path.clone(), place.span) {
            let problem = RenderProblem::DuplicateFile { path };
            findings.push(
                Finding::new(problem)
                    .at(place.span, phrase!("at-the-second-one", "the second one"))
                    .related(first, phrase!("at-the-first-one", "the first one")),
            );
            continue;
        }
        let own = set.files.iter().any(|known| known.path == path);
        if own && source(entry).is_ok_and(|name| !distribution.contains(&name)) {
            // galerne's own template is the one that is there.
            continue;
        }
        if let Some(file) = file(entry, &path, snapshot, distribution, findings) {
            // What a dictionary says of a file of galerne's own takes its place.
            set.files.retain(|known| known.path != file.path);
            set.files.push(file);
        }
    }
    inactive.retain(|path| set.files.iter().all(|file| file.path != *path));
    set.removed.extend(inactive);
    set.removed.sort();
    set.removed.dedup();
}

fn files(system: &System) -> impl Iterator<Item = &SystemEntry> {
    system.entries().iter().filter(|entry| entry.kind == "file")
}

fn is_true(entry: &SystemEntry, attribute: &str) -> bool {
    entry.attribute(attribute).is_some_and(|word| &*word.value == "True")
}

fn is_active(entry: &SystemEntry, snapshot: &Snapshot) -> bool {
    let off = |list: &Name| snapshot.is_list_disabled("filelist", &list.value);
    fits_mode(entry, snapshot) && !entry.attribute("filelist").is_some_and(off)
}

/// Whether an entry is for a server with EOLE's own containers, or without, as this one is.
pub(super) fn fits_mode(entry: &SystemEntry, snapshot: &Snapshot) -> bool {
    let contained = has_containers(snapshot);
    match entry.attribute("instance_mode").map(|mode| &*mode.value) {
        Some("when_container") => contained,
        Some("when_no_container") => !contained,
        _ => true,
    }
}

/// Whether the server has EOLE's own containers.
fn has_containers(snapshot: &Snapshot) -> bool {
    snapshot.value("mode_conteneur_actif").is_some_and(|value| value.to_string() == "oui")
}

/// What stands before the paths of the container in which an entry is; none if the entry is only for a container that there is not.
fn prefix(entry: &SystemEntry, snapshot: &Snapshot) -> Option<String> {
    let named = entry.attribute("container").map(|name| &name.value);
    let Some(container) = named.or(entry.container.as_ref()) else { return Some(String::new()) };
    let root = snapshot.value(&format!("container_path_{container}")).map(ToString::to_string);
    match root.filter(|root| !root.is_empty() && has_containers(snapshot)) {
        Some(root) => Some(root),
        None if is_true(entry, "container_only") || &**container == "all" => None,
        None => Some(String::new()),
    }
}

/// The path `name` below `prefix`, where a file may be generated.
fn target(prefix: &str, name: &str) -> Result<PathBuf, RenderProblem> {
    let path = format!("{prefix}{name}");
    let bad = |reason: Phrase| RenderProblem::BadPath { path: path.clone(), reason };
    if !name.starts_with('/') || !path.starts_with('/') {
        return Err(bad(phrase!("path-no-slash", "it does not begin with `/`")));
    }
    if path.contains(char::is_control) {
        return Err(bad(phrase!("path-control", "it has a control character")));
    }
    let parts = || Path::new(&path).components();
    if parts().any(|part| part == Component::ParentDir) {
        return Err(bad(phrase!("path-upwards", "it leads upwards")));
    }
    if path.ends_with('/') || parts().count() < 2 {
        return Err(bad(phrase!("path-folder", "it is a folder")));
    }
    let clean: PathBuf = parts().collect();
    if OWN.iter().any(|own| clean.starts_with(own)) {
        return Err(bad(phrase!("path-own", "galerne keeps its own state there")));
    }
    if ["/proc", "/sys", "/dev"].iter().any(|kernel| clean.starts_with(kernel)) {
        return Err(bad(phrase!("path-kernel", "the kernel has its own files there")));
    }
    Ok(clean)
}

/// The name of the template: the base name of the file where no `source` is given.
fn source(entry: &SystemEntry) -> Result<String, Finding> {
    let place = entry.attribute("source").or_else(|| entry.attribute("name")).unwrap_or(&entry.text);
    let given = entry.attribute("source").is_some();
    let name = if given { Some(&*place.value) } else { place.value.rsplit('/').next() };
    let plain = |name: &&str| !name.is_empty() && !name.contains('/') && *name != "." && *name != "..";
    name.filter(plain).map(str::to_owned).ok_or_else(|| {
        bad("source", place, phrase!("be-template-name", "the name of a template, without folders"))
    })
}

fn bad(attribute: &'static str, value: &Name, expected: Phrase) -> Finding {
    let problem = RenderProblem::BadAttribute { attribute, value: value.value.to_string(), expected };
    Finding::new(problem).at(value.span, phrase!("at-here", "here"))
}

/// Reads what an entry says, and renders its template; `None` if something was found.
fn file(
    entry: &SystemEntry,
    path: &Path,
    snapshot: &Snapshot,
    distribution: &Distribution<'_>,
    findings: &mut Findings,
) -> Option<GeneratedFile> {
    let before = findings.errors();
    let name = kept(source(entry), findings);
    let mode = kept(mode(entry), findings);
    let validator = kept(validator(entry), findings);
    let language = kept(language(entry), findings);
    let name = name?;
    let text = if distribution.contains(&name) {
        let comment = entry.attribute("del_comment").map(|comment| &*comment.value);
        distribution.render(&name, language.flatten(), comment, snapshot, findings)
    } else {
        let place = entry.attribute("source").or_else(|| entry.attribute("name")).unwrap_or(&entry.text);
        let problem = crate::template::TemplateProblem::NotDistributed { name: name.clone() };
        findings.push(
            Finding::new(problem).at(place.span, phrase!("at-this-file-needs-it", "this file needs it")),
        );
        None
    };
    let text = text.filter(|_| findings.errors() == before)?;
    let owner = |attribute| entry.attribute(attribute).map(|name| name.value.to_string());
    Some(GeneratedFile {
        path: path.to_owned(),
        content: Content::Text(with_header(path, &name, text)),
        mode: mode?,
        owner: Ownership { user: owner("owner"), group: owner("group") },
        makes_folder: is_true(entry, "mkdir"),
        stays: !is_true(entry, "rm"),
        validator: validator?,
        container: None,
        reader: reader(path),
    })
}

/// Who is to read a file, by its place.
fn reader(path: &Path) -> Reader {
    if path.starts_with("/etc/nginx") {
        Reader::Nginx
    } else if path.starts_with(crate::traefik::DYNAMIC) {
        Reader::Traefik
    } else {
        Reader::Anyone
    }
}

/// What was read; what is wrong is found.
fn kept<T>(read: Result<T, Finding>, findings: &mut Findings) -> Option<T> {
    read.map_err(|finding| findings.push(finding)).ok()
}

fn mode(entry: &SystemEntry) -> Result<u32, Finding> {
    let Some(mode) = entry.attribute("mode") else { return Ok(0o644) };
    let number = u32::from_str_radix(&mode.value, 8).ok().filter(|number| *number <= 0o7777);
    number.ok_or_else(|| {
        bad("mode", mode, phrase!("be-mode", "permissions as an octal number, such as `0644`"))
    })
}

fn validator(entry: &SystemEntry) -> Result<Option<Validator>, Finding> {
    let Some(text) = entry.attribute("validator").filter(|text| !text.value.is_empty()) else {
        return Ok(None);
    };
    let expected = phrase!(
        "be-validator",
        "a command with the word `{}` in the place of the file, such as `visudo -c -f {}`"
    );
    Validator::parse(&text.value).map(Some).ok_or_else(|| bad("validator", text, expected))
}

fn language(entry: &SystemEntry) -> Result<Option<TemplateLanguage>, Finding> {
    let Some(word) = entry.attribute("engine") else { return Ok(None) };
    let found = TemplateLanguage::WORDS.iter().find(|(known, _)| *known == &*word.value);
    found
        .map(|(_, language)| Some(*language))
        .ok_or_else(|| bad("engine", word, phrase!("be-engine", "`creole`, `tera` or `none`")))
}
