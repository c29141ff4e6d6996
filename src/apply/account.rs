//! Users and groups by their names: the system's own, or those of another root.

use std::path::Path;

use super::place::{Missing, Root};

/// The number of the `user` or `group` (`kind`) with this name.
pub(super) fn number(root: &Root, kind: &str, name: &str) -> Option<u32> {
    if root.is_of_the_machine() {
        return if kind == "user" {
            Some(nix::unistd::User::from_name(name).ok()??.uid.as_raw())
        } else {
            Some(nix::unistd::Group::from_name(name).ok()??.gid.as_raw())
        };
    }
    let file = if kind == "user" { "/etc/passwd" } else { "/etc/group" };
    let text = root.parent(Path::new(file), Missing::Fails).and_then(|(folder, name)| folder.read(name));
    let text = String::from_utf8_lossy(&text.ok().flatten()?).into_owned();
    // Both files have the name first and the number third.
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_root_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        for (name, text) in [
            ("passwd", "root:x:0:0::/root:/bin/sh\nhttpd:x:81:82::/:/bin/false\n"),
            ("group", "root:x:0:\nhttpd:x:82:a,b\n"),
        ] {
            let etc = root.folder(Path::new("/etc"), Missing::IsMade).unwrap();
            etc.replace(name.as_ref(), text.as_bytes(), 0o644).unwrap();
        }
        assert_eq!(number(&root, "user", "httpd"), Some(81));
        assert_eq!(number(&root, "group", "httpd"), Some(82));
        assert_eq!(number(&root, "user", "81"), None);
        assert_eq!(number(&Root::open(Path::new("/")).unwrap(), "user", "root"), Some(0));
    }
}
