//! The page of applications in a real browser, as the real nginx serves it: what stands on it, that it needs no script, and that
//! nothing leaves the screen of a telephone. `GALERNE_UPDATE=1` takes the pictures of `docs/pictures` anew.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::described::Described;
use crate::lab::{Lab, run};

/// The window of a telephone, and that of a computer.
const WINDOWS: [(&str, u32, u32); 2] = [("telephone", 390, 844), ("computer", 1280, 600)];

/// A browser without a screen, for who reads this language first.
struct Browser {
    profile: tempfile::TempDir,
    language: &'static str,
}

impl Browser {
    /// The browser; where there is none, says so.
    fn open(language: &'static str) -> Option<Self> {
        if !Path::new("/usr/bin/chromium").exists() {
            assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "chromium is missing");
            let _ = writeln!(std::io::stderr(), "skipped: chromium is missing");
            return None;
        }
        Some(Self { profile: tempfile::tempdir().expect("a folder can be made"), language })
    }

    fn command(&self, width: u32, height: u32) -> Command {
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=5", "120", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", self.profile.path().display()))
            .arg(format!("--window-size={width},{height}"))
            .arg(format!("--accept-lang={}", self.language))
            .env("HOME", self.profile.path());
        command
    }

    /// The document that is at `url`.
    fn document(&self, url: &str) -> String {
        run(self.command(1280, 600).args(["--dump-dom", url]))
    }

    /// A picture of `url`.
    fn picture(&self, url: &str, width: u32, height: u32) -> PathBuf {
        let path = self.profile.path().join("picture.png");
        run(self.command(width, height).arg(format!("--screenshot={}", path.display())).arg(url));
        path
    }

    /// How wide `document` is in a window of `width`, where no script of its own may run.
    fn width(&self, document: &str, width: u32) -> u32 {
        let escaped = document.replace('&', "&amp;").replace('"', "&quot;");
        let around = format!(
            "<!DOCTYPE html><p id=told></p><iframe sandbox=allow-same-origin width={width} height=844 \
             style='border:0' srcdoc=\"{escaped}\" onload='told.textContent = \
             contentDocument.documentElement.scrollWidth + \" wide\"'></iframe>"
        );
        let path = self.profile.path().join("around.html");
        fs::write(&path, around).expect("it can be written");
        let told = self.document(&format!("file://{}", path.display()));
        let told = told.split_once(" wide</p>").and_then(|(before, _)| before.rsplit('>').next());
        told.and_then(|told| told.parse().ok()).expect("the script says it")
    }
}

/// The text of a document, without its tags and comments.
fn read(document: &str) -> String {
    let body = document.split_once("<main>").expect("the page has a main part").1;
    let comments = regex::Regex::new("(?s)<!--.*?-->").expect("it is an expression");
    let tags = regex::Regex::new("<[^>]*>").expect("it is an expression");
    let text = tags.replace_all(&comments.replace_all(body, ""), "\n").into_owned();
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" | ")
}

/// Three applications, of which the last one does not answer.
fn with_applications(lab: Lab) -> Described {
    let described = Described::serving(lab, "page/demo", "1");
    described.describe(2, "nuage", "page/demo", "1");
    described.describe(3, "taches", "page/demo", "1");
    described.done(&[
        "set",
        "conteneur1_libelle=Wiki",
        "conteneur1_description=Documentation et comptes rendus, écrits à plusieurs.",
        "conteneur2_libelle=Nuage",
        "conteneur2_description=Fichiers partagés, agendas et carnets d'adresses.",
        "conteneur3_libelle=Tâches",
        "conteneur3_description=UnMotQuiNeSeCoupePas_EtQuiEstPlusLongQueLÉcranDUnTéléphone_0123456789",
    ]);
    described.done(&["reconfigure"]);
    described
}

#[test]
fn the_page_shows_what_is_there_and_fits_a_telephone() {
    let Some(lab) = Lab::open() else { return };
    let (Some(french), Some(english)) = (Browser::open("fr-FR"), Browser::open("en-GB")) else { return };
    let described = with_applications(lab);
    let url = format!("http://127.0.0.1:{}/", described.server.http_port());
    let all = read(&french.document(&url));
    let wiki = "Wiki | Documentation et comptes rendus, écrits à plusieurs. | /demo/ | En service";
    assert!(all.contains(wiki) && all.matches("En service").count() == 3, "{all}");

    described.server.engine().docker(&["stop", "--time", "1", "taches"]);
    for (browser, [up, down]) in
        [(&french, ["En service", "Ne répond pas"]), (&english, ["Running", "Not answering"])]
    {
        let language = &browser.language[..2];
        let document = browser.document(&url);
        let text = read(&document);
        let expected = format!(
            "Wiki | Documentation et comptes rendus, écrits à plusieurs. | /demo/ | {up} | \
             Nuage | Fichiers partagés, agendas et carnets d'adresses. | /nuage/ | {up} | Tâches |"
        );
        assert!(text.contains(&expected) && text.ends_with(&format!("/taches/ | {down}")), "{text}");
        assert!(document.contains(&format!("<html lang=\"{language}\"")), "{document}");
        assert!(document.contains("<a href=\"/taches/\">Tâches</a>"), "{document}");
        assert!(!document.contains("<script"), "{document}");
        for (_, width, _) in WINDOWS {
            assert_eq!(browser.width(&document, width), width, "{document}");
        }
        let long = document.replace("<main>", "<main style='min-width: 500px'>");
        assert!(browser.width(&long, 390) >= 500, "what is too wide is found out");
    }
    let hidden = described.server.get("/.galerne/state/demo").expect("the web server answers");
    assert_eq!(hidden.status, 404, "{}", hidden.body);

    described.done(&["set", "conteneur3_description=Ce qu'il reste à faire, et par qui."]);
    described.done(&["reconfigure"]);
    described.server.engine().docker(&["stop", "--time", "1", "taches"]);
    for (browser, (name, width, height)) in [(&french, WINDOWS[0]), (&english, WINDOWS[1])] {
        let picture = browser.picture(&url, width, height);
        let taken = fs::read(&picture).expect("it was taken");
        let size = |at: usize| u32::from_be_bytes(taken[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((size(16), size(20)), (width, height), "the header of a PNG says its size");
        if std::env::var_os("GALERNE_UPDATE").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
            fs::create_dir_all(&folder).expect("the folder can be made");
            let to = folder.join(format!("{name}.png"));
            run(Command::new("pngquant").args(["--force", "--output"]).arg(to).arg("--").arg(picture));
        }
    }
}
