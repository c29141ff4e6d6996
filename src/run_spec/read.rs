//! The strict reading of what a template rendered.

use std::collections::BTreeSet;
use std::path::Path;

use super::reading::normal;
use super::{
    Container, Provider, RunSpec, RunSpecProblem, Technology, cluster, git, image, lxc, qemu, snap, vagrant,
};
use crate::phrase;
use crate::words::Phrase;

/// Reads `text`, which `template` rendered for `container`.
///
/// # Errors
/// All that is wrong with it. What the JSON reader says may quote a value: hide secrets before it is shown.
pub fn read(text: &str, template: &str, container: &Container) -> Result<RunSpec, Vec<RunSpecProblem>> {
    let spec: RunSpec = serde_json::from_str(text).map_err(|error| {
        vec![RunSpecProblem::Unreadable {
            template: template.to_owned(),
            container: container.name.to_string(),
            message: error.to_string(),
        }]
    })?;
    let wrong: Vec<RunSpecProblem> = bounds(&spec, container)
        .into_iter()
        .map(|(member, expected)| RunSpecProblem::OutOfBounds {
            template: template.to_owned(),
            container: container.name.to_string(),
            member,
            expected,
        })
        .collect();
    if wrong.is_empty() { Ok(spec) } else { Err(wrong) }
}

/// The members that are out of their bounds, with what they should be.
fn bounds(spec: &RunSpec, container: &Container) -> Vec<(String, Phrase)> {
    let mut wrong = Vec::new();
    let mut check = |fits: bool, member: String, expected: Phrase| {
        if !fits {
            wrong.push((member, expected));
        }
    };
    check(spec.name == container.name, "name".into(), phrase!("be-own-name", "the container's name"));
    check_source(spec, &mut check);
    check_boot(spec, &mut check);
    let builds = spec.engine.builds();
    cluster::check(spec, container, &mut check);
    let expected = phrase!("be-of-builder", "that of a technology that builds, and only of one");
    check(builds == spec.source.git.is_some(), "source.git".into(), expected);
    let is_run_by_others = spec.engine == Technology::Vagrant;
    let expected = phrase!("be-of-others", "that of a technology that has others run it, and only of one");
    check(is_run_by_others == spec.source.provider.is_some(), "source.provider".into(), expected);
    let mut inside = BTreeSet::new();
    for (index, mount) in spec.mounts.iter().enumerate() {
        let path = phrase!("be-normal-path", "an absolute path in its shortest form");
        check(is_normal(&mount.host), format!("mounts[{index}].host"), path.clone());
        check(is_normal(&mount.container), format!("mounts[{index}].container"), path);
        let once = inside.insert(&mount.container) && mount.container != Path::new("/");
        let expected = phrase!("be-folder-once", "a folder that is not `/` and is said once");
        check(once, format!("mounts[{index}].container"), expected);
    }
    check_ports(spec, container, &mut check);
    for (name, value) in &spec.environment {
        let member = "environment".to_owned();
        check(
            is_variable(name),
            member.clone(),
            phrase!("be-environment-names", "names of letters, digits and `_`"),
        );
        check(!value.reveal().contains('\0'), member, phrase!("be-without-nul", "values without NUL"));
    }
    let path = spec.health.path.as_deref().unwrap_or("/");
    let plain = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    check(plain, "health.path".into(), phrase!("be-url-path", "a path that begins with `/`"));
    check(
        spec.health.within_seconds > 0,
        "health.within_seconds".into(),
        phrase!("be-one-or-more", "1 or more"),
    );
    check(spec.limits.memory != Some(0), "limits.memory".into(), phrase!("be-one-or-more", "1 or more"));
    check(
        spec.limits.milli_cpus != Some(0),
        "limits.milli_cpus".into(),
        phrase!("be-one-or-more", "1 or more"),
    );
    wrong
}

/// Looks at the ports.
fn check_ports(spec: &RunSpec, container: &Container, check: &mut impl FnMut(bool, String, Phrase)) {
    let mut outside = BTreeSet::new();
    for (index, port) in spec.ports.iter().enumerate() {
        let expected = phrase!("be-port-once", "a port from 1 to 65535, said once");
        let fits = port.host > 0 && outside.insert((port.address, port.host));
        check(fits, format!("ports[{index}].host"), expected.clone());
        check(port.container > 0, format!("ports[{index}].container"), expected);
        // The fleet is checked by its variables: a template must not go around that.
        let agreed =
            container.ports.iter().any(|other| (other.address, other.host) == (port.address, port.host));
        check(
            agreed,
            format!("ports[{index}].host"),
            phrase!("be-own-port", "a port of the container's variables"),
        );
    }
}

/// Looks at what runs.
fn check_source(spec: &RunSpec, check: &mut impl FnMut(bool, String, Phrase)) {
    let (fits, expected): (fn(&str) -> bool, _) = match spec.engine {
        Technology::Lxc => (lxc::is_image, lxc::IMAGE),
        Technology::Vagrant if spec.source.provider != Some(Provider::Docker) => {
            (vagrant::is_box, vagrant::BOX)
        }
        Technology::Qemu => (qemu::is_image, qemu::IMAGE),
        Technology::Snap => (snap::is_image, snap::IMAGE),
        Technology::Snapcraft => (snap::is_name, snap::NAME),
        _ => (image::is_image, image::IMAGE),
    };
    check(fits(&spec.source.image), "source.image".into(), expected);
    for part in &spec.command {
        check(!part.contains('\0'), "command".into(), phrase!("be-texts-without-nul", "texts without NUL"));
    }
    let is_machine = spec.source.provider.is_some_and(|provider| provider != Provider::Docker);
    let expected = phrase!("be-empty-command", "empty: a virtual machine runs what its box starts");
    check(!is_machine || spec.command.is_empty(), "command".into(), expected);
    let has_program = spec.command.first().is_none_or(|program| !program.is_empty());
    check(has_program, "command".into(), phrase!("be-program", "a program and its arguments"));
    let takes_command = spec.engine.holder() != Technology::Snap || spec.command.is_empty();
    check(takes_command, "command".into(), snap::NO_COMMAND);
    match &spec.source.git {
        None if spec.engine == Technology::Snap => {
            let fits = snap::is_tag_of(&spec.source.image, &spec.source.tag);
            check(fits, "source.tag".into(), snap::TAG);
        }
        None => check(image::is_tag(&spec.source.tag), "source.tag".into(), image::TAG),
        Some(git) => {
            check(git::is_reference(&spec.source.tag), "source.tag".into(), git::REFERENCE);
            let fits = git::is_repository(&git.repository);
            check(fits, "source.git.repository".into(), git::REPOSITORY);
            for (member, path) in [("folder", &git.folder), ("dockerfile", &git.dockerfile)] {
                let fits = path.as_deref().is_none_or(git::is_inside);
                check(fits, format!("source.git.{member}"), git::INSIDE);
            }
            // The repository says which commit it is: one of a template would never change.
            check(git.commit.is_none(), "source.git.commit".into(), phrase!("be-left-out", "left out"));
        }
    }
}

/// Looks at how a virtual machine boots.
fn check_boot(spec: &RunSpec, check: &mut impl FnMut(bool, String, Phrase)) {
    let boot = &spec.boot;
    let is_machine = spec.engine == Technology::Qemu;
    check(
        is_machine || boot.is_plain(),
        "boot".into(),
        phrase!("be-left-out-machine", "left out, as it is of virtual machines alone"),
    );
    for (member, file) in [("kernel", &boot.kernel), ("initrd", &boot.initrd)] {
        let fits = file.as_deref().is_none_or(qemu::is_file);
        check(fits, format!("boot.{member}"), qemu::FILE);
    }
    let options = boot.options.as_deref();
    check(options.is_none_or(qemu::is_options), "boot.options".into(), qemu::OPTIONS);
    let of_kernel = boot.kernel.is_some() || (boot.initrd.is_none() && options.is_none());
    check(of_kernel, "boot.kernel".into(), phrase!("be-there", "there where `initrd` or `options` are"));
    check(boot.disk != Some(0), "boot.disk".into(), phrase!("be-one-or-more", "1 or more"));
    let tagged = !is_machine || qemu::is_tag_of(&spec.source.image, &spec.source.tag);
    check(tagged, "source.tag".into(), qemu::TAG);
}

fn is_normal(path: &Path) -> bool {
    path.to_str()
        .is_some_and(|text| normal(text).is_some_and(|normal| normal.as_os_str() == path.as_os_str()))
}

fn is_variable(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(allowed) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}
