//! The group of nginx's workers, who read files while they answer.

use std::path::Path;

use nix::unistd::geteuid;
use regex::Regex;

use super::Ground;

/// The name of that group; none if it is not known, or if this process cannot give files to it.
pub(super) fn group(ground: &Ground<'_>) -> Option<String> {
    if !geteuid().is_root() {
        return None;
    }
    let configuration = ground.text(Path::new("/etc/nginx/nginx.conf"))?;
    let user = Regex::new(r"(?m)^\s*user\s+([^\s;]+)(?:\s+([^\s;]+))?\s*;").ok()?;
    let named = user.captures(&configuration)?;
    // Without a group of its own, it is the one with the user's name.
    let name = named.get(2).or_else(|| named.get(1))?.as_str();
    let groups = ground.text(Path::new("/etc/group"))?;
    groups.lines().any(|line| line.split(':').next() == Some(name)).then(|| name.to_owned())
}
