//! Bad surroundings: each gets a sentence with its code, and what served before still serves.

use std::net::TcpListener;

use crate::described::{Described, said};
use crate::lab::{Demo, Lab, Registry, Server};

/// A new tag is described on a server that serves version 1.
fn about_to_change(lab: Lab, image: &str) -> Described {
    let described = Described::serving(lab, image, "1");
    described.registry.put(image, "2", Demo::Serves);
    described.done(&["set", "conteneur1_tag=2"]);
    described
}

/// `reconfigure` must fail with `code`, and the old version must still be there as it was.
fn expect_refusal(described: &Described, code: &str) -> String {
    let files = || described.server.read("/etc/nginx/sites-available/conteneur.conf");
    let before = files();
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, [code], "{said}");
    assert!(said.contains("\"help\": \""), "{said}");
    described.expect("demo", "1");
    assert_eq!(files(), before);
    said
}

#[test]
fn an_engine_that_is_away_is_named() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "away/demo");
    let mut command = described.server.galerne_command(&["--format", "json", "reconfigure"]);
    let output = command.env("DOCKER_HOST", "unix:///run/nobody.sock").output().expect("galerne starts");
    let (codes, messages) = said(&output, 3);
    assert_eq!(codes, ["engine::absent"], "{messages}");
    assert!(messages.contains("unix:///run/nobody.sock"), "{messages}");
    described.expect("demo", "1");
}

#[test]
fn an_image_that_is_not_there_is_named() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "absent/demo");
    described.done(&["set", "conteneur1_tag=3"]);
    let said = expect_refusal(&described, "engine::image_absent");
    assert!(said.contains("absent/demo:3"), "{said}");
}

#[test]
fn a_registry_that_is_away_is_named() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "gone/demo");
    let nobody = format!("conteneur1_repository=127.0.0.1:{}", Server::free_port());
    described.done(&["set", &nobody]);
    expect_refusal(&described, "engine::registry_unreachable");
}

#[test]
fn a_private_registry_wants_credentials_and_takes_those_of_docker() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "private/demo");
    let private = Registry::with_login(lab);
    private.put("private/demo", "2", Demo::Serves);
    described.done(&["set", &format!("conteneur1_repository={}", private.address())]);
    expect_refusal(&described, "engine::registry_refused");
    described.server.log_in(&private);
    described.done(&["reconfigure"]);
    described.expect("demo", "2");
}

#[test]
fn a_port_that_somebody_has_is_named() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "taken/demo");
    let somebody = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = somebody.local_addr().expect("it has an address").port();
    described.done(&["set", &format!("conteneur1_port_out[0]={port}")]);
    let said = expect_refusal(&described, "engine::port_taken");
    assert!(said.contains(&port.to_string()), "{said}");
}

#[test]
fn a_web_server_that_is_away_is_named_before_anything_is_touched() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    described.registry.put("nginx-less/demo", "1", Demo::Serves);
    described.describe(1, "demo", "nginx-less/demo", "1");
    let hidden = described.server.command("mount").args(["--bind", "/dev/null", "/usr/sbin/nginx"]).status();
    assert!(hidden.expect("mount starts").success());
    let (codes, said) = described.failed(3, &["instance"]);
    assert_eq!(codes, ["proxy::absent"], "{said}");
    assert_eq!(described.containers(), [""; 0]);
    assert_eq!(described.server.read("/etc/nginx/sites-available/conteneur.conf"), None);
}

#[test]
fn a_configuration_that_nginx_refuses_is_taken_back() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "broken/demo");
    described.server.write("/etc/nginx/conf.d/broken.conf", "this is no directive;\n");
    described.done(&["set", "conteneur1_taille_max=65"]);
    let before = described.server.read("/etc/nginx/conteneur.d/demo.conf");
    let said = expect_refusal(&described, "proxy::refused");
    assert!(said.contains("broken.conf"), "nginx's own words are told: {said}");
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.conf"), before);
    described.server.write("/etc/nginx/conf.d/broken.conf", "");
    described.done(&["reconfigure"]);
    described.expect("demo", "2");
    described.expect_settled();
}

#[test]
fn a_full_disk_is_named_and_the_old_one_serves() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "full/demo");
    let sites = "/etc/nginx/conteneur.d";
    let kept = described.server.read(&format!("{sites}/demo.conf")).expect("it was written");
    let mounted =
        described.server.command("mount").args(["-t", "tmpfs", "-o", "size=4k", "none", sites]).status();
    assert!(mounted.expect("mount starts").success());
    described.server.write(&format!("{sites}/demo.conf"), &kept);
    described.done(&["set", "conteneur1_taille_max=65"]);
    expect_refusal(&described, "apply::disk_full");
    assert_eq!(described.server.read(&format!("{sites}/demo.conf")), Some(kept));
}

#[test]
fn of_two_at_once_the_second_says_who_holds_the_lock() {
    let Some(lab) = Lab::open() else { return };
    let described = about_to_change(lab, "two/demo");
    described.registry.put("two/demo", "2", Demo::ServesAfter(4));
    let mut first = described.server.spawn_galerne(&["reconfigure"]);
    // The file keeps the number of the run before.
    let holder = first.id().to_string();
    let lock = || described.server.read("/var/lib/galerne/lock").is_some_and(|pid| pid.trim() == holder);
    while !lock() && first.try_wait().expect("it can be asked").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = described.server.galerne(&["--format", "json", "reconfigure"]);
    if second.status.success() {
        assert!(first.try_wait().expect("it can be asked").is_some(), "the second one waited for the first");
    } else {
        let (codes, messages) = said(&second, 3);
        assert_eq!(codes, ["apply::locked"], "{messages}");
        assert!(messages.contains(&first.id().to_string()), "{messages}");
    }
    assert!(first.wait().expect("it ends").success());
    described.expect("demo", "2");
}
