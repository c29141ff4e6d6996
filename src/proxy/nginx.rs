//! What nginx's own files say.
//!
//! In: the text of a configuration file. Out: what can be told from it. Nothing is read or run here.

/// The directives of the sites `default` that Debian and Ubuntu have shipped.
const STOCK: [&str; 3] = [
    // Debian 9 and later, Ubuntu 16.04 and later.
    "server { listen 80 default_server ; listen [::]:80 default_server ; root /var/www/html ; \
     index index.html index.htm index.nginx-debian.html ; server_name _ ; \
     location / { try_files $uri $uri/ =404 ; } }",
    // Debian 8.
    "server { listen 80 default_server ; listen [::]:80 default_server ; root /var/www/html ; \
     index index.html index.htm ; server_name _ ; location / { try_files $uri $uri/ =404 ; } }",
    // Ubuntu 14.04.
    "server { listen 80 default_server ; listen [::]:80 default_server ipv6only=on ; \
     root /usr/share/nginx/html ; index index.html index.htm ; server_name localhost ; \
     location / { try_files $uri $uri/ =404 ; } }",
];

/// Whether `text` is the untouched `/etc/nginx/sites-available/default` of the distribution: the same directives,
/// whatever the comments. It claims the default server of port 80, and serves nothing that anyone put there.
pub fn stock_default_site(text: &str) -> bool {
    let directives = directives(text);
    STOCK.contains(&directives.as_str())
}

/// The words and marks of `text` without its comments, with one space between them.
fn directives(text: &str) -> String {
    let lines = text.lines().map(|line| {
        // A `#` begins a comment only where a word would begin.
        let mut end = line.len();
        let mut before = ' ';
        for (offset, letter) in line.char_indices() {
            if letter == '#' && (before.is_whitespace() || ";{}".contains(before)) {
                end = offset;
                break;
            }
            before = letter;
        }
        &line[..end]
    });
    let spaced: String = lines
        .flat_map(|line| line.chars().chain(['\n']))
        .flat_map(|letter| {
            let mark = ";{}".contains(letter);
            [mark.then_some(' '), Some(letter), mark.then_some(' ')]
        })
        .flatten()
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "##\n# Some words; and { a brace\n##\nserver {\n\tlisten 80 default_server;\n\
        \tlisten [::]:80 default_server;\n\n\t# listen 443 ssl;\n\troot /var/www/html;\n\
        \tindex index.html index.htm index.nginx-debian.html;\n\tserver_name _;\n\tlocation / {\n\
        \t\t# First attempt\n\t\ttry_files $uri $uri/ =404;\n\t}\n}\n#server {\n#}\n";

    #[test]
    fn the_distribution_s_own_site_is_known_whatever_its_comments() {
        assert!(stock_default_site(DEBIAN));
        assert!(stock_default_site(&DEBIAN.replace("# First attempt", "#")));
    }

    #[test]
    fn a_site_that_somebody_changed_is_not_the_stock_one() {
        for (from, to) in [
            ("server_name _;", "server_name www.example.org;"),
            ("root /var/www/html;", "root /srv/www;"),
            ("# listen 443 ssl;", "listen 443 ssl;"),
            ("#server {\n#}", "server { listen 81; }"),
            ("=404;", "=404; deny all;"),
        ] {
            assert!(DEBIAN.contains(from), "{from}");
            assert!(!stock_default_site(&DEBIAN.replace(from, to)), "{to}");
        }
        assert!(!stock_default_site(""));
    }
}
