//! What a machine is told of its run spec: the data beside its Vagrantfile, and its environment.
//!
//! In: a run spec and where the machine is. Out: JSON, which the Vagrantfile reads, and a file of `NAME=VALUE` lines. The
//! invariant: a value is never a part of a program, neither of Ruby nor of a shell, and none of the environment is an argument.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use super::boxes::Kept;
use crate::engine::EngineError;
use crate::phrase;
use crate::plan::image;
use crate::run_spec::{Mount, Provider, RestartPolicy, RunSpec};

/// The same for all machines.
pub(super) const VAGRANTFILE: &str = include_str!("Vagrantfile");

const MIB: u64 = 1024 * 1024;

/// Where a machine is.
pub(super) struct Place<'a> {
    /// Its folder.
    pub(super) folder: &'a Path,
    /// What prefixes the folders that it sees.
    pub(super) root: &'a Path,
    /// The name of its container, in Docker.
    pub(super) container: &'a str,
    /// The labels of that container.
    pub(super) labels: &'a [(String, String)],
}

impl Place<'_> {
    /// The file with the environment.
    fn environment(&self) -> String {
        self.folder.join(ENVIRONMENT).to_string_lossy().into_owned()
    }

    fn host(&self, mount: &Mount) -> String {
        let host = self.root.join(mount.host.strip_prefix("/").unwrap_or(&mount.host));
        host.to_string_lossy().into_owned()
    }
}

/// The files of a machine.
pub(super) const DATA: &str = "machine.json";
pub(super) const ENVIRONMENT: &str = "environment";

/// The data of a container that Docker runs.
pub(super) fn of_docker(spec: &RunSpec, place: &Place<'_>) -> Value {
    let mut arguments = vec!["--pull=never".to_owned(), format!("--env-file={}", place.environment())];
    arguments.extend(place.labels.iter().map(|(name, value)| format!("--label={name}={value}")));
    for port in &spec.ports {
        let address = SocketAddr::new(port.address, port.host);
        arguments.push(format!("--publish={address}:{}", port.container));
    }
    for mount in &spec.mounts {
        let target = mount.container.to_string_lossy();
        let fields =
            ["type=bind".to_owned(), format!("source={}", place.host(mount)), format!("target={target}")];
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        arguments.push(format!("--mount={}", fields.join(",")));
    }
    arguments.push(format!("--restart={}", policy(spec.restart)));
    arguments.extend(spec.limits.memory.map(|bytes| format!("--memory={bytes}")));
    let processors = |milli: u32| format!("--cpus={}.{:03}", milli / 1000, milli % 1000);
    arguments.extend(spec.limits.milli_cpus.map(processors));
    json!({
        "name": spec.name,
        "provider": Provider::Docker,
        "image": image(&spec.source),
        "container": place.container,
        "command": spec.command,
        "arguments": arguments,
    })
}

/// The data of a virtual machine that is made from `kept`.
pub(super) fn of_box(spec: &RunSpec, kept: &Kept, place: &Place<'_>) -> Value {
    let folder = |mount: &Mount| json!({"host": place.host(mount), "container": mount.container});
    json!({
        "name": spec.name,
        "provider": spec.source.provider,
        "box": kept.name,
        "version": kept.version,
        "ports": spec.ports,
        "folders": spec.mounts.iter().map(folder).collect::<Vec<_>>(),
        "environment": (!spec.environment.is_empty()).then(|| place.environment()),
        "mebibytes": spec.limits.memory.map(|bytes| (bytes / MIB).max(1)),
        "processors": spec.limits.milli_cpus.map(|milli| milli.div_ceil(1000)),
    })
}

/// The environment as lines, which take a value as it is to the end of its line.
///
/// # Errors
/// A value has more than one.
pub(super) fn environment(spec: &RunSpec) -> Result<String, EngineError> {
    let mut text = String::new();
    for (name, value) in &spec.environment {
        // The message would show the value, which may be a secret.
        if value.reveal().contains(char::is_control) {
            let cause = phrase!(
                "refuses-control",
                "the value of {name} in the environment has a control character in it",
                name = name
            );
            let what = phrase!("to-write-machine", "write the machine's environment");
            return Err(EngineError::Refused { engine: super::ENGINE, what, cause });
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value.reveal());
        text.push('\n');
    }
    Ok(text)
}

/// A field of comma-separated values, as `--mount` reads them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

fn policy(restart: RestartPolicy) -> &'static str {
    match restart {
        RestartPolicy::UnlessStopped => "unless-stopped",
        RestartPolicy::Always => "always",
        RestartPolicy::OnFailure => "on-failure",
        RestartPolicy::No => "no",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(provider: &str, more: &Value) -> RunSpec {
        let mut spec = json!({
            "name": "wiki", "engine": "vagrant",
            "source": {"image": "team/wiki", "tag": "1", "provider": provider},
            "mounts": [{"host": "/srv/a,\"b\" #{exit}", "container": "/data"}],
            "ports": [{"address": "127.0.0.1", "host": 8080, "container": 80},
                      {"address": "::1", "host": 8081, "container": 81}],
            "environment": {"SECRET": " '#{`id`}' \"$(id)\" "},
            "limits": {"memory": (64 << 20) + 5, "milli_cpus": 1500},
        });
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(spec).unwrap()
    }

    fn place() -> Place<'static> {
        let folder = Path::new("/var/lib/galerne/vagrant/wiki-01");
        Place { folder, root: Path::new("/"), container: "wiki-01", labels: &[] }
    }

    #[test]
    fn the_vagrantfile_is_a_constant_that_holds_no_value() {
        let written = format!("{}{}", of_docker(&spec("docker", &json!({})), &place()), VAGRANTFILE);
        assert!(!written.contains("`id`"), "the environment is in a file of its own");
        assert!(!VAGRANTFILE.contains("#{") && !VAGRANTFILE.contains("wiki"));
    }

    #[test]
    fn docker_gets_arguments_that_say_what_is_meant() {
        let command = json!({"command": ["/bin/sh", "-c", "echo \"a\"; #{exit}"]});
        let data = of_docker(&spec("docker", &command), &place());
        assert_eq!(data["command"], command["command"]);
        let expected = json!([
            "--pull=never",
            "--env-file=/var/lib/galerne/vagrant/wiki-01/environment",
            "--publish=127.0.0.1:8080:80",
            "--publish=[::1]:8081:81",
            "--mount=type=bind,\"source=/srv/a,\"\"b\"\" #{exit}\",target=/data",
            "--restart=unless-stopped",
            "--memory=67108869",
            "--cpus=1.500",
        ]);
        assert_eq!(data["arguments"], expected);
    }

    #[test]
    fn a_virtual_machine_gets_its_box_ports_folders_and_limits() {
        for provider in ["libvirt", "virtualbox"] {
            let kept = Kept { name: "team/wiki".to_owned(), version: Some("1".to_owned()) };
            let data = of_box(&spec(provider, &json!({})), &kept, &place());
            let expected = json!({
                "name": "wiki", "provider": provider, "box": "team/wiki", "version": "1",
                "ports": [{"address": "127.0.0.1", "host": 8080, "container": 80},
                          {"address": "::1", "host": 8081, "container": 81}],
                "folders": [{"host": "/srv/a,\"b\" #{exit}", "container": "/data"}],
                "environment": "/var/lib/galerne/vagrant/wiki-01/environment",
                "mebibytes": 64, "processors": 2,
            });
            assert_eq!(data, expected);
        }
    }

    #[test]
    fn an_environment_is_one_line_a_name() {
        assert_eq!(environment(&spec("docker", &json!({}))).unwrap(), "SECRET= '#{`id`}' \"$(id)\" \n");
        let two = spec("docker", &json!({"environment": {"A": "evil\nB=1"}}));
        let refused = environment(&two).unwrap_err().to_string();
        assert!(refused.contains(" A ") && !refused.contains("evil"), "{refused}");
    }
}
