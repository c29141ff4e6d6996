//! Attempts to have a file written where it may not be.

use std::fs;
use std::os::unix::fs::{lchown, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::ends::Ends;
use crate::tree::Tree;

/// A user who is not root.
const STRANGER: u32 = 12345;

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn no_file_leads_out_of_the_root() {
    let outside = tempfile::tempdir().expect("a folder can be made");
    let tree = Tree::new("<file name='/srv/led/astray'/><file name='/etc/linked'/>", "");
    tree.template("astray", "a\n");
    tree.template("linked", "b\n");
    fs::create_dir_all(tree.path("srv")).expect("it can be made");
    symlink(outside.path(), tree.path("srv/led")).expect("it can be made");
    fs::write(outside.path().join("target"), "theirs").expect("it can be written");
    symlink(outside.path().join("target"), tree.path("etc/linked")).expect("it can be made");
    // Within the root the link leads to a folder that is not there.
    let said = tree.refused(&["reconfigure"], 3);
    assert!(said.contains("apply::no_folder"), "{said}");
    tree.dictionary("<file name='/etc/linked'/>", "");
    tree.done(&["reconfigure"]);
    assert_eq!(tree.read("etc/linked").as_deref(), Some("b\n"));
    assert_eq!(fs::read_to_string(outside.path().join("target")).ok().as_deref(), Some("theirs"));
    let names: Vec<_> = fs::read_dir(outside.path()).expect("it is there").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn a_name_that_leads_upwards_or_into_what_is_no_place_for_files_is_refused() {
    for (name, code) in [
        ("/etc/../../escaped", "render::"),
        ("etc/relative", "render::"),
        ("/proc/sys/kernel/hostname", "render::"),
        ("/sys/a", "render::"),
        ("/dev/a", "render::"),
        ("/var/lib/galerne/manifest.json", "render::"),
        ("/etc/eole/config.eol", "render::"),
    ] {
        let tree = Tree::new(
            &format!("<file name='{name}' source='a' mkdir='True'/><file name='/etc/b' source='a'/>"),
            "",
        );
        tree.template("a", "a\n");
        let said = tree.refused(&["reconfigure"], 1);
        assert!(said.contains(code), "{name}: {said}");
        assert_eq!(tree.read("etc/b"), None, "{name}");
    }
}

#[test]
fn a_link_that_somebody_else_made_is_not_followed() {
    let outside = tempfile::tempdir().expect("a folder can be made");
    let tree = Tree::new("<file name='/srv/led/a' mkdir='True'/>", "");
    tree.template("a", "a\n");
    fs::create_dir_all(tree.path("srv/own")).expect("it can be made");
    for target in [outside.path(), Path::new("own"), Path::new("/srv/own")] {
        symlink(target, tree.path("srv/led")).expect("it can be made");
        lchown(tree.path("srv/led"), Some(STRANGER), Some(STRANGER)).expect("the tests run as root");
        let said = tree.refused(&["reconfigure"], 3);
        assert!(said.contains("the user 12345 made the link led"), "{said}");
        assert_eq!(names(&tree.path("srv/own")), Vec::<String>::new());
        fs::remove_file(tree.path("srv/led")).expect("it is there");
    }
    assert_eq!(names(outside.path()), Vec::<String>::new());
}

#[test]
fn what_stands_at_the_name_of_a_next_file_is_never_written_through() {
    let outside = tempfile::tempdir().expect("a folder can be made");
    let target = outside.path().join("target");
    fs::write(&target, "theirs").expect("it can be written");
    let tree = Tree::new("<file name='/etc/app.conf'/>", "");
    tree.template("app.conf", "%%nom\n");
    for suffix in [".galerne-new", ".galerne-old"] {
        for name in [format!(".app.conf{suffix}"), format!("app.conf{suffix}")] {
            symlink(&target, tree.path(&format!("etc/{name}"))).expect("it can be made");
        }
    }
    for word in ["un", "deux"] {
        tree.done(&["set", &format!("nom={word}")]);
        tree.done(&["reconfigure"]);
    }
    assert!(tree.read("etc/app.conf").expect("it is there").contains("deux"));
    assert_eq!(fs::read_to_string(&target).ok().as_deref(), Some("theirs"));
    assert_eq!(names(outside.path()), ["target"]);
}

/// Gives each the name of the other, at once.
fn exchange(one: &Path, other: &Path) {
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).expect("both are there");
}

/// While galerne writes, the folder of its file becomes a link that leads out of the root, and a folder again.
fn race(owner: u32) {
    let outside = tempfile::tempdir().expect("a folder can be made");
    let tree = Tree::new("<file name='/srv/app/deep/a' mkdir='True'/>", "");
    tree.template("a", "%%nom\n");
    tree.done(&["reconfigure"]);
    let (folder, link) = (tree.path("srv/app"), tree.path("srv/link"));
    fs::create_dir_all(outside.path().join("deep")).expect("it can be made");
    symlink(outside.path(), &link).expect("it can be made");
    lchown(&link, Some(owner), Some(owner)).expect("the tests run as root");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let swapping = scope.spawn(|| {
            let mut swaps = 0;
            while !done.load(Ordering::Relaxed) {
                exchange(&folder, &link);
                std::thread::yield_now();
                exchange(&folder, &link);
                std::thread::yield_now();
                swaps += 1;
            }
            swaps
        });
        let ends = Ends(&done);
        let mut succeeded = 0;
        for word in 0..150 {
            tree.done(&["set", &format!("nom=mot-{word}")]);
            let output = tree.galerne(&["reconfigure"]);
            succeeded += usize::from(output.status.success());
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
        }
        drop(ends);
        let swaps: usize = swapping.join().expect("it swapped");
        assert!(swaps > 150, "only {swaps} swaps");
        assert!(succeeded < 150, "no swap ever met a run");
    });
    assert_eq!(names(outside.path()), ["deep"]);
    assert_eq!(names(&outside.path().join("deep")), Vec::<String>::new());
    tree.done(&["set", "nom=fin"]);
    tree.done(&["reconfigure"]);
    assert!(tree.read("srv/app/deep/a").expect("it is there").contains("fin"));
}

#[test]
fn a_parent_folder_that_becomes_a_link_of_root_s_does_not_lead_out() {
    race(0);
}

#[test]
fn a_parent_folder_that_becomes_a_link_of_somebody_else_s_does_not_lead_out() {
    race(STRANGER);
}
