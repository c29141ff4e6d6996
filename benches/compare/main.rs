//! Whole programs side by side, in one run on one machine: galerne, the least that any program would have to do, and the
//! peer. `cargo bench --bench compare` prints the tables that the README has; `-- --quick` leaves the largest out.
//!
//! The floor only tokenises the same bytes with quick-xml and `serde_json`, and writes the same JSON from what it knows
//! beforehand; it links, evaluates and checks nothing. The peer (rougail with its command line and JSON output) is installed from `PyPI` into
//! a folder of its own; without a Python of at least 3.12 it is left out, with a line that says so.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the run")]
#![allow(clippy::disallowed_methods, reason = "it makes and reads scratch files")]

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galerne::compile::evaluated;
use galerne::config_eol::{Saved, SavedValue};
use galerne::diagnostic::Findings;
use galerne::dictionary::{Place, load};
use galerne::evaluation::Evaluation;
use galerne::function::Functions;
use galerne::source::{Disk, Sources};
use nix::sys::resource::{UsageWho, getrusage};

use generator::{Expected, Form};

mod generator;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("--measure") => measure_here(&args[2], &args[3..]),
        Some("--floor") => floor(&args[2], &args[3], &args[4]),
        _ => compare(args.iter().any(|arg| arg == "--quick")),
    }
}

/// What a program took.
#[derive(Clone, Copy)]
struct Taken {
    seconds: f64,
    mebibytes: f64,
}

/// Runs a program with its output in a file, and prints what it took. A process of its own for each, as the system counts
/// the largest of all children.
fn measure_here(output: &str, command: &[String]) {
    let file = File::create(output).expect("the output can be made");
    let begun = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdout(file)
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .expect("it starts");
    let seconds = begun.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?} ended with {status}");
    let kibibytes = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts").max_rss();
    println!("{seconds} {}", kibibytes / 1024);
}

/// The least that `command` took in `times` runs.
fn measure(output: &Path, times: usize, command: &[&OsStr]) -> Taken {
    let one = |_| {
        let me = std::env::current_exe().expect("this program has a path");
        let told = Command::new(me).arg("--measure").arg(output).args(command).output().expect("it starts");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let mut numbers = told.split_whitespace().map(|number| number.parse::<f64>().expect("a number"));
        Taken { seconds: numbers.next().unwrap(), mebibytes: numbers.next().unwrap() }
    };
    let runs: Vec<Taken> = (0..times).map(one).collect();
    let least = |value: fn(&Taken) -> f64| runs.iter().map(value).fold(f64::INFINITY, f64::min);
    Taken { seconds: least(|run| run.seconds), mebibytes: least(|run| run.mebibytes) }
}

/// The floor: every byte tokenised, every byte of the result written.
fn floor(form: &str, count: &str, folder: &str) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut events = 0_u64;
    for path in paths {
        let text = fs::read_to_string(path).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                _ => events += 1,
            }
        }
    }
    assert!(events > 0);
    let saved = fs::read_to_string("config.eol").unwrap();
    let _: serde::de::IgnoredAny = serde_json::from_str(&saved).unwrap();
    let form = if form == "numbered" { Form::Numbered } else { Form::Files };
    let expected = Expected { form, count: count.parse().unwrap(), folder };
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, &expected).unwrap();
    out.write_all(b"\n").unwrap();
    out.flush().unwrap();
}

fn compare(quick: bool) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).unwrap();
    std::env::set_current_dir(&scratch).unwrap();
    let peer = peer(&scratch);
    println!(
        "| containers | form | galerne | floor | times the floor | MiB | peer | times faster | peer's MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for count in [5, 50, 500, 5000].into_iter().take(if quick { 3 } else { 4 }) {
        let theirs = peer.as_ref().map(|program| run_peer(program, count));
        for form in [Form::Numbered, Form::Files] {
            row(form, count, theirs);
        }
    }
    let words = [env!("CARGO_BIN_EXE_galerne"), "--root", "none", "get", "nombre_conteneur"];
    let start = measure(Path::new("get"), 20, &words.map(OsStr::new));
    println!("\n`galerne get NAME` on the shipped dictionaries: {:.1} ms", start.seconds * 1000.0);
    changes(if quick { 500 } else { 5000 });
}

fn row(form: Form, count: usize, theirs: Option<Taken>) {
    let folder = format!("{}{count}", form.name());
    generator::write(form, count, Path::new(&folder));
    fs::write("config.eol", generator::saved(form, count)).unwrap();
    let galerne = env!("CARGO_BIN_EXE_galerne");
    let ours = ["--no-default-dicos", "--dicos", &folder, "--root", "none", "--config", "config.eol"];
    let ours = ours.into_iter().chain(["values", "--format", "json"]);
    let command: Vec<&OsStr> = std::iter::once(galerne).chain(ours).map(OsStr::new).collect();
    let ours = measure(Path::new("ours"), 7, &command);
    let (me, number) = (std::env::current_exe().unwrap(), count.to_string());
    let mut command = vec![me.as_os_str()];
    command.extend(["--floor", form.name(), &number, &folder].map(OsStr::new));
    let least = measure(Path::new("least"), 7, &command);
    assert!(
        fs::read("ours").unwrap() == fs::read("least").unwrap(),
        "the floor writes something else than galerne: compare {0}/ours and {0}/least",
        std::env::current_dir().unwrap().display()
    );
    let (peer, faster, room) = theirs.map_or_else(
        || ("–".to_owned(), "–".to_owned(), "–".to_owned()),
        |theirs| {
            (
                format!("{:.2} s", theirs.seconds),
                format!("{:.0}", theirs.seconds / ours.seconds),
                format!("{:.0}", theirs.mebibytes),
            )
        },
    );
    println!(
        "| {count} | {} | {:.4} s | {:.4} s | {:.1} | {:.0} | {peer} | {faster} | {room} |",
        form.name(),
        ours.seconds,
        least.seconds,
        ours.seconds / least.seconds,
        ours.mebibytes
    );
}

/// The peer's program, installed once; none, with a line that says so, without a Python that it runs on.
fn peer(scratch: &Path) -> Option<PathBuf> {
    let folder = scratch.parent()?.join("compare-peer");
    let program = folder.join("bin/rougail");
    if program.exists() {
        return Some(program);
    }
    let runs = |name: &&&str| {
        let status = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let Some(python) = ["python3.14", "python3.13", "python3.12"].iter().find(runs) else {
        eprintln!("the peer is left out: it needs Python 3.12 or newer on PATH");
        return None;
    };
    let made = Command::new(python).args(["-m", "venv"]).arg(&folder).status();
    let packages = [
        "rougail==1.3.1",
        "rougail-cli==1.0.1",
        "rougail-output-json==1.0.1",
        "rougail-user-data-yaml==1.0.1",
    ];
    let installed = Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(packages).status();
    if made.is_ok_and(|status| status.success()) && installed.is_ok_and(|status| status.success()) {
        return Some(program);
    }
    eprintln!("the peer is left out: it could not be installed");
    None
}

fn run_peer(program: &Path, count: usize) -> Taken {
    let folder = format!("peer{count}");
    generator::write(Form::Peer, count, Path::new(&folder));
    fs::write("user.yml", generator::saved(Form::Peer, count)).unwrap();
    let args = ["-m", &folder, "-u", "yaml", "-yf", "user.yml", "-o", "json"];
    let command: Vec<&OsStr> = std::iter::once(program.as_os_str()).chain(args.map(OsStr::new)).collect();
    // It takes minutes for the largest.
    measure(Path::new("theirs"), if count > 500 { 1 } else { 3 }, &command)
}

/// How long it takes to follow one change, among the variables of `count` containers.
fn changes(count: usize) {
    let folder = PathBuf::from(format!("numbered{count}"));
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let dictionaries = load(&[Place::Folder(folder)], &Disk, &mut sources, &mut findings);
    let library = Functions::default();
    let (schema, _) = evaluated(dictionaries, &Saved::empty(), &library).expect("it links");
    let mut evaluation = Evaluation::new(&schema, Cow::Owned(Saved::empty()), &library);
    // The first change also turns the graph around.
    evaluation.set("conteneur1_name", Some(SavedValue::single("first", "bench"))).unwrap();
    let mut times: Vec<Duration> = Vec::new();
    for number in 1..=count.min(1000) {
        let begun = Instant::now();
        evaluation.set(&format!("conteneur{number}_tag"), Some(SavedValue::single("1.0", "bench"))).unwrap();
        evaluation
            .set(&format!("conteneur{number}_port_in"), Some(SavedValue::multi(["80"], "bench")))
            .unwrap();
        times.push(begun.elapsed() / 2);
    }
    times.sort();
    let (median, worst) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("One changed value among {count} containers: {median:?} (99 of 100 within {worst:?})");
    let begun = Instant::now();
    let changed = evaluation.set("actif", Some(SavedValue::single("non", "bench"))).unwrap();
    println!("One that switches {} variables: {:?}", changed.len() - 1, begun.elapsed());
}
