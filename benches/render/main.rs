//! The files of many containers, rendered and compared with those that are there, beside the least that it takes: Tera alone, with the same
//! templates and the same values. And 50 files beside Ansible's `template` module, as whole programs.
//! `cargo bench --bench render` prints what the README says; `-- --quick` makes it 500 containers.
//!
//! Tera alone escapes nothing, refuses nothing, reads no file and compares none. Ansible (`ansible-core` from `PyPI`) is installed into a
//! folder of its own; without a Python that it runs on it is left out, with a line that says so.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the run")]
#![allow(clippy::disallowed_methods, reason = "it makes and reads scratch files")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galerne::apply::write_files;
use galerne::compile::{Compiled, compile};
use galerne::config_eol::{Saved, SavedItem, SavedValue};
use galerne::diagnostic::Findings;
use galerne::dictionary::{Place, load};
use galerne::distribution::Distribution;
use galerne::front::Front;
use galerne::function::Functions;
use galerne::render::{ChangeKind, Rendered, compare, front_view, view};
use galerne::source::{Disk, Sources};
use galerne::template::Templates;
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

/// How often each is measured; the least counts.
const TIMES: usize = 7;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("render");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).unwrap();
    beside_tera(if quick { 500 } else { 5000 }, &scratch.join("many"));
    beside_ansible(50, &scratch.join("few"));
}

/// What `count` containers have saved.
fn saved(count: usize) -> Saved {
    let mut saved = Saved::empty();
    let mut set = |name: String, value: SavedValue| saved.set(&name, value).expect("it has a form");
    set("nombre_conteneur".into(), SavedValue::single(count.to_string(), "bench"));
    for number in 1..=count {
        let mut one = |end: &str, value: String| {
            set(format!("conteneur{number}_{end}"), SavedValue::single(value, "bench"));
        };
        one("name", format!("app{number}"));
        one("url", format!("library/app{number}"));
        one("tag", format!("1.{number}"));
        set(format!("conteneur{number}_port_in"), SavedValue::multi(["80"], "bench"));
        let port = (10000 + number).to_string();
        set(
            format!("conteneur{number}_port_out"),
            SavedValue::Slave([(0, SavedItem::new(port, "bench"))].into()),
        );
    }
    saved
}

fn compiled(count: usize) -> Compiled {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let places = [Place::FolderOrBuiltIn("none".into())];
    let dictionaries = load(&places, &Disk, &mut sources, &mut findings);
    let compiled = compile(&dictionaries, &saved(count), &Functions::default()).expect("it links");
    assert!(!compiled.wrong.has_errors() && compiled.missing.is_empty(), "{:?}", compiled.findings());
    assert_eq!(compiled.containers.len(), count);
    compiled
}

/// The least that `what` takes, and what it gives.
fn least<T>(mut what: impl FnMut() -> T) -> (Duration, T) {
    let mut best: Option<(Duration, T)> = None;
    for _ in 0..TIMES {
        let begun = Instant::now();
        let result = what();
        let taken = begun.elapsed();
        if best.as_ref().is_none_or(|(least, _)| taken < *least) {
            best = Some((taken, result));
        }
    }
    best.expect("it ran")
}

fn beside_tera(count: usize, folder: &Path) {
    let compiled = compiled(count);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let templates = Templates::load(&Disk, &[], &mut sources, &mut findings);
    let distribution = Distribution::new(&Disk, Path::new("none"), true);
    let render = || compiled.render(&templates, &distribution).expect("it renders");
    write_files(&render().files, folder).expect("they can be written");
    let (ours, (files, different)) = least(|| {
        let rendered: Rendered = render();
        let changes = compare(&rendered.files, &Disk, folder);
        let different = changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).count();
        (changes.len(), different)
    });
    assert_eq!(different, 0, "what was written is what is wanted");
    let engine = tera_alone(&compiled);
    let (theirs, texts) = least(|| render_alone(&engine, &compiled));
    assert_eq!(texts, files - 1, "all but the link");
    println!(
        "{count} containers, {files} files: rendered and compared in {ours:.3?}, {:.2} times the {theirs:.3?} of Tera alone",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

/// Tera with the same templates, and none of what galerne adds but the filters that they call.
fn tera_alone(compiled: &Compiled) -> Tera {
    let mut engine = Tera::new();
    engine.autoescape_on([".never"]);
    engine.register_filter("json", |value: &Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::safe_string(&serde_json::to_string(value).map_err(tera::Error::message)?))
    });
    engine.register_filter("sh", |value: &Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::safe_string(&format!("'{value}'")))
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut texts: Vec<(String, String)> = Vec::new();
    for part in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(&part).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            texts.push((name, fs::read_to_string(&file).unwrap()));
        }
    }
    engine.add_raw_templates(texts).expect("they compile");
    for (name, entry) in compiled.snapshot.enabled() {
        engine.global_context().insert(name.to_owned(), &entry.value);
    }
    engine
}

/// Renders the files of all containers; gives how many.
fn render_alone(engine: &Tera, compiled: &Compiled) -> usize {
    let views: Vec<_> = compiled.containers.iter().map(view).collect();
    let front = front_view(&Front::of(&compiled.snapshot));
    let mut context = Context::new();
    context.insert("containers", &views);
    context.insert("front", &front);
    let mut length = 0;
    let mut texts = 0;
    for name in [
        "eole/conteneur-vars.sh.tera",
        "nginx/conteneur.conf.tera",
        "pages/index.html.tera",
        "pages/maintenance.html.tera",
    ] {
        length += engine.render(name, &context).expect("it renders").len();
        texts += 1;
    }
    for container in &compiled.containers {
        let mut context = Context::new();
        context.insert("container", &view(container));
        context.insert("front", &front);
        for name in ["nginx/location.conf.tera", "run/docker.json.tera"] {
            length += engine.render(name, &context).expect("it renders").len();
            texts += 1;
        }
    }
    assert!(length > 0);
    texts
}

/// The template of a site, in Ansible's words and in galerne's.
const LINES: [&str; 6] = [
    "location ^~ /NAME/ {",
    "    proxy_set_header Host $host;",
    "    proxy_set_header X-Forwarded-Prefix /NAME;",
    "    client_max_body_size SIZEm;",
    "    proxy_pass http://127.0.0.1:PORT;",
    "}",
];

fn beside_ansible(count: usize, folder: &Path) {
    let Some(ansible) = ansible(folder.parent().unwrap()) else { return };
    fs::create_dir_all(folder).unwrap();
    let text = LINES.join("\n").replace("NAME", "app{{ item }}").replace("SIZE", "64");
    fs::write(folder.join("site.j2"), text.replace("PORT", "{{ 10000 + item }}") + "\n").unwrap();
    let playbook = format!(
        "- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n    - template: {{src: site.j2, dest: \
         '{}/theirs/app{{{{ item }}}}.conf', mode: '0644'}}\n      loop: '{{{{ range(1, {} + 1) | list }}}}'\n",
        folder.display(),
        count
    );
    fs::write(folder.join("play.yml"), playbook).unwrap();
    fs::create_dir(folder.join("theirs")).unwrap();
    let mut theirs = Command::new(&ansible);
    let python = ansible.with_file_name("python");
    theirs.current_dir(folder).args(["-i", "localhost,", "play.yml", "-e"]);
    theirs.arg(format!("ansible_python_interpreter={}", python.display()));
    let theirs = whole(&mut theirs, 2);
    assert_eq!(fs::read_dir(folder.join("theirs")).unwrap().count(), count);

    let root = folder.join("ours");
    fs::create_dir_all(root.join("dicos")).unwrap();
    fs::create_dir_all(root.join("usr/share/eole/creole/distrib")).unwrap();
    let mut names = String::new();
    for number in 1..=count {
        let text = LINES.join("\n").replace("NAME", &format!("%%nom{number}")).replace("SIZE", "64");
        // A dollar of nginx is none of EOLE's.
        let text = text.replace("PORT", &format!("%%port{number}")) + "\n";
        fs::write(root.join(format!("usr/share/eole/creole/distrib/app{number}.conf")), text).unwrap();
        let _ = write!(names, "<file name='/srv/app{number}.conf' mkdir='True'/>");
    }
    let mut variables = String::new();
    for number in 1..=count {
        let _ = write!(
            variables,
            "<variable name='nom{number}'><value>app{number}</value></variable>\
             <variable name='port{number}' type='number'><value>{}</value></variable>",
            10000 + number
        );
    }
    let dictionary = format!(
        "<creole><files>{names}</files><variables><family name='f'>{variables}</family></variables></creole>"
    );
    fs::write(root.join("dicos/10_apps.xml"), dictionary).unwrap();
    let mut ours = Command::new(env!("CARGO_BIN_EXE_galerne"));
    ours.arg("--root").arg(&root).args(["--no-default-dicos", "--dicos"]).arg(root.join("dicos"));
    ours.arg("reconfigure");
    let ours = whole(&mut ours, 2);
    assert_eq!(fs::read_dir(root.join("srv")).unwrap().count(), count);
    println!(
        "{count} files: {:.0} times as fast as Ansible's template module to write ({:.3?}, {:.2?}), {:.0} times to find them as they \
         should be ({:.3?}, {:.2?})",
        theirs[0].as_secs_f64() / ours[0].as_secs_f64(),
        ours[0],
        theirs[0],
        theirs[1].as_secs_f64() / ours[1].as_secs_f64(),
        ours[1],
        theirs[1]
    );
}

/// What a program takes, the first time and then again.
fn whole(command: &mut Command, times: usize) -> Vec<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let one = |_| {
        let begun = Instant::now();
        let status = command.status().expect("it starts");
        assert!(status.success(), "{command:?} ended with {status}");
        begun.elapsed()
    };
    (0..times).map(one).collect()
}

/// Ansible's program, installed once; none, with a line that says so, without a Python that it runs on.
fn ansible(scratch: &Path) -> Option<PathBuf> {
    let folder = scratch.parent()?.join("render-ansible");
    let program = folder.join("bin/ansible-playbook");
    if program.exists() {
        return Some(program);
    }
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status();
    let installed =
        Command::new(folder.join("bin/pip")).args(["install", "--quiet", "ansible-core"]).status();
    if made.is_ok_and(|status| status.success()) && installed.is_ok_and(|status| status.success()) {
        return Some(program);
    }
    eprintln!("Ansible is left out: it could not be installed");
    None
}
