//! A server on which the demo application is described, and what the tests ask of it.

use std::io::{BufRead as _, BufReader};
use std::process::Output;
use std::time::{Duration, Instant};

use crate::lab::{Demo, Lab, Load, Registry, Server, Tally};

/// A server with a registry beside it.
pub(crate) struct Described {
    pub(crate) server: Server,
    pub(crate) registry: &'static Registry,
}

impl Described {
    /// A server that serves nobody yet: nginx runs, the web server's port is described, no application is.
    pub(crate) fn start(lab: Lab) -> Self {
        Self::on(lab, Server::start(lab))
    }

    /// The same, on `server`.
    pub(crate) fn on(lab: Lab, server: Server) -> Self {
        server.start_nginx();
        let described = Self { server, registry: lab.registry() };
        let port = format!("conteneur_port_http={}", described.server.http_port());
        described.done(&["set", "nombre_conteneur=0", &port]);
        described
    }

    /// A server that serves version `tag` of `image` as the application `demo`.
    pub(crate) fn serving(lab: Lab, image: &str, tag: &str) -> Self {
        let described = Self::start(lab);
        described.registry.put(image, tag, Demo::Serves);
        described.describe(1, "demo", image, tag);
        described.done(&["instance"]);
        described.expect("demo", tag);
        described
    }

    /// Describes the application `name` as container `number`, which becomes the last one.
    pub(crate) fn describe(&self, number: usize, name: &str, image: &str, tag: &str) -> u16 {
        let port = Server::free_port();
        let variable = |suffix: &str, value: &str| format!("conteneur{number}_{suffix}={value}");
        self.done(&[
            "set",
            &format!("nombre_conteneur={number}"),
            &variable("name", name),
            &variable("url", image),
            &variable("tag", tag),
            &variable("repository", &self.registry.address()),
            &variable("port_in[0]", "80"),
            &variable("port_out[0]", &port.to_string()),
            &variable("sante_delai", "10"),
        ]);
        port
    }

    /// Runs galerne, which must succeed, and gives what it prints.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.server.galerne(arguments);
        assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs galerne, which must end with `code`, and gives the codes of its messages and all that it said.
    pub(crate) fn failed(&self, code: i32, arguments: &[&str]) -> (Vec<String>, String) {
        let output = self.server.galerne(&[&["--format", "json"], arguments].concat());
        said(&output, code)
    }

    /// Begins to reconfigure, and kills that once it has told of so many events.
    pub(crate) fn reconfigure_and_kill(&self, events: usize) {
        let mut child = self.server.spawn_galerne(&["--format", "json", "reconfigure"]);
        let told = BufReader::new(child.stdout.take().expect("its output is ours"));
        let _ = told.lines().map_while(Result::ok).nth(events);
        // A run that has ended meanwhile cannot be killed, and need not be.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// The page of the application `name` must tell of version `tag`.
    pub(crate) fn expect(&self, name: &str, tag: &str) {
        let response = self.server.get(&format!("/{name}/")).expect("the web server answers");
        assert_eq!(response.status, 200, "{}", response.body);
        assert!(response.body.contains(&format!("Served by version {tag}.")), "{}", response.body);
    }

    /// The names of all containers of the engine, stopped ones too.
    pub(crate) fn containers(&self) -> Vec<String> {
        let names = self.server.engine().docker(&["ps", "--all", "--format", "{{.Names}}"]);
        let mut names: Vec<String> = names.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Nothing is to be done, and nothing of a change is left over.
    pub(crate) fn expect_settled(&self) {
        assert_eq!(self.done(&["plan"]), "nothing to do\n");
        let left = self.containers();
        assert!(left.iter().all(|name| !name.contains(".galerne-")), "{left:?}");
        let found =
            self.server.command("find").args(["/etc", "/var/lib/galerne", "-name", "*galerne-*"]).output();
        let found = text(&found.expect("find starts").stdout);
        let journal = self.server.read("/var/lib/galerne/journal.json");
        assert!(found.is_empty() && journal.is_none(), "{found}{journal:?}");
    }
}

/// Ends a load, of which not one request may have failed.
pub(crate) fn expect_no_failure(load: Load) -> Tally {
    let tally = load.stop();
    assert!(tally.total() > 20, "{} requests", tally.total());
    let told = (&tally.statuses, &tally.failures, tally.longest);
    assert_eq!(tally.failed(), 0, "{} requests: {told:?}", tally.total());
    tally
}

/// Waits until `fits`, at most so many seconds.
pub(crate) fn await_that(what: &str, seconds: u64, fits: impl Fn() -> bool) {
    let began = Instant::now();
    while !fits() {
        assert!(began.elapsed() < Duration::from_secs(seconds), "{what}: not within {seconds} seconds");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The codes of the messages of a run that must have ended with `code`, and all that it said.
pub(crate) fn said(output: &Output, code: i32) -> (Vec<String>, String) {
    let messages = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{}{messages}", text(&output.stdout));
    let found: serde_json::Value = serde_json::from_str(&messages).expect("the messages are JSON");
    let found = found.as_array().expect("they are a list").iter();
    let codes = found.map(|message| message["code"].as_str().unwrap_or_default().to_owned()).collect();
    (codes, messages)
}

/// What a program wrote.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
