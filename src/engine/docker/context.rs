//! What an image is built from: a folder, sent to the engine as an archive.
//!
//! In: a folder that stays as it is meanwhile. Out: its files as a stream, in the order of their names and without times or
//! owners, so that the engine knows again what it has built. Links are sent as links: nothing outside the folder is read.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use tar::{Builder, HeaderMode};
use tokio::sync::mpsc::{self, Sender};

use super::ignore::Ignored;
use crate::source::{Disk, World as _};

/// How much is sent at once.
const CHUNK: usize = 64 * 1024;

/// The files of `folder`, as an archive. What its `.dockerignore` names stays behind, but for the file `dockerfile`.
pub(super) fn archive(
    folder: PathBuf,
    dockerfile: String,
) -> impl Stream<Item = Result<Bytes, io::Error>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&folder, &dockerfile, Pipe(sender.clone())) {
            // Nobody takes it when the engine has given up.
            let _ = sender.blocking_send(Err(error));
        }
    });
    stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) })
}

fn write(folder: &Path, dockerfile: &str, pipe: impl Write) -> io::Result<()> {
    let patterns = match Disk.read(&folder.join(".dockerignore")) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut builder = Builder::new(BufWriter::with_capacity(CHUNK, pipe));
    builder.mode(HeaderMode::Deterministic);
    builder.follow_symlinks(false);
    let ignored = Ignored::read(&patterns, dockerfile);
    let mut todo = vec![PathBuf::new()];
    while let Some(below) = todo.pop() {
        let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder.join(&below))?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries.into_iter().filter(|entry| entry.file_name() != ".git") {
            let name = below.join(entry.file_name());
            let is_folder = entry.file_type()?.is_dir();
            let stays = ignored.has(&name);
            if !stays {
                builder.append_path_with_name(entry.path(), &name)?;
            }
            if is_folder && (!stays || ignored.has_exceptions()) {
                todo.push(name);
            }
        }
    }
    builder.into_inner()?.flush()
}

/// Sends what is written to whoever reads the stream.
struct Pipe(Sender<Result<Bytes, io::Error>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut bytes = Vec::new();
        write(folder, "Dockerfile", &mut bytes).unwrap();
        let mut again = Vec::new();
        write(folder, "Dockerfile", &mut again).unwrap();
        assert_eq!(bytes, again, "the same files are the same archive");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries = archive.entries().unwrap().map(Result::unwrap);
        let mut names: Vec<String> =
            entries.map(|entry| entry.path().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_sent_but_those_of_git_and_those_to_be_left() {
        let folder = tempfile::tempdir().unwrap();
        for path in [".git/config", "www/page", "www/.git", "secret/key", "secret/public", "Dockerfile"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::File::create(path).unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        let all = ["Dockerfile", "link", "secret", "secret/key", "secret/public", "www", "www/page"];
        assert_eq!(names(folder.path()), all);
        let mut list = fs::File::create(folder.path().join(".dockerignore")).unwrap();
        list.write_all(b"# not these\nsecret\n!secret/public\nDockerfile\n").unwrap();
        let left = [".dockerignore", "Dockerfile", "link", "secret/public", "www", "www/page"];
        assert_eq!(names(folder.path()), left);
    }
}
