//! What runs: a Deployment, a `StatefulSet` where copies have volumes of their own, a `DaemonSet` where each node has a copy.

use serde_json::{Map, Value, json};

use super::{App, DIGEST};
use crate::run_spec::{Limits, Mode, Order, Rights};

/// How long a copy that is to end still serves: until nobody is sent to it any more.
const LEAVING_SECONDS: u32 = 3;
/// How long it may take to end, as with the other technologies, once it has been told.
const GRACE_SECONDS: u32 = 10;

/// Ports below are root's, but for who has the right to bind them.
const FIRST_FREE_PORT: u16 = 1024;

impl App<'_> {
    /// The object that runs copies.
    pub(super) fn workload(&self) -> Value {
        let mut spec = json!({"selector": {"matchLabels": self.selector()}});
        let kind = self.kind();
        // Who scales by load says how many there are.
        if let (Mode::Replicated(replicas), None) = (self.cluster.mode, self.kubernetes.scaling) {
            spec["replicas"] = json!(replicas);
        }
        let (key, strategy) = self.strategy(kind);
        spec[key] = strategy;
        spec["minReadySeconds"] = json!(self.ready_seconds());
        if kind == "Deployment" {
            let within = u32::from(self.spec.health.within_seconds) + self.ready_seconds() + 60;
            spec["progressDeadlineSeconds"] = json!(within);
        }
        if kind == "StatefulSet" {
            spec["serviceName"] = json!(self.copies());
            spec["volumeClaimTemplates"] = json!(self.own_claims());
        }
        let mut labels = self.labels();
        for network in &self.cluster.networks {
            labels[network_label(network)] = json!("true");
        }
        spec["template"] = json!({
            "metadata": {"labels": labels, "annotations": {DIGEST: self.digest}},
            "spec": self.pod(),
        });
        self.object("apps/v1", kind, self.name, json!({"spec": spec}))
    }

    /// The kind of the object that runs copies.
    pub(super) fn kind(&self) -> &'static str {
        match self.cluster.mode {
            Mode::Global => "DaemonSet",
            Mode::Replicated(_) if self.cluster.has_own_volumes() => "StatefulSet",
            Mode::Replicated(_) => "Deployment",
        }
    }

    /// The Service that gives each copy a name.
    pub(super) fn copies(&self) -> String {
        format!("{}-copies", self.name)
    }

    /// For how long a new copy must stay well before the next is changed.
    fn ready_seconds(&self) -> u32 {
        self.cluster.update.watch_seconds.max(self.cluster.update.pause_seconds)
    }

    /// How a new release takes over, with the member that says so.
    fn strategy(&self, kind: &str) -> (&'static str, Value) {
        let update = self.cluster.update;
        let at_once = if update.parallel == 0 { json!("100%") } else { json!(update.parallel) };
        let rolling = match update.order {
            Order::StartFirst => json!({"maxSurge": at_once, "maxUnavailable": 0}),
            Order::StopFirst => json!({"maxSurge": 0, "maxUnavailable": at_once}),
        };
        match kind {
            "StatefulSet" => ("updateStrategy", json!({"type": "RollingUpdate"})),
            "DaemonSet" => ("updateStrategy", json!({"type": "RollingUpdate", "rollingUpdate": rolling})),
            // One copy that cannot run twice: the old one has to be gone, not only told to go.
            _ if update.order == Order::StopFirst && !self.cluster.has_several_copies() => {
                ("strategy", json!({"type": "Recreate"}))
            }
            _ => ("strategy", json!({"type": "RollingUpdate", "rollingUpdate": rolling})),
        }
    }

    /// What each copy is.
    pub(super) fn pod(&self) -> Value {
        let (volumes, mounts) = self.volumes();
        let mut pod = json!({
            "terminationGracePeriodSeconds": LEAVING_SECONDS + GRACE_SECONDS,
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "securityContext": self.pod_security(),
            "containers": [self.container(&mounts)],
        });
        if let Some(secret) = &self.kubernetes.pull_secret {
            pod["imagePullSecrets"] = json!([{"name": secret}]);
        }
        self.placement(&mut pod);
        if !volumes.is_empty() {
            pod["volumes"] = json!(volumes);
        }
        pod
    }

    fn container(&self, mounts: &[Value]) -> Value {
        let source = &self.spec.source;
        let mark = if source.tag.starts_with("sha256:") { '@' } else { ':' };
        let mut container = json!({
            "name": self.name,
            "image": format!("{}{mark}{}", source.image, source.tag),
            "securityContext": self.security(),
        });
        // A tag that is moved is another image each time a copy starts.
        if source.tag == "latest" {
            container["imagePullPolicy"] = json!("Always");
        }
        if let Some((program, arguments)) = self.spec.command.split_first() {
            container["command"] = json!([literal(program)]);
            container["args"] = arguments.iter().map(|argument| json!(literal(argument))).collect();
        }
        let ports = self.spec.ports.iter().enumerate();
        container["ports"] = ports
            .map(|(index, port)| json!({"name": port_name(index), "containerPort": port.container, "protocol": "TCP"}))
            .collect();
        if !self.spec.environment.is_empty() {
            container["envFrom"] = json!([{"secretRef": {"name": self.name}}]);
        }
        let resources = self.resources();
        if resources.as_object().is_some_and(|resources| !resources.is_empty()) {
            container["resources"] = resources;
        }
        self.probes(&mut container);
        container["lifecycle"] = json!({"preStop": {"sleep": {"seconds": LEAVING_SECONDS}}});
        if !mounts.is_empty() {
            container["volumeMounts"] = json!(mounts);
        }
        container
    }

    fn resources(&self) -> Value {
        let mut resources = json!({});
        for (member, limits) in [("limits", &self.spec.limits), ("requests", &self.cluster.reservations)] {
            let amounts = quantities(limits);
            if !amounts.is_empty() {
                resources[member] = json!(amounts);
            }
        }
        resources
    }

    /// A copy is up when it answers; it is started again only if its own check says that it is not well.
    fn probes(&self, container: &mut Value) {
        let every = self.cluster.check.as_ref().map_or(5, |check| check.every_seconds);
        let within = u32::from(self.spec.health.within_seconds);
        let answers = match &self.spec.health.path {
            Some(path) => json!({"httpGet": {"path": path, "port": port_name(0)}}),
            None => json!({"tcpSocket": {"port": port_name(0)}}),
        };
        let check = self.cluster.check.as_ref().map(|check| {
            let command: Vec<String> = check.command.iter().map(|word| literal(word)).collect();
            json!({"exec": {"command": command}})
        });
        let probe = |handler: &Value, every: u32, failures: u32| {
            let mut probe = handler.clone();
            probe["periodSeconds"] = json!(every);
            probe["timeoutSeconds"] = json!(every.clamp(1, 10));
            probe["failureThreshold"] = json!(failures);
            probe
        };
        let asked = check.as_ref().unwrap_or(&answers);
        let at_start = every.min(within).max(1);
        container["startupProbe"] = probe(asked, at_start, within.div_ceil(at_start).max(1));
        container["readinessProbe"] = probe(asked, every, 3);
        if let Some(check) = &check {
            container["livenessProbe"] = probe(check, every, 6);
        }
    }

    fn pod_security(&self) -> Value {
        let mut security = match self.kubernetes.rights {
            Rights::Restricted => json!({"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}),
            Rights::Image => json!({"seccompProfile": {"type": "RuntimeDefault"}}),
        };
        if let Some(user) = self.kubernetes.user {
            for member in ["runAsUser", "runAsGroup", "fsGroup"] {
                security[member] = json!(user);
            }
        }
        security
    }

    fn security(&self) -> Value {
        match self.kubernetes.rights {
            Rights::Image => json!({"allowPrivilegeEscalation": false}),
            Rights::Restricted => {
                let mut capabilities = json!({"drop": ["ALL"]});
                if self.spec.ports.iter().any(|port| port.container < FIRST_FREE_PORT) {
                    capabilities["add"] = json!(["NET_BIND_SERVICE"]);
                }
                json!({"allowPrivilegeEscalation": false, "capabilities": capabilities})
            }
        }
    }

    /// Who says how many copies there are, by their load.
    pub(super) fn scaler(&self) -> Option<Value> {
        let scaling = self.kubernetes.scaling?;
        let Mode::Replicated(least) = self.cluster.mode else { return None };
        let target = json!({"apiVersion": "apps/v1", "kind": self.kind(), "name": self.name});
        let rest = json!({"spec": {
            "scaleTargetRef": target,
            "minReplicas": least.max(1),
            "maxReplicas": scaling.most,
            "metrics": [{
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": scaling.percent},
                },
            }],
        }});
        Some(self.object("autoscaling/v2", "HorizontalPodAutoscaler", self.name, rest))
    }

    /// Of several copies one at a time may be taken off its node; without it a drain takes all.
    pub(super) fn disruption_budget(&self) -> Option<Value> {
        let counts = self.cluster.mode != Mode::Global && self.cluster.has_several_copies();
        let rest = json!({"spec": {"maxUnavailable": 1, "selector": {"matchLabels": self.selector()}}});
        counts.then(|| self.object("policy/v1", "PodDisruptionBudget", self.name, rest))
    }
}

/// The name of a port, by its place.
pub(super) fn port_name(index: usize) -> String {
    if index == 0 { "web".to_owned() } else { format!("port-{index}") }
}

/// The label of what is on a network.
pub(super) fn network_label(network: &str) -> String {
    format!("network.galerne.org/{network}")
}

/// A word of a command as it is: `$(NAME)` would be replaced.
fn literal(word: &str) -> String {
    word.replace("$(", "$$(")
}

fn quantities(limits: &Limits) -> Map<String, Value> {
    const MIB: u64 = 1024 * 1024;
    let memory = limits.memory.map(|bytes| match bytes % MIB {
        0 => format!("{}Mi", bytes / MIB),
        _ => bytes.to_string(),
    });
    let cpu = limits.milli_cpus.map(|milli| format!("{milli}m"));
    let amounts = [("cpu", cpu), ("memory", memory)];
    amounts.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), json!(amount?)))).collect()
}
