# 12_frontal.xml in English.

conteneur_protocole = Protocols of the web server
    .help = “redirection” answers over HTTPS, and sends there what arrives over HTTP.
conteneur_port_https = HTTPS port of the web server
conteneur_redirection_code = Code of the redirection from HTTP to HTTPS
conteneur_http2 = Offer HTTP/2 over HTTPS

conteneur_certificat = Where the certificate comes from
    .separator = Certificate
    .help = galerne makes a self-signed certificate (autosigné) for the server's names, in /var/lib/galerne/tls; browsers warn of it as long as they do not know it.
conteneur_certificat_fichier = Certificate of the web server, followed by its intermediates (PEM)
conteneur_certificat_cle = Private key of the certificate (PEM, without a passphrase)
    .help = Only root should be able to read it.
conteneur_hsts = How long HSTS lasts, in seconds (0: no HSTS)
    .help = Browsers then refuse HTTP for this long, even if the server goes back to it: 63072000 (two years) once HTTPS is there to stay.
conteneur_hsts_autosigne = Send HSTS even with a self-signed certificate

conteneur_accueil = Start page that lists the applications
    .separator = Pages of the server
conteneur_accueil_titre = Title of the start page
conteneur_accueil_application = Application to which “/” leads, in place of the start page
    .help = Its name, as in conteneurX_name.
conteneur_maintenance = Waiting page when an application does not answer
    .help = Requests first wait a few seconds for the application to come back; then the page is sent, with the code 503.
conteneur_maintenance_texte = Text of the waiting page
conteneur_maintenance_delai = After how many seconds the waiting page says to try again

proxy = Web server in front
    .help = traefik: a Traefik 3.7 or newer, which you install; galerne writes its files, tries them and starts it. It serves no pages: “/” only says that the server answers.
proxy_port = Port by which Traefik is controlled, on 127.0.0.1 alone
proxy_etiquettes = Labels for Traefik on containers and services
    .help = For a Traefik of your own that asks Docker or the cluster: each container or service carries the rules that galerne writes for its own.
