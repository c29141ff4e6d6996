//! A server of files alone, in a scratch folder, without containers, nginx or services.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A server of files alone.
pub(crate) struct Tree {
    pub(crate) folder: TempDir,
}

impl Tree {
    /// A tree whose dictionary holds `files` and, beside the variables of these tests, `constraints`.
    pub(crate) fn new(files: &str, constraints: &str) -> Self {
        let tree = Self { folder: tempfile::tempdir().expect("a folder can be made") };
        tree.dictionary(files, constraints);
        tree.put("etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n");
        tree.put("etc/group", "root:x:0:\nwww-data:x:33:\nadm:x:4:\n");
        tree
    }

    /// Replaces the dictionary.
    pub(crate) fn dictionary(&self, files: &str, constraints: &str) {
        let text = format!(
            "<creole><files>{files}</files><variables><family name='f'>\
             <variable name='nom'><value>scribe</value></variable>\
             <variable name='actif' type='oui/non'><value>oui</value></variable>\
             </family></variables><constraints>{constraints}</constraints></creole>"
        );
        self.put("dicos/10_a.xml", &text);
    }

    /// Where `path` of the server is on the machine.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and makes its folder.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Writes a template.
    pub(crate) fn template(&self, name: &str, text: &str) {
        self.put(&format!("usr/share/eole/creole/distrib/{name}"), text);
    }

    /// What a file says, if it is there.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path(path)).ok()
    }

    /// Runs galerne and waits for its end.
    pub(crate) fn galerne(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_galerne"))
            .args(["--color", "never", "--no-default-dicos", "--dicos"])
            .arg(self.path("dicos"))
            .arg("--root")
            .arg(self.folder.path())
            .args(args)
            .output()
            .expect("the program starts")
    }

    /// Runs galerne, which must succeed, and gives what it prints.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.galerne(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What the program says where it ends with `code`.
    pub(crate) fn refused(&self, args: &[&str], code: i32) -> String {
        let output = self.galerne(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    }
}
