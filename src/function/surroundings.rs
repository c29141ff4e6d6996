//! What functions may know of the machine that they run on: the one door.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use crate::source::{Disk, World};

/// What functions may know of the machine.
pub trait Surroundings {
    /// The IPv4 address and netmask of a network interface.
    fn interface(&self, name: &str) -> Option<(Ipv4Addr, Ipv4Addr)>;

    /// The names of the network interfaces that are hardware, in their order.
    fn devices(&self) -> Vec<String>;

    /// The gateway of the default route.
    fn gateway(&self) -> Option<Ipv4Addr>;

    /// The DNS servers.
    fn dns(&self) -> Vec<String>;

    /// What `/etc/eole/release`, else `/etc/os-release`, says under `name`.
    fn release(&self, name: &str) -> Option<String>;

    /// Whether the server has been set up.
    fn is_instanciated(&self) -> bool;

    /// The names of the files in a folder, in their order.
    fn files(&self, folder: &Path) -> Vec<String>;

    /// What the file at `path` is, if it is a device.
    fn device(&self, path: &Path) -> Option<Device>;

    /// Fills `bytes` with random ones; says whether it could.
    fn random(&self, bytes: &mut [u8]) -> bool;
}

/// A file that is a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Whether it is one of blocks; else one of characters.
    pub block: bool,
    /// Its major number.
    pub major: u64,
    /// Its minor number.
    pub minor: u64,
}

/// The file that says that the server has been set up.
pub const INSTANCIATED: &str = "/var/lib/galerne/instanciated";

/// The machine itself, its files below a root.
#[derive(Debug, Clone)]
pub struct Machine {
    root: PathBuf,
}

impl Default for Machine {
    fn default() -> Self {
        Self::new(Path::new("/"))
    }
}

impl Machine {
    /// The machine whose files are below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn rooted(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn text(&self, path: &str) -> String {
        text(&self.rooted(Path::new(path)))
    }
}

/// What the file at `path` says; nothing where it cannot be read.
fn text(path: &Path) -> String {
    Disk.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

impl Surroundings for Machine {
    fn interface(&self, name: &str) -> Option<(Ipv4Addr, Ipv4Addr)> {
        let found = nix::ifaddrs::getifaddrs().ok()?;
        let mut of_name = found.filter(|interface| interface.interface_name == name);
        of_name.find_map(|interface| {
            let address = interface.address?.as_sockaddr_in()?.ip();
            Some((address, interface.netmask?.as_sockaddr_in()?.ip()))
        })
    }

    fn devices(&self) -> Vec<String> {
        let entries = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
        let hardware = entries.filter(|entry| entry.path().join("device").exists());
        let mut names: Vec<String> =
            hardware.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn gateway(&self) -> Option<Ipv4Addr> {
        // The kernel writes addresses as hexadecimal numbers, their bytes turned around.
        let routes = text(Path::new("/proc/net/route"));
        let mut routes = routes.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        let default = routes.find(|fields| fields.get(1) == Some(&"00000000"))?;
        let bits = u32::from_str_radix(default.get(2)?, 16).ok()?;
        Some(Ipv4Addr::from(bits.swap_bytes()))
    }

    fn dns(&self) -> Vec<String> {
        let text = self.text("/etc/resolv.conf");
        let servers = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
        servers.map(|server| server.trim().to_owned()).collect()
    }

    fn release(&self, name: &str) -> Option<String> {
        ["/etc/eole/release", "/etc/os-release"].iter().find_map(|path| {
            let text = self.text(path);
            let mut values = text.lines().filter_map(|line| line.split_once('='));
            let (_, value) = values.find(|(known, _)| known.trim() == name)?;
            Some(value.trim().trim_matches('"').to_owned())
        })
    }

    fn is_instanciated(&self) -> bool {
        self.rooted(Path::new(INSTANCIATED)).exists()
    }

    fn files(&self, folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(self.rooted(folder)).into_iter().flatten().flatten();
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn device(&self, path: &Path) -> Option<Device> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let metadata = fs::metadata(self.rooted(path)).ok()?;
        let (block, character) =
            (metadata.file_type().is_block_device(), metadata.file_type().is_char_device());
        let (major, minor) = (nix::sys::stat::major(metadata.rdev()), nix::sys::stat::minor(metadata.rdev()));
        (block || character).then_some(Device { block, major, minor })
    }

    fn random(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }
}

/// A machine in memory, for tests.
#[cfg(test)]
pub(super) struct Fixed;

#[cfg(test)]
impl Surroundings for Fixed {
    fn interface(&self, name: &str) -> Option<(Ipv4Addr, Ipv4Addr)> {
        (name == "eth0").then_some((Ipv4Addr::new(192, 0, 2, 15), Ipv4Addr::new(255, 255, 255, 0)))
    }
    fn devices(&self) -> Vec<String> {
        vec!["eno1".to_owned(), "eno2".to_owned()]
    }
    fn gateway(&self) -> Option<Ipv4Addr> {
        Some(Ipv4Addr::new(192, 0, 2, 1))
    }
    fn dns(&self) -> Vec<String> {
        vec!["192.0.2.53".to_owned(), "192.0.2.54".to_owned()]
    }
    fn release(&self, name: &str) -> Option<String> {
        (name == "EOLE_VERSION").then(|| "2.8".to_owned())
    }
    fn is_instanciated(&self) -> bool {
        true
    }
    fn files(&self, folder: &Path) -> Vec<String> {
        if folder == Path::new("/srv") { vec!["a.txt".to_owned(), "b.conf".to_owned()] } else { Vec::new() }
    }
    fn device(&self, path: &Path) -> Option<Device> {
        (path == Path::new("/dev/sr0")).then_some(Device { block: true, major: 11, minor: 0 })
    }
    fn random(&self, bytes: &mut [u8]) -> bool {
        bytes.iter_mut().zip(0..).for_each(|(byte, number)| *byte = number);
        true
    }
}
