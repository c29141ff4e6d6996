//! What nginx reads to hand the requests of an application to its copies on a cluster.
//!
//! A template makes all of it but the addresses of the copies, which are known only when they run: they stand after the line
//! [`SERVERS`], up to the end of that block. It is no file of the set, as it changes with the copies, not with the configuration.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::run_spec::ContainerName;
use crate::traefik;

/// The line after which the addresses of the copies stand. What follows in it is said of each of them.
pub const SERVERS: &str = "# galerne: servers";
/// What is said of each where the line says nothing: one that does not answer is left out for a moment; with one alone nginx never
/// does that.
const USUAL: &str = "max_fails=1 fail_timeout=5s";

/// Where the web server reads `text`, which says itself whose it is.
pub fn balance_path(container: &ContainerName, text: &str) -> PathBuf {
    let paths = balance_paths(container);
    paths.into_iter().nth(usize::from(traefik::is_of_copies(text))).unwrap_or_default()
}

/// Where it may stand: nginx's, then Traefik's.
pub fn balance_paths(container: &ContainerName) -> [PathBuf; 2] {
    let nginx = format!("{}/{container}.balance", crate::render::LOCATIONS);
    [nginx, traefik::balance_path(container.as_str())].map(PathBuf::from)
}

/// What nginx reads of the application that `template` is for, with these copies; what this gave for other copies is as good
/// as the template.
pub fn balance(template: &str, copies: &BTreeSet<SocketAddr>) -> String {
    if traefik::is_of_copies(template) {
        return traefik::copies(template, copies);
    }
    let mut text = String::new();
    let mut in_servers = false;
    for line in template.lines() {
        in_servers &= line.trim() != "}";
        if !in_servers {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(said) = line.trim().strip_prefix(SERVERS) {
            in_servers = true;
            let indent = line.len() - line.trim_start().len();
            let said = Some(said.trim()).filter(|said| !said.is_empty()).unwrap_or(USUAL);
            text.push_str(&servers(&" ".repeat(indent), said, copies));
        }
    }
    text
}

fn servers(indent: &str, said: &str, copies: &BTreeSet<SocketAddr>) -> String {
    if copies.is_empty() {
        // nginx wants one at least.
        return format!("{indent}server 127.0.0.1:9 down;\n");
    }
    let lines: Vec<String> = copies.iter().map(|copy| format!("{indent}server {copy} {said};\n")).collect();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_copy_has_its_line_and_none_is_no_mistake() {
        let template = format!("upstream a {{\n    {SERVERS}\n}}\n");
        let copies = ["10.0.0.2:32768", "10.0.0.1:32769"].map(|text| text.parse().unwrap()).into();
        assert_eq!(
            balance(&template, &copies),
            "upstream a {\n    # galerne: servers\n    server 10.0.0.1:32769 max_fails=1 fail_timeout=5s;\n    \
             server 10.0.0.2:32768 max_fails=1 fail_timeout=5s;\n}\n"
        );
        assert_eq!(balance(&balance(&template, &BTreeSet::new()), &copies), balance(&template, &copies));
        assert!(balance(&template, &BTreeSet::new()).contains("    server 127.0.0.1:9 down;\n"));
        let said = balance(&template.replace(SERVERS, &format!("{SERVERS} max_fails=0")), &copies);
        assert!(said.contains("    server 10.0.0.1:32769 max_fails=0;\n"), "{said}");
    }
}
