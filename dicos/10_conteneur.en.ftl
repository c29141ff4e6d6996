# 10_conteneur.xml in English.

family-services = Services of the server
nombre_conteneur = Number of containers to activate
    .help = Each container has a tab of its own. A smaller number takes away the last containers and their address, never their data.

family-frontal = Web server in front
conteneur_nom_serveur = Names under which the server answers (all if empty)
    .help = For example www.example.org. Without a name, the site answers all requests that arrive on the HTTP port.
conteneur_port_http = HTTP port of the web server
conteneur_site_par_defaut = Answer also to names that no other site serves
conteneur_ipv6 = Listen on IPv6 too
