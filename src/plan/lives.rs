//! The steps of one container, by the part of a change that they belong to.

use super::{Action, Conflict, EngineState, Foreign, HostPort, ObservedContainer, Role, State, Step, digest};
use crate::phrase;
use crate::run_spec::{ContainerName, RunSpec, Technology};
use crate::words::Phrase;

/// The engine's containers that are lives of one container of the configuration.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lives<'a> {
    pub(super) current: Option<&'a ObservedContainer>,
    pub(super) new: Option<&'a ObservedContainer>,
    pub(super) old: Option<&'a ObservedContainer>,
}

impl<'a> Lives<'a> {
    pub(super) fn of(container: &ContainerName, engine: &'a EngineState) -> Self {
        let find =
            |role| engine.containers.iter().find(|found| found.container == *container && found.role == role);
        Self { current: find(Role::Current), new: find(Role::New), old: find(Role::Old) }
    }

    fn all(self) -> impl Iterator<Item = &'a ObservedContainer> {
        [self.current, self.old, self.new].into_iter().flatten()
    }

    /// Whether the engine holds none.
    pub(super) fn is_empty(self) -> bool {
        self.all().next().is_none()
    }

    /// The ports that its lives listen on, or would if they were put back.
    pub(super) fn ports(self) -> Vec<HostPort> {
        self.all().flat_map(|life| life.ports.iter().copied()).collect()
    }
}

/// The steps of one container, in the order in which its parts run.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub(super) fetch: Vec<Step>,
    pub(super) prepare: Vec<Step>,
    pub(super) swap: Vec<Step>,
    pub(super) stop: Vec<Step>,
    pub(super) start: Vec<Step>,
    pub(super) confirm: Vec<Step>,
    pub(super) clean: Vec<Step>,
    pub(super) refused: Option<Conflict>,
}

impl Parts {
    pub(super) fn is_empty(&self) -> bool {
        self.steps() == 0 && self.refused.is_none()
    }

    fn starts(&self) -> bool {
        self.start.iter().any(|step| matches!(step.action, Action::Start { .. }))
    }

    fn steps(&self) -> usize {
        let parts =
            [&self.fetch, &self.prepare, &self.swap, &self.stop, &self.start, &self.confirm, &self.clean];
        parts.into_iter().map(Vec::len).sum()
    }
}

/// The lives of a container in another engine than its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elsewhere<'a> {
    pub(super) engine: Technology,
    pub(super) lives: Lives<'a>,
}

/// What the rest of the configuration, and of the machine, says about one container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Another container takes a port that this one still listens on.
    pub(super) port_is_taken_over: bool,
    /// Files that point at it are still to be written, so it must be known to be healthy.
    pub(super) files_are_pending: bool,
    /// Its lives in other engines.
    pub(super) elsewhere: &'a [Elsewhere<'a>],
    /// Containers that galerne did not make, in all engines.
    pub(super) foreign: &'a [&'a Foreign],
}

/// The steps that make `spec` run.
pub(super) fn wanted(spec: &RunSpec, engine: &EngineState, around: Around<'_>) -> Parts {
    let lives = Lives::of(&spec.name, engine);
    let digest = digest(spec);
    let mut parts = Parts::default();
    if lives.new.is_some() {
        let name = Role::New.of(&spec.name);
        parts
            .prepare
            .push(Step::new(Action::Remove { name }, phrase!("because-left", "left by an interrupted run")));
    }
    match (lives.current, lives.old) {
        (Some(current), Some(old)) if current.digest == digest => {
            resume(&mut parts, spec, old, around);
        }
        (current, Some(old)) => {
            restore(&mut parts, &spec.name, current);
            let restored = ObservedContainer { state: State::Running, ..old.clone() };
            // One that is not up has to be started again if what replaces it fails: that is what undoes its stop.
            let port_is_taken_over = around.port_is_taken_over || !old.state.is_up();
            settle(
                &mut parts,
                spec,
                Some(&restored),
                &digest,
                engine,
                Around { port_is_taken_over, ..around },
            );
            if old.digest == digest {
                if !old.state.is_up() {
                    start(&mut parts, spec.name.as_str(), PUT_ASIDE);
                }
                confirm(&mut parts, &spec.name, phrase!("because-put-back", "it was put back"));
            }
        }
        (current, None) => settle(&mut parts, spec, current, &digest, engine, around),
    }
    for other in around.elsewhere {
        take_over(&mut parts, spec, *other, around);
    }
    parts
}

/// Starts `spec`, which another technology hands over, unless that is done already.
pub(super) fn start_after(parts: &mut Parts, spec: &RunSpec) {
    let reason = phrase!("because-handed-over", "another technology hands over");
    if !parts.starts() {
        start(parts, spec.name.as_str(), reason.clone());
    }
    confirm(parts, &spec.name, reason);
}

/// Takes the place of what another engine runs: that stops before the new one starts, comes back if it fails, and goes once
/// nginx points at the new one.
fn take_over(parts: &mut Parts, spec: &RunSpec, other: Elsewhere<'_>, around: Around<'_>) {
    let reason = phrase!("because-taken-over", "another technology takes over");
    if !parts.starts() {
        start(parts, spec.name.as_str(), reason.clone());
    }
    confirm(parts, &spec.name, reason);
    hand_over_elsewhere(parts, spec, other, around);
}

/// Ends what another engine runs: before the new one starts where the two cannot run side by side, and for good once it serves.
pub(super) fn hand_over_elsewhere(
    parts: &mut Parts,
    spec: &RunSpec,
    other: Elsewhere<'_>,
    around: Around<'_>,
) {
    let reason = phrase!("because-taken-over", "another technology takes over");
    // The one before a replacement that was interrupted is the one that was known to be well.
    let serves = other.lives.old.or(other.lives.current).map(|life| life.role);
    for life in other.lives.all() {
        let name = life.role.of(&spec.name);
        let mut stop = Step::new(Action::Stop { name: name.clone() }, reason.clone()).on(other.engine);
        if Some(life.role) == serves {
            stop = stop.undone_by([Action::Start { name: name.clone() }]);
        }
        if around.port_is_taken_over || !can_overlap(spec, life) {
            parts.stop.push(stop);
        } else if life.state.is_up() {
            parts.clean.push(stop);
        }
        parts.clean.push(
            Step::new(Action::Remove { name }, phrase!("because-serves", "the new one serves"))
                .on(other.engine),
        );
    }
}

/// The steps that take a container away which is no longer wanted.
pub(super) fn unwanted(container: &ContainerName, engine: &EngineState, port_is_taken_over: bool) -> Parts {
    let lives = Lives::of(container, engine);
    let mut parts = Parts::default();
    for life in lives.all() {
        let name = life.role.of(container);
        let stop =
            Step::new(Action::Stop { name: name.clone() }, phrase!("because-unwanted", "no longer wanted"));
        if life.state.is_up() && port_is_taken_over {
            parts.stop.push(stop.undone_by([Action::Start { name: name.clone() }]));
        } else if life.state.is_up() {
            parts.clean.push(stop);
        }
        parts.clean.push(Step::new(Action::Remove { name }, phrase!("because-unwanted", "no longer wanted")));
    }
    parts
}

/// Goes on where a run was interrupted after the new one took the name.
fn resume(parts: &mut Parts, spec: &RunSpec, old: &ObservedContainer, around: Around<'_>) {
    let (name, new_name, old_name) = names(&spec.name);
    let action = Action::Resume { container: spec.name.clone() };
    parts.swap.push(
        Step::new(action, phrase!("because-interrupted", "an earlier run was interrupted")).undone_by([
            rename(&name, &new_name),
            rename(&old_name, &name),
            Action::Start { name: name.clone() },
            Action::Remove { name: new_name },
        ]),
    );
    hand_over(parts, spec, old, around);
    start(parts, &name, phrase!("because-it-takes-over", "it takes over"));
    confirm(parts, &spec.name, phrase!("because-it-takes-over", "it takes over"));
    remove_old(parts, old_name);
}

/// Why one is put back.
const PUT_ASIDE: Phrase = phrase!("because-put-aside", "an interrupted run had put it aside");

/// Puts the old one back under its name: what holds the name was never found healthy. It starts with the others, when the
/// ports are free.
fn restore(parts: &mut Parts, container: &ContainerName, current: Option<&ObservedContainer>) {
    let (name, _, old_name) = names(container);
    if current.is_some() {
        let action = Action::Remove { name: name.clone() };
        parts.prepare.push(Step::new(action, phrase!("because-left", "left by an interrupted run")));
    }
    parts.prepare.push(Step::new(rename(&old_name, &name), PUT_ASIDE));
}

/// Leaves `current` as it is, starts it, or replaces it.
fn settle(
    parts: &mut Parts,
    spec: &RunSpec,
    current: Option<&ObservedContainer>,
    digest: &str,
    engine: &EngineState,
    around: Around<'_>,
) {
    match current {
        Some(same) if same.digest == digest => match same.state {
            State::Stopped => {
                parts.refused = port_conflict(spec, around);
                start(parts, spec.name.as_str(), phrase!("because-stopped", "it does not run"));
                confirm(parts, &spec.name, phrase!("because-stopped", "it does not run"));
            }
            State::Unhealthy | State::Restarting => {
                confirm(parts, &spec.name, phrase!("because-unhealthy", "it is not healthy"));
            }
            State::Running if around.files_are_pending => {
                confirm(parts, &spec.name, phrase!("because-nginx-points", "nginx is to point at it"));
            }
            State::Running => {}
        },
        other => replace(parts, spec, other, engine, around),
    }
}

fn replace(
    parts: &mut Parts,
    spec: &RunSpec,
    current: Option<&ObservedContainer>,
    engine: &EngineState,
    around: Around<'_>,
) {
    let (name, new_name, old_name) = names(&spec.name);
    let reason = if current.is_some() {
        phrase!("because-settings", "its settings changed")
    } else {
        phrase!("because-absent", "it does not exist")
    };
    parts.refused = name_conflict(&spec.name, engine).or_else(|| port_conflict(spec, around));
    if !engine.images.contains(&spec.source) {
        let source = spec.source.clone();
        parts
            .fetch
            .push(Step::new(Action::Fetch { source }, phrase!("because-image", "the image is not there")));
    }
    let create = Action::Create { name: new_name.clone(), container: spec.name.clone() };
    let remove = Action::Remove { name: new_name.clone() };
    parts.prepare.push(Step::new(create, reason.clone()).undone_by([remove]));
    if let Some(current) = current {
        let aside = Step::new(rename(&name, &old_name), phrase!("because-aside", "it steps aside"))
            .undone_by([rename(&old_name, &name)]);
        parts.swap.push(aside);
        hand_over(parts, spec, current, around);
        remove_old(parts, old_name);
    }
    let take = Step::new(rename(&new_name, &name), phrase!("because-name", "it takes the name"))
        .undone_by([rename(&name, &new_name)]);
    parts.swap.push(take);
    start(parts, &name, reason.clone());
    confirm(parts, &spec.name, reason);
}

/// Stops the old one: at once where the two cannot run side by side, else when nginx points at the new one.
fn hand_over(parts: &mut Parts, spec: &RunSpec, old: &ObservedContainer, around: Around<'_>) {
    if !old.state.is_up() {
        return;
    }
    let name = Role::Old.of(&spec.name);
    let stop = Step::new(
        Action::Stop { name: name.clone() },
        phrase!("because-takes-over", "the new one takes over"),
    );
    if around.port_is_taken_over || !can_overlap(spec, old) {
        parts.stop.push(stop.undone_by([Action::Start { name }]));
    } else {
        parts.clean.push(stop);
    }
}

/// Whether the old one may still run while the new one starts: no port and no data in common.
fn can_overlap(spec: &RunSpec, old: &ObservedContainer) -> bool {
    let taken = |port: HostPort| old.ports.iter().any(|held| held.overlaps(port));
    spec.mounts.is_empty() && !spec.ports.is_empty() && !spec.ports.iter().any(|port| taken(port.into()))
}

fn start(parts: &mut Parts, name: &str, reason: Phrase) {
    let name = name.to_owned();
    let step = Step::new(Action::Start { name: name.clone() }, reason).undone_by([Action::Stop { name }]);
    parts.start.push(step);
}

fn confirm(parts: &mut Parts, container: &ContainerName, reason: Phrase) {
    let container = container.clone();
    let step = Step::new(Action::AwaitHealthy { container }, reason);
    if parts.confirm.iter().all(|known| known.action != step.action) {
        parts.confirm.push(step);
    }
}

fn remove_old(parts: &mut Parts, name: String) {
    parts.clean.push(Step::new(Action::Remove { name }, phrase!("because-serves", "the new one serves")));
}

fn rename(name: &str, to: &str) -> Action {
    Action::Rename { name: name.to_owned(), to: to.to_owned() }
}

fn names(container: &ContainerName) -> (String, String, String) {
    (Role::Current.of(container), Role::New.of(container), Role::Old.of(container))
}

fn name_conflict(container: &ContainerName, engine: &EngineState) -> Option<Conflict> {
    let names = Role::ALL.map(|role| role.of(container));
    let taken = engine.foreign.iter().find(|foreign| names.contains(&foreign.name))?;
    Some(Conflict::NameTaken { container: container.clone(), name: taken.name.clone() })
}

/// Who holds a port of `spec` and is not ours.
pub(super) fn port_conflict(spec: &RunSpec, around: Around<'_>) -> Option<Conflict> {
    spec.host_ports().iter().find_map(|port| {
        let taken = |held: &HostPort| held.overlaps(port.into());
        let by = around.foreign.iter().find(|foreign| foreign.ports.iter().any(taken))?;
        Some(Conflict::PortTaken { container: spec.name.clone(), port: port.host, by: by.name.clone() })
    })
}
