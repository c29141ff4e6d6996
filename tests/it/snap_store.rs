//! A snap of the store: the conversation with snapd, which answers here as it is documented to. No store can be reached where
//! tests run; what the real snapd says then is in `snap.rs` and `engine_contract.rs`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use galerne::engine::snap::Settings;
use galerne::engine::{Engine, EngineError, Layer, Snap};
use galerne::run_spec::{RunSpec, Source};
use serde_json::json;

use crate::lab::{Demo, Lab, Snapd, run};

/// The assertions of a snap, with the headers that name what they stand on.
const REVISION: &str = "type: snap-revision\nsnap-id: wikiid\nsign-key-sha3-384: storekey\n\nAcLB";
const DECLARATION: &str =
    "type: snap-declaration\npublisher-id: someone\nsign-key-sha3-384: storekey\n\nAcLB";
const ACCOUNT: &str = "type: account\naccount-id: someone\nsign-key-sha3-384: rootkey\n\nAcLB";
const KEY: &str = "type: account-key\npublic-key-sha3-384: storekey\nsign-key-sha3-384: rootkey\n\nAcLB";

/// What snapd was asked, in order.
type Asked = Arc<Mutex<Vec<String>>>;

/// A request: its method and path, and its body.
fn request(stream: &mut UnixStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            let line = head.lines().next()?.strip_suffix(" HTTP/1.1")?.to_owned();
            return Some((line, body.to_owned()));
        }
    }
}

/// Answers on a socket in `folder` as snapd `version` with a store that has `file` would.
fn answer(folder: &Path, version: &'static str, file: Vec<u8>) -> (PathBuf, Asked) {
    let socket = folder.join("snapd.socket");
    let listener = UnixListener::bind(&socket).expect("it can be bound");
    let asked = Asked::default();
    let told = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let Some((line, body)) = request(&mut stream) else { continue };
            told.lock().expect("nobody panics").push(format!("{line} {body}").trim().to_owned());
            let plain = |result: serde_json::Value| {
                json!({"type": "sync", "result": result}).to_string().into_bytes()
            };
            let path = line.split(' ').nth(1).unwrap_or_default();
            let of = |kind: &str| path.starts_with(&format!("/v2/assertions/{kind}?"));
            let answer = match line.as_str() {
                "POST /v2/download" => file.clone(),
                "POST /v2/assertions" => plain(json!(null)),
                "GET /v2/system-info" => plain(json!({"version": version})),
                "GET /v2/snaps?select=all" => {
                    plain(json!([{"name": "core", "revision": "1", "status": "active"}]))
                }
                _ if of("snap-revision") => REVISION.into(),
                _ if of("snap-declaration") => DECLARATION.into(),
                _ if of("account") => ACCOUNT.into(),
                _ if of("account-key") => KEY.into(),
                _ => plain(json!([])),
            };
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer));
        }
    });
    (socket, asked)
}

#[test]
fn a_snap_of_the_store_comes_with_its_signatures() {
    if Lab::open().is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("it can be made");
    let path = folder.path();
    Snapd::lay_out(&path.join("wiki"), "wiki", "1", Demo::Serves, 80);
    let packed = path.join("wiki.snap");
    run(Command::new("mksquashfs").arg(path.join("wiki")).arg(&packed).args(["-quiet", "-no-progress"]));
    let file = fs::read(&packed).expect("it is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can be made");
    for (version, fits) in [("2.57.6", false), ("2.63", true)] {
        let place = path.join(version);
        fs::create_dir(&place).expect("it can be made");
        let (socket, asked) = answer(&place, version, file.clone());
        let snap = Snap::new(Settings {
            socket,
            machine: None,
            folder: place.join("notes"),
            root: place.clone(),
            environment: Vec::new(),
        });
        let source = Source { image: "wiki".to_owned(), tag: "latest".to_owned(), git: None, provider: None };
        let told = Mutex::new(Vec::<Layer>::new());
        let tell = |layer| told.lock().expect("nobody panics").push(layer);
        runtime.block_on(snap.fetch(&source, &tell)).expect("the store has it");
        let told = told.into_inner().expect("nobody panics");
        let size = Some(file.len() as u64);
        assert!(told.iter().any(|layer| layer.current == size && layer.total == size), "{told:?}");

        let asked = asked.lock().expect("nobody panics").clone();
        let download = r#"POST /v2/download {"snap-name":"wiki","channel":"latest/stable"}"#;
        assert_eq!(asked.first().map(String::as_str), Some(download));
        let at = |what: &str| {
            asked.iter().position(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}: {asked:?}"))
        };
        assert!(
            at("snap-revision?snap-sha3-384=") < at("snap-declaration?series=16&snap-id=wikiid&remote=true")
        );
        assert!(at("account?account-id=someone&remote=true") < at("account-key?public-key-sha3-384=rootkey"));
        let taken: Vec<&str> =
            asked.iter().filter_map(|line| line.strip_prefix("POST /v2/assertions type: ")).collect();
        let kinds: Vec<&str> = taken.iter().filter_map(|line| line.lines().next()).collect();
        assert_eq!(kinds[kinds.len() - 3..], ["account", "snap-declaration", "snap-revision"]);

        let spec: RunSpec =
            serde_json::from_value(json!({"name": "wiki", "engine": "snap", "source": source}))
                .expect("it is a run spec");
        match runtime.block_on(snap.create("wiki", &spec)) {
            Ok(()) => assert!(fits),
            Err(error) => {
                assert!(!fits && matches!(error, EngineError::SnapUnfit { .. }), "{error}");
                assert!(error.to_string().contains("2.58"), "{error}");
            }
        }
    }
}
