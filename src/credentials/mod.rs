//! What a configuration needs and does not say: keys, certificates, and hashes of passwords.
//!
//! In: what the rendered files name, and what this machine has. Out: the same files with these added. What is there
//! and still right is taken as it is, so that a second run finds nothing to do; what is not is made anew from
//! random numbers and the clock. Nothing is written here. It refuses a certificate that cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Findings;
use crate::front::{CERTIFICATE, Certificate, KEY};
use crate::render::{Content, FileSet, GeneratedFile, LOCATIONS, Needed, Ownership, Reader};
use crate::run_spec::{ContainerName, User};
use crate::source::World;
use crate::traefik;

mod certificate;
mod clock;
mod key;
mod problem;
mod users;
mod workers;

pub use problem::CredentialsProblem;
use users::Kind;

/// What this machine has.
pub struct Ground<'a> {
    /// Through which it is read.
    pub world: &'a dyn World,
    /// What prefixes every path.
    pub root: &'a Path,
}

impl Ground<'_> {
    /// The bytes of the file at `path`, without the root.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.world.read(&self.root.join(path.strip_prefix("/").unwrap_or(path)))
    }

    /// The text of the file at `path`; none if it cannot be had.
    fn text(&self, path: &Path) -> Option<String> {
        String::from_utf8(self.read(path).ok()?).ok()
    }
}

/// Adds to `files` what `needed` asks for.
pub fn complete(needed: &Needed, ground: &Ground<'_>, files: &mut FileSet, findings: &mut Findings) {
    match &needed.certificate {
        None => {}
        Some(Certificate::SelfSigned { names }) => match certificate::self_signed(names, ground) {
            Ok(pair) => {
                let reader = if needed.for_traefik { Reader::Traefik } else { Reader::Nginx };
                add(files, for_server(KEY, pair.key, 0o600, reader));
                add(files, for_server(CERTIFICATE, pair.certificate, 0o644, reader));
            }
            Err(problem) => findings.add(problem),
        },
        Some(Certificate::Files { certificate, key }) => {
            certificate::check(certificate, key, ground, findings);
        }
    }
    if needed.for_traefik {
        return for_traefik(&needed.users, ground, files, findings);
    }
    let group = workers::group(ground);
    for (container, users) in &needed.users {
        let path = PathBuf::from(format!("{LOCATIONS}/{container}.users"));
        match users::hashed(users, ground.text(&path).as_deref().unwrap_or_default(), Kind::ShaCrypt) {
            Ok(text) => add(files, for_workers(path, text, container.clone(), group.clone())),
            Err(problem) => findings.add(problem),
        }
    }
}

/// The last day of the self-signed certificate among `files`, if there is one.
pub fn valid_until(files: &FileSet) -> Option<String> {
    let file = files.files.iter().find(|file| file.path == Path::new(CERTIFICATE))?;
    match &file.content {
        Content::Text(text) => certificate::last_day(text),
        Content::Link(_) => None,
    }
}

/// The users of applications, as Traefik reads them; what it is to read again says that these, or the certificate, have changed.
fn for_traefik(
    users: &[(ContainerName, Vec<User>)],
    ground: &Ground<'_>,
    files: &mut FileSet,
    findings: &mut Findings,
) {
    for (container, users) in users {
        let path = traefik::users_path(container.as_str());
        let before = ground.text(Path::new(&path)).unwrap_or_default();
        match users::hashed(users, &before, Kind::Bcrypt) {
            Ok(text) => {
                let file = for_server(&path, text, 0o600, Reader::Traefik);
                add(files, GeneratedFile { container: Some(container.clone()), ..file });
            }
            Err(problem) => findings.add(problem),
        }
        seal(files, &format!("{}/{container}.yml", traefik::DYNAMIC), &[&path]);
    }
    seal(files, traefik::SHARED, &[CERTIFICATE, KEY]);
}

/// Has the version of the file at `path` be that of the files `beside` it too.
fn seal(files: &mut FileSet, path: &str, beside: &[&str]) {
    let text = |path: &str| {
        files.files.iter().find(|file| file.path == Path::new(path)).and_then(|file| match &file.content {
            Content::Text(text) => Some(text.clone()),
            Content::Link(_) => None,
        })
    };
    let beside: Vec<String> = beside.iter().filter_map(|path| text(path)).collect();
    let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
    if beside.is_empty() {
        return;
    }
    let file = files.files.iter_mut().find(|file| file.path == Path::new(path));
    if let Some(GeneratedFile { content: Content::Text(text), .. }) = file {
        *text = traefik::sealed(text, &beside);
    }
}

/// A file that the web server reads as root, when it starts and when it is told to read its files.
fn for_server(path: &str, text: String, mode: u32, reader: Reader) -> GeneratedFile {
    GeneratedFile { mode, reader, ..GeneratedFile::new(path, Content::Text(text)) }
}

/// A file that nginx's workers read with each request that needs it, so that nobody needs to be told.
fn for_workers(
    path: PathBuf,
    text: String,
    container: ContainerName,
    group: Option<String>,
) -> GeneratedFile {
    GeneratedFile {
        mode: if group.is_some() { 0o640 } else { 0o600 },
        owner: Ownership { user: None, group },
        container: Some(container),
        ..GeneratedFile::new(path, Content::Text(text))
    }
}

/// Adds `file`, unless a dictionary has a file of its own in this place.
fn add(files: &mut FileSet, file: GeneratedFile) {
    if files.files.iter().all(|known| known.path != file.path) {
        files.files.push(file);
    }
}

#[cfg(test)]
mod tests;
