//! Applications that are built from git repositories, by the real program on a real engine.

use std::fs;

use crate::described::Described;
use crate::lab::{Demo, Lab, Registry, Repository};

/// A server that serves version 1 of a repository's branch `main` as the application `demo`.
fn serving(lab: Lab, image: &str) -> (Described, Repository) {
    let described = Described::start(lab);
    let repository = Repository::make(described.server.folder("repository"));
    repository.put("", "1", Demo::Serves);
    described.describe(1, "demo", image, "main");
    let address = format!("conteneur1_repository={}", repository.address());
    described.done(&["set", "conteneur1_type=docker+git", &address]);
    let plan = described.done(&["plan"]);
    assert!(plan.contains(&format!("build the image {image}:")), "{plan}");
    described.done(&["instance"]);
    described.expect("demo", "1");
    described.expect_settled();
    (described, repository)
}

/// `reconfigure` must fail with `code` and these words, and version `tag` must still be served.
fn refused(described: &Described, code: &str, words: &str, tag: &str) {
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, [code], "{said}");
    assert!(said.contains(words) && said.contains("\"help\": \""), "{said}");
    described.expect("demo", tag);
    assert_eq!(described.containers(), ["demo"]);
}

#[test]
fn a_new_commit_is_built_once_and_one_that_fails_leaves_the_one_before() {
    let Some(lab) = Lab::open() else { return };
    let (described, repository) = serving(lab, "built/commits");
    let first = described.server.engine().docker(&["images", "--quiet", "--no-trunc", "built/commits"]);
    repository.put("", "2", Demo::Serves);
    let output = described.server.galerne(&["--format", "json", "reconfigure"]);
    let events = crate::described::text(&output.stdout);
    assert!(output.status.success(), "{}", crate::described::text(&output.stderr));
    assert!(events.contains("Step 1/") && events.contains("Successfully"), "the build is told: {events}");
    described.expect("demo", "2");
    described.expect_settled();
    described.done(&["rollback", "1"]);
    described.expect("demo", "1");
    described.done(&["reconfigure"]);
    described.expect("demo", "2");

    repository.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    assert!(!described.done(&["plan"]).contains("build the image"), "the first image is still there");
    described.done(&["reconfigure"]);
    described.expect("demo", "1");
    assert!(
        described
            .server
            .engine()
            .docker(&["images", "--quiet", "--no-trunc", "built/commits"])
            .contains(&first)
    );

    repository.write("Dockerfile", "FROM scratch\nCOPY nothing /\n");
    refused(&described, "engine::build_failed", "nothing", "1");
    fs::remove_file(repository.folder().join("Dockerfile")).expect("it is there");
    repository.commit();
    refused(&described, "engine::dockerfile_absent", "`Dockerfile`", "1");
    repository.put("", "3", Demo::EndsAtOnce);
    refused(&described, "engine::unhealthy", "ends at once", "1");
    repository.put("", "4", Demo::Serves);
    described.done(&["reconfigure"]);
    described.expect("demo", "4");
    described.expect_settled();
}

#[test]
fn a_repository_that_is_away_is_named_only_when_something_is_wanted_of_it() {
    let Some(lab) = Lab::open() else { return };
    let (described, repository) = serving(lab, "built/away");
    described.done(&["set", "conteneur1_tag=other"]);
    refused(&described, "engine::reference_absent", "`other`", "1");
    let away = repository.folder().with_extension("away");
    fs::rename(repository.folder(), &away).expect("it can be moved");
    refused(&described, "engine::repository_unreachable", "does not appear to be a git repository", "1");
    described.done(&["set", "conteneur1_tag=main"]);
    described.done(&["reconfigure"]);
    described.expect_settled();

    fs::rename(&away, repository.folder()).expect("it can be moved back");
    let mut command = described.server.galerne_command(&["--format", "json", "reconfigure"]);
    for path in ["/usr/bin/git", "/usr/local/bin/git"] {
        if std::path::Path::new(path).exists() {
            let hidden = described.server.command("mount").args(["--bind", "/dev/null", path]).status();
            assert!(hidden.expect("mount starts").success());
        }
    }
    described.done(&["set", "conteneur1_tag=other"]);
    let (codes, said) = crate::described::said(&command.output().expect("galerne starts"), 3);
    assert_eq!(codes, ["engine::git_absent"], "{said}");
    described.expect("demo", "1");
}

#[test]
fn a_folder_a_file_a_tag_and_submodules_are_built_and_no_hook_runs() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    let part = Repository::make(described.server.folder("part"));
    part.write("part.txt", "of a submodule");
    let repository = Repository::make(described.server.folder("repository"));
    repository.put("app/web", "1.0", Demo::Serves);
    let whole = fs::read_to_string(repository.folder().join("app/web/Dockerfile")).expect("it was written");
    repository.git(&["submodule", "--quiet", "add", &part.address(), "app/web/www/part"]);
    fs::remove_file(repository.folder().join("app/web/Dockerfile")).expect("it is there");
    repository.write("app/web/.dockerignore", "secret\n");
    repository.write("app/web/secret", "secret");
    repository.write("app/web/Demo.docker", &(whole + "COPY . /all\n"));
    repository.git(&["tag", "--annotate", "--message", "a release", "v1.0"]);
    repository.put("", "wrong", Demo::EndsAtOnce);
    described.describe(1, "demo", "built/parts", "v1.0");
    described.done(&[
        "set",
        "conteneur1_type=docker+git",
        &format!("conteneur1_repository={}", repository.folder().display()),
        "conteneur1_dossier=app/web",
        "conteneur1_dockerfile=Demo.docker",
    ]);
    described.done(&["instance"]);
    described.expect("demo", "1.0");
    let part = described.server.get("/demo/part/part.txt").expect("the web server answers");
    assert_eq!((part.status, part.body.as_str()), (200, "of a submodule"));
    let left = described.server.engine().docker(&["exec", "demo", "/bin/busybox", "ls", "-A", "/all"]);
    assert!(!left.contains("secret") && !left.contains(".git\n") && left.contains("Demo.docker"), "{left}");
    described.expect_settled();

    let kept = described.server.command("sh").args(["-c", "cd /var/lib/galerne/git/* && pwd"]).output();
    let kept = crate::described::text(&kept.expect("sh starts").stdout).trim().to_owned();
    let hook = format!("{kept}/.git/hooks/post-checkout");
    described.server.write(&hook, "#!/bin/sh\ntouch /run/hooked\n");
    assert!(described.server.command("chmod").args(["755", &hook]).status().expect("chmod starts").success());
    repository.put("app/web", "2.0", Demo::Serves);
    described.done(&["set", "conteneur1_tag=main", "conteneur1_dockerfile=Dockerfile"]);
    described.done(&["reconfigure"]);
    described.expect("demo", "2.0");
    assert_eq!(described.server.read("/run/hooked"), None);

    // A killed run leaves such a lock.
    described.server.write(&format!("{kept}/.git/index.lock"), "");
    repository.put("app/web", "3.0", Demo::Serves);
    described.done(&["reconfigure"]);
    described.expect("demo", "3.0");
    described.expect_settled();

    described.done(&["set", "conteneur1_tag=v1.0", "conteneur1_dossier=app/none"]);
    refused(&described, "engine::dockerfile_absent", "app/none/Dockerfile", "3.0");
}

#[test]
fn submodules_that_cannot_be_had_are_named() {
    let Some(lab) = Lab::open() else { return };
    let (described, repository) = serving(lab, "built/broken");
    let part = Repository::make(described.server.folder("part"));
    part.write("part.txt", "of a submodule");
    repository.git(&["submodule", "--quiet", "add", &part.address(), "part"]);
    repository.commit();
    fs::remove_dir_all(part.folder()).expect("it can be removed");
    refused(&described, "engine::repository_broken", "does not appear to be a git repository", "1");
}

#[test]
fn an_image_that_begins_with_a_private_one_is_built_with_the_credentials_of_docker() {
    let Some(lab) = Lab::open() else { return };
    let (described, repository) = serving(lab, "built/private");
    let private = Registry::with_login(lab);
    private.put("base/demo", "1", Demo::Serves);
    let dockerfile = format!("FROM {}/base/demo:1\nENV VERSION=2\n", private.address());
    repository.write("Dockerfile", &dockerfile);
    refused(&described, "engine::build_failed", "no basic auth credentials", "1");
    described.server.log_in(&private);
    described.done(&["reconfigure"]);
    described.expect("demo", "2");
}
