//! The sections `files` and `containers`: what a dictionary says of the system, read and kept.

use super::element::Element;
use super::problem::{DictionaryError, meant};
use super::tree::SystemEntry;
use crate::diagnostic::{Finding, Findings};
use crate::source::Spanned;

/// An element of these sections: its name, its attributes, what it may hold.
struct Shape {
    name: &'static str,
    attributes: &'static [&'static str],
    inner: &'static [&'static str],
}

/// The elements that describe a system, by CREOLE's names.
const SHAPES: [Shape; 10] = [
    Shape {
        name: "file",
        attributes: &[
            "name",
            "source",
            "mode",
            "owner",
            "group",
            "filelist",
            "mkdir",
            "rm",
            "del_comment",
            "redefine",
            "instance_mode",
            "container",
            "container_only",
        ],
        inner: &[],
    },
    Shape {
        name: "service",
        attributes: &[
            "servicelist",
            "method",
            "startlevel",
            "stoplevel",
            "hidden",
            "redefine",
            "pty",
            "container",
            "instance_mode",
        ],
        inner: &[],
    },
    Shape { name: "package", attributes: &["instance_mode", "packagelist", "container"], inner: &[] },
    Shape {
        name: "service_access",
        attributes: &["service", "service_accesslist", "container"],
        inner: &["port", "tcpwrapper"],
    },
    Shape {
        name: "service_restriction",
        attributes: &["service", "service_restrictionlist", "container"],
        inner: &["ip", "interface"],
    },
    Shape {
        name: "interface",
        attributes: &[
            "name",
            "linkto",
            "ip",
            "mask",
            "bcast",
            "gateway",
            "method",
            "interfacelist",
            "container",
            "redefine",
        ],
        inner: &[],
    },
    Shape {
        name: "host",
        attributes: &[
            "name",
            "hostlist",
            "ip",
            "crossed",
            "instance_mode",
            "comment",
            "container",
            "redefine",
        ],
        inner: &[],
    },
    Shape {
        name: "fstab",
        attributes: &[
            "name",
            "type",
            "mount_point",
            "options",
            "checks",
            "fstablist",
            "instance_mode",
            "container",
        ],
        inner: &[],
    },
    Shape { name: "container", attributes: &["name", "id", "group"], inner: CONTENTS },
    Shape { name: "all", attributes: &[], inner: CONTENTS },
];

/// What a container, or `<files>`, may hold.
const CONTENTS: &[&str] =
    &["file", "service", "package", "service_access", "service_restriction", "interface", "host", "fstab"];

/// The elements within a `service_access` or `service_restriction`, with their attributes.
const DETAILS: [(&str, &[&str]); 4] = [
    ("port", &["port_type", "service_accesslist", "protocol"]),
    ("tcpwrapper", &["tcpwrapper_type", "service_accesslist"]),
    ("ip", &["ip_type", "interface", "interface_type", "netmask", "netmask_type", "service_restrictionlist"]),
    ("interface", &["interface_type", "service_restrictionlist"]),
];

/// Reads `<files>`.
pub(super) fn files(element: &Element, entries: &mut Vec<SystemEntry>, findings: &mut Findings) {
    for child in element.children("files", CONTENTS, findings) {
        entries.push(entry(child, None, findings));
    }
}

/// Reads `<containers>`.
pub(super) fn containers(element: &Element, entries: &mut Vec<SystemEntry>, findings: &mut Findings) {
    for child in element.children("containers", &["container", "all"], findings) {
        let name = child.attributes.iter().find(|attribute| attribute.name == "name");
        let name = name.map_or_else(|| "all".to_owned(), |attribute| attribute.value.clone());
        entries.push(entry(child, Some(&name), findings));
    }
}

/// Reads one element, what it holds included.
fn entry(element: &Element, container: Option<&str>, findings: &mut Findings) -> SystemEntry {
    let (attributes, inner) = known(element);
    for attribute in element.attributes.iter().filter(|attribute| !attributes.contains(&attribute.name)) {
        let unknown = DictionaryError::UnknownAttribute {
            name: attribute.name.to_owned(),
            element: element.name.to_owned(),
            help: meant(attribute.name, attributes),
        };
        findings.push(Finding::new(unknown).at(attribute.name_span, "not known here"));
    }
    let (text, children) = if inner.is_empty() {
        let (text, span) = element.text(findings);
        (Spanned::new(text.to_owned(), span), Vec::new())
    } else {
        let children = element.children(element.name, inner, findings);
        (Spanned::new(String::new(), element.span), children)
    };
    SystemEntry {
        kind: element.name.to_owned(),
        container: container.map(str::to_owned),
        attributes: (element.attributes.iter())
            .map(|attribute| {
                (attribute.name.to_owned(), Spanned::new(attribute.value.clone(), attribute.span))
            })
            .collect(),
        text,
        inner: children.into_iter().map(|child| entry(child, container, findings)).collect(),
    }
}

/// The attributes and inner elements that the dialect knows of `element`.
fn known(element: &Element) -> (&'static [&'static str], &'static [&'static str]) {
    let shape = SHAPES.iter().find(|shape| shape.name == element.name);
    let detail = DETAILS.iter().find(|(name, _)| *name == element.name);
    match (shape, detail) {
        (Some(shape), _) => (shape.attributes, shape.inner),
        (None, Some((_, attributes))) => (attributes, &[]),
        (None, None) => (&[], &[]),
    }
}
