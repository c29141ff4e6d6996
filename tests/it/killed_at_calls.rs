//! A run that is killed at any call to the kernel that changes something is put right by the next one, and nginx
//! answers all the while.

use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::described::text;
use crate::ends::Ends;
use crate::host::Host;
use crate::lab::Lab;

/// The calls by which a run changes files, starts programs and waits for them.
const CALLS: &str = "openat,mkdirat,renameat,renameat2,linkat,unlinkat,symlinkat,write,fsync,fchmod,fchown,fchownat,\
                     ftruncate,clone,clone3,vfork,wait4,waitid,pidfd_send_signal,kill";

/// How many tests there are, which stand side by side.
const PARTS: usize = 4;

/// How many runs each of them kills.
const RUNS: usize = 250;

/// Prints what each file says, how the service last started, and what is left beside files or open; a file that is
/// not there is a line too.
const LOOK: &str = "for file in /etc/demo.conf /etc/made/by/galerne.conf /etc/nginx/conteneur.d/word.conf; do \
                    tail -n 1 $file 2>/dev/null || echo none; done; stat -c %a:%u /etc/demo.conf; \
                    ls /etc/sometimes 2>/dev/null || echo none; tail -n 1 /run/told; \
                    find /etc/demo.conf* /etc/made /etc/nginx /var/lib/galerne /etc/sometimes* 2>/dev/null | \
                    grep -e galerne-new -e galerne-kept -e galerne-old -e journal.json; true";

/// Numbers without an order, the same in each run of the tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's multiplier; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits are a length") % limit
    }
}

/// A call to the kernel, and which one of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Point {
    call: String,
    number: usize,
}

/// A server whose word is in several files: in one that a service reads, in one that nginx reads, in a new folder; and a file
/// that is there for every other word.
fn described(lab: Lab) -> Host {
    let host = Host::start(lab);
    host.0.write("/usr/share/eole/creole/distrib/word.conf", "location = /word { return 200 \"%%mot\"; }\n");
    host.0.write(
        "/usr/share/eole/creole/dicos/60_word.xml",
        "<creole><files><file name='/etc/made/by/galerne.conf' source='demo.conf' mkdir='True'/>\
         <file name='/etc/nginx/conteneur.d/word.conf' source='word.conf' mkdir='True'/>\
         <file name='/etc/sometimes' source='demo.conf' filelist='sometimes' rm='True'/></files>\
         <variables><family name='demo'><variable name='parfois' type='oui/non'><value>oui</value></variable></family></variables>\
         <constraints><condition name='disabled_if_in' source='parfois'><param>non</param>\
         <target type='filelist'>sometimes</target></condition></constraints></creole>",
    );
    host
}

fn describe(host: &Host, word: &str, sometimes: bool) {
    let sometimes = if sometimes { "parfois=oui" } else { "parfois=non" };
    host.done(&["set", &format!("mot={word}"), sometimes]);
}

/// The points of a run, which is let to its end.
fn points(host: &Host) -> Vec<Point> {
    let trace = format!("trace={CALLS}");
    host.run("strace", &["-o", "/run/calls", "-e", &trace, env!("CARGO_BIN_EXE_galerne"), "reconfigure"]);
    let mut points: Vec<Point> = Vec::new();
    for line in host.0.read("/run/calls").expect("it was traced").lines() {
        let Some((call, _)) = line.split_once('(') else { continue };
        let number = 1 + points.iter().filter(|point| point.call == call).count();
        points.push(Point { call: call.to_owned(), number });
    }
    points
}

/// Runs `galerne reconfigure`, and kills it as it enters this call. Says whether it came to that.
fn killed(host: &Host, point: &Point) -> bool {
    let Point { call, number } = point;
    let output = host
        .0
        .command("strace")
        .args(["-o", "/dev/null", "-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=SIGKILL:when={number}")])
        .args([env!("CARGO_BIN_EXE_galerne"), "reconfigure"])
        .output()
        .expect("strace starts");
    let was_killed = output.status.signal() == Some(9);
    assert!(was_killed || output.status.success(), "{point:?}: {}", text(&output.stderr));
    was_killed
}

/// All files have `word`, the service and nginx have read it, and nothing is left over.
fn expect(host: &Host, word: &str, sometimes: bool, point: &Point) {
    let location = format!("location = /word {{ return 200 \"{word}\"; }}");
    let seen = host.run("sh", &["-c", LOOK]);
    let seen: Vec<&str> = seen.lines().collect();
    let there = if sometimes { "/etc/sometimes" } else { "none" };
    assert_eq!(seen[..5], [word, word, &location, "644:0", there], "{point:?}");
    assert!(seen[5].ends_with(&format!("start {word}")), "{point:?}: {seen:?}");
    assert_eq!(seen.len(), 6, "{point:?}: {seen:?}");
    assert_eq!(host.0.get("/word").expect("nginx answers").body, word, "{point:?}");
}

/// Asks nginx again and again until `done`; each answer must be a word. Gives how many there were.
fn ask(host: &Host, done: &AtomicBool) -> usize {
    let mut answers = 0;
    while !done.load(Ordering::Relaxed) {
        let answer = host.0.get("/word").expect("nginx answers");
        assert!(answer.status == 200 && answer.body.starts_with("mot-"), "{answer:?}");
        answers += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    answers
}

/// Kills at each point of this part of all, and then anywhere.
fn kill_anywhere(part: usize) {
    let Some(lab) = Lab::open() else { return };
    let host = described(lab);
    describe(&host, "mot-0", true);
    host.done(&["reconfigure"]);
    describe(&host, "mot-1", false);
    let points = points(&host);
    assert!((200..PARTS * RUNS).contains(&points.len()), "a run has {} points", points.len());
    let mut dice = Dice(42 + u64::try_from(part).expect("there are few"));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| ask(&host, &done));
        let ends = Ends(&done);
        let mut reached = 0;
        for run in 0..RUNS {
            let place = part + run * PARTS;
            let place = if place < points.len() { place } else { dice.below(points.len()) };
            reached += usize::from(kill_once(&host, run, &points[place], &points, &mut dice));
        }
        drop(ends);
        let answers = asking.join().expect("nginx served");
        assert!(reached > RUNS / 2, "only {reached} runs came to the call that kills");
        assert!(answers > RUNS, "only {answers} answers");
    });
}

#[test]
fn a_run_killed_at_any_call_ends_new_or_old_with_the_next_one_1() {
    kill_anywhere(0);
}

#[test]
fn a_run_killed_at_any_call_ends_new_or_old_with_the_next_one_2() {
    kill_anywhere(1);
}

#[test]
fn a_run_killed_at_any_call_ends_new_or_old_with_the_next_one_3() {
    kill_anywhere(2);
}

#[test]
fn a_run_killed_at_any_call_ends_new_or_old_with_the_next_one_4() {
    kill_anywhere(3);
}

/// One run is killed, every third time the one after it too; then one is let to its end: with the new words, or, every other
/// time, with the old ones.
fn kill_once(host: &Host, run: usize, point: &Point, points: &[Point], dice: &mut Dice) -> bool {
    let (old, new) = (format!("mot-{}", run + 1), format!("mot-{}", run + 2));
    let (was, is) = (!run.is_multiple_of(2), run.is_multiple_of(2));
    describe(host, &new, is);
    let reached = killed(host, point);
    if run.is_multiple_of(3) {
        killed(host, &points[dice.below(points.len())]);
    }
    if dice.below(2) == 0 {
        describe(host, &old, was);
        host.done(&["reconfigure"]);
        expect(host, &old, was, point);
        describe(host, &new, is);
    }
    host.done(&["reconfigure"]);
    expect(host, &new, is, point);
    reached
}
