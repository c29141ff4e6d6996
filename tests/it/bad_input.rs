//! Input that nobody sane writes: a clear refusal, in bounded time and memory.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How much memory the program may have, in bytes.
const MEMORY: u64 = 768 * 1024 * 1024;

/// How long it may take, even unoptimised and beside other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs `check` on the dictionaries of `folder`, with bounded memory and time.
fn check(folder: &Path, args: &[&str]) -> Output {
    let mut child = Command::new("prlimit")
        .arg(format!("--as={MEMORY}"))
        .arg(env!("CARGO_BIN_EXE_galerne"))
        .args(["--no-default-dicos", "--color", "never", "--root"])
        .arg(folder.join("root"))
        .arg("--dicos")
        .arg(folder.join("dicos"))
        .args(args)
        .arg("check")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("prlimit is there and the program starts");
    let begun = Instant::now();
    while child.try_wait().expect("it can be waited for").is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().expect("it can be ended");
            panic!("it took longer than {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().expect("its output can be read")
}

/// A folder with one dictionary of these bytes.
fn dictionary(bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir(folder.path().join("dicos")).expect("a folder can be made");
    fs::write(folder.path().join("dicos/10_a.xml"), bytes).expect("it can be written");
    folder
}

/// Asserts that the program refuses with this code, and says so in few words.
fn refused(output: &Output, code: &str, what: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    let shown: String = told.chars().take(2000).collect();
    assert_eq!(output.status.code(), Some(1), "{what}: {:?} {shown}", output.status);
    assert!(told.lines().any(|line| line == code), "{what}: {shown}");
    assert!(told.len() < 20_000, "{what}: {} bytes of messages", told.len());
}

#[test]
fn bytes_that_are_no_dictionary_are_refused() {
    let bomb = "<!DOCTYPE creole [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>\
        <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><creole>&c;</creole>";
    let outside = "<!DOCTYPE creole [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><creole>&x;</creole>";
    let deep = format!("<creole>{}", "<a>".repeat(100_000));
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("<creole/>".bytes().flat_map(|byte| [byte, 0])).collect();
    for (what, bytes, code) in [
        ("an entity bomb", bomb.as_bytes(), "dictionary::not_well_formed"),
        ("an entity of another file", outside.as_bytes(), "dictionary::not_well_formed"),
        ("deep nesting", deep.as_bytes(), "dictionary::not_well_formed"),
        ("a NUL byte", b"<creole>\0</creole>", "dictionary::not_well_formed"),
        ("UTF-16", &utf16, "dictionary::encoding"),
        ("Latin-1 that does not say so", b"<creole>\xe9</creole>", "dictionary::encoding"),
        (
            "an encoding that is not read",
            b"<?xml version='1.0' encoding='ebcdic'?><creole/>",
            "dictionary::encoding",
        ),
        ("nothing", b"", "dictionary::not_well_formed"),
    ] {
        refused(&check(dictionary(bytes).path(), &[]), code, what);
    }
}

#[test]
fn thousands_of_mistakes_are_told_in_few_words() {
    let attributes: Vec<String> = (0..5_000).map(|number| format!(" a{number}='1'")).collect();
    let folder = dictionary(format!("<creole{}/>", attributes.concat()).as_bytes());
    let output = check(folder.path(), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(told.matches("dictionary::unknown_attribute").count(), 100);
    assert!(told.contains("4900 more like these"), "{}", &told[told.len() - 200..]);
}

#[test]
fn a_file_of_100_megabytes_is_refused_unread() {
    let folder = dictionary(b"<creole/>");
    let large = File::create(folder.path().join("dicos/20_large.xml")).expect("it can be made");
    large.set_len(100 * 1024 * 1024).expect("it can be large");
    refused(&check(folder.path(), &[]), "dictionary::unreadable", "a dictionary of 100 MB");
    fs::remove_file(folder.path().join("dicos/20_large.xml")).expect("it can be removed");
    let config = folder.path().join("config.eol");
    File::create(&config).and_then(|file| file.set_len(100 * 1024 * 1024)).expect("it can be made");
    let config = config.to_string_lossy().into_owned();
    refused(
        &check(folder.path(), &["--config", &config]),
        "config_eol::unreadable",
        "a configuration of 100 MB",
    );
}

#[test]
fn a_million_variables_are_refused_or_read_within_bounds() {
    let folder = dictionary(b"<creole/>");
    // Each file stays below the limit of one; all together are past that of all.
    for number in 0..10_u32 {
        let path = folder.path().join(format!("dicos/{number}0_many.xml"));
        let mut file = std::io::BufWriter::new(File::create(path).expect("it can be made"));
        write!(file, "<creole><variables><family name='f{number}'>").expect("it can be written");
        for variable in 0..100_000_u32 {
            write!(
                file,
                "<variable name='f{number}_a_rather_long_name_{variable}' description='A rather long one'/>"
            )
            .expect("it can be written");
        }
        write!(file, "</family></variables></creole>").expect("it can be written");
    }
    let output = check(folder.path(), &[]);
    refused(&output, "dictionary::too_many", "a million variables");
}

#[test]
fn what_is_no_file_of_the_folder_is_refused_or_left_alone() {
    let folder = dictionary(b"<creole/>");
    let dicos = folder.path().join("dicos");
    fs::write(folder.path().join("secret.xml"), "<secret>hunter2</secret>").expect("it can be written");
    symlink("../secret.xml", dicos.join("20_out.xml")).expect("a link can be made");
    let output = check(folder.path(), &[]);
    refused(&output, "dictionary::leads_out", "a link out of the folder");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hunter2"));
    fs::remove_file(dicos.join("20_out.xml")).expect("it can be removed");
    // A link within the folder is another name of a file; it is read for what it is.
    fs::write(dicos.join("template"), "<creole/>").expect("it can be written");
    symlink("template", dicos.join("30_in.xml")).expect("a link can be made");
    // Neither a pipe nor a folder of that name is a dictionary, and neither makes the program wait.
    assert!(
        Command::new("mkfifo").arg(dicos.join("40_pipe.xml")).status().expect("mkfifo is there").success()
    );
    fs::create_dir(dicos.join("50_folder.xml")).expect("a folder can be made");
    symlink("nowhere", dicos.join("60_nowhere.xml")).expect("a link can be made");
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_folder_that_is_not_there_is_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    refused(&check(folder.path(), &[]), "dictionary::unreadable", "no folder");
}

#[test]
fn a_configuration_that_nobody_wrote_is_refused() {
    let folder =
        dictionary(b"<creole><variables><family name='f'><variable name='a'/></family></variables></creole>");
    let deep = format!("{{\"a\": {{\"owner\": \"x\", \"val\": {}", "[".repeat(200_000));
    for (what, bytes, code) in [
        ("deep nesting", deep.as_bytes(), "config_eol::not_json"),
        ("a NUL byte", b"{\"a\0\": 1}".as_slice(), "config_eol::not_json"),
        ("no UTF-8", b"{\"a\": \"\xff\"}", "config_eol::unreadable"),
        (
            "an index past all bounds",
            b"{\"a\": {\"owner\": {\"99999999999\": \"x\"}, \"val\": {\"99999999999\": 1}}}",
            "config_eol::bad_index",
        ),
    ] {
        let config = folder.path().join("config.eol");
        fs::write(&config, bytes).expect("it can be written");
        let config = config.to_string_lossy().into_owned();
        refused(&check(folder.path(), &["--config", &config]), code, what);
    }
}
