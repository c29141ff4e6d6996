//! What is written in English and in French says the same: each page has its counterpart, with the same titles, rows of
//! tables, blocks of code and words of code. A sentence that is missing is found by the words of code in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The pages below `folder`, by their paths in the project.
fn pages(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(project(folder)).expect("the folder is there").flatten() {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(pages(&path));
        } else if Path::new(&path).extension().is_some_and(|extension| extension == "md") {
            found.insert(path);
        }
    }
    found
}

/// The pages that stay in one language: decisions are for those who work on the program.
const ENGLISH_ALONE: [&str; 1] = ["docs/decisions/"];

/// Each page in English with its counterpart in French.
fn pairs() -> Vec<(String, String)> {
    let both = pages("docs");
    let english = both.iter().filter(|page| {
        !page.starts_with("docs/fr/") && !ENGLISH_ALONE.iter().any(|alone| page.starts_with(alone))
    });
    let docs = english.map(|page| (page.clone(), page.replacen("docs/", "docs/fr/", 1)));
    docs.chain([("README.md".to_owned(), "README.fr.md".to_owned())]).collect()
}

/// What a title stands above: the rows of tables, the blocks of code and the text until the next one.
#[derive(Default)]
struct Section {
    title: String,
    rows: Vec<String>,
    blocks: Vec<String>,
    prose: String,
}

/// The sections of a page, the first of which is what stands before a title.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            sections.push(Section { title: line.to_owned(), ..Section::default() });
        }
        let section = sections.last_mut().expect("there is a first one");
        if line.starts_with("```") {
            let inside: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            // A `text` is a screen, or a command with what it shows.
            let is_shown = matches!(line, "```console" | "```text");
            let inside = if is_shown { commands(&inside) } else { inside };
            let inside = inside.into_iter().map(without_comment);
            section.blocks.push(inside.fold(format!("{line}\n"), |block, line| block + line + "\n"));
            continue;
        }
        if line.starts_with('|') {
            section.rows.push(line.to_owned());
        }
        section.prose += line;
        section.prose.push('\n');
    }
    sections
}

/// The commands in a block, without what they print, which is in the language of the page (`examples.rs` holds it to the program).
fn commands<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut goes_on = false;
    let is_of_a_command = |line: &&&str| {
        let is_one = goes_on || line.starts_with("# ");
        goes_on = is_one && line.ends_with('\\');
        is_one
    };
    lines.iter().filter(is_of_a_command).copied().collect()
}

/// A line of a block without the comment at its end, which speaks the language of the page.
fn without_comment(line: &str) -> &str {
    line.find("  # ").map_or(line, |at| line[..at].trim_end())
}

/// The words of code in a text, those that stand for a value put alike.
fn words(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|word| alike(&word.replace('\n', " "))).collect()
}

/// `word` with an X for each run of capitals, so that `NAME` is `NOM`; a page of `docs/` is that of `docs/fr/`.
fn alike(word: &str) -> String {
    let mut alike = String::new();
    for letter in word.replace("docs/fr/", "docs/").replace("://serveur/", "://server/").chars() {
        if !letter.is_uppercase() {
            alike.push(letter);
        } else if !alike.ends_with('X') {
            alike.push('X');
        }
    }
    alike
}

/// How a row is known in both languages: by the code in its first cell, else by the figures in it.
fn row_key(row: &str) -> String {
    let first = row.trim_matches('|').split(" | ").next().unwrap_or_default();
    let words = words(first);
    if words.is_empty() { row.chars().filter(char::is_ascii_digit).collect() } else { words.join(" ") }
}

/// What a translation lacks of `page`, or has beyond it, a line each.
fn differences(page: &str, original: &str, translation: &str) -> String {
    let (original, translation) = (sections(original), sections(translation));
    let mut told = String::new();
    let titles =
        |sections: &[Section]| sections.iter().map(|section| section.title.clone()).collect::<Vec<_>>();
    let levels = |sections: &[Section]| {
        sections.iter().map(|section| section.title.chars().take_while(|mark| *mark == '#').count()).collect()
    };
    let (wanted, found): (Vec<usize>, Vec<usize>) = (levels(&original), levels(&translation));
    if wanted != found {
        let _ = writeln!(
            told,
            "{page}: the titles differ: {:?} and {:?}",
            titles(&original),
            titles(&translation)
        );
        return told;
    }
    for (original, translation) in original.iter().zip(&translation) {
        let place = format!("{page}: `{}` (`{}`)", translation.title, original.title);
        for row in lacking(&original.rows, &translation.rows, row_key) {
            let _ = writeln!(told, "{place} lacks the row {row}");
        }
        for row in lacking(&translation.rows, &original.rows, row_key) {
            let _ = writeln!(told, "{place} has a row of its own: {row}");
        }
        for block in lacking(&original.blocks, &translation.blocks, str::to_owned) {
            let _ = writeln!(told, "{place} lacks the block\n{block}");
        }
        for block in lacking(&translation.blocks, &original.blocks, str::to_owned) {
            let _ = writeln!(told, "{place} has a block of its own:\n{block}");
        }
        let said = words(&translation.prose);
        for word in words(&original.prose).iter().filter(|word| !said.contains(word)) {
            let _ = writeln!(told, "{place} does not say `{word}`");
        }
    }
    told
}

/// What is in `wanted` and not as often in `found`, both seen through `key`.
fn lacking<'a>(wanted: &'a [String], found: &[String], key: impl Fn(&str) -> String) -> Vec<&'a str> {
    let mut rest: Vec<String> = found.iter().map(|item| key(item)).collect();
    let mut lacking = Vec::new();
    for item in wanted {
        match rest.iter().position(|other| *other == key(item)) {
            Some(at) => drop(rest.swap_remove(at)),
            None => lacking.push(item.as_str()),
        }
    }
    lacking
}

#[test]
fn what_is_written_in_french_is_what_is_written_in_english() {
    let pairs = pairs();
    let mut told = String::new();
    for (english, french) in &pairs {
        let original = fs::read_to_string(project(english)).expect("it can be read");
        match fs::read_to_string(project(french)) {
            Err(_) => {
                let _ = writeln!(told, "{french} is missing: {english} has no translation");
            }
            Ok(translation) if translation == original => {
                let _ = writeln!(told, "{french} is not translated");
            }
            Ok(translation) => told += &differences(french, &original, &translation),
        }
    }
    let known: BTreeSet<&str> = pairs.iter().map(|(_, french)| french.as_str()).collect();
    for idle in pages("docs/fr").iter().filter(|page| !known.contains(page.as_str())) {
        let _ = writeln!(told, "{idle} translates no page");
    }
    assert!(told.is_empty(), "\n{told}");
}

/// What of a manual page is the same in each language: its macros, with what they hold where that is no title, its lines of prose by
/// their number, and what is shown as it is.
fn outline(page: &str) -> Vec<String> {
    let mut is_shown = false;
    let line_of = |line: &str| {
        is_shown = line.starts_with(".Bd") || is_shown && line != ".Ed";
        match line.split_once(' ') {
            Some((title @ (".Sh" | ".Ss" | ".Nd"), _)) => title.to_owned(),
            _ if is_shown => alike(line),
            _ if line.starts_with('.') => alike(line.trim_end_matches([' ', ',', '.', ';'])),
            _ => String::new(),
        }
    };
    page.lines().map(line_of).collect()
}

#[test]
fn manual_pages_on_formats_and_units_are_the_same_in_french() {
    let folder = fs::read_dir(project("packaging/man")).expect("it is there").flatten();
    let names: Vec<_> =
        folder.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name()).collect();
    assert!(names.len() > 3, "{names:?}");
    let translated = fs::read_dir(project("packaging/man/fr")).expect("it is there").count();
    assert_eq!(translated, names.len());
    for name in names {
        let read = |folder: &str| fs::read_to_string(project(folder).join(&name)).expect("it can be read");
        let (english, french) = (read("packaging/man"), read("packaging/man/fr"));
        assert!(english != french, "{name:?} is not translated");
        for (number, pair) in outline(&english).iter().zip(outline(&french)).enumerate() {
            assert_eq!(*pair.0, pair.1, "line {} of {name:?}", number + 1);
        }
        assert_eq!(english.lines().count(), french.lines().count(), "{name:?}");
    }
}

#[test]
fn the_two_readmes_lead_to_each_other() {
    let head = |path: &str| {
        let text = fs::read_to_string(project(path)).expect("it can be read");
        text.lines().take(5).collect::<Vec<_>>().join("\n")
    };
    assert!(
        head("README.md").contains("](README.fr.md)"),
        "README.md does not lead to README.fr.md at its top"
    );
    assert!(
        head("README.fr.md").contains("](README.md)"),
        "README.fr.md does not lead to README.md at its top"
    );
}

#[test]
fn a_translation_that_lacks_something_is_told_with_what_it_lacks() {
    let original = "# a\nuse `b NAME`\n## c\n| `d` | e |\n```\nf  # g\n```\n";
    assert_eq!(differences("p", original, "# a\nici `b NOM`\n## c\n| `d` | x |\n```\nf  # y\n```\n"), "");
    let told = differences("p", original, "# a\n## ç\n```\ng\n```\n");
    for expected in [
        "p: `# a` (`# a`) does not say `b X`\n",
        "p: `## ç` (`## c`) lacks the row | `d` | e |\n",
        "p: `## ç` (`## c`) lacks the block\n```\nf\n",
        "p: `## ç` (`## c`) has a block of its own:\n```\ng\n",
    ] {
        assert!(told.contains(expected), "{told}");
    }
    assert!(differences("p", original, "# a\n").contains("the titles differ"));
    let own = differences("p", "| `d` |\n", "| `d` |\n| `d` |\n");
    assert!(own.contains("has a row of its own: | `d` |"), "{own}");
}
