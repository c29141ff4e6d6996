//! Whether the kernel balances connections (IPVS). Without it a swarm's own addresses and ports are refused without a word, while all
//! its tasks say that they run.

use std::path::Path;

use crate::source::{Disk, World as _};

/// Whether IPVS is in the kernel, or is a module that Docker can load.
pub(super) fn balances() -> bool {
    ["/proc/net/ip_vs", "/sys/module/ip_vs"].iter().any(|path| Path::new(path).exists()) || is_module()
}

fn is_module() -> bool {
    let Ok(release) = Disk.read(Path::new("/proc/sys/kernel/osrelease")) else { return false };
    let release = String::from_utf8_lossy(&release).trim().to_owned();
    ["modules.dep", "modules.builtin"].iter().any(|list| {
        let list = Path::new("/lib/modules").join(&release).join(list);
        Disk.read(&list).is_ok_and(|text| lists(&String::from_utf8_lossy(&text)))
    })
}

/// Whether a list of modules has it, compressed or not.
fn lists(list: &str) -> bool {
    list.lines().any(|line| {
        let path = line.split(':').next().unwrap_or_default();
        path.rsplit('/').next().is_some_and(|file| file == "ip_vs.ko" || file.starts_with("ip_vs.ko."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_by_its_own_name() {
        assert!(lists("kernel/net/netfilter/ipvs/ip_vs.ko: kernel/net/a.ko\n"));
        assert!(lists("kernel/a.ko:\nkernel/net/netfilter/ipvs/ip_vs.ko.xz:\n"));
        assert!(!lists("kernel/net/netfilter/ipvs/ip_vs_rr.ko: kernel/net/netfilter/ipvs/ip_vs.ko\n"));
        assert!(!lists(""));
    }
}
