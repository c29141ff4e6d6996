//! Programs of the system: where they are looked for, and with what of an environment they run.
//!
//! galerne runs as root, from jobs and units too: what it starts is found in these folders and knows nothing of the environment of
//! whoever called it, unless that is given to it by name.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// Where programs are looked for.
pub const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where `program` is, if it is in one of the folders of `search_path`.
pub fn find(program: &str, search_path: &str) -> Option<PathBuf> {
    search_path.split(':').map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}

/// `program` with nothing of our environment.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/root")
        .current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, path) = (folder.path().join("empty"), folder.path().display().to_string());
        std::fs::create_dir(folder.path().join("git")).unwrap();
        std::fs::create_dir(&empty).unwrap();
        std::fs::File::create(folder.path().join("tar")).unwrap();
        let path = format!("{}:{path}", empty.display());
        assert_eq!(find("git", &path), None);
        assert_eq!(find("tar", &path), Some(folder.path().join("tar")));
    }
}
