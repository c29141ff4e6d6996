//! Golden folders: `fixtures/render/CASE/variables.json` must render to exactly `fixtures/render/CASE/expected/`, and
//! nginx must accept it. `GALERNE_BLESS=1 cargo test golden` writes the expected files anew: read the difference.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Content;
use crate::diagnostic::{Findings, human};
use crate::front::{CERTIFICATE, KEY};
use crate::run_spec::{Fleet, fleet};
use crate::source::{Disk, Memory, Sources, World};
use crate::template::{Templates, sample};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 3);
    cases
}

/// What `case` renders to: the text of each file, and `-> TARGET` for a link, by relative path.
fn rendered(case: &Path) -> BTreeMap<PathBuf, String> {
    let json = Disk.read(&case.join("variables.json")).unwrap();
    let snapshot = sample::snapshot(&serde_json::from_slice(&json).unwrap());
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let templates = Templates::load(&Memory::default(), &[], &mut sources, &mut findings);
    let Fleet { containers, wrong, missing } = fleet(&snapshot);
    findings.append(wrong);
    findings.append(missing);
    let rendered = super::tests::alone(&snapshot, &containers, &templates, &mut findings);
    assert!(findings.is_empty(), "{}", human(&findings, &sources, false, &crate::words::Words::default()));
    let files = rendered.files.files.into_iter().map(|file| {
        let text = match file.content {
            Content::Text(text) => text,
            Content::Link(target) => format!("-> {}\n", target.display()),
        };
        (file.path.strip_prefix("/").unwrap().to_owned(), text)
    });
    files.collect()
}

fn tree(folder: &Path, below: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder.join(below)).into_iter().flatten() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            tree(folder, &path, found);
        } else {
            let text = String::from_utf8(Disk.read(&entry.path()).unwrap()).unwrap();
            found.insert(path, text);
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn every_case_renders_to_its_golden_files() {
    for case in cases() {
        let (rendered, expected) = (rendered(&case), case.join("expected"));
        if std::env::var_os("GALERNE_BLESS").is_some() {
            fs::remove_dir_all(&expected).ok();
            for (path, text) in &rendered {
                write(&expected.join(path), text);
            }
        }
        let mut golden = BTreeMap::new();
        tree(&expected, Path::new(""), &mut golden);
        let names = |files: &BTreeMap<PathBuf, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&rendered), names(&golden), "{}", case.display());
        for (path, text) in &rendered {
            let place = case.join(path);
            assert!(golden[path] == *text, "{} differs:\n{text}", place.display());
        }
    }
}

#[test]
fn nginx_accepts_every_case() {
    for case in cases() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path();
        for (path, text) in rendered(&case) {
            let text = text.replace("/etc/nginx/", &format!("{}/etc/nginx/", root.display()));
            let text = text.replace("/var/lib/galerne/", &format!("{}/var/lib/galerne/", root.display()));
            write(&root.join(path), &text);
        }
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        write(&root.join(&CERTIFICATE[1..]), &made.cert.pem());
        write(&root.join(&KEY[1..]), &made.signing_key.serialize_pem());
        let main = format!(
            "pid {root}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n\
             include {root}/etc/nginx/sites-available/*;\n}}",
            root = root.display()
        );
        let file = root.join("nginx.conf");
        write(&file, &main);
        let output = Command::new("nginx")
            .arg("-t")
            .arg("-p")
            .arg(root)
            .arg("-c")
            .arg(&file)
            .output()
            .expect("nginx is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("[warn]"), "{}: {said}", case.display());
    }
}
