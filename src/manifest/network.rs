//! How copies are reached: Services, the way in from outside, and who else may connect.

use serde_json::{Value, json};

use super::App;
use super::workload::{network_label, port_name};
use crate::run_spec::{Controller, Exposure};

/// What parts the prefix of a path from the rest, for ingress-nginx.
const REST: &str = "(/|$)(.*)";

impl App<'_> {
    /// The Service, and for copies that have names of their own the one that has these.
    pub(super) fn services(&self) -> Vec<Value> {
        let ports: Vec<Value> = self
            .spec
            .ports
            .iter()
            .enumerate()
            .map(|(index, port)| {
                json!({"name": port_name(index), "port": port.host, "targetPort": port_name(index), "protocol": "TCP"})
            })
            .collect();
        let mut services = Vec::new();
        if self.kind() == "StatefulSet" {
            let spec = json!({"clusterIP": "None", "selector": self.selector(), "ports": ports});
            services.push(self.object("v1", "Service", &self.copies(), json!({"spec": spec})));
        }
        // Each node listens on a port of its own choice, for this machine's web server.
        let kind = if self.kubernetes.exposure == Exposure::Server { "NodePort" } else { "ClusterIP" };
        let spec = json!({"type": kind, "selector": self.selector(), "ports": ports});
        services.push(self.object("v1", "Service", self.name, json!({"spec": spec})));
        services
    }

    /// The way in from outside.
    pub(super) fn entry(&self) -> Vec<Value> {
        match &self.kubernetes.exposure {
            Exposure::Internal | Exposure::Server => Vec::new(),
            Exposure::IngressRoute { tls } => {
                let route = self.ingress_route(tls.as_deref());
                let strips = !self.kubernetes.keep_prefix;
                strips.then(|| self.middleware()).into_iter().chain([route]).collect()
            }
            Exposure::Gateway { name, namespace } => vec![self.route(name, namespace.as_deref())],
            Exposure::Ingress { class, controller, tls } => {
                let ingress = self.ingress(class.as_deref(), *controller, tls.as_deref());
                let strips = *controller == Controller::Traefik && !self.kubernetes.keep_prefix;
                strips.then(|| self.middleware()).into_iter().chain([ingress]).collect()
            }
        }
    }

    fn prefix(&self) -> String {
        format!("/{}", self.name)
    }

    fn ingress(&self, class: Option<&str>, controller: Controller, tls: Option<&str>) -> Value {
        let rewrites = controller == Controller::Nginx && !self.kubernetes.keep_prefix;
        let (path, kind) = if rewrites {
            (format!("{}{REST}", self.prefix()), "ImplementationSpecific")
        } else {
            (self.prefix(), "Prefix")
        };
        let backend = json!({"service": {"name": self.name, "port": {"name": port_name(0)}}});
        let http = json!({"paths": [{"path": path, "pathType": kind, "backend": backend}]});
        let hosts = &self.kubernetes.hosts;
        let rules: Vec<Value> = if hosts.is_empty() {
            vec![json!({"http": http})]
        } else {
            hosts.iter().map(|host| json!({"host": host, "http": http})).collect()
        };
        let mut spec = json!({});
        if let Some(class) = class {
            spec["ingressClassName"] = json!(class);
        }
        if let Some(secret) = tls {
            spec["tls"] = match hosts.as_slice() {
                [] => json!([{"secretName": secret}]),
                hosts => json!([{"hosts": hosts, "secretName": secret}]),
            };
        }
        spec["rules"] = json!(rules);
        let mut ingress = self.object("networking.k8s.io/v1", "Ingress", self.name, json!({"spec": spec}));
        let annotations = &mut ingress["metadata"]["annotations"];
        match controller {
            Controller::Nginx => {
                let said = |name: &str| format!("nginx.ingress.kubernetes.io/{name}");
                annotations[said("proxy-body-size")] = json!(format!("{}m", self.kubernetes.body_mib));
                annotations[said("proxy-read-timeout")] = json!(self.kubernetes.answer_seconds.to_string());
                if rewrites {
                    annotations[said("use-regex")] = json!("true");
                    annotations[said("rewrite-target")] = json!("/$2");
                    annotations[said("x-forwarded-prefix")] = json!(self.prefix());
                }
            }
            Controller::Traefik if !self.kubernetes.keep_prefix => {
                // Traefik wants to be told the namespace: without one, the usual.
                let namespace = self.kubernetes.namespace.as_deref().unwrap_or("default");
                let middleware = format!("{namespace}-{}@kubernetescrd", self.name);
                annotations["traefik.ingress.kubernetes.io/router.middlewares"] = json!(middleware);
            }
            Controller::Traefik => {}
        }
        ingress
    }

    /// The way in by a kind of Traefik's own. Names of hosts and of applications have nothing that would end a string of its rules.
    fn ingress_route(&self, tls: Option<&str>) -> Value {
        let path = format!("(Path(`{0}`) || PathPrefix(`{0}/`))", self.prefix());
        let hosts: Vec<String> = self.kubernetes.hosts.iter().map(|host| format!("Host(`{host}`)")).collect();
        let rule = if hosts.is_empty() { path } else { format!("({}) && {path}", hosts.join(" || ")) };
        let mut route = json!({"kind": "Rule", "match": rule});
        if !self.kubernetes.keep_prefix {
            route["middlewares"] = json!([{"name": self.name}]);
        }
        route["services"] = json!([{"name": self.name, "port": port_name(0)}]);
        let point = if tls.is_some() { "websecure" } else { "web" };
        let mut spec = json!({"entryPoints": [point], "routes": [route]});
        if let Some(secret) = tls {
            spec["tls"] = json!({"secretName": secret});
        }
        self.object("traefik.io/v1alpha1", "IngressRoute", self.name, json!({"spec": spec}))
    }

    /// What takes the prefix away, for Traefik.
    fn middleware(&self) -> Value {
        let rest = json!({"spec": {"stripPrefix": {"prefixes": [self.prefix()]}}});
        self.object("traefik.io/v1alpha1", "Middleware", self.name, rest)
    }

    fn route(&self, gateway: &str, namespace: Option<&str>) -> Value {
        let mut parent = json!({"name": gateway});
        if let Some(namespace) = namespace {
            parent["namespace"] = json!(namespace);
        }
        let port = self.spec.ports.first().map(|port| port.host);
        let mut rule = json!({"matches": [{"path": {"type": "PathPrefix", "value": self.prefix()}}]});
        if !self.kubernetes.keep_prefix {
            let path = json!({"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"});
            rule["filters"] = json!([{"type": "URLRewrite", "urlRewrite": {"path": path}}]);
        }
        rule["backendRefs"] = json!([{"name": self.name, "port": port}]);
        rule["timeouts"] = json!({"request": format!("{}s", self.kubernetes.answer_seconds)});
        let mut spec = json!({"parentRefs": [parent]});
        if !self.kubernetes.hosts.is_empty() {
            spec["hostnames"] = json!(self.kubernetes.hosts);
        }
        spec["rules"] = json!([rule]);
        self.object("gateway.networking.k8s.io/v1", "HTTPRoute", self.name, json!({"spec": spec}))
    }

    /// Connections to its ports from where requests come, and to any port from what shares a network with it.
    pub(super) fn network_policy(&self) -> Value {
        let ports: Vec<Value> =
            self.spec.ports.iter().map(|port| json!({"port": port.container, "protocol": "TCP"})).collect();
        let mut outside = json!({"ports": ports});
        if let Some(namespace) = &self.kubernetes.entry_namespace {
            let labels = json!({"kubernetes.io/metadata.name": namespace});
            outside["from"] = json!([{"namespaceSelector": {"matchLabels": labels}}]);
        }
        let shared = self.cluster.networks.iter().map(|network| {
            let selector = json!({"matchLabels": {network_label(network): "true"}});
            json!({"from": [{"podSelector": selector}]})
        });
        let rules: Vec<Value> = [outside].into_iter().chain(shared).collect();
        let rest = json!({"spec": {
            "podSelector": {"matchLabels": self.selector()},
            "policyTypes": ["Ingress"],
            "ingress": rules,
        }});
        self.object("networking.k8s.io/v1", "NetworkPolicy", self.name, rest)
    }
}
