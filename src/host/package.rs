//! What is installed, as `dpkg` and the search path know it.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::render::PackageName;

/// Where programs are looked for.
pub(super) const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Whether a program is there.
pub(super) fn has_program(name: &str) -> bool {
    SEARCH_PATH.split(':').any(|folder| Path::new(folder).join(name).is_file())
}

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
