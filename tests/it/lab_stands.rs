//! The lab itself: what the other tests stand on is there, works, and stays apart.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::lab::{Demo, Lab, Registry, Response, Server, http, run};

/// A site that answers `text` on the server's port.
fn site(server: &Server, text: &str) -> String {
    format!("server {{ listen 127.0.0.1:{}; location / {{ return 200 '{text}'; }} }}\n", server.http_port())
}

/// The answer of `port` once there is one, within ten seconds.
fn answer(port: u16, path: &str) -> Response {
    let began = Instant::now();
    loop {
        match http::get(port, path) {
            Ok(response) => return response,
            Err(problem) => assert!(began.elapsed() < Duration::from_secs(10), "{problem}"),
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs `image` on the server's engine and gives the port of the host under which it is to answer.
fn run_demo(server: &Server, name: &str, image: &str) -> u16 {
    let port = Server::free_port();
    let published = format!("127.0.0.1:{port}:80");
    server.engine().docker(&["run", "--detach", "--name", name, "--publish", &published, image]);
    port
}

#[test]
fn nginx_serves_a_site_written_by_hand() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    server.write("/etc/nginx/sites-available/hand", &site(&server, "first"));
    run(server.command("ln").args([
        "-s",
        "/etc/nginx/sites-available/hand",
        "/etc/nginx/sites-enabled/hand",
    ]));
    assert!(server.get("/").is_err(), "nginx is not started yet");
    server.start_nginx();
    let response = server.get("/page").expect("nginx answers");
    assert_eq!((response.status, response.body.as_str()), (200, "first"));
    assert!(response.head.contains("Server: nginx"), "{}", response.head);
}

#[test]
fn a_reload_under_load_loses_no_request() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    server.write("/etc/nginx/sites-enabled/hand", &site(&server, "old"));
    server.start_nginx();
    let load = server.load("/");
    while load.so_far().total() < 50 {
        thread::sleep(Duration::from_millis(10));
    }
    server.write("/etc/nginx/sites-enabled/hand", &site(&server, "new"));
    server.reload_nginx();
    while !load.so_far().bodies.contains_key("new") {
        thread::sleep(Duration::from_millis(10));
    }
    let tally = load.stop();
    assert_eq!(tally.failed(), 0, "{tally:?}");
    assert_eq!(tally.bodies.keys().collect::<Vec<_>>(), ["new", "old"]);
    assert!(tally.longest < Duration::from_secs(5), "{tally:?}");
}

#[test]
fn a_load_counts_what_fails() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let load = server.load("/");
    while load.so_far().total() < 5 {
        thread::sleep(Duration::from_millis(10));
    }
    let tally = load.stop();
    assert_eq!(tally.failed(), tally.total(), "nobody listens: {tally:?}");
}

#[test]
fn the_demo_image_is_built_pushed_pulled_and_serves() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let registry = lab.registry();
    let image = format!("{}/galerne/demo", registry.address());
    for tag in ["1", "2"] {
        registry.put("galerne/demo", tag, Demo::Serves);
    }
    assert_eq!(server.engine().docker(&["images", "--quiet"]), "", "a pull has to happen");
    let first = run_demo(&server, "first", &format!("{image}:1"));
    let second = run_demo(&server, "second", &format!("{image}:2"));
    assert!(answer(first, "/").body.contains("Served by version 1."));
    assert!(answer(second, "/").body.contains("Served by version 2."));

    let address = server.engine().docker(&["inspect", "--format", "{{.NetworkSettings.IPAddress}}", "first"]);
    let address: Ipv4Addr = address.trim().parse().expect("the container has an address");
    let direct = http::get_from(SocketAddr::from((address, 80)), "/cgi-bin/request?a=b")
        .expect("a container is reached at its own address");
    assert!(direct.body.contains("QUERY_STRING=a=b"), "{}", direct.body);

    let began = Instant::now();
    server.engine().docker(&["stop", "first"]);
    assert!(began.elapsed() < Duration::from_secs(5), "the demo ends when asked to");
}

#[test]
fn the_demo_image_fails_as_it_is_told_to() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let registry = lab.registry();
    let image = |tag: &str| format!("{}/galerne/faulty:{tag}", registry.address());
    registry.put("galerne/faulty", "exit", Demo::EndsAtOnce);
    registry.put("galerne/faulty", "deaf", Demo::NeverListens);
    registry.put("galerne/faulty", "slow", Demo::ServesAfter(1));

    let slow = run_demo(&server, "slow", &image("slow"));
    let began = Instant::now();
    run_demo(&server, "exit", &image("exit"));
    let deaf = run_demo(&server, "deaf", &image("deaf"));
    assert_eq!(server.engine().docker(&["wait", "exit"]).trim(), "3");
    assert!(answer(slow, "/").body.contains("version slow"));
    assert!(began.elapsed() > Duration::from_millis(500), "it took its time");
    assert!(http::get(deaf, "/").is_err(), "it never listens");
    let running = server.engine().docker(&["ps", "--format", "{{.Names}}"]);
    assert_eq!(running, "deaf\nslow\n");
}

#[test]
fn a_registry_with_a_login_asks_for_it() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let registry = Registry::with_login(lab);
    registry.put("galerne/private", "1", Demo::Serves);
    let image = format!("{}/galerne/private:1", registry.address());
    let pull = || {
        let output = server.command("docker").args(["pull", &image]).output();
        output.expect("docker starts")
    };
    let refused = pull();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("no basic auth credentials"), "{said}");
    server.log_in(&registry);
    assert!(pull().status.success());
}

#[test]
fn two_servers_do_not_see_each_other() {
    let Some(lab) = Lab::open() else { return };
    let (one, other) = (Server::start(lab), Server::start(lab));
    for path in [
        "/etc/eole/config.eol",
        "/etc/nginx/conf.d/a.conf",
        "/var/lib/galerne/a",
        "/usr/share/eole/creole/dicos/a.xml",
        "/usr/share/galerne/dicos/a.xml",
        "/run/a",
    ] {
        one.write(path, "# of the first\n");
        assert_eq!(one.read(path).as_deref(), Some("# of the first\n"));
        assert_eq!(other.read(path), None, "{path}");
        let machine = std::fs::read_to_string(path).unwrap_or_default();
        assert_ne!(machine, "# of the first\n", "{path} of the machine");
    }
    one.engine().docker(&["volume", "create", "of-the-first"]);
    assert_eq!(other.engine().docker(&["volume", "ls", "--quiet"]), "");
    assert_ne!(one.http_port(), other.http_port());
}

#[test]
fn a_server_can_lack_nginx_and_have_a_full_disk() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    run(server.command("mount").args(["--bind", "/dev/null", "/usr/sbin/nginx"]));
    run(server.command("mount").args(["-t", "tmpfs", "-o", "size=16k", "full", "/var/lib/galerne"]));
    let started = server.command("nginx").arg("-v").output().expect("nsenter starts");
    assert!(!started.status.success(), "there is no nginx: {started:?}");
    let large = server.command("cp").args(["/bin/busybox", "/var/lib/galerne/large"]).output();
    let said = large.expect("cp starts").stderr;
    assert!(String::from_utf8_lossy(&said).contains("No space left on device"), "{said:?}");
    run(Command::new("/usr/sbin/nginx").arg("-v"));
    let scratch = server.folder("");
    drop(server);
    let left = scratch.parent().expect("it lies in the server's folder");
    assert!(!left.exists(), "{} stays behind", left.display());
}

#[test]
fn a_folder_is_seen_by_the_server_and_its_containers() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    lab.registry().put("galerne/mounted", "1", Demo::Serves);
    let image = format!("{}/galerne/mounted:1", lab.registry().address());
    let (folder, port) = (server.folder("data"), Server::free_port());
    server.write(&folder.join("note.txt").display().to_string(), "kept\n");
    let (mount, published) = (format!("{}:/data", folder.display()), format!("127.0.0.1:{port}:80"));
    server.engine().docker(&["run", "--detach", "--volume", &mount, "--publish", &published, &image]);
    assert_eq!(answer(port, "/data/note.txt").body, "kept\n");
}

#[test]
fn the_program_runs_on_a_server() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let output = server.galerne(&["--version"]);
    assert!(output.status.code().is_some_and(|code| code != 101), "{output:?}");
    let mut child = server.spawn_galerne(&["--version"]);
    let id = child.id();
    assert!(child.wait().expect("it ends").code().is_some(), "process {id}");
}

#[test]
fn an_engine_ends_with_all_that_it_ran() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    lab.registry().put("galerne/ends", "1", Demo::Serves);
    let image = format!("{}/galerne/ends:1", lab.registry().address());
    let port = run_demo(&server, "ends", &image);
    assert_eq!(answer(port, "/").status, 200);
    let socket = server.engine().socket();
    drop(server);
    assert!(!socket.exists());
    assert!(http::get(port, "/").is_err(), "its container is gone");
}
