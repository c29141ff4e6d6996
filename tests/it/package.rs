//! The Debian package, on clean systems: installed, used, upgraded, cut short, removed and purged by apt itself.
//!
//! It is what `packaging/build` made, which `./check` calls first.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::described::text;
use crate::lab::{Demo, Lab, Response, Root, http, run};

/// Where a package is put on the system.
const NEW: &str = "/root/galerne_new_amd64.deb";
const OLD: &str = "/root/galerne_old_amd64.deb";

/// The version of [`OLD`].
const OLD_VERSION: &str = "0.0.9-1";

/// The saved values.
const CONFIG: &str = "/etc/eole/config.eol";

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The package that was built, or a line that says why the test is skipped.
fn package() -> Option<PathBuf> {
    let folder = fs::read_dir(project("target/debian")).into_iter().flatten().flatten();
    let package =
        folder.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|end| end == "deb"));
    if package.is_none() {
        let why = "no package: packaging/build makes one";
        assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "{why}");
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }
    package
}

/// The files of the package, unpacked, and its control files in `DEBIAN`.
fn unpacked(package: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    run(Command::new("dpkg-deb").arg("-R").args([package, folder.path()]));
    folder
}

/// The same package with an earlier version, in `folder`.
fn earlier(package: &Path, folder: &Path) -> PathBuf {
    let tree = unpacked(package);
    let control = tree.path().join("DEBIAN/control");
    let text = fs::read_to_string(&control).expect("it can be read");
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some(("Version", _)) => format!("Version: {OLD_VERSION}\n"),
        _ => format!("{line}\n"),
    });
    fs::write(&control, lines.collect::<String>()).expect("it can be written");
    let made = folder.join("earlier.deb");
    let arguments = ["--root-owner-group", "-Zgzip", "-z1", "-b"];
    run(Command::new("dpkg-deb").args(arguments).args([tree.path(), &made]));
    made
}

/// A clean system with both packages on it, and a demo application that is described in a saved configuration.
struct Site {
    root: Root,
    given: String,
}

impl Site {
    fn start(suite: &str, image: &str) -> Option<Self> {
        let lab = Lab::open()?;
        let package = package()?;
        let root = Root::start(lab, suite)?;
        let folder = tempfile::tempdir().expect("a folder can be made");
        root.bring(&package, NEW);
        root.bring(&earlier(&package, folder.path()), OLD);
        lab.registry().put(image, "1", Demo::Serves);
        let given = given(&root, image, &lab.registry().address());
        Some(Self { root, given })
    }

    fn version(&self) -> String {
        self.root.done(&["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", "galerne"])
    }

    /// Gives the server its configuration and sets it up.
    fn set_up(&self) {
        // The stock site would take the machine's port 80.
        let stock = self.root.path("/etc/nginx/sites-enabled/default");
        fs::remove_file(stock).expect("the stock site is there");
        self.root.start_service("nginx");
        self.root.write(CONFIG, &self.given);
        let told = self.root.done(&["instance", "--non-interactive"]);
        assert!(told.contains("demo is served at /demo/"), "{told}");
        self.serves();
    }

    fn page(&self) -> std::io::Result<Response> {
        http::get(self.root.http_port(), "/demo/")
    }

    fn serves(&self) {
        let page = self.page().expect("the web server answers");
        assert!(page.status == 200 && page.body.contains("Served by version 1."), "{}", page.body);
    }

    fn containers(&self) -> String {
        self.root.engine().docker(&["ps", "--all", "--quiet", "--no-trunc"])
    }

    fn keeps_its_values(&self) {
        let kept = fs::read_to_string(self.root.path(CONFIG)).expect("it is there");
        assert_eq!(kept, self.given);
    }
}

/// A configuration with one application, as somebody saved it on another machine.
fn given(root: &Root, image: &str, registry: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (data, port) = (root.folder("data"), crate::lab::Server::free_port());
    let mut galerne = Command::new(env!("CARGO_BIN_EXE_galerne"));
    galerne.arg("--root").arg(folder.path()).args(["set", "nombre_conteneur=1", "conteneur1_name=demo"]);
    galerne.args(["conteneur1_tag=1", "conteneur1_port_in[0]=80", "conteneur1_mountpoint_in[0]=/data"]);
    for (name, value) in [
        ("conteneur_port_http", root.http_port().to_string()),
        ("conteneur1_url", image.to_owned()),
        ("conteneur1_repository", registry.to_owned()),
        ("conteneur1_port_out[0]", port.to_string()),
        ("conteneur1_mountpoint_out[0]", data.display().to_string()),
    ] {
        galerne.arg(format!("{name}={value}"));
    }
    run(&mut galerne);
    fs::read_to_string(folder.path().join("etc/eole/config.eol")).expect("it was saved")
}

/// The names of EOLE's that the package gives.
fn eole_names() -> Vec<String> {
    let text = fs::read_to_string(project("packaging/eole-names")).expect("it is there");
    text.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
}

#[test]
fn on_debian_it_is_installed_serves_is_upgraded_and_purged() {
    let Some(site) = Site::start("bookworm", "package/debian") else { return };
    let root = &site.root;
    root.write("/usr/bin/CreoleLint", "EOLE's own");
    root.done(&["apt-get", "install", OLD]);
    assert_eq!(site.version(), format!("installed {OLD_VERSION}"));
    names_are_given(root);
    schemas_are_in_the_catalogue(root);
    site.set_up();
    let data = root.folder("data");
    fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    let running = site.containers();

    root.done(&["sh", "-c", "echo '# mine' >>/etc/default/galerne"]);
    a_full_disk_leaves_the_version_before(&site);
    let said = root.done(&["apt-get", "install", NEW]);
    assert!(!said.contains("until a mistake"), "{said}");
    assert_eq!(site.version(), format!("installed {}-1", env!("CARGO_PKG_VERSION")));
    assert_eq!(root.done(&["galerne", "plan", "--check"]), "nothing to do\n");
    assert_eq!(site.containers(), running, "nothing was replaced");
    assert!(
        fs::read_to_string(root.path("/etc/default/galerne")).expect("it is there").ends_with("# mine\n")
    );
    site.keeps_its_values();
    site.serves();

    the_state_of_a_first_version_does(&site);
    let said = root.done(&["apt-get", "remove", "galerne"]);
    assert!(said.contains("go on running and being served"), "{said}");
    assert!(!root.path("/usr/bin/CreoleGet").is_symlink() && !root.path("/usr/bin/galerne").exists());
    assert_eq!(site.containers(), running, "removing stops nothing");
    site.serves();
    root.done(&["apt-get", "install", NEW]);
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");

    let said = root.done(&["apt-get", "purge", "galerne"]);
    assert!(said.contains("config.eol stays"), "{said}");
    only_data_is_left(&site);
    assert_eq!(fs::read_to_string(data.join("kept.txt")).expect("data is kept"), "kept");
    assert_eq!(fs::read_to_string(root.path("/usr/bin/CreoleLint")).expect("EOLE's is kept"), "EOLE's own");
}

fn names_are_given(root: &Root) {
    for name in eole_names() {
        if name == "CreoleLint" {
            let own = fs::read_to_string(root.path("/usr/bin/CreoleLint"));
            assert_eq!(own.expect("it is there"), "EOLE's own", "EOLE's own stays");
            continue;
        }
        let help = root.done(&[&name, "--help"]);
        assert!(help.contains("Usage: "), "{name}: {help}");
        for folder in ["man1", "fr/man1"] {
            root.done(&["test", "-e", &format!("/usr/share/man/{folder}/{name}.1.gz")]);
        }
    }
    let version = root.done(&["galerne", "--version"]);
    assert_eq!(version, format!("galerne {}\n", env!("CARGO_PKG_VERSION")));
}

fn schemas_are_in_the_catalogue(root: &Root) {
    let dictionaries = root.done(&["ls", "/usr/share/galerne/dicos"]);
    assert!(dictionaries.contains("25_conteneurX.xml"), "{dictionaries}");
    let is_xml = |name: &&str| Path::new(name).extension().is_some_and(|ending| ending == "xml");
    for name in dictionaries.lines().filter(is_xml) {
        let path = format!("/usr/share/galerne/dicos/{name}");
        root.done(&["xmllint", "--noout", "--relaxng", "urn:x-galerne:creole.rng", &path]);
    }
    let found = root.done(&["xmlcatalog", "/etc/xml/catalog", "urn:x-galerne:creole.xsd"]);
    // It is asked as a system identifier first, which it is not.
    assert_eq!(found.lines().last(), Some("file:///usr/share/xml/galerne/creole.xsd"));
}

/// While one of the package's folders has no room, an upgrade fails and the version that was there goes on.
fn a_full_disk_leaves_the_version_before(site: &Site) {
    let (root, full) = (&site.root, "/usr/share/galerne/templates");
    root.done(&["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", full]);
    let output = root.output(&["dpkg", "--install", NEW]);
    assert!(!output.status.success() && text(&output.stderr).contains("No space left"), "{output:?}");
    root.done(&["umount", full]);
    assert_eq!(site.version(), format!("installed {OLD_VERSION}"));
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");
    site.serves();
}

/// Saved values that somebody broke by hand do not stop an upgrade, which says that nothing is applied, in the user's language.
fn an_upgrade_completes_whatever_somebody_wrote(site: &Site) {
    let root = &site.root;
    root.write(CONFIG, &site.given.replacen('{', "{,", 1));
    for (language, told) in [("C.UTF-8", "applies nothing until"), ("fr_FR.UTF-8", "n'applique rien avant")] {
        let said = root.done(&["env", &format!("LC_ALL={language}"), "dpkg", "--install", NEW]);
        assert!(said.contains(told), "{said}");
    }
    assert_eq!(root.output(&["reconfigure"]).status.code(), Some(1));
    site.serves();
    root.write(CONFIG, &site.given);
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");
}

/// Earlier versions kept neither a list of what they generated nor the states that were reached.
fn the_state_of_a_first_version_does(site: &Site) {
    site.root.done(&["rm", "-r", "/var/lib/galerne/manifest.json", "/var/lib/galerne/states"]);
    let running = site.containers();
    site.root.done(&["reconfigure"]);
    assert_eq!(site.root.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(site.containers(), running);
    site.serves();
}

fn only_data_is_left(site: &Site) {
    let root = &site.root;
    assert_eq!(site.containers(), "", "its containers are gone");
    assert!(site.page().is_err(), "nobody listens for it any more");
    root.done(&["nginx", "-t", "-q"]);
    for gone in ["/var/lib/galerne", "/var/log/galerne", "/etc/nginx/conteneur.d", "/etc/xml/galerne.xml"] {
        assert!(!root.path(gone).exists(), "{gone}");
    }
    let found = root.done(&[
        "sh",
        "-c",
        "find / -xdev \\( -iname '*galerne*' -o -name 'conteneur*' -o -iname 'creole*' -o -name config.eol \\) \
         -not -path '/root/*' -not -path '/tmp/*' -not -path '/var/log/*' | sort",
    ]);
    assert_eq!(found, format!("{CONFIG}\n/usr/bin/CreoleLint\n"));
    site.keeps_its_values();
    assert_eq!(root.output(&["dpkg-query", "--status", "galerne"]).status.code(), Some(1));
}

#[test]
fn an_installation_that_is_cut_short_is_put_right_by_the_next() {
    let Some(site) = Site::start("bookworm", "package/cut") else { return };
    let root = &site.root;
    root.done(&["apt-get", "install", "--no-install-recommends", OLD]);
    root.write(CONFIG, &site.given);
    // In the middle of unpacking: as dpkg has the program, it is shot.
    let shot = "dpkg --install \"$1\" & pid=$!
        until [ -e /usr/bin/galerne.dpkg-new ]; do :; done
        kill -KILL $pid; wait $pid; [ $? = 137 ]";
    root.done(&["sh", "-c", shot, "shot", NEW]);
    assert_ne!(site.version().split(' ').next(), Some("installed"));
    let version = root.done(&["galerne", "--version"]);
    assert!(version.starts_with("galerne "), "the version before still works: {version}");
    // apt asks for this first; what is not whole cannot be configured, and the next line brings it.
    root.output(&["dpkg", "--configure", "--pending"]);
    root.done(&["apt-get", "install", NEW]);
    assert_eq!(site.version(), format!("installed {}-1", env!("CARGO_PKG_VERSION")));

    // In the middle of configuring: the first program that a step calls shoots dpkg.
    for cut in ["/usr/bin/update-alternatives", "/usr/sbin/update-xmlcatalog", "/usr/bin/timeout"] {
        root.done(&["dpkg", "--install", "--force-downgrade", OLD]);
        root.done(&["mv", cut, &format!("{cut}.real")]);
        let script = format!("#!/bin/sh\nmv -f {cut}.real {cut}\nkill -KILL $(pidof dpkg) $PPID\n");
        root.write(cut, &script);
        root.done(&["chmod", "755", cut]);
        let output = root.output(&["dpkg", "--install", NEW]);
        assert!(!output.status.success(), "{output:?}");
        assert_ne!(site.version().split(' ').next(), Some("installed"), "{cut}");
        root.done(&["dpkg", "--configure", "--pending"]);
        assert_eq!(site.version(), format!("installed {}-1", env!("CARGO_PKG_VERSION")));
    }
    names_but_the_linter(root);
    site.keeps_its_values();
    root.done(&["apt-get", "purge", "galerne"]);
    site.keeps_its_values();
}

fn names_but_the_linter(root: &Root) {
    for name in eole_names() {
        assert!(root.done(&[&name, "--help"]).contains("Usage: "), "{name}");
    }
}

#[test]
fn on_ubuntu_it_is_installed_serves_and_is_purged() {
    let Some(site) = Site::start("jammy", "package/ubuntu") else { return };
    let root = &site.root;
    root.done(&["apt-get", "install", NEW]);
    site.set_up();
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");
    schemas_are_in_the_catalogue(root);
    an_upgrade_completes_whatever_somebody_wrote(&site);
    root.write("/var/lib/galerne/notes-of-somebody", "not galerne's");
    let said = root.done(&["env", "LC_ALL=fr_FR.UTF-8", "apt-get", "purge", "galerne"]);
    assert!(said.contains("ce qui n'est pas à galerne"), "{said}");
    assert_eq!(root.done(&["ls", "/var/lib/galerne"]), "notes-of-somebody\n");
    root.done(&["rm", "-r", "/var/lib/galerne"]);
    root.write("/usr/bin/CreoleLint", "of another test");
    only_data_is_left(&site);
}

/// Whether `program` is there, or a line that says that the test is skipped.
fn has(program: &str) -> bool {
    let there = ["/usr/bin", "/usr/sbin"].iter().any(|folder| Path::new(folder).join(program).exists());
    if !there {
        assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "{program} is missing");
        let _ = writeln!(std::io::stderr(), "skipped: {program} is missing");
    }
    there
}

#[test]
fn lintian_has_nothing_to_say() {
    let Some(package) = package().filter(|_| has("lintian")) else { return };
    let output = Command::new("lintian")
        .args(["--allow-root", "--tag-display-limit", "0", "--fail-on", "error,warning"])
        .arg(package)
        .output()
        .expect("lintian starts");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

/// A page of the manual must be one of which mandoc has nothing to say. It knows the first section by its English name alone.
fn expect_no_mistake(page: &Path) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let plain = folder.path().join(page.file_stem().expect("it has a name"));
    let read = run(Command::new("gzip").arg("-dc").arg(page)).replace("\n.Sh NOM\n", "\n.Sh NAME\n");
    fs::write(&plain, read).expect("it can be written");
    let output = Command::new("mandoc").args(["-Tlint", "-Wwarning"]).arg(&plain).output();
    let output = output.expect("mandoc starts");
    assert!(output.status.success(), "{}", text(&output.stdout));
}

#[test]
fn its_manual_pages_have_no_mistake_and_no_command_is_without_one() {
    let Some(package) = package().filter(|_| has("mandoc")) else { return };
    let tree = unpacked(&package);
    let pages = |language: &str| {
        let mut names = BTreeSet::new();
        for section in ["man1", "man5", "man8"] {
            let folder = tree.path().join("usr/share/man").join(language).join(section);
            for page in fs::read_dir(folder).expect("the section is there").flatten() {
                expect_no_mistake(&page.path());
                names.insert(page.file_name().to_string_lossy().into_owned());
            }
        }
        names
    };
    let names = pages("");
    assert_eq!(names, pages("fr"), "each page is in both languages");
    let wanted = fs::read_to_string(project("packaging/eole-names")).expect("it is there");
    let wanted = wanted.lines().filter_map(|line| Some(format!("{}.1.gz", line.split_once(' ')?.1)));
    for page in wanted.chain(
        ["galerne.1.gz", "galerne-dictionary.5.gz", "config.eol.5.gz", "galerne-template.5.gz"]
            .map(str::to_owned),
    ) {
        assert!(names.contains(&page), "{page} is not in {names:?}");
    }
    assert!(names.contains("galerne.service.8.gz"));
    for hidden in ["galerne-attend.1.gz", "galerne-complete.1.gz"] {
        assert!(!names.contains(hidden), "{hidden} is of a command that galerne itself calls");
    }
}

#[test]
fn its_completions_are_where_each_shell_looks_for_each_name() {
    let Some(package) = package() else { return };
    let tree = unpacked(&package);
    let share = tree.path().join("usr/share");
    for name in eole_names().into_iter().chain(["galerne".to_owned()]) {
        let bash = share.join("bash-completion/completions").join(&name);
        let fish = share.join("fish/vendor_completions.d").join(format!("{name}.fish"));
        assert!(bash.exists() && fish.exists(), "{name}");
    }
    // Its first line has all names.
    assert!(share.join("zsh/vendor-completions/_galerne").exists());
}

#[test]
fn its_profile_for_apparmor_can_be_read() {
    if !has("apparmor_parser") {
        return;
    }
    let profile = project("packaging/apparmor");
    run(Command::new("apparmor_parser").args(["--skip-kernel-load", "--skip-cache"]).arg(profile));
}

#[test]
fn it_recommends_or_suggests_what_each_technology_needs() {
    let table = fs::read_to_string(project("src/host/requirement.rs")).expect("it is there");
    let wanted = regex::Regex::new(r#"(?:engine|tool)\("[^"]+", "([^"]+)"\)"#).expect("it is an expression");
    let wanted: BTreeSet<&str> =
        wanted.captures_iter(&table).filter_map(|found| Some(found.get(1)?.as_str())).collect();
    assert!(wanted.len() > 8, "{wanted:?}");
    let manifest = fs::read_to_string(project("Cargo.toml")).expect("it is there");
    let lines =
        manifest.lines().filter(|line| line.starts_with("recommends") || line.starts_with("suggests"));
    let named: String = lines.map(|line| line.replace(['"', '|', ','], " ") + " ").collect();
    let named: BTreeSet<&str> = named.split_whitespace().collect();
    let missing: Vec<_> = wanted.difference(&named).collect();
    assert!(missing.is_empty(), "Cargo.toml neither recommends nor suggests {missing:?}");
}

#[test]
fn its_versions_are_one() {
    let changelog = fs::read_to_string(project("packaging/changelog")).expect("it is there");
    let first = format!("galerne ({}-1) ", env!("CARGO_PKG_VERSION"));
    assert!(changelog.starts_with(&first), "{first}");
}

#[test]
fn purging_knows_all_that_galerne_keeps() {
    let postrm = fs::read_to_string(project("packaging/scripts/postrm")).expect("it is there");
    let listed =
        postrm.lines().find(|line| line.trim_start().starts_with("for name in ")).expect("it has a list");
    let listed: BTreeSet<&str> = listed.trim_end_matches("; do").split_whitespace().skip(3).collect();
    let output = Command::new("grep")
        .args(["-rhoE", "/var/lib/galerne/[a-z_.]+"])
        .arg(project("src"))
        .output()
        .expect("grep starts");
    let found = text(&output.stdout);
    let kept: BTreeSet<&str> =
        found.lines().filter_map(|path| path.strip_prefix("/var/lib/galerne/")).collect();
    assert!(kept.len() > 5);
    let forgotten: Vec<_> = kept.difference(&listed).collect();
    assert!(forgotten.is_empty(), "packaging/scripts/postrm leaves {forgotten:?}");
}
