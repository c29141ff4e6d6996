//! A server without applications, with a service of init scripts, and what the tests ask of it.

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
pub(crate) struct Host(pub(crate) Server);

impl Host {
    /// Sets it up: nginx runs, and the demo's file and service are described.
    pub(crate) fn start(lab: Lab) -> Self {
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

    /// Runs a program that must succeed, and gives what it prints.
    pub(crate) fn run(&self, program: &str, args: &[&str]) -> String {
        let output = self.0.command(program).args(args).output().expect("it starts");
        assert!(output.status.success(), "{program} {args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs galerne, which must succeed, and gives what it prints.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.0.galerne(args);
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs galerne, which must end with `code`, and gives the codes of its messages and all that it said.
    pub(crate) fn failed(&self, code: i32, args: &[&str]) -> (Vec<String>, String) {
        said(&self.0.galerne(&[&["--format", "json"], args].concat()), code)
    }

    /// What was done to the service since it was last asked.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = self.0.read("/run/told").unwrap_or_default();
        self.0.write("/run/told", "");
        told.lines().map(str::to_owned).collect()
    }

    /// Puts an executable script of a package in its folder.
    pub(crate) fn script(&self, stage: &str, name: &str, text: &str) {
        let path = format!("/usr/share/eole/{stage}/{name}");
        self.0.write(&path, &format!("#!/bin/sh\n{text}\n"));
        self.run("chmod", &["755", &path]);
    }
}
