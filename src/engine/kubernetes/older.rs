//! Members that a server is too old for: said in another way, or left out.

use serde_json::{Value, json};

/// The first minor that makes copies wait by itself before they end, with no program of their image.
const SLEEPS: u32 = 30;
/// The first that has a copy more on a node while it is replaced, and that waits for how long one with volumes of its own has been well.
const SURGES: u32 = 22;

/// `object` as a server of this minor takes it; one that says none may be any.
pub(super) fn as_taken(minor: Option<u32>, object: &mut Value) {
    let is_older = |than: u32| minor.is_none_or(|minor| minor < than);
    if is_older(SLEEPS) {
        sleep_by_program(object);
    }
    if is_older(SURGES) {
        match object["kind"].as_str() {
            Some("DaemonSet") => stop_first(object),
            Some("StatefulSet") => {
                if let Some(spec) = object["spec"].as_object_mut() {
                    spec.remove("minReadySeconds");
                }
            }
            _ => {}
        }
    }
}

/// Has copies wait by the program `sleep` before they end. Where their image has none they end at once.
fn sleep_by_program(object: &mut Value) {
    let containers = object.pointer_mut("/spec/template/spec/containers").and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten() {
        let Some(before) = container.pointer_mut("/lifecycle/preStop") else { continue };
        if let Some(seconds) = before.pointer("/sleep/seconds").and_then(Value::as_u64) {
            *before = json!({"exec": {"command": ["sleep", seconds.to_string()]}});
        }
    }
}

/// Has the copy of a node end before the next one starts.
fn stop_first(object: &mut Value) {
    let rolling = object.pointer_mut("/spec/updateStrategy/rollingUpdate").and_then(Value::as_object_mut);
    let Some(rolling) = rolling else { return };
    let more = rolling.remove("maxSurge").filter(|more| *more != json!(0));
    if let Some(more) = more {
        rolling.insert("maxUnavailable".to_owned(), more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_server_is_told_to_sleep_by_a_program() {
        let workload = |before: Value| {
            let container = json!({"name": "a", "lifecycle": {"preStop": before}});
            json!({"spec": {"template": {"spec": {"containers": [container, {"name": "b"}]}}}})
        };
        let asked = workload(json!({"sleep": {"seconds": 3}}));
        let taken = |minor, object: &Value| {
            let mut object = object.clone();
            as_taken(minor, &mut object);
            object
        };
        assert_eq!(taken(Some(30), &asked), asked);
        assert_eq!(taken(None, &asked), taken(Some(29), &asked));
        assert_eq!(taken(Some(29), &asked), workload(json!({"exec": {"command": ["sleep", "3"]}})));
        let service = json!({"kind": "Service", "spec": {"ports": []}});
        assert_eq!(taken(Some(20), &service), service);
    }

    #[test]
    fn an_older_server_is_told_nothing_of_what_it_does_not_know() {
        let daemons = |rolling: Value| json!({"kind": "DaemonSet", "spec": {"minReadySeconds": 5, "updateStrategy": {"rollingUpdate": rolling}}});
        for (asked, taken) in [
            (daemons(json!({"maxSurge": 2, "maxUnavailable": 0})), daemons(json!({"maxUnavailable": 2}))),
            (
                daemons(json!({"maxSurge": 0, "maxUnavailable": "100%"})),
                daemons(json!({"maxUnavailable": "100%"})),
            ),
            (
                json!({"kind": "StatefulSet", "spec": {"minReadySeconds": 5, "replicas": 2}}),
                json!({"kind": "StatefulSet", "spec": {"replicas": 2}}),
            ),
        ] {
            let (mut old, mut new) = (asked.clone(), asked.clone());
            as_taken(Some(21), &mut old);
            as_taken(Some(22), &mut new);
            assert_eq!((old, new), (taken, asked));
        }
    }
}
