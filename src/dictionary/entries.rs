//! The sections `files` and `containers`: what a dictionary says of the system, read and kept.

use std::sync::Arc;

use super::element::Element;
use super::fields::text_or_empty;
use super::problem::{DictionaryError, meant};
use super::tree::SystemEntry;
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::Spanned;

/// An element of these sections: its name, its attributes, what it may hold.
struct Shape {
    name: &'static str,
    attributes: &'static [&'static str],
    inner: &'static [&'static str],
}

/// The elements that describe a system, by CREOLE's names.
const SHAPES: &[Shape] = &[
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
            // galerne's own.
            "engine",
            "service",
            "validator",
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
const DETAILS: &[Shape] = &[
    Shape { name: "port", attributes: &["port_type", "service_accesslist", "protocol"], inner: &[] },
    Shape { name: "tcpwrapper", attributes: &["tcpwrapper_type", "service_accesslist"], inner: &[] },
    Shape {
        name: "ip",
        attributes: &[
            "ip_type",
            "interface",
            "interface_type",
            "netmask",
            "netmask_type",
            "service_restrictionlist",
        ],
        inner: &[],
    },
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
        let name = name.map_or("all", |attribute| &attribute.value).into();
        entries.push(entry(child, Some(&name), findings));
    }
}

/// Reads one element, what it holds included.
fn entry(element: &Element, container: Option<&Arc<str>>, findings: &mut Findings) -> SystemEntry {
    let Shape { name, attributes: known, inner } = *shape(element);
    let mut attributes = Vec::with_capacity(element.attributes.len());
    for attribute in &element.attributes {
        if let Some(name) = known.iter().find(|name| **name == attribute.name) {
            attributes.push((*name, Spanned::new(Arc::clone(&attribute.value), attribute.span)));
            continue;
        }
        let unknown = DictionaryError::UnknownAttribute {
            name: attribute.name.to_owned(),
            element: element.name.to_owned(),
            help: meant(attribute.name, known),
        };
        findings.push(
            Finding::new(unknown).at(attribute.name_span, phrase!("at-not-known-here", "not known here")),
        );
    }
    let (text, children) = if inner.is_empty() {
        (text_or_empty(element, findings), Vec::new())
    } else {
        let children = element.children(element.name, inner, findings);
        (Spanned::new("".into(), element.span), children)
    };
    SystemEntry {
        kind: name,
        container: container.cloned(),
        attributes,
        text,
        inner: children.into_iter().map(|child| entry(child, container, findings)).collect(),
    }
}

/// What the dialect knows of `element`.
fn shape(element: &Element) -> &'static Shape {
    const NONE: Shape = Shape { name: "", attributes: &[], inner: &[] };
    let known = |shapes: &'static [Shape]| shapes.iter().find(|shape| shape.name == element.name);
    known(SHAPES).or_else(|| known(DETAILS)).unwrap_or(&NONE)
}
