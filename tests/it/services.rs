//! Services and the scripts of packages, as `reconfigure` drives them on a server of init scripts.

use crate::described::{said, text};
use crate::lab::{Lab, Server};

/// A service that writes what is done to it, and refuses to start on the word `broken` in its file.
const SCRIPT: &str = "#!/bin/sh
### BEGIN INIT INFO
# Provides: galerne-demo
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
state=/run/galerne-demo
case $1 in
status) [ -e $state ] ;;
stop) rm -f $state; echo stop >>/run/told ;;
start | restart)
    if grep -q broken /etc/demo.conf; then echo 'the word is broken' >&2; exit 1; fi
    echo \"$1 $(tail -n 1 /etc/demo.conf)\" >>/run/told
    touch $state
    ;;
esac
";

/// A server without applications, whose dictionary has one file and one service of it.
struct Host(Server);

impl Host {
    fn start(lab: Lab) -> Self {
        let server = Server::start(lab);
        server.start_nginx();
        let host = Self(server);
        host.0.write("/etc/init.d/galerne-demo", SCRIPT);
        host.run("chmod", &["755", "/etc/init.d/galerne-demo"]);
        host.0.write("/usr/share/eole/creole/distrib/demo.conf", "%%mot\n");
        host.0.write("/usr/share/eole/creole/distrib/other", "%%autre\n");
        host.0.write(
            "/usr/share/eole/creole/dicos/50_demo.xml",
            "<creole><files><file name='/etc/demo.conf' source='demo.conf' service='galerne-demo'/><file name='/etc/other'/>\
             <service servicelist='demo'>galerne-demo</service></files><variables><family name='demo'>\
             <variable name='mot'><value>un</value></variable><variable name='autre'><value>a</value></variable>\
             <variable name='actif' type='oui/non'><value>oui</value></variable></family></variables>\
             <constraints><condition name='disabled_if_in' source='actif'><param>non</param>\
             <target type='servicelist'>demo</target></condition></constraints></creole>",
        );
        let port = format!("conteneur_port_http={}", host.0.http_port());
        host.done(&["set", "nombre_conteneur=0", &port]);
        host
    }

    fn run(&self, program: &str, args: &[&str]) -> String {
        let output = self.0.command(program).args(args).output().expect("it starts");
        assert!(output.status.success(), "{program} {args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.0.galerne(args);
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    fn failed(&self, args: &[&str]) -> (Vec<String>, String) {
        said(&self.0.galerne(&[&["--format", "json"], args].concat()), 3)
    }

    /// What was done to the service since it was last asked.
    fn told(&self) -> Vec<String> {
        let told = self.0.read("/run/told").unwrap_or_default();
        self.0.write("/run/told", "");
        told.lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_service_restarts_when_a_file_that_it_reads_changes_and_only_then() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    assert!(host.told().iter().any(|line| line.starts_with("start")));
    assert!(host.run("ls", &["/etc/rc2.d"]).contains("galerne-demo"), "it starts with the machine");
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
    host.done(&["set", "autre=b"]);
    host.done(&["reconfigure"]);
    assert_eq!(host.told(), Vec::<String>::new());
    host.done(&["set", "mot=deux"]);
    let plan = host.done(&["plan"]);
    assert!(plan.contains("restart the service galerne-demo (/etc/demo.conf changes)"), "{plan}");
    host.done(&["reconfigure"]);
    assert!(host.told().iter().any(|line| line.starts_with("restart")));
    host.done(&["set", "actif=non"]);
    host.done(&["reconfigure"]);
    assert_eq!(host.told(), ["stop"]);
    assert!(!host.run("ls", &["/etc/rc2.d"]).contains("S01galerne-demo"));
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
}

#[test]
fn a_service_that_refuses_has_its_files_back() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    host.told();
    host.done(&["set", "mot=broken", "autre=b"]);
    let (codes, messages) = host.failed(&["reconfigure"]);
    assert_eq!(codes, ["service::failed"]);
    assert!(messages.contains("the word is broken"), "{messages}");
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("un"));
    assert_eq!(host.0.read("/etc/other").as_deref(), Some("a\n"));
    assert!(host.told().iter().any(|line| line.starts_with("restart")), "it reads the old file again");
}

#[test]
fn a_service_that_is_not_there_is_told_before_anything_is_touched() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.run("rm", &["/etc/init.d/galerne-demo"]);
    let (codes, _) = host.failed(&["reconfigure"]);
    assert_eq!(codes, ["service::unknown"]);
    assert_eq!(host.0.read("/etc/other"), None);
    host.done(&["set", "actif=non"]);
    host.done(&["reconfigure"]);
}
