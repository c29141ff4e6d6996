use super::*;
use crate::nodes::{Availability, Labels};

fn node(name: &str, address: Option<&str>) -> Node {
    Node {
        name: name.to_owned().try_into().unwrap(),
        address: address.map(|address| address.to_owned().try_into().unwrap()),
        role: NodeRole::Manager,
        availability: Availability::Active,
        labels: Labels::default(),
    }
}

fn text(nodes: &Nodes, path: &str) -> String {
    let files = files(nodes).unwrap().files;
    let file = files.into_iter().find(|file| file.path.ends_with(path)).unwrap();
    match file.content {
        Content::Text(text) => text,
        Content::Link(_) => String::new(),
    }
}

#[test]
fn a_node_without_an_address_is_named() {
    let nodes = Nodes { all: vec![node("a", None), node("b", Some("192.0.2.2"))], ..Nodes::default() };
    let errors: Vec<String> = files(&nodes).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["the node `a` has no address"]);
}

#[test]
fn each_file_that_has_no_form_is_named() {
    let files = vec![("/a".to_owned(), Ok(String::new())), ("/b".to_owned(), Err("why".to_owned()))];
    let errors = gathered(files).unwrap_err();
    assert_eq!(errors, [ProvisionError::NotWritten { file: "/b".to_owned(), reason: "why".to_owned() }]);
}

#[test]
fn a_package_comes_from_where_it_is_said_to() {
    let mut nodes = Nodes { all: vec![node("a", Some("192.0.2.1"))], ..Nodes::default() };
    assert!(text(&nodes, "user-data").contains("- galerne\n"));
    nodes.making.package = Package::File("/srv/g.deb".into());
    assert!(text(&nodes, "inventory.yml").contains("galerne_file: /srv/g.deb"));
    assert!(!text(&nodes, "user-data").contains("g.deb"));
    let url = "https://example.org/g.deb".to_owned();
    nodes.making.package = Package::Url { url, sha256: Some("ab".repeat(32)) };
    assert!(text(&nodes, "inventory.yml").contains(&format!("galerne_checksum: sha256:{}", "ab".repeat(32))));
    assert!(text(&nodes, "user-data").contains("https://example.org/g.deb"));
}

#[test]
fn who_logs_in_is_made_and_may_become_root() {
    let mut nodes = Nodes { all: vec![node("a", Some("192.0.2.1"))], ..Nodes::default() };
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA admin@example.org".to_owned();
    nodes.making.keys = vec![key.clone().try_into().unwrap()];
    assert!(text(&nodes, "user-data").contains(&key));
    nodes.making.user = "admin".to_owned().try_into().unwrap();
    assert!(text(&nodes, "user-data").contains("NOPASSWD"));
    assert!(text(&nodes, "inventory.yml").contains("ansible_user: admin"));
}
