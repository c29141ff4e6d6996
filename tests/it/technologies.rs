//! An application that goes from one technology to another and keeps its address and its data.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::described::Described;
use crate::lab::{Demo, Lab, Qemu, Repository, Server, machines};

/// A server with a Docker engine and podman, on which the demo runs in Docker with a mounted folder.
struct Workshop {
    described: Described,
    data: PathBuf,
}

impl Workshop {
    fn open(lab: Lab, image: &str) -> Self {
        let described = Described::start(lab);
        let data = described.server.folder("data");
        Self::with_data(described, image, data)
    }

    fn with_data(described: Described, image: &str, data: PathBuf) -> Self {
        described.server.podman();
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

    /// The same, with Vagrant holding it: Docker has one container, of another name.
    fn expect_in_vagrant(&self, tag: &str) {
        self.described.expect("demo", tag);
        let kept = self.described.server.get("/demo/data/kept.txt").expect("the web server answers");
        assert_eq!((kept.status, kept.body.as_str()), (200, "kept"));
        assert_eq!(self.machines(), ["demo"]);
        let containers = self.described.containers();
        assert!(containers.len() == 1 && containers[0].starts_with("demo-"), "{containers:?}");
        self.described.expect_settled();
    }

    /// The names of galerne's machines of Vagrant.
    fn machines(&self) -> Vec<String> {
        let seen = format!("/proc/{}/root/var/lib/galerne/vagrant", self.described.server.pid());
        machines(&PathBuf::from(seen)).into_iter().map(|(name, _)| name).collect()
    }

    /// Kills a run at its effect number `at`; tells whether it had one.
    fn kill_at(&self, at: usize) -> bool {
        let mut child = self.described.server.spawn_galerne(&["--format", "json", "reconfigure"]);
        let events = BufReader::new(child.stdout.take().expect("its output is ours"));
        let is_effect = |line: &String| line.contains("\"started\"") || line.contains("\"finished\"");
        let reached = events.lines().map_while(Result::ok).filter(is_effect).nth(at).is_some();
        // A run that has ended meanwhile cannot be killed, and need not be.
        let _ = child.kill();
        let _ = child.wait();
        reached
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

/// One application, one variable: after each change it answers at its address with its data, and nothing of it is left where it was.
#[test]
fn the_demo_goes_through_every_technology_and_back() {
    let Some(lab) = Lab::open() else { return };
    if !Qemu::can_run(lab) {
        return;
    }
    let described = Described::start(lab);
    let snapd = described.server.snapd();
    let workshop = Workshop::with_data(described, "touring/demo", snapd.folder("touring-data"));
    let server = &workshop.described.server;
    let (lxc, qemu) = (server.lxc(), server.qemu());
    let elsewhere = || {
        let machines = qemu.machines().into_iter().map(|(name, _)| name);
        (lxc.containers(), machines.collect::<Vec<_>>(), snapd.revision("touring"), workshop.machines())
    };
    let nowhere = (Vec::new(), Vec::new(), None, Vec::new());
    let repository = Repository::make(server.folder("repository"));
    let commit = repository.put("", "built", Demo::Serves);
    let registry = format!("conteneur1_repository={}", workshop.described.registry.address());
    let source = format!("conteneur1_repository={}", repository.address());
    let image = ["conteneur1_url=touring/demo", "conteneur1_tag=1", &registry];
    let to = |technology: &str, rest: &[&str]| {
        workshop.change(&[&[format!("conteneur1_type={technology}").as_str()][..], rest].concat());
    };

    to("docker+git", &[&source, "conteneur1_tag=main"]);
    workshop.expect("built", &["demo"], &[]);
    let named = server.engine().docker(&["inspect", "--format", "{{.Config.Image}}", "demo"]);
    assert_eq!(named.trim(), format!("touring/demo:{commit}"));

    let archive = format!("conteneur1_url={}", lxc.pack("touring", "packed", Demo::Serves).display());
    to("lxc", &[&archive, "conteneur1_tag=1", &registry]);
    workshop.expect("packed", &[], &[]);
    assert_eq!(elsewhere(), (vec!["demo".to_owned()], Vec::new(), None, Vec::new()));

    let initramfs = format!("conteneur1_url={}", qemu.pack("touring", "booted", Demo::Serves).display());
    let kernel = format!("conteneur1_noyau={}", Qemu::kernel().display());
    let boot = ["conteneur1_noyau_options=quiet", "conteneur1_memoire=128", "conteneur1_sante_delai=120"];
    to("qemu", &[&[initramfs.as_str(), &kernel][..], &boot].concat());
    workshop.expect("booted", &[], &[]);
    assert_eq!(elsewhere(), (Vec::new(), vec!["demo".to_owned()], None, Vec::new()));

    to("podman", &image);
    workshop.expect("1", &[], &["demo"]);
    assert_eq!(elsewhere(), nowhere);

    let port = Server::free_port();
    let snap = format!("conteneur1_url={}", snapd.pack("touring", "snapped", Demo::Serves, port).display());
    to("snap", &[&snap, &format!("conteneur1_port_in[0]={port}")]);
    workshop.expect("snapped", &[], &[]);
    assert_eq!(elsewhere(), (Vec::new(), Vec::new(), Some("x1".to_owned()), Vec::new()));

    to("vagrant", &[&image[..], &["conteneur1_port_in[0]=80"]].concat());
    workshop.expect_in_vagrant("1");
    assert_eq!(snapd.revision("touring"), None);

    to("docker", &image);
    workshop.expect("1", &["demo"], &[]);
    assert_eq!(elsewhere(), nowhere);
}

#[test]
fn the_demo_goes_from_docker_to_lxc_and_back() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "leaving/demo");
    let lxc = workshop.described.server.lxc();
    let url = |version: &str| {
        format!("conteneur1_url={}", lxc.pack(&format!("demo-{version}"), version, Demo::Serves).display())
    };
    workshop.change(&["conteneur1_type=lxc", &url("1")]);
    workshop.expect("1", &[], &[]);
    assert_eq!(lxc.containers(), ["demo"]);
    assert!(workshop.described.done(&["status"]).contains("demo"));
    assert!(workshop.described.done(&["logs", "demo"]).contains("listens on port 80"));
    workshop.change(&[&url("2"), "conteneur1_tag=2"]);
    workshop.expect("2", &[], &[]);
    assert_eq!(lxc.containers(), ["demo"]);
    let bad = lxc.pack("demo-3", "3", Demo::EndsAtOnce);
    let bad = format!("conteneur1_url={}", bad.display());
    workshop.described.done(&["set", &bad, "conteneur1_tag=3"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    workshop.described.expect("demo", "2");
    workshop.change(&["conteneur1_type=docker", "conteneur1_url=leaving/demo", "conteneur1_tag=1"]);
    workshop.expect("1", &["demo"], &[]);
    assert_eq!(lxc.containers(), [""; 0]);
    assert_eq!(lxc.lxc("lxc-ls", &["-1"]).trim(), "");
}

#[test]
fn the_demo_goes_from_docker_to_vagrant_and_back() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "wandering/demo");
    workshop.change(&["conteneur1_type=vagrant"]);
    workshop.expect_in_vagrant("1");
    assert!(workshop.described.done(&["status"]).contains("demo"));
    assert!(workshop.described.done(&["logs", "demo"]).contains("listens on port 80"));
    workshop.described.registry.put("wandering/demo", "2", Demo::Serves);
    workshop.change(&["conteneur1_tag=2"]);
    workshop.expect_in_vagrant("2");
    workshop.described.registry.put("wandering/demo", "3", Demo::EndsAtOnce);
    workshop.described.done(&["set", "conteneur1_tag=3"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    workshop.described.expect("demo", "2");
    workshop.change(&["conteneur1_type=docker", "conteneur1_tag=1"]);
    workshop.expect("1", &["demo"], &[]);
    assert_eq!(workshop.machines(), [""; 0]);
}

#[test]
fn a_move_to_vagrant_that_is_killed_is_finished_by_the_next_run() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "killed/wandering");
    for (round, at) in (7..).step_by(6).enumerate() {
        let here = if round % 2 == 0 { "vagrant" } else { "docker" };
        workshop.described.done(&["set", &format!("conteneur1_type={here}")]);
        let reached = workshop.kill_at(at);
        workshop.described.done(&["reconfigure"]);
        if here == "vagrant" {
            workshop.expect_in_vagrant("1");
        } else {
            workshop.expect("1", &["demo"], &[]);
            assert_eq!(workshop.machines(), [""; 0]);
        }
        if !reached {
            assert!(at > 18, "a move has more than {at} events");
            return;
        }
    }
}

#[test]
fn the_demo_goes_from_docker_to_qemu_and_back() {
    let Some(lab) = Lab::open() else { return };
    if !Qemu::can_run(lab) {
        return;
    }
    let workshop = Workshop::open(lab, "booting/demo");
    let qemu = workshop.described.server.qemu();
    let url = |version: &str, behaviour| {
        format!("conteneur1_url={}", qemu.pack(&format!("demo-{version}"), version, behaviour).display())
    };
    let names = || qemu.machines().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let kernel = format!("conteneur1_noyau={}", Qemu::kernel().display());
    let boot = [kernel.as_str(), "conteneur1_noyau_options=quiet", "conteneur1_memoire=128"];
    let first = [&["conteneur1_type=qemu", &url("1", Demo::Serves), "conteneur1_sante_delai=120"], &boot[..]];
    workshop.change(&first.concat());
    workshop.expect("1", &[], &[]);
    assert_eq!(names(), ["demo"]);
    assert!(workshop.described.done(&["status"]).contains("demo"));
    assert!(workshop.described.done(&["logs", "demo"]).contains("listens on port 80"));

    workshop.described.done(&["set", &url("2", Demo::EndsAtOnce), "conteneur1_tag=2"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    assert!(said.contains("ends at once, as it was told to"), "{said}");
    // The one before boots again, which takes longer than the web server holds a request.
    let began = Instant::now();
    while workshop.described.server.get("/demo/").is_ok_and(|response| response.status == 503) {
        assert!(began.elapsed() < Duration::from_mins(2), "the one before serves again");
    }
    workshop.described.expect("demo", "1");
    assert_eq!(names(), ["demo"]);

    workshop.change(&["conteneur1_type=docker", "conteneur1_url=booting/demo", "conteneur1_tag=1"]);
    workshop.expect("1", &["demo"], &[]);
    assert_eq!(names(), [""; 0]);
}

#[test]
fn without_qemu_the_demo_stays_where_it_is() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "staying/here");
    let server = &workshop.described.server;
    let hide = "touch /run/none && mount --bind /run/none /usr/bin/qemu-system-x86_64 2>/dev/null || true";
    assert!(server.command("sh").args(["-c", hide]).status().expect("it starts").success());
    workshop.described.done(&["set", "conteneur1_type=qemu", "conteneur1_url=/srv/none.qcow2"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::absent"], "{said}");
    workshop.described.expect("demo", "1");
}

#[test]
fn the_demo_goes_from_docker_to_a_snap_and_back() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    let snapd = described.server.snapd();
    let workshop = Workshop::with_data(described, "snapping/demo", snapd.folder("snapping-data"));
    let port = Server::free_port();
    let url = |version: &str, behaviour| {
        format!("conteneur1_url={}", snapd.pack("snapping", version, behaviour, port).display())
    };
    let own = format!("conteneur1_port_in[0]={port}");
    workshop.change(&["conteneur1_type=snap", &url("1", Demo::Serves), &own]);
    workshop.expect("1", &[], &[]);
    assert_eq!(snapd.revision("snapping").as_deref(), Some("x1"));
    assert!(workshop.described.done(&["status"]).contains("demo"));
    assert!(workshop.described.done(&["logs", "demo"]).contains("listens on port"));
    workshop.change(&[&url("2", Demo::Serves), "conteneur1_tag=2"]);
    workshop.expect("2", &[], &[]);
    workshop.described.done(&["set", &url("3", Demo::EndsAtOnce), "conteneur1_tag=3"]);
    let (codes, said) = workshop.described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    workshop.described.expect("demo", "2");
    assert_eq!(snapd.revision("snapping").as_deref(), Some("x2"));
    let image = ["conteneur1_type=docker", "conteneur1_url=snapping/demo", "conteneur1_tag=1"];
    workshop.change(&[&image[..], &["conteneur1_port_in[0]=80"]].concat());
    workshop.expect("1", &["demo"], &[]);
    assert_eq!(snapd.revision("snapping"), None);
    assert_eq!(snapd.run("find", &["/etc/systemd/system", "-name", "*snapping*"]), "");
}

#[test]
fn a_move_that_is_killed_is_finished_by_the_next_run() {
    let Some(lab) = Lab::open() else { return };
    let workshop = Workshop::open(lab, "killed/moving");
    for at in (6..).step_by(5) {
        let here = if at % 2 == 0 { "podman" } else { "docker" };
        workshop.described.done(&["set", &format!("conteneur1_type={here}")]);
        let reached = workshop.kill_at(at);
        workshop.described.done(&["reconfigure"]);
        let (docker, podman): (&[&str], &[&str]) =
            if here == "podman" { (&[], &["demo"]) } else { (&["demo"], &[]) };
        workshop.expect("1", docker, podman);
        if !reached {
            assert!(at > 20, "a move has more than {at} events");
            return;
        }
    }
}
