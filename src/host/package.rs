//! What is installed, as `dpkg` knows it.

use std::process::Stdio;

use tokio::process::Command;

use crate::program::SEARCH_PATH;
use crate::render::PackageName;

/// Those of `packages` that are not installed; none where there is no `dpkg` to ask.
pub(super) async fn missing(packages: &[PackageName]) -> Vec<PackageName> {
    if packages.is_empty() {
        return Vec::new();
    }
    let asked = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\\n", "--"])
        .args(packages.iter().map(PackageName::as_str))
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Ok(output) = asked.await else { return Vec::new() };
    let text = String::from_utf8_lossy(&output.stdout);
    let installed: Vec<&str> = text.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    packages.iter().filter(|package| !installed.contains(&package.as_str())).cloned().collect()
}
