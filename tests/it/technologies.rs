//! An application that goes from one technology to another and keeps its address and its data.

use std::path::PathBuf;

use crate::described::Described;
use crate::lab::{Demo, Lab};

/// A server with a Docker engine and podman, on which the demo runs in Docker with a mounted folder.
struct Workshop {
    described: Described,
    data: PathBuf,
}

impl Workshop {
    fn open(lab: Lab, image: &str) -> Self {
        let described = Described::start(lab);
        described.server.podman();
        let data = described.server.folder("data");
        described.registry.put(image, "1", Demo::Serves);
        described.describe(1, "demo", image, "1");
        let out = format!("conteneur1_mountpoint_out+={}", data.display());
        described.done(&["set", "conteneur1_mountpoint_in+=/data", &out]);
        described.done(&["instance"]);
        std::fs::write(data.join("kept.txt"), "kept").expect("it can be written");
        let workshop = Self { described, data };
        workshop.expect("1", &["demo"], &[]);
        workshop
    }

    /// The page tells of version `tag`, the data is there, and each engine holds these containers alone.
    fn expect(&self, tag: &str, docker: &[&str], podman: &[&str]) {
        self.described.expect("demo", tag);
        let kept = self.described.server.get("/demo/data/kept.txt").expect("the web server answers");
        assert_eq!((kept.status, kept.body.as_str()), (200, "kept"));
        assert!(self.data.join("kept.txt").is_file());
        assert_eq!(self.described.containers(), docker);
        let names = self.described.server.podman().docker(&["ps", "--all", "--format", "{{.Names}}"]);
        assert_eq!(names.lines().collect::<Vec<_>>(), podman);
        self.described.expect_settled();
    }

    /// Changes variables, and then the machine.
    fn change(&self, assignments: &[&str]) {
        self.described.done(&[&["set"], assignments].concat());
        self.described.done(&["reconfigure"]);
    }
}

#[test]
fn the_demo_goes_from_docker_to_podman_and_back() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "moving/demo");
    workshop.change(&["conteneur1_type=podman"]);
    workshop.expect("1", &[], &["demo"]);
    workshop.described.registry.put("moving/demo", "2", Demo::Serves);
    workshop.change(&["conteneur1_tag=2"]);
    workshop.expect("2", &[], &["demo"]);
    workshop.change(&["conteneur1_type=docker", "conteneur1_tag=1"]);
    workshop.expect("1", &["demo"], &[]);
}

#[test]
fn a_version_that_fails_in_podman_leaves_the_one_in_docker_serving() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "staying/demo");
    workshop.described.registry.put("staying/demo", "2", Demo::EndsAtOnce);
    workshop.described.done(&["set", "conteneur1_type=podman", "conteneur1_tag=2"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    workshop.described.expect("demo", "1");
    workshop.change(&["conteneur1_type=docker", "conteneur1_tag=1"]);
    workshop.expect("1", &["demo"], &[]);
}
