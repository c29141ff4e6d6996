//! What this server is called in what it makes where other servers make things too.

use std::path::Path;

use crate::source::{Disk, World as _};

/// The name, made of the machine's own id, of which `root` prefixes the path. The id itself is not to be shown to others
/// (machine-id(5)).
pub(super) fn name(root: &Path) -> String {
    let id = Disk.read(&root.join("etc/machine-id")).ok();
    let id = id.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    crate::plan::sha256(format!("galerne {}", id.trim()).as_bytes())[..16].to_owned()
}
