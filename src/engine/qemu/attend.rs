//! A machine, as its attendant runs it.
//!
//! QEMU's user network takes connections before anybody in the machine listens. So QEMU forwards ports of an address that
//! only the attendant knows; the attendant holds the host's ports and listens on them once QEMU says that the machine answered.
//! Until then a connection is refused, as it is with a container, and the web server waits and tries again.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex as Lock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::process::Child;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::arguments::{self, Running};
use super::machine::{SHAPE, Shape};
use super::qmp::Monitor;
use super::{PROGRAM, kvm};
use crate::engine::attended::attend::{Ward, forward};
use crate::engine::attended::program;
use crate::engine::attended::store::{self, Note};

/// How long a machine may take to end after it was asked to.
pub(super) const GRACE: Duration = Duration::from_secs(30);

/// How long it is waited before it is asked again: one that still boots does not hear it.
const AGAIN: Duration = Duration::from_secs(3);

/// How long QEMU itself may take to end.
const END: Duration = Duration::from_secs(5);

/// Between two looks at ports that do not answer, for the first while, and later.
const PAUSE: Duration = Duration::from_millis(250);
const LONG_PAUSE: Duration = Duration::from_secs(2);
const WHILE: Duration = Duration::from_mins(10);

/// How often it is looked whether the machine accepted a connection, and how long between.
const LOOKS: u32 = 10;
const LOOK: Duration = Duration::from_millis(20);

/// How many connections may wait for the attendant.
const BACKLOG: u32 = 1024;

/// A machine in its folder.
pub(in crate::engine) struct Machine<'a> {
    folder: &'a Path,
    note: &'a Note,
    /// Where its ports are reached, in their order, while it runs.
    inner: Lock<Vec<SocketAddr>>,
    monitor: Mutex<Option<Monitor>>,
}

/// What became of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// The machine took it.
    Yes,
    /// Nobody knows yet.
    NotYet,
    /// The machine refused it.
    No,
}

/// A port of the host, before and after somebody answers behind it.
enum Door {
    Closed,
    Held(TcpSocket),
    Open,
}

impl<'a> Machine<'a> {
    /// The one in `folder`.
    pub(in crate::engine) fn new(folder: &'a Path, note: &'a Note) -> Self {
        Self { folder, note, inner: Lock::default(), monitor: Mutex::default() }
    }

    fn inner(&self) -> Vec<SocketAddr> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, execute: &str, arguments: serde_json::Value) -> io::Result<serde_json::Value> {
        match self.monitor.lock().await.as_mut() {
            Some(monitor) => monitor.ask(execute, arguments).await,
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Whether the machine takes connections that come to `inner`.
    async fn answers(&self, inner: SocketAddr) -> bool {
        let Ok(_connection) = TcpStream::connect(inner).await else { return false };
        for _ in 0..LOOKS {
            sleep(LOOK).await;
            let question = json!({"command-line": "info usernet"});
            let Ok(said) = self.ask("human-monitor-command", question).await else { return false };
            match taken(said.as_str().unwrap_or_default(), inner) {
                Taken::Yes => return true,
                Taken::NotYet => {}
                Taken::No => return false,
            }
        }
        false
    }

    /// Has a machine whose disk could not be written try again.
    async fn resume(&self) {
        if !self.monitor.lock().await.as_ref().is_some_and(Monitor::is_waiting) {
            return;
        }
        self.tell("the machine waits, as its disk cannot be written: is the server's disk full?");
        let _ = self.ask("cont", json!({})).await;
    }

    /// A line in the machine's log.
    fn tell(&self, line: &str) {
        let log = OpenOptions::new().append(true).open(self.folder.join("log"));
        let _ = log.and_then(|mut log| writeln!(log, "galerne: {line}"));
    }
}

#[async_trait]
impl Ward for Machine<'_> {
    /// They are free: that is all that is asked of them until the machine answers.
    fn publish(&self, listeners: Vec<TcpListener>) {
        drop(listeners);
    }

    async fn start(&self, log: File) -> io::Result<Child> {
        let mut inner = Vec::new();
        for _ in &self.note.spec.ports {
            let free = TcpListener::bind(SocketAddr::new(self.note.address.into(), 0)).await?;
            inner.push(free.local_addr()?);
        }
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&inner);
        let shape: Shape = serde_json::from_str(&store::read(&self.folder.join(SHAPE))?)?;
        let kvm = kvm::known(self.folder.parent().unwrap_or(self.folder)).unwrap_or(false);
        let running = Running { shape, note: self.note, inner: &inner, kvm };
        let mut child = program::command(PROGRAM)
            .args(arguments::of(&running))
            .current_dir(self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        // One that cannot be spoken to has ended, or will be ended in another way; its own words are in the log.
        *self.monitor.lock().await = Monitor::open(&mut child).await.ok();
        Ok(child)
    }

    async fn stay(&self) {
        let began = Instant::now();
        let mut carried = JoinSet::new();
        let inner = self.inner();
        let outer = self.note.spec.ports.iter().map(|port| SocketAddr::new(port.address, port.host));
        let mut doors: Vec<_> = outer.zip(inner).map(|(outer, inner)| (outer, inner, Door::Closed)).collect();
        loop {
            for (outer, inner, door) in &mut doors {
                *door = match std::mem::replace(door, Door::Closed) {
                    Door::Closed => hold(*outer).map_or(Door::Closed, Door::Held),
                    Door::Held(socket) if self.answers(*inner).await => match socket.listen(BACKLOG) {
                        Ok(listener) => {
                            carried.spawn(forward(listener, *inner));
                            Door::Open
                        }
                        Err(_) => Door::Closed,
                    },
                    as_it_was => as_it_was,
                };
            }
            // An answer also brings the events before it.
            let _ = self.ask("query-status", json!({})).await;
            self.resume().await;
            let is_settled = doors.iter().all(|(_, _, door)| matches!(door, Door::Open));
            sleep(if is_settled || began.elapsed() > WHILE { LONG_PAUSE } else { PAUSE }).await;
        }
    }

    async fn stop(&self, child: &mut Child) {
        let began = Instant::now();
        while began.elapsed() < GRACE {
            if self.ask("system_powerdown", json!({})).await.is_err() {
                break;
            }
            if timeout(AGAIN, child.wait()).await.is_ok() {
                return;
            }
        }
        let _ = self.ask("quit", json!({})).await;
        if timeout(END, child.wait()).await.is_err() {
            let _ = child.kill().await;
        }
    }
}

/// The host's `address`, taken without listening: connections are refused, and nobody else can listen.
fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// What became of the connections that came to `inner`, by what QEMU says of its user network: a line each of
/// `TCP[STATE]`, descriptor, source with port, destination with port.
fn taken(said: &str, inner: SocketAddr) -> Taken {
    let (address, port) = (inner.ip().to_string(), inner.port().to_string());
    let states = said.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let state = words.next()?.strip_prefix("TCP[")?.strip_suffix(']')?;
        let (_, source, at) = (words.next()?, words.next()?, words.next()?);
        (source == address && at == port && state != "HOST_FORWARD").then_some(state)
    });
    let mut found = Taken::No;
    for state in states {
        match state {
            "SYN_SENT" => found = Taken::NotYet,
            "CLOSED" => {}
            _ => return Taken::Yes,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_qemu_says_of_connections_is_read() {
        let said = |state: &str| {
            format!(
                "Hub -1 (net):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n  \
                 TCP[{state}]   22      127.77.1.1 18200       10.0.2.15    80     0     0\r\n  \
                 TCP[HOST_FORWARD]  11      127.77.1.1 18200       10.0.2.15    80     0     0\r\n"
            )
        };
        let inner = "127.77.1.1:18200".parse().unwrap();
        assert_eq!(taken(&said("ESTABLISHED"), inner), Taken::Yes);
        assert_eq!(taken(&said("SYN_SENT"), inner), Taken::NotYet);
        assert_eq!(taken(&said("CLOSED"), inner), Taken::No);
        assert_eq!(taken(&said("ESTABLISHED"), "127.77.1.1:18201".parse().unwrap()), Taken::No);
        assert_eq!(taken("", inner), Taken::No);
    }
}
