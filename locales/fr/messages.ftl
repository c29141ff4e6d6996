# Ce que galerne trouve à redire, par le code des messages. L'anglais est dans les attributs des erreurs (src).

apply-locked = une autre exécution de galerne est en cours{ GIVEN($pid) ->
    [yes] {" "}(processus { $pid })
   *[no] {""}
}
    .help = attendez qu'elle soit finie, puis relancez la commande
apply-disk-full = « { $path } » ne peut pas être écrit : il n'y a plus de place sur son disque
    .help = faites de la place sur ce disque, puis relancez la commande
apply-hook = le script « { $path } » a échoué : { $words }
    .help = corrigez ce dont le script se plaint, puis relancez la commande ; tous les fichiers sont comme avant
apply-untrusted-hook = d'autres que root peuvent écrire « { $path } », et son contenu s'exécuterait en tant que root
    .help = lancez : chown root, puis chmod go-w
apply-rejected = « { $program } » refuse le nouveau « { $path } » :
    { $words }
    .help = corrigez la valeur ou le template ; tous les fichiers sont comme avant
apply-unknown-account = « { $path } » doit appartenir { $kind ->
    [group] au groupe
   *[user] à l'utilisateur
} « { $name } », qui n'existe pas
    .help = { $kind ->
    [group] créez ce groupe, ou corrigez le dictionnaire
   *[user] créez cet utilisateur, ou corrigez le dictionnaire
}
apply-no-folder = le dossier de « { $path } » n'existe pas
    .help = créez le dossier, ou mettez mkdir='True' au fichier dans son dictionnaire
apply-file = « { $path } » : { $cause }
    .help = lancez galerne en tant que root, et voyez ce qui se trouve à ce chemin
apply-journal = le journal « { $path } » ne peut pas être lu : { $cause }
    .help = comparez les fichiers qu'il énumère à leurs copies .galerne-old, puis supprimez-le

command-unknown-variable = la variable « { $name } » n'existe pas
    .help = { $help }
command-disabled-variable = « { $name } » est désactivée : { $why }
    .help = changez d'abord ce qui la désactive
command-not-editable = « { $name } » ne peut pas être modifiée : { $why }
    .help = changez d'abord ce qui empêche de la modifier
command-no-terminal = il n'y a pas de terminal sur lequel modifier la configuration
    .help = lancez la commande sur un terminal, ou donnez des valeurs avec : galerne set NOM=VALEUR
command-unreadable = « { $path } » ne peut pas être lu : { $reason }
    .help = nommez un fichier qui existe et que vous pouvez lire
command-unknown-command = la commande « { $name } » n'existe pas
    .help = { $help }
command-wrong-use = { $said }
    .help = voyez ce qu'il accepte avec : --help
command-no-state = { GIVEN($number) ->
    [yes] l'état { $number } n'est pas gardé
   *[no] il n'y a pas d'état auquel revenir
}
    .help = { $help }
command-no-assignment = « { $text } » n'est pas une affectation
    .help = écrivez NOM=VALEUR, NOM[INDICE]=VALEUR ou NOM+=VALEUR
command-wrong-type = « { $name } » ne peut pas avoir cette valeur : { $mismatch }
    .help = donnez-lui une valeur de son type
command-wrong-index = « { $name } » { $is }
    .help = { $help }
command-cannot-save = « { $name } » ne peut pas être enregistrée : { $reason }
    .help = donnez-lui une autre valeur
command-file-differs = « { $path } » n'est pas ce à quoi la configuration aboutit
    .help = voyez en quoi avec : galerne render --diff ; appliquez-la avec : galerne reconfigure
command-unknown-schema = le schéma « { $name } » n'existe pas
    .help = { $help }
command-no-reference = rien ne peut être comparé à « { $path } » : { $reason }
    .help = nommez un dossier de dictionnaires, ou un fichier écrit par « galerne docs --as json »
command-unknown-code = aucun diagnostic ne porte le code « { $code } »
    .help = { $help }
command-unknown-container = le conteneur « { $name } » n'existe pas
    .help = { $help }
command-no-runtime = impossible d'attendre les moteurs : { $reason }
    .help = libérez de la mémoire ou des processus sur cette machine, et réessayez
command-cannot-write = le résultat ne peut pas être écrit : { $reason }
    .help = voyez où mène la sortie standard

config-eol-ini-stray-line = une section devrait avoir ici « [VARIABLE] » ou « val = […] », et c'est une autre ligne
    .help = supprimez la ligne, ou mettez # devant ; la suite d'une valeur commence, sur sa ligne, par une espace
config-eol-ini-bad-section = il faut le nom d'une variable entre « [ » et « ] », seul sur sa ligne
    .help = écrivez la section ainsi : [VARIABLE]
config-eol-ini-duplicate-section = la section « { $name } » figure deux fois
    .help = supprimez l'une des deux
config-eol-ini-duplicate-part = « { $part } » figure deux fois dans la section « { $name } »
    .help = supprimez l'une des deux
config-eol-ini-no-val = la section « { $name } » n'a pas de « val »
    .help = ajoutez « val = [] » pour une variable qui garde sa valeur par défaut, ou supprimez la section
config-eol-ini-bad-list = « { $part } » de « { $name } » n'est pas une liste de valeurs : { $reason }
    .help = écrivez-la ['VALEUR'], ou [] pour rien
config-eol-ini-too-many = plus de { $limit } { $what }
    .help = vérifiez que c'est bien la configuration d'un serveur

config-eol-unreadable = « { $path } » ne peut pas être lu : { $reason }
    .help = vérifiez que vous pouvez lire le fichier, par exemple en tant que root
config-eol-not-json = ce n'est pas du JSON : { $reason }
    .help = corrigez le fichier à cet endroit, ou remettez à sa place une copie de sauvegarde
config-eol-not-an-object = il faut un objet avec un membre par variable, et c'est { $found }
    .help = mettez les membres entre {"{"} et {"}"}
config-eol-duplicate-member = « { $name } » figure deux fois
    .help = supprimez l'un des deux
config-eol-malformed-member = « { $name } » devrait être un objet avec « owner » et « val », et c'est { $found }
    .help = écrivez {"{"}"owner": "gen_config", "val": …{"}"}, ou supprimez-le pour revenir à la valeur par défaut
config-eol-owner-does-not-fit = le propriétaire de « { $name } » ne va pas avec sa valeur : { $reason }
    .help = donnez un seul propriétaire, un texte, ou pour une esclave un propriétaire par valeur, sous le même indice
config-eol-bad-index = il faut dans « { $name } » un indice de 0 à { $most }, et c'est « { $index } »
    .help = numérotez les éléments d'une esclave à partir de 0, comme ceux de sa maître
config-eol-meta-member = « { $name } » n'est pas une variable : ce qui commence par « ___ » appartient au fichier
    .help = nommez une variable
config-eol-not-one-value = il faut une seule valeur pour « { $name } », et c'est { $found }
    .help = enregistrez une liste comme les éléments d'une variable à plusieurs valeurs ou d'une esclave
config-eol-held = « { $path } » est tenu par { GIVEN($holder) ->
    [yes] le processus { $holder }
   *[no] un autre processus
}
    .help = attendez que l'autre commande soit finie, puis réessayez
config-eol-not-lockable = « { $path } » ne peut pas être verrouillé : { $reason }
    .help = vérifiez que son dossier existe et que vous pouvez y écrire
config-eol-not-written = « { $path } » n'a pas pu être écrit : { $reason }
    .help = vérifiez la place qui reste et les droits sur le dossier ; les valeurs d'avant sont toujours là

credentials-unreadable = « { $path } », que le serveur web doit utiliser pour HTTPS, ne peut pas être lu : { $reason }
    .help = mettez-le à cet endroit au format PEM, ou faites-en créer un : galerne set conteneur_certificat=autosigné
credentials-key-mismatch = la clé « { $key } » n'est pas celle du certificat « { $certificate } »
    .help = nommez la clé avec laquelle ce certificat a été demandé
credentials-expires = le certificat « { $path } » { $is_over ->
    [true] a expiré le
   *[false] expire le
} { $day }
    .help = mettez-en un nouveau à sa place, puis faites-le lire à nginx : nginx -s reload
credentials-not-made = impossible de créer { $what } : { $reason }
    .help = changez la valeur que le message nomme

dictionary-unreadable = « { $path } » ne peut pas être lu : { $reason }
    .help = vérifiez que ce chemin existe et que vous pouvez le lire
dictionary-leads-out = « { $path } » est un lien qui mène hors de son dossier, à « { $target } »
    .help = mettez le fichier lui-même dans le dossier, ou désignez avec --dicos le dossier où il se trouve
dictionary-too-many = les dictionnaires sont trop nombreux à partir de « { $path } » : plus de { $files } fichiers ou de { $mebibytes } Mio
    .help = vérifiez que c'est bien un dossier de dictionnaires
dictionary-encoding = l'encodage de « { $path } » n'est pas pris en charge : { $reason }
    .help = enregistrez le dictionnaire en UTF-8
dictionary-not-well-formed = ce n'est pas du XML bien formé : { $reason }
    .help = corrigez le XML à cet endroit ; rien de ce qui suit n'a été lu
dictionary-unknown-element = l'élément « { $name } » n'existe pas{ GIVEN($parent) ->
    [yes] {" "}dans « { $parent } »
   *[no] {""}
}
    .help = { $help }
dictionary-unknown-attribute = l'attribut « { $name } » n'existe pas sur « { $element } »
    .help = { $help }
dictionary-missing-attribute = « { $element } » n'a pas d'attribut « { $name } »
    .help = ajoutez { $name }='…' à l'élément
dictionary-unknown-word = « { $name } » de « { $element } » vaut « { $found } » ; il faut { $expected }
    .help = { $help }
dictionary-stray-text = « { $element } » contient un texte, qui n'y a pas de sens
    .help = supprimez le texte, ou mettez-le dans l'élément auquel il est destiné
dictionary-empty-element = « { $element } » est vide ; il faut { $expected }
    .help = écrivez le nom entre les balises, ou supprimez l'élément

editor-script = ligne { $line } du script : « { $text } » n'est pas une action
    .help = écrivez l'un de ces mots : { $known }

engine-absent = le moteur { $engine } ne répond pas à « { $address } » : { $cause }
    .help = installez et démarrez { $engine }, ou dites dans { $variable } où il écoute ; « galerne diagnose » dit ce qui manque à ce serveur
engine-permission = cet utilisateur n'a pas le droit d'utiliser le moteur { $engine } de « { $address } »
    .help = lancez galerne en tant que root
engine-image-absent = l'image « { $image } » n'existe pas : { $cause }
    .help = vérifiez l'image, son tag et son registre ; un registre privé demande d'abord « docker login »
engine-registry-refused = le registre de « { $image } » a refusé les identifiants : { $cause }
    .help = lancez « docker login » pour ce registre, en tant que root
engine-registry-unreachable = le registre de « { $image } » est injoignable : { $cause }
    .help = vérifiez le nom du registre, et que ce serveur peut l'atteindre
engine-credentials-unreadable = les identifiants pour « { $registry } » ne peuvent pas être lus : { $cause }
    .help = corrigez le fichier de configuration de Docker, ou relancez « docker login »
engine-port-taken = « { $container } » ne peut pas être démarré : le port { $port } de ce serveur est déjà pris
    .help = arrêtez ce qui écoute sur ce port (« ss -ltnp » le montre), ou choisissez-en un autre
engine-name-taken = « { $container } » ne peut pas être créé : un autre conteneur porte ce nom
    .help = renommez ou supprimez ce conteneur, ou choisissez un autre nom
engine-foreign = le conteneur « { $container } » n'a pas été créé par galerne, qui n'y touche pas
    .help = relancez la commande : le conteneur est apparu entre-temps
engine-disk-full = le disque du moteur { $engine } est plein : { $cause }
    .help = faites de la place, par exemple avec « docker image prune »
engine-unhealthy = « { $container } » ne fonctionne pas : { $cause }{ GIVEN($log) ->
    [yes]  ; ses dernières lignes :{ LINES($log) }
   *[no]  ; il n'a rien écrit
}
    .help = lisez ci-dessus ce qu'il a écrit ; donnez-lui plus de temps, ou un autre chemin à interroger, s'il est seulement lent à démarrer
engine-git-absent = git ne peut pas être lancé : { $cause }
    .help = installez git
engine-repository-unreachable = le dépôt « { $repository } » ne peut pas être récupéré{ GIVEN($log) ->
    [yes]  ; les dernières lignes :{ LINES($log) }
   *[no]  ; git n'a rien écrit
}
    .help = vérifiez son adresse, et que root peut le lire depuis ce serveur : essayez « git ls-remote » en tant que root
engine-repository-broken = les fichiers du dépôt « { $repository } » ne peuvent pas être mis en place ici{ GIVEN($log) ->
    [yes]  ; les dernières lignes :{ LINES($log) }
   *[no]  ; git n'a rien écrit
}
    .help = vérifiez ses sous-modules, et le disque de /var/lib/galerne/git
engine-reference-absent = le dépôt « { $repository } » n'a ni branche, ni tag, ni commit « { $reference } »
    .help = écrivez-en un qu'il a ; un commit s'écrit en entier
engine-dockerfile-absent = le dépôt « { $repository } » n'a pas de fichier « { $file } »
    .help = dites dans lequel de ses dossiers se trouve ce qui est à construire, et quel fichier dit comment
engine-build-failed = l'image « { $image } » ne peut pas être construite{ GIVEN($log) ->
    [yes]  ; les dernières lignes :{ LINES($log) }
   *[no]  ; rien n'a été écrit
}
    .help = corrigez dans le dépôt ce dont se plaint la dernière ligne ; l'image d'avant sert toujours
engine-image-damaged = l'image « { $image } » est inutilisable{ GIVEN($log) ->
    [yes]  ; les dernières lignes :{ LINES($log) }
   *[no]  ; rien n'a été écrit
}
    .help = apportez de nouveau toute l'archive, la box ou l'image disque ; un tag « sha256:… » est l'empreinte du fichier lui-même
engine-bridge-absent = il n'y a pas de pont « { $bridge } » avec une adresse pour les conteneurs de LXC
    .help = démarrez-le avec « systemctl enable --now lxc-net », ou nommez-en un autre dans GALERNE_LXC_BRIDGE
engine-provider-absent = Vagrant ne peut pas utiliser son fournisseur « { $provider } » : { $cause }
    .help = installez et démarrez ce qui fait tourner les machines, ou nommez-en un autre dans conteneurX_fournisseur
engine-snap-unfit = « { $container } » ne peut pas tourner en snap : { $why }
    .help = changez ce que la phrase nomme, prenez un autre snap, ou une autre technologie
engine-snapcraft-absent = « snapcraft » n'est pas installé, et le dépôt « { $repository } » n'a pas de dossier préparé
    .help = installez-le avec « snap install snapcraft --classic », ou gardez ce qui est à empaqueter, avec son « meta/snap.yaml », dans le dossier « prime »
engine-no-swarm = le moteur Docker de ce serveur ne fait partie d'aucun swarm
    .help = créez-en un avec « docker swarm init --advertise-addr ADRESSE », ou rejoignez-en un comme gestionnaire
engine-not-a-manager = ce serveur est un nœud de travail (worker) de son swarm, et ne peut pas le gérer
    .help = lancez galerne sur un gestionnaire, ou lancez-y « docker node promote NŒUD » avec le nom de ce nœud
engine-no-quorum = le swarm n'a pas de quorum : trop peu de ses gestionnaires sont joignables
    .help = rétablissez ses gestionnaires ; s'ils sont perdus pour de bon, lancez « docker swarm init --force-new-cluster » sur celui-ci
engine-rolled-back = la nouvelle version de « { $container } » a échoué, et la précédente sert de nouveau : { $cause }{ GIVEN($log) ->
    [yes]  ; ses dernières lignes :{ LINES($log) }
   *[no]  ; elle n'a rien écrit
}
    .help = corrigez ce dont la copie se plaint, puis relancez la commande
engine-update-paused = la mise à jour de « { $container } » s'est arrêtée à mi-chemin : { $cause }{ GIVEN($log) ->
    [yes]  ; ses dernières lignes :{ LINES($log) }
   *[no]  ; elle n'a rien écrit
}
    .help = corrigez ce dont la copie se plaint, puis relancez la commande ; conteneurX_maj_echec=rollback revient de soi-même en arrière
engine-no-node = aucun nœud de la grappe ne peut faire tourner « { $container } » : { $cause }
    .help = demandez moins de copies ou des réservations plus petites, rétablissez un nœud, ou corrigez conteneurX_contrainte ; « docker node ls » ou « kubectl get nodes » montre les nœuds
engine-object-absent = la grappe n'a pas { $kind ->
    [secret] de secret
   *[config] de configuration
} « { $name } »
    .help = créez ce qui manque avec « { $make } »
engine-kubeconfig-unreadable = le kubeconfig « { $file } » est inutilisable : { $cause }
    .help = corrigez ce fichier, ou nommez-en un autre dans KUBECONFIG ; « kubectl config view » montre ce qu'il dit
engine-credentials-refused = le serveur d'API de « { $address } » n'accepte pas les identifiants du kubeconfig : { $cause }
    .help = apportez un kubeconfig du jour : son certificat ou son jeton a pu expirer ; essayez « kubectl get pods » avec lui
engine-forbidden = le serveur d'API interdit ceci : { $what } : { $cause }
    .help = faites-le permettre par l'administrateur de la grappe, par un rôle pour l'utilisateur du kubeconfig ou dans les règles de l'espace de noms ; « kubectl auth can-i --list » montre ce que cet utilisateur peut faire
engine-kind-unknown = le serveur d'API ne connaît pas de { $kind } de « { $version } »
    .help = installez ce qui apporte ce genre d'objet à la grappe, mettez la grappe à jour, ou choisissez une autre conteneurX_exposition
engine-namespace-absent = la grappe n'a pas d'espace de noms « { $namespace } »
    .help = créez-le avec « kubectl create namespace { $namespace } », ou nommez-en un autre dans conteneurX_espace_noms
engine-object-foreign = l'objet { $kind } « { $name } » de la grappe n'a pas été créé par galerne pour cette application, et reste tel quel
    .help = renommez-le ou supprimez-le, ou nommez un autre espace de noms dans conteneurX_espace_noms
engine-copies-refused = la grappe ne crée aucune copie de « { $container } » : { $cause }
    .help = demandez moins (copies, mémoire, conteneurX_droits=restreint), ou faites changer le quota ou les règles de l'espace de noms
engine-image-on-one-node = l'image « { $image } » n'est que sur ce nœud, et les autres ne peuvent pas la récupérer : { $cause }
    .help = envoyez-la dans un registre que tous les nœuds atteignent, et nommez celui-ci dans conteneurX_repository
engine-container-absent = le conteneur « { $container } » n'existe pas
    .help = lancez « galerne reconfigure »
engine-refused = le moteur { $engine } a refusé ceci : { $what } : { $cause }
    .help = cherchez la cause dans le journal du moteur

evaluation-wrong-type = « { $name } » (famille « { $family } ») n'est pas du bon type : { $mismatch }
    .help = donnez-lui une valeur de son type : galerne set { $name }=…
evaluation-wrong-shape = « { $name } » (famille « { $family } ») est enregistrée comme { $found } ; il faut { $expected }
    .help = redonnez-lui une valeur, ou retirez-la : galerne set --default { $name }
evaluation-refused = « { $name } » (famille « { $family } ») est refusée{ GIVEN($value) ->
    [yes] {" "}avec la valeur « { $value } »
   *[no] {""}
} : { $reason }
    .help = { $help }
evaluation-doubtful = « { $name } » (famille « { $family } ») est douteuse{ GIVEN($value) ->
    [yes] {" "}avec la valeur « { $value } »
   *[no] {""}
} : { $reason }
    .help = regardez-la de nouveau : galerne get { $name }
evaluation-mandatory-empty = « { $name } » (famille « { $family } ») est obligatoire et vide
    .help = donnez-lui une valeur : galerne set { $name }=…
evaluation-mandatory-item-empty = l'élément { $index } de « { $name } » (famille « { $family } ») est obligatoire et vide
    .help = donnez-lui une valeur : galerne set '{ $name }[{ $index }]=…'
evaluation-wrong-call = « { $function } » ne peut pas être appelée pour « { $name } » : { $reason }
    .help = corrigez l'appel dans le dictionnaire
evaluation-wrong-result = le calcul de « { $name } » (famille « { $family } ») ne va pas avec son type : { $mismatch }
    .help = changez le calcul, ou le type de la variable

front-bad-value = « { $variable } » vaut « { $found } » ; il faut { $expected }
    .help = donnez-lui { $expected }

host-not-installed = ces paquets ne peuvent pas être installés : { JOIN($packages, by: " ") } : { $cause }
    .help = lancez « apt-get update », puis « apt-get install { JOIN($packages, by: " ") } », et voyez de quoi il se plaint

lint-unused-variable = rien n'utilise « { $name } »
    .help = utilisez-la dans un template ou une contrainte, ou enlevez-la
lint-not-in-templates = « { $name } » est contrôlée mais jamais utilisée : aucun template, calcul ni condition ne la lit
    .help = utilisez-la dans un template, ou enlevez-la
lint-condition-never-holds = cette condition n'est jamais remplie : « { $name } » { $why }
    .help = corrigez les valeurs de la condition, ou enlevez-la
lint-default-fails-check = la valeur par défaut « { $value } » de « { $name } » est refusée par son propre contrôle : { $reason }
    .help = changez la valeur par défaut, ou le contrôle
lint-unexpected-choice = aucune condition sur « { $name } » ne prévoit { $words }
    .help = ajoutez-les à une condition, ou retirez-les des valeurs de la variable
lint-template-unknown-variable = le template « { $template } » nomme « { $name } », qu'aucun dictionnaire ne définit
    .help = { $help }
lint-template-disabled-variable = le template « { $template } » utilise « { $name } », qui peut être désactivée, sans le demander
    .help = demandez {"{"}% if { $name } is defined %{"}"}, ou donnez-lui une valeur avec le filtre « default »
lint-list-without-members = rien n'appartient à { $kind } « { $name } »
    .help = mettez { $kind }='{ $name }' à un fichier ou un service, ou optional='True' à la cible
lint-shadowed-redefinition = cette redéfinition de « { $name } » est sans effet : { $why }
    .help = enlevez-la

percent-syntax = { $message }
    .help = corrigez le template
percent-unknown-variable = la variable « { $name } » n'existe pas
    .help = { $hint }
percent-disabled-variable = la variable « { $name } » est désactivée et n'a donc pas de valeur
    .help = demandez %if %%is_defined('{ $name }') avant de l'utiliser
percent-unknown-function = la fonction « { $name } » n'existe pas
    .help = { $hint }
percent-missing-include = il n'y a pas de template { $name } à inclure
    .help = mettez-le à côté des autres templates, ou corrigez son nom
percent-unsupported = impossible dans un template : { $what }
    .help = { $hint }
percent-failed = { $kind } : { $message }
    .help = corrigez le template, ou donnez aux variables des valeurs dont il peut se servir
percent-too-long = { $what }
    .help = faites-en faire moins au template : cherchez une boucle ou un appel sans fin

plan-name-taken = le conteneur « { $container } » ne peut pas être créé : « { $name } » est un conteneur que galerne n'a pas créé
    .help = renommez ou supprimez ce conteneur, ou choisissez un autre nom
plan-port-taken = le conteneur « { $container } » ne peut pas être démarré : le port { $port } est pris par le conteneur « { $by } », que galerne n'a pas créé
    .help = arrêtez ce conteneur, ou choisissez un autre port du serveur
plan-no-ipvs = « { $container } » demande que le swarm écoute pour lui (conteneurX_entree=ingress), et ce noyau n'a pas IPVS : les connexions seraient refusées sans un mot
    .help = chargez le module ip_vs du noyau sur chaque nœud, ou donnez conteneurX_entree=hote : nginx écoute alors et passe les requêtes aux copies
plan-mode-change = un swarm ne fait pas passer un service d'un nombre de copies à une par nœud, ni l'inverse, comme il le faudrait pour « { $container } »
    .help = remettez conteneurX_mode comme avant, ou supprimez le service et faites-le recréer pendant que ses requêtes attendent : docker service rm { $container }, puis galerne reconfigure
plan-service-taken = le service « { $container } » ne peut pas être créé : la grappe a un service « { $name } » que galerne n'a pas créé
    .help = supprimez ce service, ou choisissez un autre nom
plan-scattered-folder = « { $container } » monte un dossier d'un seul nœud, et la grappe en a { $nodes } : une copie sur un autre nœud ne verrait pas les mêmes données
    .help = montez un volume que tous les nœuds partagent (NFS, ou un greffon), ou restez sur un seul nœud : conteneurX_contrainte+='node.hostname == NŒUD'
plan-reserved-name = le conteneur « { $container } » ne peut pas avoir un nom qui finit par .galerne-new ou .galerne-old
    .help = choisissez un autre nom

proxy-absent = nginx n'est pas installé, et il y a des fichiers à écrire pour lui
    .help = installez nginx : « apt-get install nginx-light »
proxy-refused = nginx refuse sa configuration :
    { $words }
    .help = corrigez ce que nginx nomme ; la configuration d'avant est de nouveau en place
proxy-not-reloaded = nginx n'a pas pu être rechargé : { $words }
    .help = lisez le journal d'erreurs de nginx, /var/log/nginx/error.log
proxy-not-started = nginx n'a pas pu être démarré : { $words }
    .help = libérez le port que nginx nomme, ou lisez son journal d'erreurs, /var/log/nginx/error.log
proxy-traefik-absent = Traefik n'est pas installé, et « proxy » vaut traefik
    .help = placez le programme « traefik », version 3.7 ou plus récente, dans /usr/local/bin, ou revenez à proxy=nginx
proxy-traefik-refused = Traefik refuse sa configuration :
    { $words }
    .help = corrigez ce que Traefik nomme ; la configuration d'avant est de nouveau en place
proxy-traefik-not-reloaded = Traefik n'a pas relu sa configuration : { $words }
    .help = lisez ce que dit Traefik : « journalctl -u galerne-traefik », ou /var/log/galerne/traefik.log ; il doit être de version 3.7 ou plus récente
proxy-traefik-not-started = Traefik n'a pas pu être démarré : { $words }
    .help = libérez le port que Traefik nomme, ou lisez ce qu'il dit : « journalctl -u galerne-traefik », ou /var/log/galerne/traefik.log
proxy-traefik-not-stopped = Traefik n'a pas pu être arrêté : { $words }
    .help = arrêtez-le, puis relancez « galerne reconfigure »

render-bad-path = aucun fichier ne peut être généré à « { $path } » : { $reason }
    .help = donnez au fichier un autre « name »
render-bad-attribute = « { $value } » ne peut pas être le « { $attribute } » d'un fichier
    .help = écrivez { $expected }
render-duplicate-file = le fichier « { $path } » est généré deux fois
    .help = donnez aux deux des « filelist » que les conditions n'activent jamais ensemble, ou enlevez l'un d'eux
render-bad-service = « { $name } » n'est pas un nom de service
    .help = écrivez seulement le nom du service, par exemple « nginx »

run-spec-bad-name = { $variable } vaut « { $found } », qui n'est pas un nom de conteneur : { $why }
    .help = donnez-lui un nom comme « wiki »
run-spec-duplicate-name = { $variable } et { $other } nomment toutes deux le conteneur « { $name } »
    .help = donnez à chaque conteneur un nom à lui
run-spec-duplicate-port = { $variable } a le port { $port }, sur lequel { $other } écoute déjà
    .help = donnez à chaque conteneur un port du serveur à lui
run-spec-unknown-technology = { $variable } vaut « { $found } », qui n'est pas une technologie connue
    .help = écrivez « { $near } »
run-spec-undriven-technology = { $variable } vaut « { $word } », une technologie que cette version ne pilote pas
    .help = écrivez « docker », « docker+git », « podman », « lxc », « snap », « snapcraft », « qemu », « vagrant », « swarm » ou « kubernetes », ou prenez une version qui pilote « { $word } »
run-spec-scattered-folder = { $variable } vaut « { $folder } », un dossier d'un seul nœud, et rien ne dit quel nœud fait tourner les copies
    .help = montez plutôt un volume (conteneurX_volume_nom), ou gardez les copies sur un nœud : conteneurX_contrainte+='node.hostname == NŒUD'
run-spec-missing-side = { $variable } n'a pas de valeur pour son élément { $item }
    .help = donnez les deux côtés : « _in » dans le conteneur, « _out » sur le serveur
run-spec-bad-value = { $variable } vaut « { $found } » ; il faut { $expected }
    .help = donnez-lui { $expected }
run-spec-no-image = { $variable } est vide, et « { $container } » n'a rien à exécuter
    .help = donnez-lui une image, par exemple « library/nginx »
run-spec-no-repository = { $variable } est vide, et « { $container } » n'a rien à partir de quoi être construit
    .help = donnez-lui un dépôt git, par exemple « https://git.example.org/team/wiki.git »
run-spec-bad-repository = { $variable } n'est pas { $expected }
    .help = écrivez seulement l'adresse ; git prend les mots de passe de son « credential helper », et ssh ses clés
run-spec-bad-image = { $variable } vaut « { $found } » ; il faut { $expected }
    .help = écrivez { $expected }
run-spec-unreadable = ce que « { $template } » a produit pour « { $container } » n'est pas une spécification d'exécution : { $message }
    .help = corrigez le template, ou les valeurs qu'il écrit
run-spec-out-of-bounds = dans ce que « { $template } » a produit pour « { $container } », « { $member } » n'est pas { $expected }
    .help = faites écrire au template { $expected }

schema-duplicate-variable = la variable « { $name } » est définie deux fois
    .help = renommez l'une d'elles, ou donnez à la seconde redefine='True' pour changer la première
schema-redefines-unknown-variable = « { $name } » est redéfinie, mais aucun dictionnaire lu avant celui-ci ne la définit
    .help = { $help }
schema-unknown-variable = la variable « { $name } » n'existe pas
    .help = { $help }
schema-unknown-family = la famille « { $name } » n'existe pas
    .help = { $help }
schema-unknown-type = le type « { $name } » n'existe pas
    .help = { $help }
schema-unknown-function = la fonction « { $name } » n'existe pas
    .help = { $help }
schema-wrong-purpose = « { $name } » { $does }, et ne peut pas être appelée ici
    .help = appelez une fonction qui fait ce à quoi cet élément sert
schema-slave-of-two-masters = « { $slave } » est esclave de « { $first } » et de « { $second } »
    .help = retirez-la de l'un des deux groupes
schema-master-not-multi = « { $name } » est maître d'un groupe mais n'est pas une liste
    .help = donnez à la variable multi='True'
schema-master-is-slave = « { $name } » est à la fois maître et esclave
    .help = retirez-la de l'un des deux groupes
schema-bad-default = la valeur par défaut de « { $name } » ne convient pas : { $mismatch }
    .help = écrivez une valeur du type de la variable, ou changez le type
schema-several-defaults = « { $name } » a { $count } valeurs par défaut mais n'est pas une liste
    .help = donnez à la variable multi='True', ou gardez une seule valeur
schema-calculated-twice = « { $name } » est calculée deux fois
    .help = gardez un seul fill ou auto pour la variable
schema-cycle = des variables dépendent les unes des autres en cercle : { JOIN($cycle, by: " → ") }
    .help = rompez le cercle : l'une d'elles ne doit pas dépendre de la suivante
schema-bad-expression = { $reason }
    .help = corrigez l'expression, comme une expression du moteur de templates Tera
schema-unsupported-argument = un argument de type « { $kind } » n'a pas de valeur ici
    .help = utilisez un argument d'un autre type, par exemple « variable » ou « string »
schema-bad-number = l'argument « { $text } » n'est pas un nombre
    .help = écrivez des chiffres, ou omettez le type
schema-bad-numbering = la famille « { $family } » est numérotée par « { $by } », qui { $reason }
    .help = { $help }

service-unknown = il n'y a pas de service « { $name } » sur cette machine
    .help = installez le paquet qui le fournit, ou désactivez sa « servicelist »
service-failed = le service « { $name } » ne peut pas être { $done ->
    [restarted] redémarré
    [started] démarré
    [stopped] arrêté
    [enabled] activé
    [disabled] désactivé
   *[other] { $done }
} : { $words }
    .help = lisez ce que le service a écrit : « journalctl -u NOM », ou son fichier journal

template-unreadable = « { $path } » ne peut pas être lu : { $reason }
    .help = faites-en un texte lisible en UTF-8, ou enlevez-le
template-unknown-language = « { $name } » ne dit pas quel langage il produit
    .help = faites finir son nom par .conf.tera, .json.tera, .sh.tera ou .html.tera
template-missing = le template « { $name } » n'existe pas
    .help = ajoutez-le à un dossier que --templates désigne
template-not-distributed = le template « { $name } » n'existe pas
    .help = mettez-le dans /usr/share/eole/creole/distrib, ou dans un dossier que --templates désigne
template-control-character = la valeur de « { $variable } » contient une fin de ligne ou un autre caractère de contrôle
    .help = changez la valeur : dans un fichier, ce qui suit une fin de ligne serait lu comme une ligne à part
template-syntax = { $message }
    .help = corrigez le template
template-undefined-variable = la variable « { $name } » n'existe pas
    .help = { $hint }
template-disabled-variable = la variable « { $name } » est désactivée et n'a donc pas de valeur
    .help = demandez {"{"}% if { $name } is defined %{"}"} avant de l'utiliser
template-unsafe-value = la valeur de { $variable } est vide ou contient un caractère que ceci ne prendrait pas pour une partie de la valeur : { $language }
    .help = changez la valeur, ou utilisez le filtre « json » ou « sh » là où le template en a un
template-failed = { $message }
    .help = corrigez le template ou la valeur

site-unknown = il n'y a pas de site « { $name } »
    .help = { $help }
site-exists = il y a déjà un site « { $name } »
    .help = choisissez un autre nom, ou utilisez celui-là : galerne --site { $name } diff
site-too-many = il y a déjà { $most } sites, et plus de ports pour un de plus
    .help = retirez-en un d'abord : galerne site remove NOM
site-unreadable = « { $path } » du site « { $site } » est illisible : { $reason }
    .help = remettez-le depuis une sauvegarde, ou retirez le site et ajoutez-le de nouveau
site-unwritable = « { $path } » du site « { $site } » ne peut pas être écrit : { $reason }
    .help = vérifiez les droits et le disque, puis relancez la commande
site-wrong-site = « galerne { $command } » { $says }
    .help = { $help }
site-productions = « { $name } » est à la production : tous les sites sont derrière une seule porte d'entrée
    .help = donnez-lui sa valeur sans --site
site-not-marked = « { $variable } » vaut « { $name } », qui ne finit pas par « { $mark } »
    .help = nommez-le « { $name }{ $mark } » : cette fin dit qu'il est du site
site-marked = « { $variable } » vaut « { $name } », qui est un nom d'un autre site
    .help = donnez-lui un nom qui ne finit pas par « - » et le nom d'un site
site-port-taken = « { $variable } » a le port { $port }, qui est celui de « { $by } » ({ $of })
    .help = choisissez un autre port du serveur pour l'un des deux
site-folder-shared = « { $variable } » a le dossier « { $folder } », mais « { $theirs } » est celui de « { $by } » ({ $of })
    .help = choisissez un autre dossier : deux sites n'écrivent jamais dans les mêmes données
site-volume-shared = « { $variable } » a le volume « { $volume } », qui est celui de « { $by } » ({ $of })
    .help = choisissez un autre volume, ou un autre support pour lui : deux sites n'écrivent jamais dans les mêmes données
site-one-snap = « { $name } » est le snap « { $snap } », qui tourne déjà ({ $of })
    .help = un serveur fait tourner un snap une seule fois : choisissez-lui ici une autre technologie, ou laissez-le sans nom
site-conflict = « { $name } » a changé en production depuis que le site a sa propre valeur
    .help = regardez les deux avec « galerne --site { $site } diff », puis promouvez avec --force, ou nommez les variables à promouvoir
site-no-value = « { $name } » est tenu à part, et la production n'a pas encore de valeur pour lui
    .help = donnez-lui dans le site une valeur comme galerne la fait de celle de la production : un nom ou un dossier qui finit par « { $mark } », un port plus haut de { $step }

lint-translation-missing = « { $key } » n'est pas traduit en « { $language } »
    .help = traduisez-le dans le fichier à côté du dictionnaire : { $key } = …
lint-translation-unknown = « { $key } » ne traduit rien : son dictionnaire n'a pas ce texte
    .help = { $help }
lint-translation-unreadable = cette traduction ne peut pas être lue : { $reason }
    .help = écrivez « NOM = texte », et les autres textes dessous : «     .help = texte »
nodes-bad-value = « { $variable } » vaut « { $found } », il faut { $expected }
    .help = donnez-lui { $expected }
nodes-duplicate = « { $variable } » a deux fois le nœud « { $name } »
    .help = donnez à chaque nœud le nom de sa propre machine
nodes-no-manager = aucun des nœuds de « { $variable } » ne gère la grappe
    .help = faites de l'un d'eux un gestionnaire ; trois ou cinq survivent à la perte d'un seul
plan-own-demotion = le nœud « { $container } » est ce serveur, et ne peut pas faire de lui-même un worker
    .help = lancez galerne sur un autre gestionnaire, ou laissez celui-ci gestionnaire dans cluster_noeud_role
engine-node-absent = le swarm n'a pas de nœud « { $node } »
    .help = « galerne cluster status » énumère ses nœuds
engine-already-in-a-swarm = le moteur Docker de ce serveur fait déjà partie d'un swarm
    .help = pour qu'il en rejoigne un autre, lancez d'abord « docker swarm leave » : ce que le swarm fait tourner ici s'arrête
engine-wrong-token = le swarm de « { $manager } » n'accepte pas ce jeton
    .help = prenez le jeton du jour avec « galerne cluster token » sur ce gestionnaire : il a pu être changé, ou être celui d'un autre swarm
engine-manager-unreachable = aucun gestionnaire de swarm ne répond à « { $manager } » : { $cause }
    .help = vérifiez l'adresse, que son swarm fonctionne, et que le port 2377 est ouvert entre les deux serveurs
command-unknown-node = nœud inconnu : « { $name } »
    .help = { $help }
command-no-nodes = aucun nœud n'est décrit dans cluster_noeud_nom
    .help = nommez d'abord les machines : galerne set cluster_noeud_nom+=NOM, puis les éléments de ses esclaves
command-no-label = « { $text } » n'est pas une étiquette
    .help = écrivez CLÉ=VALEUR pour en poser une, ou CLÉ- pour en retirer une
command-no-token = il n'y a pas de jeton de swarm { $place }
    .help = remettez-le : galerne cluster token | ssh root@NŒUD galerne cluster join GESTIONNAIRE
command-token-exposed = le jeton serait vu ou gardé { $place }
    .help = { $help }
command-ssh-failed = « { $host } » ne donne pas de jeton par SSH : { $cause }
    .help = vérifiez avec « ssh { $host } galerne cluster status », en tant que root de ce serveur, qu'il laisse entrer et gère le swarm
command-not-under-root = « { $command } » change le moteur de cette machine, qui n'est pas sous --root
    .help = lancez-la sans --root, ou regardez seulement avec --dry-run
provision-no-address = le nœud « { $node } » n'a pas d'adresse
    .help = donnez-lui en une dans cluster_noeud_adresse
provision-not-written = « { $file } » ne peut pas être écrit : { $reason }
    .help = cherchez dans les valeurs de la famille « cluster » des lettres qui n'y ont pas leur place
