//! The templates that the executable carries, so that one file copied to a server is enough.

/// The built-in templates by their relative names.
pub(super) const TEMPLATES: [(&str, &str); 19] = [
    ("eole/conteneur-vars.sh.tera", include_str!("../../templates/eole/conteneur-vars.sh.tera")),
    ("nginx/balance.conf.tera", include_str!("../../templates/nginx/balance.conf.tera")),
    ("nginx/conteneur.conf.tera", include_str!("../../templates/nginx/conteneur.conf.tera")),
    ("nginx/exchange.conf.tera", include_str!("../../templates/nginx/exchange.conf.tera")),
    ("nginx/location.conf.tera", include_str!("../../templates/nginx/location.conf.tera")),
    ("nginx/rate.conf.tera", include_str!("../../templates/nginx/rate.conf.tera")),
    ("nginx/tls.conf.tera", include_str!("../../templates/nginx/tls.conf.tera")),
    ("pages/index.html.tera", include_str!("../../templates/pages/index.html.tera")),
    ("pages/maintenance.html.tera", include_str!("../../templates/pages/maintenance.html.tera")),
    ("run/docker-git.json.tera", include_str!("../../templates/run/docker-git.json.tera")),
    ("run/docker.json.tera", include_str!("../../templates/run/docker.json.tera")),
    ("run/lxc.json.tera", include_str!("../../templates/run/lxc.json.tera")),
    ("run/podman.json.tera", include_str!("../../templates/run/podman.json.tera")),
    ("run/vagrant.json.tera", include_str!("../../templates/run/vagrant.json.tera")),
    ("run/qemu.json.tera", include_str!("../../templates/run/qemu.json.tera")),
    ("run/snap.json.tera", include_str!("../../templates/run/snap.json.tera")),
    ("run/snapcraft.json.tera", include_str!("../../templates/run/snapcraft.json.tera")),
    ("run/kubernetes.json.tera", include_str!("../../templates/run/kubernetes.json.tera")),
    ("run/swarm.json.tera", include_str!("../../templates/run/swarm.json.tera")),
];

/// The folders of a place in which templates are looked for.
pub(super) const FOLDERS: [&str; 4] = ["eole", "nginx", "pages", "run"];
