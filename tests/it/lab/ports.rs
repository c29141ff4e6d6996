//! Free TCP ports of 127.0.0.1.
//!
//! Out: a port that nobody listens on and that no other test takes, in this process or in another one: each is
//! held by a lock on a file until the process ends. They lie below the range from which the kernel takes the ports
//! of outgoing connections, which could otherwise land on one before its listener is up.

use std::env;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;

/// The locks on the ports that this process took.
static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// Takes a free port for the rest of the process.
pub(super) fn take() -> u16 {
    let folder = env::temp_dir().join("galerne-lab-ports");
    fs::create_dir_all(&folder).expect("the folder of locks can be made");
    for port in 20_000..32_000 {
        let lock = File::create(folder.join(port.to_string())).expect("a lock can be made");
        if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(lock);
            return port;
        }
    }
    panic!("no free port between 20000 and 32000");
}
