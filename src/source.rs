//! Where every byte that is read comes from, and where in it something stands.
//!
//! In: paths. Out: texts, numbered by [`FileId`], and [`Span`]s in them. The invariant: a span made
//! for a file lies within its text. What is larger than [`MAX_FILE_BYTES`] is refused unread.

use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

mod world;

pub use world::{Disk, Memory, World};

/// The largest file that is read, in bytes: forty times the largest dictionary EOLE ever shipped.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// The number of a text among the [`Sources`] of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(NonZeroU32);

/// A range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end` of `file`. Offsets fit, as no text exceeds [`MAX_FILE_BYTES`].
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: narrow(start), end: narrow(end.max(start)) }
    }
}

/// Something read, with the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Puts `value` and its place together.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One text that was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name to show: the path as the user knows it.
    pub name: PathBuf,
    /// The text, in UTF-8 whatever the file's encoding was.
    pub text: Arc<str>,
    /// Where each of its lines begins, once somebody has asked of a long text.
    lines: OnceLock<Vec<u32>>,
}

/// From how many bytes on it pays to remember where the lines of a text begin.
const LONG: usize = 64 * 1024;

impl Source {
    /// The number of the line that has the byte `offset`, from 0, and where it begins.
    fn line(&self, offset: u32) -> (usize, u32) {
        if self.text.len() < LONG {
            let before = self.text.as_bytes().get(..offset as usize).unwrap_or_default();
            let number = before.split(|byte| *byte == b'\n').count() - 1;
            let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            return (number, u32::try_from(start).unwrap_or(u32::MAX));
        }
        let starts = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            let starts = ends.map(|(end, _)| u32::try_from(end + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(starts).collect()
        });
        let number = starts.partition_point(|start| *start <= offset).saturating_sub(1);
        (number, starts.get(number).copied().unwrap_or_default())
    }
}

/// All texts of one run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text and gives its number.
    pub fn add(&mut self, name: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let number = u32::try_from(self.files.len() + 1).unwrap_or(u32::MAX);
        let id = FileId(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
        self.files.push(Source { name: name.into(), text: text.into(), lines: OnceLock::new() });
        id
    }

    /// The text that `id` numbers; `None` if it belongs to another run.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0.get() as usize - 1)
    }

    /// The line and column (from 1, in characters) where `span` starts.
    pub fn position(&self, span: Span) -> Option<(usize, usize)> {
        let source = self.get(span.file)?;
        let (line, start) = source.line(span.start);
        let before = source.text.get(start as usize..span.start as usize)?;
        Some((line + 1, before.chars().count() + 1))
    }
}

/// Reads `path` as UTF-8 text into `sources`.
///
/// # Errors
/// What the world says of the path, or `InvalidData` where the bytes are no UTF-8.
pub fn read_text(world: &dyn World, path: &Path, sources: &mut Sources) -> io::Result<FileId> {
    let text = String::from_utf8(world.read(path)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))?;
    Ok(sources.add(path, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.xml", "été\nxé!");
        let at = "été\nxé".len();
        assert_eq!(sources.position(Span::new(file, at, at + 1)), Some((2, 3)));
        assert_eq!(sources.position(Span::new(file, 900, 901)), None);
    }

    #[test]
    fn text_that_is_no_utf8_is_refused() {
        let world = Memory::from_iter([("/a", &b"\xff"[..])]);
        let error = read_text(&world, Path::new("/a"), &mut Sources::default()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
