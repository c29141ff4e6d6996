use super::*;
use crate::run_spec::{ContainerName, Secret, User};
use crate::source::Memory;

const NGINX: (&str, &str) = ("/etc/nginx/nginx.conf", "user www-data;\n");
const GROUP: (&str, &str) = ("/etc/group", "root:x:0:\nwww-data:x:33:\n");

fn completed(needed: &Needed, world: &Memory) -> (FileSet, Findings) {
    let (mut files, mut findings) = (FileSet::default(), Findings::default());
    complete(needed, &Ground { world, root: Path::new("/") }, &mut files, &mut findings);
    (files, findings)
}

fn world(files: &FileSet) -> Memory {
    let texts = files.files.iter().map(|file| match &file.content {
        Content::Text(text) => (file.path.clone(), text.clone()),
        Content::Link(to) => panic!("{}", to.display()),
    });
    let known = [NGINX, GROUP].map(|(path, text)| (path.into(), text.to_owned()));
    texts.chain(known).collect()
}

fn self_signed(names: &[&str]) -> Needed {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Needed { certificate: Some(Certificate::SelfSigned { names }), ..Needed::default() }
}

fn users(users: &[(&str, &str)]) -> Needed {
    let user =
        |(name, password): &(&str, &str)| User { name: (*name).to_owned(), password: Secret::new(*password) };
    let wiki: ContainerName = "wiki".parse().unwrap();
    Needed { users: vec![(wiki, users.iter().map(user).collect())], ..Needed::default() }
}

#[test]
fn a_certificate_is_made_once() {
    let needed = self_signed(&["www.example.org", "192.0.2.7", "2001:DB8::1"]);
    let (first, findings) = completed(&needed, &Memory::default());
    assert!(findings.is_empty());
    assert_eq!(first.files.iter().map(|file| file.mode).collect::<Vec<_>>(), [0o600, 0o644]);
    assert_eq!(valid_until(&first).unwrap().len(), 10);
    let (second, _) = completed(&needed, &world(&first));
    assert_eq!(first, second);
}

#[test]
fn a_certificate_is_made_anew_for_other_names_or_with_another_key() {
    let (first, _) = completed(&self_signed(&["a.example.org"]), &Memory::default());
    let (other, _) = completed(&self_signed(&["a.example.org", "b.example.org"]), &world(&first));
    assert_ne!(first, other);
    let mixed = FileSet { files: vec![first.files[0].clone(), other.files[1].clone()], ..FileSet::default() };
    let (third, _) = completed(&self_signed(&["a.example.org", "b.example.org"]), &world(&mixed));
    assert!(third != mixed && third != other);
}

#[test]
fn a_certificate_is_made_anew_a_month_before_its_end() {
    let names = ["a.example.org".to_owned()];
    for (made_before, is_kept) in [(700, true), (800, false), (900, false)] {
        let pair = certificate::made(&names, clock::now() - made_before * clock::DAY).unwrap();
        let files = [(KEY, pair.key, 0o600), (CERTIFICATE, pair.certificate, 0o644)]
            .map(|(path, text, mode)| for_server(path, text, mode, Reader::Nginx))
            .to_vec();
        let there = FileSet { files, ..FileSet::default() };
        let (found, _) = completed(&self_signed(&["a.example.org"]), &world(&there));
        assert_eq!(found == there, is_kept, "{made_before}");
    }
}

#[test]
fn a_name_that_no_certificate_can_have_is_told() {
    let (files, findings) = completed(&self_signed(&["é"]), &Memory::default());
    assert!(files.files.is_empty());
    assert_eq!(findings.codes(), ["credentials::not_made"]);
}

/// What is found of a certificate and a key that somebody put there.
fn looked_at(certificate: &str, key: &str) -> Findings {
    let world = Memory::from_iter([("/c.pem", certificate.to_owned()), ("/k.pem", key.to_owned())]);
    completed(&manual(), &world).1
}

fn manual() -> Needed {
    Needed {
        certificate: Some(Certificate::Files { certificate: "/c.pem".into(), key: "/k.pem".into() }),
        ..Needed::default()
    }
}

#[test]
fn somebody_s_certificate_is_looked_at() {
    let made = |age: i64| certificate::made(&["a".to_owned()], clock::now() - age * clock::DAY).unwrap();
    let (one, other) = (made(1), made(1));
    let codes = |certificate: &str, key: &str| looked_at(certificate, key).codes();
    assert_eq!(completed(&manual(), &Memory::default()).1.codes(), ["credentials::unreadable"; 2]);
    assert_eq!(codes("no certificate", &one.key), ["credentials::unreadable"]);
    assert_eq!(codes(&one.key, &one.key), ["credentials::unreadable"]);
    assert_eq!(codes(&one.certificate, &one.certificate), ["credentials::unreadable"]);
    let locked = one.key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert_eq!(codes(&one.certificate, &locked), ["credentials::unreadable"]);
    assert_eq!(codes(&one.certificate, &one.key), [""; 0]);
    assert_eq!(codes(&one.certificate, &other.key), ["credentials::key_mismatch"]);
    for age in [800, 900] {
        let late = made(age);
        let findings = looked_at(&late.certificate, &late.key);
        assert_eq!(
            (findings.codes(), findings.has_errors()),
            (vec!["credentials::expires".to_owned()], false)
        );
    }
}

/// What openssl writes with `arguments`, of `input`.
fn openssl(arguments: &[&str], input: &str) -> String {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl is installed");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn keys_of_every_form_that_openssl_writes_are_told_apart() {
    let kinds: [(&[&str], &str); 4] = [
        (&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa"),
        (&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "ec"),
        (&["ecparam", "-genkey", "-name", "prime256v1"], "ec"),
        (&["genpkey", "-algorithm", "ED25519"], "pkey"),
    ];
    let made = kinds.map(|(arguments, old)| {
        let key = openssl(arguments, "");
        let request = ["req", "-x509", "-new", "-key", "/dev/stdin", "-subj", "/CN=a", "-days", "99"];
        let certificate = openssl(&request, &key);
        let forms = match old {
            "pkey" => vec![key],
            "rsa" => vec![openssl(&["rsa", "-traditional"], &key), key],
            _ => vec![key.clone(), openssl(&["pkcs8", "-topk8", "-nocrypt"], &key), openssl(&["ec"], &key)],
        };
        (certificate, forms)
    });
    for (of, (certificate, _)) in made.iter().enumerate() {
        for (with, key) in
            made.iter().enumerate().flat_map(|(at, (_, keys))| keys.iter().map(move |key| (at, key)))
        {
            // Of the last kind, nginx says it.
            let wanted: &[&str] = if of == with || with == 3 { &[] } else { &["credentials::key_mismatch"] };
            assert_eq!(looked_at(certificate, key).codes(), wanted, "{of} {with}");
        }
    }
}

#[test]
fn hashes_stay_while_their_passwords_do() {
    let (first, findings) =
        completed(&users(&[("alice", "hunter2"), ("bob", "hunter2")]), &world(&FileSet::default()));
    assert!(findings.is_empty());
    let file = &first.files[0];
    assert_eq!(file.path, Path::new("/etc/nginx/conteneur.d/wiki.users"));
    let root = nix::unistd::geteuid().is_root();
    assert_eq!(file.mode, if root { 0o640 } else { 0o600 });
    assert_eq!(file.owner.group.as_deref(), root.then_some("www-data"));
    let (second, _) = completed(&users(&[("alice", "hunter2"), ("bob", "hunter2")]), &world(&first));
    assert_eq!(first, second);
    let lines = |files: &FileSet| match &files.files[0].content {
        Content::Text(text) => text.lines().map(str::to_owned).collect::<Vec<_>>(),
        Content::Link(_) => Vec::new(),
    };
    assert!(lines(&first)[1].starts_with("alice:$6$") && !lines(&first).concat().contains("hunter2"));
    assert_ne!(lines(&first)[1].split_once(':').unwrap().1, lines(&first)[2].split_once(':').unwrap().1);
    let (third, _) = completed(&users(&[("alice", "hunter2"), ("bob", "hunter3")]), &world(&first));
    assert_eq!(lines(&first)[..2], lines(&third)[..2]);
    assert_ne!(lines(&first)[2], lines(&third)[2]);
}

#[test]
fn without_a_known_group_a_file_is_root_s_alone() {
    let (files, _) = completed(&users(&[("alice", "hunter2")]), &Memory::default());
    assert_eq!((files.files[0].mode, files.files[0].owner.group.as_deref()), (0o600, None));
}
