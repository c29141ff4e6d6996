# L'aide des commandes. L'anglais est dans les commentaires de leurs options (src/command).

frame-template =
    {"{"}before-help{"}"}{"{"}about-with-newline{"}"}
    Utilisation : {"{"}usage{"}"}

    {"{"}all-args{"}"}{"{"}after-help{"}"}
frame-commands = Commandes
frame-command = COMMANDE
frame-common = Options de toutes les commandes
frame-options = Options
frame-arguments = Arguments
frame-example = Exemple :
frame-values = valeurs possibles : { $values }
frame-default = par défaut : { $value }
frame-error = erreur :
frame-near = vouliez-vous dire { $names } ?
frame-one-of = à choisir parmi : { $names }
frame-usage = Utilisation :
frame-more = Pour en savoir plus, ajoutez --help.

value-action = ACTION
value-address = ADRESSE
value-code = CODE
value-command = COMMANDE
value-default = DÉFAUT
value-dir = DOSSIER
value-file = FICHIER
value-form = FORME
value-host = MACHINE
value-index = INDICE
value-key = CLÉ
value-language = LANGUE
value-lines = LIGNES
value-manager = GESTIONNAIRE
value-n = N
value-name = NOM
value-node = NŒUD
value-path = CHEMIN
value-seconds = SECONDES
value-shell = SHELL
value-site = SITE
value-template = TEMPLATE
value-user = UTILISATEUR
value-value = VALEUR
value-when = QUAND

wrong-argument = l'argument { $argument } n'existe pas
wrong-command = la commande { $command } n'existe pas
wrong-required = il manque { $argument }
wrong-no-command = il manque une commande
wrong-conflict = { $argument } ne va pas avec { $other }
wrong-no-value = il manque la valeur de { $argument }
wrong-value = { $argument } ne peut pas valoir { $value }
wrong-value-why = { $argument } ne peut pas valoir { $value } : { $why }

help--help = Afficher cette aide
help--version = Afficher la version
help--root = Prendre ce dossier pour la racine de la machine, et ne rien toucher au-dehors
help--dicos = Lire aussi les dictionnaires de ce dossier, après tous les autres
help--no-default-dicos = Ne lire que les dictionnaires que --dicos désigne
help--extras = Lire aussi les dictionnaires de chaque dossier de ce dossier, dans un espace de noms qui porte le nom du dossier
help--templates = Les templates de ce dossier remplacent ceux de même nom
help--config = Les valeurs enregistrées [par défaut : /etc/eole/config.eol]
help--site = Agir sur ce site au lieu de la production, par exemple preprod (voir « galerne site »)
help--color = Quand mettre des couleurs : auto (sur un terminal, sauf si NO_COLOR est dans l'environnement), always (toujours) ou never (jamais)
help--format = La forme des résultats et des messages : human (pour une personne) ou json
help--json = Comme --format json
help--no-pager = Afficher les longs résultats d'un coup, et non page par page
help--lang = La langue des messages, de l'aide et de l'éditeur [par défaut : celle de l'environnement]
help--verbose = En dire plus
help--quiet = Ne dire que ce qui ne va pas

help-galerne = Un compilateur de configuration : des dictionnaires de variables aux applications servies

help-check = Charger dictionnaires, templates et valeurs enregistrées, et afficher tout ce qui ne va pas
    .long = Sort avec 0 si « reconfigure » accepterait la configuration, sinon avec 1. Quand rien n'est faux, ce qui est suspect est affiché : des avertissements « lint::… », qui ne refusent rien. « galerne explain CODE » en dit plus sur chacun.
help-check--allow = Ne pas afficher les avertissements de ce code
help-check--strict = Les avertissements refusent aussi

help-get = Afficher des valeurs
    .long = Une variable : sa valeur, une liste à raison d'un élément par ligne. Plusieurs, ou toutes si aucune n'est nommée : des lignes NOM=VALEUR, une liste comme NOM[0]=…, NOM[1]=… Les mots de passe s'affichent ******** sans --secrets.
help-get-names = Les variables ; toutes si aucune n'est nommée
help-get--secrets = Afficher aussi les mots de passe

help-set = Donner une valeur à des variables, ou leur rendre leur valeur par défaut
    .long =
        Tout est fait, ou rien : si l'une des valeurs est fausse, aucune n'est enregistrée. Une variable obligatoire encore vide ailleurs ne refuse rien.

        NOM=VALEUR      la valeur d'une variable ; d'une liste, son seul élément ; rien après = la vide
        NOM[2]=VALEUR   le troisième élément d'une liste ou d'une esclave ; un de plus que le dernier d'une liste en ajoute un
        NOM+=VALEUR     un élément de plus d'une liste ; d'une esclave, le premier que personne n'a renseigné
help-set-assignments = Ce qui est à enregistrer
help-set--default = Rendre à cette variable sa valeur par défaut
help-set--remove = Retirer cet élément d'une liste, et le même élément de chacune de ses esclaves

help-edit = Modifier la configuration sur le terminal
    .long = Les familles à gauche, leurs variables à droite ; chaque touche est vérifiée aussitôt, ce qui en découle se voit aussitôt. Rien n'est écrit avant que vous enregistriez. « ? » montre toutes les touches.
help-edit--script = Rejouer les actions de ce fichier au lieu d'interroger un terminal ; « screen » affiche l'écran
help-edit--plain = Ligne par ligne, pour les lecteurs d'écran : chaque ligne est une action, « keys » les énumère
help-edit--read-only = Ne rien modifier, seulement regarder

help-values = Afficher chaque variable avec sa valeur, son propriétaire et ses propriétés
    .long = En JSON : {"{"}"variables": {"{"}"NOM": {"{"}"value", "default", "owner", "family", "type", "mode", "properties", "why"{"}"}{"}"}{"}"}. Les mots de passe s'affichent ********.
help-values--all = Afficher aussi celles qui sont désactivées

help-system = Afficher les fichiers, services, paquets et règles d'accès des dictionnaires
    .long = Un par ligne : ce que c'est, son nom, les listes dont il fait partie, et si une condition l'éteint en ce moment. Ce qui se trouve dans un des conteneurs d'EOLE porte le nom du conteneur.

help-docs = Écrire la référence de toutes les variables, ou ce qui a changé depuis une référence plus ancienne
    .long = Une famille faite pour chaque nombre ou chaque élément est décrite une fois, comme elle est écrite. Avec --since, CHEMIN est un dossier de dictionnaires, ou une référence écrite en JSON : ce qui est apparu, a changé ou a disparu depuis est énuméré.
help-docs--as = Sous quelle forme ; le JSON est à garder, pour comparer
help-docs--to = L'écrire dans ce fichier
help-docs--since = Seulement ce qui a changé depuis ces dictionnaires, ou cette référence

help-explain = Expliquer un message : ce qu'il veut dire, pourquoi, et que faire
    .long = Sans code, tous les codes sont énumérés avec une phrase pour chacun.
help-explain-code = Le code, tel que les messages le montrent

help-schema = Afficher un schéma pour les éditeurs et d'autres programmes
    .long = Sans nom, les schémas sont énumérés : nom, langage, ce qu'ils décrivent. docs/fr/schemas.md dit comment les éditeurs s'en servent.
help-schema-name = Le schéma
help-schema--to = Les écrire tous dans ce dossier

help-import = Reprendre les valeurs d'une configuration plus ancienne
    .long = FICHIER est le config.eol d'un autre serveur, ou ce qu'EOLE 2.2 et 2.3 enregistraient. Chaque valeur va à la variable de son nom, pour autant que les dictionnaires de ce serveur en ont une qui l'accepte ; le reste est énuméré avec la raison. Ce qui est déjà renseigné ici reste.
help-import-file = La configuration plus ancienne
help-import--dry-run = Dire seulement ce qui serait repris
help-import--replace = Prendre la valeur reprise là où une autre est déjà renseignée ici
help-import--keep-unknown = Garder les valeurs de variables qu'aucun dictionnaire ne définit, pour des dictionnaires à venir

help-man = Afficher une page de manuel
    .long = Sans commande, celle de galerne, qui les énumère.
help-man-command = La commande
help-man--to = Écrire les pages de toutes les commandes sous ce dossier, comme man1/galerne-COMMANDE.1

help-completions = Afficher ce dont un shell a besoin pour compléter commandes, options, variables et leurs valeurs
    .long = Les shells de Debian le lisent dans /usr/share/bash-completion/completions/galerne, « /usr/share/zsh/vendor-completions/_galerne » et « /usr/share/fish/vendor_completions.d/galerne.fish ».
help-completions-shell = Le shell

help-render = Afficher les fichiers auxquels la configuration aboutit
    .long = Tout est d'abord rendu ; rien n'est écrit sans --to. Les mots de passe et les valeurs des environnements s'affichent « … ».
help-render--diff = Afficher en quoi les fichiers diffèrent de ceux qui sont en place
help-render--check = Sortir avec 1 si un fichier diffère de ce qui est en place
help-render--to = Écrire les fichiers sous ce dossier, tels quels : secrets compris

help-plan = Montrer ce que « reconfigure » ferait, et ne rien faire
    .long = Un plan sans étape dit « rien à faire ».
help-plan--check = Sortir avec 1 s'il y a une étape : le serveur n'est pas ce qui est configuré

help-instance = Installer ce serveur pour la première fois : télécharger, démarrer, et diriger le serveur web vers ce qui a démarré
    .long = Sur un terminal, les valeurs obligatoires qui manquent sont demandées. Tout est validé et rendu avant que rien soit touché. Relancée, la commande fait ce que fait « reconfigure ».
help-instance--engines = Avec --root : démarrer aussi conteneurs et serveur web, au lieu d'écrire seulement les fichiers
help-instance--dry-run = Montrer les étapes, et n'en faire aucune
help-instance--yes = Ne pas demander avant la première étape
help-instance--wait = Attendre aussi longtemps qu'une autre exécution finisse, au lieu de refuser aussitôt
help-instance--non-interactive = Ne rien demander : une valeur qui manque est une erreur
help-instance--install = Installer sans demander les paquets dont la configuration a besoin

help-reconfigure = Appliquer la configuration après une modification
    .long = Ce qui n'a pas changé n'est pas touché : une seconde exécution ne fait rien. Une application qui ne peut pas être remplacée continue comme avant ; les autres n'attendent pas après elle, et le code de sortie est 3. Une exécution interrompue est d'abord réparée.
help-reconfigure--engines = Avec --root : démarrer aussi conteneurs et serveur web, au lieu d'écrire seulement les fichiers
help-reconfigure--dry-run = Montrer les étapes, et n'en faire aucune
help-reconfigure--yes = Ne pas demander avant la première étape
help-reconfigure--wait = Attendre aussi longtemps qu'une autre exécution finisse, au lieu de refuser aussitôt

help-rollback = Revenir à un état déjà atteint : conteneurs, fichiers, services et valeurs enregistrées
    .long = Les dix derniers états sont gardés. Sans numéro, c'est le dernier qui diffère de ce qui est en place. Un état est un plan comme un autre : ce qui est comme alors n'est pas touché, et rien n'est enregistré tant que l'état n'est pas atteint. Des valeurs enregistrées qui n'ont jamais été appliquées sont gardées comme config.eol.galerne-old.
help-rollback-number = L'état, par son numéro
help-rollback--list = Montrer les états gardés, le plus récent d'abord
help-rollback--engines = Avec --root : démarrer aussi conteneurs et serveur web, au lieu d'écrire seulement les fichiers
help-rollback--dry-run = Montrer les étapes, et n'en faire aucune
help-rollback--yes = Ne pas demander avant la première étape
help-rollback--wait = Attendre aussi longtemps qu'une autre exécution finisse, au lieu de refuser aussitôt

help-site = Montrer les sites à côté de la production, en ajouter ou en retirer un
    .long = Un site est une seconde configuration sur ce serveur, comme une préproduction : il prend toutes les valeurs de la production, sauf les siennes (« galerne --site NOM set … »), et sauf ce que deux sites ne peuvent pas partager : noms de conteneurs, ports, dossiers, volumes et réseaux portent la marque du site. Ses applications répondent à /APPLICATION-NOM. En retirer un arrête ses conteneurs ; les dossiers qu'ils partageaient restent.
help-site-action = Ce qu'il faut faire
help-site-name = Le site
help-site--yes = Retirer sans demander
help-site--engines = Avec --root : arrêter aussi les conteneurs, au lieu de retirer seulement les fichiers

help-diff = Montrer en quoi un site diffère de la production
    .long = Avec --site NOM : chaque variable qui y a une autre valeur, avec les deux valeurs. Ce qui est tenu à part (noms, ports, dossiers, volumes, réseaux) vient en dernier et n'est jamais promu. Les mots de passe s'affichent ********. Avec --check, sort avec 1 s'il y a quelque chose à promouvoir.
help-diff--check = Sortir avec 1 si quelque chose serait promu

help-promote = Donner à la production les valeurs d'un site
    .long = Montre ce qui diffère, et l'enregistre pour la production en une seule fois : tout ou rien. Ce qui est tenu à part (noms, ports, dossiers, volumes, réseaux) le reste. C'est refusé si le site est faux, ou ce que la production deviendrait, ou si la production a changé depuis dans les mêmes variables. Ensuite le site reprend ces valeurs de la production. Une fois appliqué, c'est annulé comme tout changement : galerne rollback.
help-promote-from = Le site
help-promote-names = Ne promouvoir que ces variables, avec celles de leurs groupes
help-promote--force = Prendre les valeurs du site là où la production a changé entre-temps
help-promote--apply = Lancer ensuite « galerne reconfigure »
help-promote--engines = Avec --root : démarrer aussi conteneurs et serveur web, au lieu d'écrire seulement les fichiers
help-promote--dry-run = Montrer les étapes, et n'en faire aucune
help-promote--yes = Ne pas demander avant la première étape
help-promote--wait = Attendre aussi longtemps qu'une autre exécution finisse, au lieu de refuser aussitôt

help-status = Montrer ce qui tourne, face à ce qui devrait tourner
    .long = Sort avec 1 si un conteneur ne tourne pas comme il devrait.
help-status--watch = Regarder de nouveau toutes les deux secondes, jusqu'à une interruption

help-follow = Indiquer au serveur web les copies qu'une grappe a déplacées d'elle-même
    .long = Un nœud a été vidé, ou perdu : les copies d'une application sont ailleurs. Seules les adresses changent, et aucune configuration n'est lue. Pendant une exécution de « reconfigure », qui s'en charge, la commande ne fait rien. L'unité galerne-follow.timer la lance toutes les quinze secondes.

help-diagnose = Dire quelles technologies cette machine peut faire tourner, quoi installer pour les autres, et si ce qui est configuré tourne
    .long = Chaque technologie que la configuration utilise est marquée ✓ ou ✗ ; celles qu'elle n'utilise pas et qui ne sont pas là, –. Sort avec 1 si quelque chose dont la configuration a besoin manque ou ne tourne pas.

help-logs = Afficher ce qu'un conteneur a écrit
help-logs-name = Le nom du conteneur
help-logs--follow = Continuer tant que le conteneur tourne
help-logs--tail = Seulement les dernières lignes, ce nombre-là

help-CreoleGet = Afficher la valeur d'une variable, une liste à raison d'un élément par ligne
    .long = Une variable inconnue ou désactivée vaut DÉFAUT ; à défaut la commande échoue. Les mots de passe sont affichés.
help-CreoleGet-name = La variable
help-CreoleGet-default = Ce qu'il faut afficher là où elle n'a pas de valeur
help-CreoleGet--list = Afficher toutes les variables comme un shell les lit : NOM="VALEUR", les éléments d'une liste côte à côte

help-CreoleSet = Enregistrer la valeur d'une variable, ou lui rendre sa valeur par défaut
help-CreoleSet-name = La variable
help-CreoleSet-value = Sa valeur ; d'une liste ou d'une esclave tous les éléments, un par ligne
help-CreoleSet--default = Lui rendre sa valeur par défaut

help-CreoleCat = Rendre un template, ou un fichier généré, dans un fichier ou sur la sortie standard
    .long = Les mots de passe sont affichés.
help-CreoleCat--template = Le nom du template, ou du fichier généré
help-CreoleCat--output = Le fichier à écrire ; sans cette option, la sortie standard

help-CreoleLint = Afficher tout ce qui ne va pas dans les dictionnaires, les templates et les valeurs enregistrées
help-CreoleLint--template = Chercher ce template, qui doit être là
help-CreoleLint--dico-only = Ne regarder que les dictionnaires

help-cluster = S'occuper des machines d'un swarm : lesquelles en font partie, comment se présente chacune, et comment l'une d'elles le rejoint
    .long = La façon dont les nœuds doivent se présenter est dans les variables cluster_noeud_… ; « galerne reconfigure » y amène le swarm, et ces commandes changent les deux à la fois. Elles se lancent sur un gestionnaire, sauf « join ».
help-cluster-status = Montrer les nœuds du swarm, et ce qui diffère de la façon dont ils doivent se présenter
    .long = Le code de retour est 1 si un nœud ne répond pas, n'a pas encore rejoint le swarm ou se présente autrement que la configuration ne le dit ; un nœud que la configuration ne nomme pas est montré, et laissé tel quel.
help-cluster-init = Créer un swarm dont ce serveur est le premier gestionnaire
    .long = Un serveur qui en gère déjà un reste comme il est.
help-cluster-init-address = Où les autres nœuds joignent celui-ci
help-cluster-init--dry-run = Dire ce qui serait fait, et ne rien faire
help-cluster-token = Remettre à un autre programme le jeton avec lequel une machine rejoint le swarm
    .long = Il est écrit dans un tube et nulle part ailleurs : ni sur un terminal, ni dans un fichier. Une machine rejoint le swarm comme worker ; cluster_noeud_role et « galerne reconfigure » en font un gestionnaire.
help-cluster-join = Faire rejoindre à cette machine le swarm d'un gestionnaire
    .long = Le jeton est lu sur l'entrée standard, ou à l'endroit qu'une option désigne ; il n'est jamais un argument, ni montré, ni gardé. Il fait entrer une machine comme worker : cluster_noeud_role et « galerne reconfigure », sur un gestionnaire, en font un.
help-cluster-join-manager = Où un gestionnaire du swarm est joint
help-cluster-join--token-file = Lire le jeton dans ce fichier, que personne d'autre ne peut lire
help-cluster-join--ssh = Faire donner le jeton par ce gestionnaire, par SSH
help-cluster-join--address = Où les autres nœuds joignent celui-ci [par défaut : ce que Docker trouve]
help-cluster-join--dry-run = Dire ce qui serait fait, et ne rien faire
help-cluster-drain = Envoyer aux autres nœuds ce que celui-ci fait tourner, et ne plus rien lui donner
    .long = C'est enregistré dans cluster_noeud_disponibilite et fait aussitôt ; un nœud que la configuration ne nomme pas encore y est écrit tel qu'il se présente. nginx apprend où sont allées les copies.
help-cluster-drain-node = Le nœud
help-cluster-drain--undo = Lui redonner du travail
help-cluster-drain--dry-run = Montrer les étapes, et n'en faire aucune
help-cluster-label = Donner des étiquettes à un nœud, ou les lui retirer
    .long = Elles sont enregistrées dans cluster_noeud_etiquettes et posées aussitôt ; un nœud que la configuration ne nomme pas encore y est écrit tel qu'il se présente. conteneurX_contrainte et conteneurX_repartition choisissent les nœuds par elles : node.labels.ssd == true.
help-cluster-label-node = Le nœud
help-cluster-label-labels = Ce qu'il faut poser, ou CLÉ- pour en retirer une
help-cluster-label--dry-run = Montrer les étapes, et n'en faire aucune
help-cluster-hosts = Écrire ce qui fait des nœuds de machines Debian nues : pour Ansible, pour cloud-init et pour Vagrant
    .long = Avec inventory.yml et playbook.yml, Ansible met à jour des machines jointes par SSH, y installe Docker et galerne, et leur fait rejoindre le swarm ; cloud-init/NŒUD/ a les données d'une machine neuve ; Vagrantfile, avec machines.json, fait les mêmes nœuds en machines virtuelles. Aucun de ces fichiers ne contient de jeton : le premier gestionnaire le remet quand une machine rejoint le swarm.
help-cluster-hosts--into = Les écrire dans ce dossier, à la place de ceux qui y sont
help-cluster-hosts--dry-run = Dire quels fichiers seraient écrits, et n'en écrire aucun
