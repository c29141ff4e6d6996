//! Snapshot and templates to a set of files, and the set compared with what the disk holds.

mod file_set;

pub use file_set::{Content, FileSet, GeneratedFile, Reader};
