//! The table of the README: what every engine has to do, and which engine was seen to do it.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

/// What is promised, in the order of the table.
const PROMISES: [&str; 12] = [
    "fetches an image, and knows which it has",
    "makes a container without starting it, knows it again by its digest, and replaces what an earlier run left half-made",
    "starts it, and starts what runs already without harm",
    "waits until it is healthy, and has it answer on its port of the server",
    "gives it its environment",
    "shows what it wrote",
    "gives it another name while it runs, and makes the next one beside it",
    "says which port is taken, and starts it once that is free",
    "stops it, removes it, and leaves nobody listening",
    "tells of one that ends at once, with its last lines",
    "tells of an image that does not exist and of a server that does not answer",
    "sees what somebody else made, and leaves it alone",
];

/// The promises that one engine was seen to keep.
#[derive(Default)]
pub(crate) struct Kept(RefCell<Vec<&'static str>>);

impl Kept {
    /// Notes that a promise was kept.
    pub(crate) fn note(&self, promise: &'static str) {
        assert!(PROMISES.contains(&promise), "no such promise: {promise}");
        self.0.borrow_mut().push(promise);
    }

    /// The README says of `engine` just this.
    pub(crate) fn is_told(&self, engine: &str) {
        let told = told(engine);
        for promise in PROMISES {
            let expected = if self.0.borrow().contains(&promise) { "yes" } else { "no" };
            let found = told.iter().find(|(row, _)| row == promise).map(|(_, cell)| cell.as_str());
            assert_eq!(found, Some(expected), "the README's table, {engine}: {promise}");
        }
        assert_eq!(told.len(), PROMISES.len(), "the README's table has rows that nobody checks");
    }
}

/// What the README says of `engine`: each row and its cell.
fn told(engine: &str) -> Vec<(String, String)> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.expect("the README is there");
    let mut rows = readme.lines().skip_while(|line| !line.starts_with("| what an engine has to do |"));
    let cells = |line: &str| {
        let cells: Vec<String> =
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        cells
    };
    let head = cells(rows.next().expect("the README has the table"));
    let column =
        head.iter().position(|cell| cell == &format!("`{engine}`")).expect("the engine has a column");
    let rows = rows.skip(1).take_while(|line| line.starts_with('|')).map(cells);
    rows.map(|row| (row[0].clone(), row[column].clone())).collect()
}
