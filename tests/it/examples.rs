//! The examples of the README and of the book: each command of a block `console` is run as it stands on a real server with an
//! engine, a registry and nginx, and must print what stands below it, in the language of the page. A line `…` stands for any
//! lines, `…` within a line for any text; a command without anything below it must succeed. What is in a comment `before` is run
//! and not shown. `GALERNE_UPDATE=1 cargo test --test it examples` writes into the pages what is printed now.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::lab::{Documented, Lab};

/// What needs more than one server has, by its page and the beginning of its first command, and the test that does the same; `./quickstart`
/// looks itself at what it serves.
const ELSEWHERE: [(&str, &str, &str); 12] = [
    ("README.md", "./quickstart", "quickstart"),
    ("docs/install.md", "packaging/build", "tests/it/package.rs"),
    ("docs/install.md", "galerne diagnose", "tests/it/package.rs"),
    ("docs/import.md", "galerne import", "tests/it/import.rs"),
    ("docs/sites.md", "galerne site add", "tests/it/sites.rs"),
    ("docs/sites.md", "galerne --site", "tests/it/sites.rs"),
    ("docs/sites.md", "galerne promote", "tests/it/sites.rs"),
    ("docs/traefik.md", "install", "tests/it/traefik.rs"),
    ("docs/cluster.md", "galerne cluster init", "tests/it/cluster.rs"),
    ("docs/cluster.md", "galerne cluster hosts", "tests/it/cluster.rs"),
    ("docs/swarm.md", "docker swarm init", "tests/it/swarm.rs"),
    ("docs/kubernetes.md", "galerne set conteneur1_type=kubernetes", "tests/it/kubernetes_applied.rs"),
];

/// One command of a page.
#[derive(Debug)]
struct Example {
    command: String,
    /// The lines of the page that show what it prints.
    shown: Range<usize>,
    hidden: bool,
}

/// The commands of a page, block by block.
fn blocks(lines: &[&str]) -> Vec<Vec<Example>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let end = match lines[at] {
            "```console" => "```",
            "<!-- before" => "-->",
            fence if fence.starts_with("```") => {
                at += 1 + lines[at + 1..].iter().position(|line| *line == "```").unwrap_or(0);
                at += 1;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let last = at + lines[at..].iter().position(|line| *line == end).expect("a block is closed");
        blocks.push(block(lines, at + 1..last, end == "-->"));
        at = last + 1;
    }
    blocks
}

/// The commands of one block, each with what follows until the next one.
fn block(lines: &[&str], within: Range<usize>, hidden: bool) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut at = within.start;
    while at < within.end {
        let Some(first) = lines[at].strip_prefix("# ") else {
            panic!("line {}: a command begins with `# `: {}", at + 1, lines[at]);
        };
        let mut command = first.to_owned();
        let here = first.ends_with("<<'END'");
        while at + 1 < within.end && (here || lines[at].ends_with('\\')) {
            at += 1;
            command = command + "\n" + lines[at];
            if here && lines[at] == "END" {
                break;
            }
        }
        at += 1;
        let shown = at;
        while at < within.end && !lines[at].starts_with("# ") {
            at += 1;
        }
        examples.push(Example { command, shown: shown..at, hidden });
    }
    examples
}

/// Whether `found` is what `shown` says, in which `…` stands for anything.
fn is_shown(shown: &[&str], found: &[&str]) -> bool {
    match shown.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=found.len()).any(|skipped| is_shown(rest, &found[skipped..]))
        }
        Some((line, rest)) => {
            found.split_first().is_some_and(|(first, others)| is_line(line, first) && is_shown(rest, others))
        }
    }
}

fn is_line(shown: &str, found: &str) -> bool {
    let (shown, found) = (shown.trim_end(), found.trim_end());
    let Some((begin, rest)) = shown.split_once('…') else { return shown == found };
    found.strip_prefix(begin).is_some_and(|found| {
        let places = found.char_indices().map(|(at, _)| at).chain([found.len()]);
        places.into_iter().any(|at| is_line(rest, &found[at..]))
    })
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The pages of a language that have examples; `docs/diagnostics` has those of `explain`.
fn pages(readme: &str, folder: &str) -> Vec<String> {
    let mut pages = vec![readme.to_owned()];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(project(&folder)).expect("the folder is there").flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                let apart = ["docs/fr", "docs/decisions", "docs/diagnostics", "docs/fr/diagnostics"];
                folders.extend((!apart.contains(&path.as_str())).then_some(path));
            } else if entry.path().extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn is_elsewhere(page: &str, block: &[Example]) -> bool {
    let page = page.replace("README.fr.md", "README.md").replace("docs/fr/", "docs/");
    block.first().is_some_and(|first| {
        ELSEWHERE.iter().any(|(other, begins, _)| page == *other && first.command.starts_with(begins))
    })
}

/// Runs the examples of `page` and gives what is wrong with them; with `GALERNE_UPDATE` writes what is printed.
fn run(page: &str, server: &Documented, language: &str, wrong: &mut Vec<String>) {
    let text = fs::read_to_string(project(page)).expect("it can be read");
    let lines: Vec<&str> = text.lines().collect();
    let blocks: Vec<_> = blocks(&lines).into_iter().filter(|block| !is_elsewhere(page, block)).collect();
    if blocks.is_empty() {
        return;
    }
    server.reset();
    // How far an engine is depends on when it is asked.
    let progress = r"(?m)^    (127\.0\.0\.1:5000/\S+ \w+\s?:|\w+\s?:) .*\n";
    let progress = regex::Regex::new(progress).expect("it is an expression");
    let mut written: Vec<(Range<usize>, String)> = Vec::new();
    for example in blocks.iter().flatten() {
        let (found, succeeded) = server.say(&example.command, language);
        let found = progress.replace_all(&found, "").into_owned();
        let shown = &lines[example.shown.clone()];
        if shown.is_empty() || example.hidden {
            if !succeeded {
                wrong.push(format!("{page}: {}\n{found}", example.command));
            }
        } else if !is_shown(shown, &found.lines().collect::<Vec<_>>()) {
            wrong.push(format!("{page}:{}: {}\n{found}", example.shown.start, example.command));
            written.push((example.shown.clone(), found));
        }
    }
    if std::env::var_os("GALERNE_UPDATE").is_some() {
        let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
        for (shown, found) in written.into_iter().rev() {
            lines.splice(shown, found.lines().map(lasting));
        }
        fs::write(project(page), lines.join("\n") + "\n").expect("it can be written");
    }
}

/// A line without what is different each time: moments, and addresses of the lab.
fn lasting(line: &str) -> String {
    let changing = r"\d{4}-\d\d-\d\dT[\d:]+Z|\b10\.235\.\d+\.\d+(:\d+)?";
    let changing = regex::Regex::new(changing).expect("it is an expression");
    changing.replace_all(line.trim_end(), "…").into_owned()
}

fn run_all(pages: &[String], language: &str) {
    let Some(lab) = Lab::open() else { return };
    let server = Documented::start(lab);
    let mut wrong = Vec::new();
    let only = std::env::var("GALERNE_PAGE").unwrap_or_default();
    for page in pages.iter().filter(|page| page.contains(&only)) {
        run(page, &server, language, &mut wrong);
    }
    let told = "GALERNE_UPDATE=1 cargo test --test it examples writes what is printed:";
    assert!(wrong.is_empty(), "{told}\n{}", wrong.join("\n"));
}

#[test]
fn the_english_pages_show_what_is_printed() {
    run_all(&pages("README.md", "docs"), "C.UTF-8");
}

#[test]
fn the_french_pages_show_what_is_printed() {
    run_all(&pages("README.fr.md", "docs/fr"), "fr_FR.UTF-8");
}

#[test]
fn what_is_run_elsewhere_is_there() {
    for (page, begins, test) in ELSEWHERE {
        let text = fs::read_to_string(project(page)).expect("it can be read");
        let lines: Vec<&str> = text.lines().collect();
        let found = blocks(&lines).iter().any(|block| is_elsewhere(page, block));
        assert!(found, "{page} has no block that begins with `{begins}`");
        assert!(project(test).exists(), "{test}");
    }
}

#[test]
fn dots_stand_for_anything_and_other_text_for_itself() {
    assert!(is_shown(&["a", "…", "d 1…3"], &["a", "b", "c", "d 123"]));
    assert!(is_shown(&["a…"], &["a"]) && is_shown(&["…"], &[]));
    assert!(!is_shown(&["a", "…", "e"], &["a", "b"]) && !is_shown(&["a"], &["a", "b"]));
    let page = [
        "x",
        "```console",
        "# a \\",
        "  b",
        "c",
        "# cat <<'END'",
        "# d",
        "END",
        "```",
        "```text",
        "# z",
        "```",
    ];
    let found = blocks(&page);
    assert_eq!((found.len(), found[0].len()), (1, 2));
    assert_eq!((found[0][0].command.as_str(), found[0][0].shown.clone()), ("a \\\n  b", 4..5));
    assert_eq!(found[0][1].command, "cat <<'END'\n# d\nEND");
}
