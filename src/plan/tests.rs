use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::render::{Content, FileSet, GeneratedFile, Reader};
use crate::run_spec::{RunSpec, Technology};

const SITE: &str = "/etc/nginx/sites-enabled/conteneur.conf";

fn spec(tag: &str) -> RunSpec {
    let port = json!({"address": "127.0.0.1", "host": 8081, "container": 80});
    serde_json::from_value(json!({
        "name": "wiki",
        "engine": "docker",
        "source": {"image": "app", "tag": tag},
        "ports": [port],
        "environment": {"PASSWORD": "hunter2"},
    }))
    .unwrap()
}

fn life(tag: &str, role: Role, state: State) -> ObservedContainer {
    let spec = spec(tag);
    ObservedContainer {
        container: spec.name.clone(),
        role,
        digest: digest(&spec),
        state,
        ports: spec.ports.iter().map(HostPort::from).collect(),
        image: image(&spec.source),
    }
}

fn observed(containers: Vec<ObservedContainer>) -> Observed {
    let engine = EngineState { containers, ..EngineState::default() };
    Observed { engines: [(Technology::Docker, engine)].into(), ..Observed::default() }
}

fn wants(tag: &str) -> Wanted {
    Wanted { containers: vec![spec(tag)], ..Wanted::default() }
}

fn actions(plan: &Plan) -> Vec<String> {
    plan.steps().map(|step| step.action.to_string()).collect()
}

fn file(path: &str, content: Content, mode: u32) -> GeneratedFile {
    GeneratedFile { mode, reader: Reader::Nginx, ..GeneratedFile::new(path, content) }
}

fn wants_file(file: GeneratedFile) -> Wanted {
    Wanted { files: FileSet { files: vec![file], removed: Vec::new() }, ..Wanted::default() }
}

#[test]
fn the_digest_is_that_of_what_is_said_and_of_nothing_else() {
    let mut same = spec("1");
    assert_eq!(digest(&same), digest(&spec("1")));
    assert_ne!(digest(&same), digest(&spec("2")));
    same.limits.memory = Some(1 << 30);
    assert_ne!(digest(&same), digest(&spec("1")));
    assert_eq!(digest(&same).len(), 64);
}

#[test]
fn what_runs_as_it_should_is_left_alone() {
    let now = observed(vec![life("1", Role::Current, State::Running)]);
    let plan = plan(&wants("1"), &now);
    assert!(plan.is_empty());
    assert_eq!(plan.to_string(), "nothing to do\n");
}

#[test]
fn an_engine_that_was_not_asked_has_no_steps() {
    assert!(plan(&wants("1"), &Observed::default()).is_empty());
    assert_eq!(status(&wants("1"), &Observed::default())[0].state, Standing::Unknown);
}

#[test]
fn a_leftover_that_never_took_the_name_is_removed() {
    let now = observed(vec![life("1", Role::Current, State::Running), life("2", Role::New, State::Stopped)]);
    assert_eq!(actions(&plan(&wants("1"), &now)), ["remove wiki.galerne-new"]);
}

#[test]
fn a_replacement_that_was_interrupted_goes_on_and_can_be_taken_back() {
    let now = observed(vec![life("2", Role::Current, State::Stopped), life("1", Role::Old, State::Running)]);
    let plan = plan(&wants("2"), &now);
    assert_eq!(
        actions(&plan),
        [
            "go on with the replacement of wiki",
            "stop wiki.galerne-old",
            "start wiki",
            "wait until wiki is healthy",
            "remove wiki.galerne-old",
        ]
    );
    let undo: Vec<String> = plan.containers[0].change[0].undo.iter().map(Action::to_string).collect();
    assert_eq!(
        undo,
        [
            "rename wiki to wiki.galerne-new",
            "rename wiki.galerne-old to wiki",
            "start wiki",
            "remove wiki.galerne-new",
        ]
    );
}

#[test]
fn the_old_one_comes_back_when_it_is_wanted_again() {
    let now = observed(vec![life("2", Role::Current, State::Running), life("1", Role::Old, State::Stopped)]);
    assert_eq!(
        actions(&plan(&wants("1"), &now)),
        ["remove wiki", "rename wiki.galerne-old to wiki", "start wiki", "wait until wiki is healthy"]
    );
}

#[test]
fn what_ends_again_and_again_is_looked_at_and_not_called_done() {
    for state in [State::Restarting, State::Unhealthy] {
        let now = observed(vec![life("1", Role::Current, state)]);
        assert_eq!(actions(&plan(&wants("1"), &now)), ["wait until wiki is healthy"]);
    }
}

#[test]
fn what_somebody_else_holds_is_refused() {
    let by = |name: &str, ports: &[HostPort]| {
        let foreign = vec![Foreign { name: name.to_owned(), ports: ports.to_vec() }];
        let engine = EngineState { foreign, ..EngineState::default() };
        let now = Observed { engines: [(Technology::Docker, engine)].into(), ..Observed::default() };
        let plan = plan(&wants("1"), &now);
        assert_eq!(plan.steps().count(), 0);
        plan.containers[0].refused.clone()
    };
    assert!(matches!(by("wiki", &[]), Some(Conflict::NameTaken { .. })));
    let ports: Vec<HostPort> = spec("1").ports.iter().map(HostPort::from).collect();
    assert!(matches!(by("other", &ports), Some(Conflict::PortTaken { port: 8081, .. })));
}

#[test]
fn a_name_kept_for_leftovers_is_refused() {
    let mut wanted = wants("1");
    wanted.containers[0].name = "wiki.galerne-old".parse().unwrap();
    let plan = plan(&wanted, &observed(Vec::new()));
    assert!(matches!(plan.containers[0].refused, Some(Conflict::ReservedName { .. })));
    assert_eq!(plan.steps().count(), 0);
    assert!(!plan.is_empty());
}

#[test]
fn two_addresses_overlap_on_one_port_where_one_is_everywhere_or_both_are_the_same() {
    let at = |address: &str, port| HostPort { address: address.parse().unwrap(), port };
    assert!(at("0.0.0.0", 80).overlaps(at("127.0.0.1", 80)));
    assert!(at("127.0.0.1", 80).overlaps(at("127.0.0.1", 80)));
    assert!(!at("127.0.0.1", 80).overlaps(at("192.0.2.1", 80)));
    assert!(!at("0.0.0.0", 80).overlaps(at("0.0.0.0", 81)));
}

#[test]
fn permissions_alone_are_a_reason_to_write() {
    let wanted = wants_file(file("/etc/a", Content::Text("a".into()), 0o600));
    let on_disk = OnDisk::File { digest: sha256(b"a"), mode: 0o644, user: 0, group: 0 };
    let now = Observed {
        files: [("/etc/a".into(), on_disk)].into(),
        recorded: record(&wanted),
        proxy: ProxyState::Running,
        ..Observed::default()
    };
    let plan = plan(&wanted, &now);
    assert_eq!(plan.files[0].reason.english(), "its permissions differ");
    assert_eq!(plan.proxy.last().map(|step| &step.action), Some(&Action::ReloadProxy));
}

#[test]
fn a_file_that_is_no_longer_generated_goes_only_while_it_is_there() {
    let recorded = record(&wants_file(file("/etc/a", Content::Text(String::new()), 0o644)));
    let mut now = Observed { recorded, proxy: ProxyState::Running, ..Observed::default() };
    assert_eq!(actions(&plan(&Wanted::default(), &now)), ["note which files are generated"]);
    now.files.insert("/etc/a".into(), OnDisk::Other);
    let plan = plan(&Wanted::default(), &now);
    assert_eq!(plan.files[0].action, Action::RemoveFile { path: "/etc/a".into() });
    assert!(plan.proxy.iter().any(|step| step.action == Action::ReloadProxy));
}

#[test]
fn one_front_door_lets_go_of_its_ports_before_the_other_takes_them() {
    let wants = |path: &str, reader| {
        wants_file(GeneratedFile { reader, ..file(path, Content::Text(String::new()), 0o644) })
    };
    let nginx = wants("/etc/nginx/sites-available/conteneur.conf", Reader::Nginx);
    let traefik = wants(crate::traefik::STATIC, Reader::TraefikStart);
    let steps = |wanted: &Wanted, was: &Wanted, state| {
        let files = was.files.files.iter().map(|file| (file.path.clone(), OnDisk::Other)).collect();
        let recorded = record(was);
        let now =
            Observed { files, recorded, proxy: ProxyState::Running, traefik: state, ..Observed::default() };
        plan(wanted, &now).proxy.into_iter().map(|step| step.action).collect::<Vec<_>>()
    };
    assert_eq!(
        steps(&traefik, &nginx, ProxyState::Stopped),
        [Action::CheckProxy, Action::CheckTraefik, Action::ReloadProxy, Action::StartTraefik]
    );
    assert_eq!(
        steps(&nginx, &traefik, ProxyState::Running),
        [Action::CheckProxy, Action::StopTraefik, Action::ReloadProxy]
    );
    assert_eq!(
        steps(&traefik, &traefik, ProxyState::Running),
        [Action::CheckTraefik, Action::RestartTraefik],
        "what it is started with changed"
    );
    let more = wants("/etc/traefik/galerne.d/wiki.yml", Reader::Traefik);
    let mut both = traefik.clone();
    both.files.files.extend(more.files.files);
    let mut now =
        Observed { recorded: record(&traefik), traefik: ProxyState::Running, ..Observed::default() };
    now.files.insert(
        crate::traefik::STATIC.into(),
        OnDisk::File { digest: sha256(b""), mode: 0o644, user: 0, group: 0 },
    );
    let actions: Vec<Action> = plan(&both, &now).proxy.into_iter().map(|step| step.action).collect();
    assert_eq!(actions, [Action::CheckTraefik, Action::ReloadTraefik]);
}

#[test]
fn a_site_has_traefik_read_its_places_and_never_stops_it() {
    let wanted = wants_file(GeneratedFile {
        reader: Reader::Traefik,
        ..file("/etc/traefik/galerne.d/wiki-preprod.yml", Content::Text(String::new()), 0o644)
    });
    let first = Observed { traefik: ProxyState::Running, ..Observed::default() };
    let steps = |wanted: &Wanted, now: &Observed| {
        plan(wanted, now).proxy.into_iter().map(|step| step.action).collect::<Vec<_>>()
    };
    assert_eq!(steps(&wanted, &first), [Action::CheckTraefik, Action::ReloadTraefik]);
    let next = Observed { recorded: record(&wanted), ..first };
    assert_eq!(steps(&Wanted::default(), &next), []);
}

#[test]
fn a_stock_site_that_was_enabled_again_stays() {
    let to = Path::new("/etc/nginx/sites-available/conteneur.conf");
    let wanted = wants_file(file(SITE, Content::Link(to.into()), 0o777));
    let now = Observed {
        files: [(SITE.into(), OnDisk::Link(to.into()))].into(),
        recorded: record(&wanted),
        stock_site: true,
        proxy: ProxyState::Running,
        ..Observed::default()
    };
    assert!(plan(&wanted, &now).is_empty());
}

#[test]
fn status_tells_what_is_from_what_should_be() {
    let standing = |tag: &str, containers| status(&wants(tag), &observed(containers))[0].state;
    assert_eq!(standing("1", Vec::new()), Standing::Missing);
    for (state, expected) in [
        (State::Running, Standing::Running),
        (State::Stopped, Standing::Stopped),
        (State::Restarting, Standing::Restarting),
        (State::Unhealthy, Standing::Unhealthy),
    ] {
        assert_eq!(standing("1", vec![life("1", Role::Current, state)]), expected);
    }
    let current = vec![life("1", Role::Current, State::Running)];
    assert_eq!(standing("2", current.clone()), Standing::Outdated);
    assert_eq!(status(&Wanted::default(), &observed(current))[0].state, Standing::Unwanted);
}

#[test]
fn a_digest_of_an_image_stands_after_an_at_sign() {
    let mut source = spec("1").source;
    assert_eq!(image(&source), "app:1");
    source.tag = "sha256:ab".to_owned();
    assert_eq!(image(&source), "app@sha256:ab");
}

#[test]
fn a_branch_that_moved_is_another_image_and_one_that_cannot_be_asked_is_fetched_to_say_why() {
    let git = |commit: Option<&str>| json!({"repository": "/srv/git/app", "commit": commit});
    let source = |commit: Option<&str>| -> crate::run_spec::Source {
        serde_json::from_value(json!({"image": "app", "tag": "main", "git": git(commit)})).unwrap()
    };
    let mut wanted = wants("1");
    wanted.containers[0].source = source(None);
    wanted.containers[0].engine = Technology::DockerGit;
    let now = |runs: &str, moved_to: Option<&str>| {
        let mut pinned = wanted.containers[0].clone();
        pinned.source = source(Some(runs));
        let mut now = observed(vec![ObservedContainer {
            digest: digest(&pinned),
            ..life("1", Role::Current, State::Running)
        }]);
        let engine = now.engines.get_mut(&Technology::Docker).unwrap();
        engine.images.insert(source(Some(runs)));
        engine.pins.extend(moved_to.map(|commit| (source(None), source(Some(commit)))));
        now
    };
    assert!(plan(&wanted, &now("aa", Some("aa"))).is_empty());
    assert_eq!(status(&wanted, &now("aa", Some("aa")))[0].state, Standing::Running);
    assert_eq!(
        actions(&plan(&wanted, &now("aa", Some("bb"))))[0],
        "build the image app:bb from /srv/git/app"
    );
    assert_eq!(status(&wanted, &now("aa", Some("bb")))[0].state, Standing::Outdated);
    assert_eq!(actions(&plan(&wanted, &now("aa", None)))[0], "build the image app:main from /srv/git/app");
    let mut part = source(Some("aa"));
    part.git.as_mut().unwrap().folder = Some("web".to_owned());
    assert!(image(&part).starts_with("app:aa-"), "two images of one commit: {}", image(&part));
}

fn some_life(role: Role) -> impl Strategy<Value = Option<ObservedContainer>> {
    let state = prop_oneof![Just(State::Running), Just(State::Stopped), Just(State::Restarting)];
    proptest::option::of((prop_oneof![Just("1"), Just("2"), Just("3")], state))
        .prop_map(move |found| found.map(|(tag, state)| life(tag, role, state)))
}

proptest! {
    /// Whatever an interrupted run left.
    #[test]
    fn a_plan_reads_back_from_json_and_tells_no_secret(
        current in some_life(Role::Current),
        new in some_life(Role::New),
        old in some_life(Role::Old),
    ) {
        let now = observed([current, new, old].into_iter().flatten().collect());
        let plan = plan(&wants("1"), &now);
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert!(!text.contains("hunter2"));
        prop_assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
}
