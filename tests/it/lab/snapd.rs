//! A machine with a real snapd (see the script `snapd`), and the demo as a snap.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::leash::{self, Leash};
use super::{Demo, Lab, PATH, run};

/// A running machine with snapd, which all tests of the binary share: snaps have names of their own.
#[derive(Debug)]
pub(crate) struct Snapd {
    leash: Leash,
    pid: u32,
}

impl Snapd {
    /// Boots it; the first time, its root is made.
    pub(super) fn start(_: Lab) -> Self {
        let folder = leash::scratch();
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("snapd");
        let mut command = Command::new("sh");
        command.arg(leash::script("snapd")).arg(&folder).arg(cache);
        let leash = Leash::start(&mut command, folder).await_ready();
        let pid = fs::read_to_string(leash.folder().join("pid")).expect("the script wrote it");
        Self { pid: pid.trim().parse().expect("it is a number"), leash }
    }

    /// The first process of the machine, as `GALERNE_SNAPD_MACHINE` says it.
    pub(crate) fn machine(&self) -> u32 {
        self.pid
    }

    /// The socket, as `GALERNE_SNAPD_SOCKET` says it.
    pub(crate) fn socket(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root/run/relay.socket", self.pid))
    }

    /// A folder that both machines see under one path. It is not made.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.leash.folder().join("shared").join(name)
    }

    /// Runs a program on the machine.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &self.pid.to_string(), "--mount", "--pid", "--uts", "--", program])
            .args(arguments);
        command.env("PATH", PATH).output().expect("nsenter starts")
    }

    /// What a program of the machine prints.
    ///
    /// # Panics
    /// When it fails, with all that it said.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.output(program, arguments);
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{program} {arguments:?}: {status}\n{stdout}{stderr}");
        stdout.into_owned()
    }

    /// What snapd answers, asked without galerne.
    pub(crate) fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--unix-socket"]).arg(self.socket());
        if let Some(body) = body {
            command.args(["--header", "Content-Type: application/json", "--data", &body.to_string()]);
        }
        let answer = run(command.arg(format!("http://localhost{path}")));
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Has snapd do something without galerne, and waits until it has.
    pub(crate) fn change(&self, path: &str, body: &Value) {
        self.settle(&self.ask(path, Some(body)));
    }

    fn settle(&self, answer: &Value) {
        let id = answer["change"].as_str().unwrap_or_else(|| panic!("no change: {answer}"));
        let began = Instant::now();
        loop {
            let change = self.ask(&format!("/v2/changes/{id}"), None);
            if change["result"]["ready"] == true {
                assert_eq!(change["result"]["status"], "Done", "{change}");
                return;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "{change}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The revision of the snap `name` that is current; none if it is not installed.
    pub(crate) fn revision(&self, name: &str) -> Option<String> {
        let found = self.ask(&format!("/v2/snaps/{name}"), None);
        found["result"]["revision"].as_str().map(str::to_owned)
    }

    /// The environment of the service of the snap `name`.
    pub(crate) fn environment(&self, name: &str) -> String {
        let pid = self.main_process(name);
        self.run("cat", &[&format!("/proc/{pid}/environ")]).replace('\0', "\n")
    }

    /// The first process of the service of the snap `name`.
    pub(crate) fn main_process(&self, name: &str) -> String {
        let unit = format!("snap.{name}.web.service");
        self.run("systemctl", &["show", "--property=MainPID", "--value", &unit]).trim().to_owned()
    }

    /// Installs version `version` of the demo as the snap `name`, as somebody would by hand.
    pub(crate) fn install_by_hand(&self, file: &Path) {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--unix-socket"]).arg(self.socket());
        command.args(["--form", "action=install", "--form", "dangerous=true", "--form"]);
        let answer = run(command.arg(format!("snap=@{}", file.display())).arg("http://localhost/v2/snaps"));
        self.settle(&serde_json::from_str(&answer).expect("it is JSON"));
    }

    /// Writes what is packed as the snap `name` into `folder`: version `version` of the demo, which behaves so on `port`.
    pub(crate) fn lay_out(folder: &Path, name: &str, version: &str, behaviour: Demo, port: u16) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
        fs::create_dir_all(folder.join("meta/hooks")).expect("the folder can be made");
        fs::create_dir_all(folder.join("bin")).expect("the folder can be made");
        for part in ["start", "www"] {
            run(Command::new("cp").arg("-R").arg(source.join(part)).arg(folder));
        }
        let describes = format!(
            "name: {name}\nversion: '{version}'\nsummary: demo\ndescription: demo\nconfinement: strict\n\
             apps:\n  web:\n    command: bin/web\n    daemon: simple\n    plugs: [network, network-bind]\n"
        );
        let web = format!(
            "#!/bin/sh\nexport VERSION='{version}' BEHAVIOUR='{}' PORT={port} WWW=$SNAP_DATA/www DATA=$SNAP_COMMON/data\n\
             /bin/busybox mkdir -p \"$WWW\"\n/bin/busybox cp -R \"$SNAP/www/.\" \"$WWW\"\n\
             exec /bin/busybox sh \"$SNAP/start\"\n",
            behaviour.behaviour()
        );
        let configure =
            "#!/bin/sh\nwhy=$(snapctl get refuse)\n[ -z \"$why\" ] || { echo \"refused: $why\"; exit 1; }\n";
        for (path, text) in
            [("meta/snap.yaml", describes.as_str()), ("bin/web", &web), ("meta/hooks/configure", configure)]
        {
            fs::write(folder.join(path), text).expect("it can be written");
        }
        for path in ["start", "bin/web", "meta/hooks/configure", "www/cgi-bin/request"] {
            run(Command::new("chmod").arg("755").arg(folder.join(path)));
        }
    }

    /// Packs version `version` of the demo as a file, and gives its path.
    pub(crate) fn pack(&self, name: &str, version: &str, behaviour: Demo, port: u16) -> PathBuf {
        let folder = self.folder(&format!("{name}-{version}"));
        Self::lay_out(&folder, name, version, behaviour, port);
        let file = folder.with_extension("snap");
        run(Command::new("mksquashfs")
            .arg(&folder)
            .arg(&file)
            .args(["-noappend", "-comp", "gzip", "-Xcompression-level", "1", "-all-root", "-no-xattrs"])
            .args(["-no-progress", "-quiet"]));
        file
    }
}
