use std::collections::BTreeSet;

use super::*;
use crate::engine::EngineError;

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
        web_server: missing(&["nginx"]),
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
