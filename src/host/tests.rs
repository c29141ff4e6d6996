use std::collections::BTreeSet;

use super::*;
use crate::engine::EngineError;
use crate::render::{Content, GeneratedFile};

const DOCKER: Technology = Technology::Docker;

fn absent() -> EngineError {
    let (address, cause) = ("/run/docker.sock".to_owned(), "no such file".into());
    EngineError::Absent { engine: "Docker", variable: "DOCKER_HOST", address, cause }
}

fn name(text: &str) -> PackageName {
    PackageName::parse(text).unwrap()
}

fn capability(technology: Technology, condition: Condition, containers: &[&str]) -> Capability {
    let containers = containers.iter().map(|name| name.parse().unwrap()).collect();
    Capability { technology, condition, containers }
}

#[test]
fn what_is_to_be_installed_comes_before_what_does_not_answer() {
    assert_eq!(judge(DOCKER, Ok("20.10".into()), Vec::new()), Condition::Ready { says: "20.10".into() });
    let packages = vec![name("git")];
    assert_eq!(
        judge(DOCKER, Ok("20.10".into()), packages.clone()),
        Condition::Missing { packages: packages.clone() }
    );
    assert_eq!(judge(DOCKER, Err(absent()), packages.clone()), Condition::Missing { packages });
    let Condition::Down { cause, remedy } = judge(DOCKER, Err(absent()), Vec::new()) else {
        panic!("it is down")
    };
    assert!(cause.english().contains("/run/docker.sock"), "{cause}");
    assert!(remedy.english().contains("systemctl enable --now docker"), "{remedy}");
}

#[test]
fn only_what_the_configuration_uses_is_missed_and_each_package_once() {
    let missing = |names: &[&str]| Condition::Missing { packages: names.iter().copied().map(name).collect() };
    let host = Host {
        system: "Debian".to_owned(),
        web_server: WebServer { program: Door::Nginx, condition: missing(&["nginx"]) },
        beside: None,
        technologies: vec![
            capability(Technology::Docker, missing(&["docker.io"]), &["wiki"]),
            capability(Technology::DockerGit, missing(&["docker.io", "git"]), &["blog"]),
            capability(Technology::Lxc, missing(&["lxc"]), &[]),
        ],
        packages: vec![name("git"), name("cron")],
    };
    assert!(!host.is_ready());
    assert_eq!(host.missing(), ["nginx", "docker.io", "git", "cron"].map(name));
}

#[test]
fn the_web_server_that_is_needed_is_the_one_that_files_are_for() {
    let files = |readers: &[Reader]| {
        let empty = || GeneratedFile::new("/etc/a", Content::Text(String::new()));
        let file = |reader: &Reader| GeneratedFile { reader: *reader, ..empty() };
        FileSet { files: readers.iter().map(file).collect(), ..FileSet::default() }
    };
    assert_eq!(Door::of(&files(&[])), (Door::Nginx, None));
    assert_eq!(Door::of(&files(&[Reader::Nginx])), (Door::Nginx, None));
    let own = [Reader::Anyone, Reader::TraefikStart, Reader::Traefik];
    assert_eq!(Door::of(&files(&own)), (Door::Traefik, None));
    let both = [Reader::TraefikStart, Reader::Nginx];
    assert_eq!(Door::of(&files(&both)), (Door::Traefik, Some(Door::Nginx)));
}

#[test]
fn every_technology_is_looked_at_and_names_real_packages() {
    let all: BTreeSet<Technology> = Technology::ALL.into_iter().collect();
    assert_eq!(all.len(), Technology::ALL.len());
    for technology in all {
        for requirement in requirement::of(technology) {
            assert!(PackageName::parse(requirement.package).is_some(), "{requirement:?}");
        }
    }
    assert!(PackageName::parse(requirement::WEB_SERVER).is_some());
}
