//! A steady load on one page, to see what a change costs those who use it.
//!
//! In: an address and a path. Out, when stopped: a [`Tally`]. Requests start on a clock, not when the last one is
//! answered, so that a stall is counted as the many requests that it would have hit.

use std::collections::BTreeMap;
use std::mem;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::http;

/// The time from one request to the next.
const PERIOD: Duration = Duration::from_millis(10);
/// How long one waits: nginx tries a held request for the last time after ten seconds.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many requests can be under way at once before the clock is missed.
const CLIENTS: usize = 16;

/// What became of the requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many got each status.
    pub(crate) statuses: BTreeMap<u16, usize>,
    /// How many got each body, which tells who answered.
    pub(crate) bodies: BTreeMap<String, usize>,
    /// Why the others got no answer.
    pub(crate) failures: Vec<String>,
    /// The longest wait for an answer.
    pub(crate) longest: Duration,
}

impl Tally {
    /// How many requests there were.
    pub(crate) fn total(&self) -> usize {
        self.statuses.values().sum::<usize>() + self.failures.len()
    }

    /// How many were not answered with 200.
    pub(crate) fn failed(&self) -> usize {
        self.total() - self.statuses.get(&200).copied().unwrap_or_default()
    }

    /// Adds the answer that came after `wait`.
    fn count(&mut self, answer: std::io::Result<http::Response>, wait: Duration) {
        self.longest = self.longest.max(wait);
        match answer {
            Ok(response) => {
                *self.statuses.entry(response.status).or_default() += 1;
                *self.bodies.entry(response.body).or_default() += 1;
            }
            Err(problem) => self.failures.push(problem.to_string()),
        }
    }
}

/// A load that runs until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

/// What the clients share.
#[derive(Debug, Default)]
struct Shared {
    stop: AtomicBool,
    next: AtomicU32,
    tally: Mutex<Tally>,
}

impl Load {
    /// Starts to request `path` from `address`, a hundred times a second.
    pub(super) fn start(address: SocketAddr, path: &str) -> Self {
        let shared = Arc::new(Shared::default());
        let began = Instant::now();
        let client = |_| {
            let (shared, path) = (Arc::clone(&shared), path.to_owned());
            thread::spawn(move || request_on_the_clock(&shared, began, address, &path))
        };
        let clients = (0..CLIENTS).map(client).collect();
        Self { shared, clients }
    }

    /// What became of the requests so far.
    pub(crate) fn so_far(&self) -> Tally {
        self.shared.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the load and gives what became of all requests.
    pub(crate) fn stop(mut self) -> Tally {
        self.join();
        self.so_far()
    }

    /// Ends the load.
    fn join(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for client in mem::take(&mut self.clients) {
            let _ = client.join();
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.join();
    }
}

/// Takes the next tick of the clock, waits for it, requests, until the load is stopped.
fn request_on_the_clock(shared: &Shared, began: Instant, address: SocketAddr, path: &str) {
    while !shared.stop.load(Ordering::Relaxed) {
        let due = began + PERIOD * shared.next.fetch_add(1, Ordering::Relaxed);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let answer = http::get_within(address, path, PATIENCE);
        let wait = due.elapsed();
        shared.tally.lock().unwrap_or_else(PoisonError::into_inner).count(answer, wait);
    }
}
