# Les phrases, et les morceaux de phrases, que galerne dit hors de l'éditeur et de l'aide. L'anglais est dans phrase!("clé", "…") (src).

## Ce qui encadre les messages

head-help = aide :
head-advice = Note :
more-about = Pour en savoir plus sur une erreur : galerne explain CODE
more-findings = { $more ->
    [one] { $more } autre du même genre
   *[other] { $more } autres du même genre
} ; --format json les montre tous

## Ce qui se trouve à l'endroit que le message montre

at-a-later-one = une autre, plus loin
at-a-master-already = déjà maître
at-a-slave-already = déjà esclave
at-already-a-slave = déjà esclave
at-an-object-begins-with = un objet commence par {"{"}
at-by-this = à cause de ceci
at-calculated-a-second-time-here = calculée une seconde fois ici
at-defined-a-second-time-here = définie une seconde fois ici
at-defined-here = définie ici
at-defined-here-without-multi = définie ici sans multi='True'
at-depends-on-itself = dépend d'elle-même
at-first-calculated-here = calculée d'abord ici
at-first-defined-here = définie d'abord ici
at-here = ici
at-in-this-template = dans ce template
at-it-can-have-these-values = elle peut avoir ces valeurs
at-it-is-defined-here = elle est définie ici
at-it-is-used-here = elle est utilisée ici
at-its-default = sa valeur par défaut
at-its-source = sa source
at-leads-this-group = maître de ce groupe
at-must-have-a-value = doit avoir une valeur
at-no-dictionary-defines-this = aucun dictionnaire ne définit ceci
at-no-index = ce n'est pas un indice
at-no-saved-variable = ce n'est pas une variable enregistrée
at-no-section = ce n'est pas une section
at-no-such-function = cette fonction n'existe pas
at-no-such-type = ce type n'existe pas
at-not-defined-before = n'est pas définie avant
at-not-for-this = pas à cet usage
at-not-known-here = inconnu ici
at-not-one-of-these-words = ce n'est aucun de ces mots
at-nothing-in-it = il n'y a rien dedans
at-numbered-by-this = numérotée par ceci
at-one-more = une de plus
at-one-too-many = une de trop
at-redefined-here = redéfinie ici
at-saved-here = enregistrée ici
at-the-container-is-defined-here = le conteneur est défini ici
at-the-default-stands-here = la valeur par défaut est ici
at-the-first-one = la première fois
at-the-near-one-is-defined-here = celle qui s'en approche est définie ici
at-the-other-one-is-defined-here = l'autre est définie ici
at-the-parser-stopped-here = la lecture s'est arrêtée ici
at-the-second-one = la seconde fois
at-the-variables-definition = la définition de la variable
at-there-is-nothing-here-that-could-go-on = il n'y a rien ici qui puisse continuer
at-this-calculation = ce calcul
at-this-call = cet appel
at-this-condition = cette condition
at-this-condition-lists-others = cette condition en énumère d'autres
at-this-default = cette valeur par défaut
at-this-element = cet élément
at-this-expression = cette expression
at-this-file-needs-it = ce fichier en a besoin
at-this-line-belongs-to-nothing = cette ligne n'appartient à rien
at-this-one-comes-later = celle-ci vient après
at-this-redefinition = cette redéfinition
at-this-section = cette section
at-this-target = cette cible
at-this-template-rendered-it = ce template l'a produite
at-this-template-uses-it = ce template l'utilise
at-this-text = ce texte
at-this-value = cette valeur
at-this-value-does-not-fit-here = cette valeur ne va pas ici
at-through-this = à travers ceci
at-used-here = utilisée ici

## Ce qu'il faut écrire

write-near = écrivez « { $near } » si c'est ce que vous voulez dire
write-it = écrivez « { $near } »
write-directive = écrivez « %{ $name } » si c'est une directive
write-set-global = écrivez « %set global %%{ $name } = … » là où elle reçoit sa valeur : elle est utilisée ailleurs
write-shorter = écrivez « %%{"{"}{ $shorter }{"}"}{ $rest } » si le nom s'arrête là
write-no-index = écrivez NOM=VALEUR, sans indice
use-one = utilisez { $words }
use-type = utilisez l'un des types du dialecte, par exemple « string »
use-index-below = utilisez un indice inférieur à { $length }, ou NOM+=VALEUR pour ajouter un élément
call-function = appelez l'une des fonctions du dialecte
install-dictionary = installez le dictionnaire qui la définit, ou enlevez redefine
define-variable = définissez la variable, ou enlevez ce qui la nomme
define-family = définissez la famille, ou enlevez ce qui la nomme
define-family-help = définissez la famille, ou enlevez son aide
define-number = définissez la variable, comme un nombre ou une liste
define-or-ask = définissez-la dans un dictionnaire, ou demandez « is defined »
ask-or-define = demandez « is defined » avant de l'utiliser, ou définissez-la dans un dictionnaire
correct-or-define = corrigez le nom, ou définissez la variable dans un dictionnaire
correct-or-escape = corrigez le nom, définissez la variable, ou écrivez « \%%{ $name } » si c'est du texte
correct-calculated = corrigez le nom qui est calculé, ou donnez une valeur pour quand il est inconnu
only-set-deleted = seul ce que « %set » a créé peut être supprimé
no-attributes = enlevez-le : cet élément n'a pas d'attributs
list-codes = énumérez les codes avec : galerne explain
list-explain = énumérez-les avec : galerne explain
list-help = énumérez-les avec : galerne --help
list-schema = énumérez-les avec : galerne schema
list-status = énumérez-les avec : galerne status
list-values = énumérez-les avec : galerne values
add-to-master = ajoutez d'abord un élément à la maître : { $master }+=…
name-the-item = nommez l'élément : NOM[INDICE]=VALEUR ; les éléments s'ajoutent à la maître et s'en retirent
set-number = donnez-lui un nombre de 0 à { $most }
no-states = il y en a un après chaque exécution réussie de « galerne instance » ou « galerne reconfigure »
states-kept = ceux-ci sont gardés : { $numbers }

## Ce qui ne va pas

numbers-undefined = n'est définie par aucun dictionnaire
number-is = vaut { $text }, au lieu d'un nombre de 0 à { $most }
number-is-none = n'est pas un nombre : { $mismatch }
is-no-list = n'est pas une liste
has-one-for-each = a une valeur pour chaque élément de sa maître
has-as-master = a { $length ->
    [one] { $length } élément
   *[other] { $length } éléments
}, autant que sa maître « { $master } »
has-items = a { $length ->
    [one] { $length } élément
   *[other] { $length } éléments
}
calculates = calcule une valeur
checks = contrôle une valeur
gives-nothing = elle n'apporte rien
given-again = d'autres, plus loin, apportent de nouveau tout cela
always-listed = a toujours l'une des valeurs énumérées
type-lists-none = est du type { $kind }, qui n'a aucune des valeurs énumérées
can-only-be = ne peut valoir que { $words }
item-name-taken = un autre élément porte déjà ce nom
call-is-wrong = l'appel est faux : il faut { $expected }
expression-fails = l'expression échoue : { $reason }
site-function-fails = la fonction du site échoue : { $reason }
machine-lacks = cette machine n'a pas de { $what }
no-list = « { $text } » n'est pas une liste de mots, comme ['un', 'deux']
no-pattern = « { $pattern } » n'est pas une expression régulière : { $reason }
path-control = il contient un caractère de contrôle
path-folder = c'est un dossier
path-kernel = le noyau y a ses propres fichiers
path-no-slash = il ne commence pas par « / »
path-own = galerne y garde son propre état
path-upwards = il remonte
mount-quote = systemd ne peut pas monter « { $path } » : il contient un guillemet ou une barre oblique inverse
snap-folder = un snap ne peut pas avoir de dossier à « { $path } », seulement sous « { $common } »
snap-foreign = le snap « { $snap } » est installé, et pas par galerne
snap-no-service = le snap « { $snap } » n'a pas de service qui tournerait
snap-runs = le snap « { $snap } » tourne déjà comme « { $other } », et un serveur n'en a qu'un
snapd-too-old = snapd retient les mises à jour d'un snap depuis { $major }.{ $minor } : installez-en un plus récent avec « snap install snapd »

## Ce qui est attendu

mismatch = il faut { $expected }, et c'est « { $found } »
mismatch-secret = il faut { $expected }, et c'est un texte qu'elle ne peut pas contenir
expected = il faut { $expected }
expected-address = il faut une adresse IPv4, comme 192.0.2.1
expected-another = il faut une autre valeur que celle de la variable à laquelle elle est comparée
expected-broadcast = il faut l'adresse de diffusion du réseau, qui est { $broadcast }
expected-in-network = il faut l'adresse d'une machine du réseau { $network } de masque { $mask }
expected-match = il faut un texte qui correspond à « { $pattern } »
expected-network = il faut l'adresse d'un réseau, qui avec ce masque est { $network }
expected-once = il faut chaque élément une seule fois
expected-one-of = il faut l'un de ces mots : { $words }
integer = il faut un entier
integer-at-least = il faut un entier d'au moins { $least }
integer-at-most = il faut un entier d'au plus { $most }
integer-within = il faut un entier de { $least } à { $most }
length-at-least = il faut au moins { $least } caractères
length-at-most = il faut au plus { $most } caractères
length-some = il faut quelques caractères
length-within = il faut de { $least } à { $most } caractères
one-of = l'un de { $words }
quoted = « { $name } »
either = « { $name } » ou « { $last } »
several = « { $name } », { $rest }
nothing = rien
named = « { $variable } » de la famille « { $family } »
of-sections = sections
of-values = valeurs dans une liste
a-list = une liste
one-value = une seule valeur
one-for-each = une valeur pour chaque élément de sa maître
items-of-slave = les éléments d'une esclave
whole-number = un nombre entier de { $least } à { $most }
whole-number-wanted = il faut un nombre entier, par exemple 3
not-in-range = il n'est pas dans { $range }
be-site-name = il faut de 2 à 16 minuscules et chiffres, une lettre en tête, et aucun de ces noms : { $reserved }
be-address-of-node = il faut un nom ou une adresse IP, par exemple 192.0.2.1
reads-lines = une ligne d'un fichier
reads-nginx = la configuration de nginx
reads-shell = un shell
type-boolean = « True » ou « False »
type-cidr = une adresse IPv4 et la longueur de son préfixe, comme 192.0.2.1/24
type-date = un jour, comme 2026-03-29
type-domain = un nom de domaine ou une adresse IPv4
type-domain-strict = un nom de domaine, comme wiki.example.org
type-filename = un chemin absolu sans « .. »
type-float = un nombre
type-hostname = un nom d'hôte sans point, ou une adresse IPv4
type-hostname-strict = un nom d'hôte sans point, comme scribe
type-ip = une adresse IPv4, comme 192.0.2.1
type-local-ip = une adresse IPv4 d'un réseau privé, comme 192.168.0.1
type-mac = une adresse matérielle, comme 52:54:00:12:34:56
type-mail = une adresse de courriel, comme admin@example.org
type-netbios = un nom NetBIOS d'au plus 15 lettres, chiffres et tirets
type-netmask = un masque de réseau, comme 255.255.255.0
type-network-cidr = un réseau IPv4 et la longueur de son préfixe, comme 192.0.2.0/24
type-number = un entier
type-port = un port de 1 à 65535
type-text = un texte sans caractères de contrôle
type-two-words = l'un de ses mots
type-unix-user = un utilisateur du système, comme www-data
type-web-address = une adresse qui commence par http:// ou https://

## Ce qu'un moteur devait faire

to-answer = répondre
to-create = créer « { $name } »
to-do = { $verb ->
    [start] démarrer
    [stop] arrêter
    [remove] supprimer
    [look-at] regarder
    [read-the-log-of] lire le journal de
    [make-the-network] créer le réseau
    [make-the-secret] créer le secret
    [make-the-service] créer le service
    [look-at-the-secret] regarder le secret
    [look-at-the-configuration] regarder la configuration
    [look-at-the-service] regarder le service
    [update-the-service] mettre à jour le service
    [scale-the-service] changer le nombre de copies du service
    [roll-back-the-service] ramener à la version précédente le service
    [remove-the-service] supprimer le service
    [make-a-swarm-at] créer un swarm à l'adresse
    [join-the-swarm-at] rejoindre le swarm de
    [change-the-node] modifier le nœud
   *[other] { $verb }
} « { $name } »
to-fetch = récupérer « { $image } »
to-rename = renommer « { $name } » en « { $to } »
to-be-reached = être joint à { $address }
to-use-network = l'utiliser pour un service
to-make-object = créer { $kind } « { $name } »
to-read-object = lire { $kind } « { $name } »
to-remove-object = supprimer { $kind } « { $name } »
to-list-objects = énumérer ce qu'il y a du genre { $kind }
be-path = un chemin absolu sans « .. »
be-path-or-name = un chemin absolu sans « .. », ou un nom
be-service-name = un nom de lettres, de chiffres, de - et de _ qui finit par une lettre ou un chiffre
be-object-name = un nom de lettres, de chiffres, de ., de - et de _
be-constraint = une condition comme « node.labels.ssd == true » ou « node.hostname != srv1 »
be-property = une propriété des nœuds comme « node.labels.region »
be-options = des réglages comme « type=nfs o=addr=192.0.2.1,rw device=:/srv/wiki »
be-reference = une branche, un tag ou un commit en entier
be-inside = un chemin dans le dépôt, sans « .. »
be-image = une image en minuscules sans son tag, comme « library/nginx »
be-image-tag = un tag comme « 1.27 », ou une empreinte comme « sha256:… »
be-registry = un registre comme « registry.example.org:5000 »
be-archive-tag = un mot comme « 1.27 », ou le « sha256:… » de l'archive
be-disk-image = une image disque comme « /srv/debian-12.qcow2 » ou « https://images.example.org/debian-12.qcow2 »
be-disk-tag = un mot comme « 12 », ou le « sha256:… » de l'image, obligatoire pour celle qui vient par « http »
be-kernel-options = des mots comme « root=/dev/vda1 ro »
be-snap = un snap du magasin comme « nextcloud », ou un fichier comme « /srv/wiki.snap »
be-snap-name = le nom d'un snap : au plus 40 minuscules, chiffres et - isolés, dont une lettre
be-snap-tag = un canal du magasin comme « latest/stable » ; pour un fichier, un mot comme « 1.27 », ou son « sha256:… »
be-no-command = rien : un snap fait tourner ses propres services
be-provider = « docker », « libvirt » ou « virtualbox »
be-box-tag = une version comme « 12.20250126.1 », « latest », ou le « sha256:… » du fichier
be-empty-command = une valeur vide, car une machine virtuelle fait tourner ce que sa box démarre
be-kernel = le noyau auquel l'initramfs ou les options sont destinés
be-gibibytes = un nombre entier de gibioctets
be-mebibytes = un nombre entier de mébioctets
be-processors = un nombre de processeurs comme « 1.5 »
be-mount-place = un dossier du conteneur autre que « / » et partagé une seule fois
be-folder-once = un dossier autre que « / » et dit une seule fois
be-address = une adresse IP comme « 127.0.0.1 »
be-port-once = un port de 1 à 65535, dit une seule fois
be-own-port = un port des variables du conteneur
be-url-path = un chemin qui commence par « / »
be-number-within = un nombre entier dans ses bornes
be-listed-word = l'un des mots que son aide énumère
be-own-name = le nom du conteneur
be-of-builder = celui d'une technologie qui construit, et d'aucune autre
be-of-others = celui d'une technologie qui fait faire par d'autres, et d'aucune autre
be-of-cluster = celui d'une grappe, et de rien d'autre
be-own-secrets = ceux des variables du conteneur
be-normal-path = un chemin absolu dans sa forme la plus courte
be-environment-names = des noms de lettres, de chiffres et de _
be-without-nul = des valeurs sans NUL
be-texts-without-nul = des textes sans NUL
be-one-or-more = 1 ou plus
be-program = un programme et ses arguments
be-left-out = absent
be-left-out-machine = absent : il n'est que pour les machines virtuelles
be-there = là où sont « initrd » ou « options »
be-network = une adresse ou un réseau comme « 10.1.0.0/16 »
be-user = un nom de lettres, de chiffres, de ., de _, de @ et de - qu'aucun autre utilisateur n'a
be-password = un mot de passe sans fin de ligne ni tabulation
be-application = le nom d'une application qui a un port
be-file-path = le chemin absolu d'un fichier
be-redirect = 301 ou 308
be-template-name = le nom d'un template, sans dossiers
be-mode = des droits en octal, comme « 0644 »
be-validator = une commande avec le mot {"{"}{"}"} à la place du fichier, comme « visudo -c -f {"{"}{"}"} »
be-engine = « creole », « tera » ou « none »
be-slave-name = le nom d'une esclave
be-kubernetes-name = un nom d'au plus 40 minuscules, chiffres et - qui commence par une lettre et ne finit ni par - ni par « -copies »
be-claim-name = un nom d'au plus 40 minuscules, chiffres et - qui commence par une lettre, dit une seule fois
be-label-part = un nom d'au plus 63 minuscules, chiffres et -
be-subdomain = un nom de minuscules, de chiffres, de - et de .
be-key-file = un fichier dont le nom est fait de lettres, de chiffres, de ., de _ et de -
be-node-condition = une condition sur « node.labels.… », « node.hostname », « node.role », « node.platform.os » ou « node.platform.arch »
be-node-label = « node.hostname » ou une étiquette de nœuds comme « node.labels.topology.kubernetes.io/zone »
be-nfs = vide, ou un dossier NFS comme « type=nfs o=addr=192.0.2.1,rw device=:/srv/wiki »
be-gateway = le nom d'une Gateway, avec son espace de noms s'il le faut : « infra/public »
be-always = « unless-stopped » ou « always », car Kubernetes redémarre ses copies quelle que soit leur fin
be-reached = un port où l'atteindre
be-one-per-node = 0 ou 1 : Kubernetes ne connaît aucun autre nombre de copies par nœud
be-most-copies = 0, ou au moins « conteneurX_repliques », et pas en mode « global »
be-measured = 0 sans « conteneurX_processeurs_reserves », dont la charge est une part
be-percent = de 1 à 100
be-storage-class = « local », ou une classe de stockage
be-shared = « commun » pour ce qui tourne sur chaque nœud, et pour NFS
be-hosts = des noms d'hôtes
be-empty-door = une valeur vide, car celui qui écoute pour la grappe s'en charge
be-zero-door = 0, car celui qui écoute pour la grappe s'en charge
be-no-mounts = une valeur vide là où il y a plusieurs copies et qu'aucune condition ne nomme un nœud
be-sharing = « commun » ou « par_copie »
be-of-kubernetes = celui de Kubernetes, et de rien d'autre
be-target-name = le nom de la cible
be-help-text = le texte de l'aide
be-list-of-values = la liste des valeurs
be-bounds = des entiers pour « mini » et « maxi »
be-expression = l'expression « exp_reg »
be-other-value = la valeur dont il faut différer
be-address-or-domain = une adresse IPv4 ou un nom de domaine
be-lower-case = un texte sans majuscules
be-country = les deux majuscules d'un pays, comme FR
be-entity-name = un nom de lettres, de chiffres, de -, de _ et de . qui commence par une lettre ou un chiffre
be-all-names = la liste de tous les noms pour « values »
be-ipv4 = une adresse IPv4
be-netmask = un masque, comme 255.255.255.0
be-compared = « parametre » et « condition », qui sont comparés
be-interface = le nom d'une interface
be-network-address = l'adresse d'un réseau
be-interface-number = le numéro d'une interface, à partir de 0
be-folder = le chemin d'un dossier
be-length = une longueur de 1 à 4096
no-random = source de nombres aléatoires
be-random-bounds = des entiers pour « vmin » et « vmax », le plus petit d'abord
no-random-within = nombre aléatoire entre ces bornes
be-compared-text = le texte ou la liste à quoi les conditions sont comparées
be-as-many = autant de textes dans la liste que de conditions
be-operator = l'opérateur « AND » ou « OR »
be-condition-names = des arguments nommés « condition_1 », « match » et ainsi de suite
be-max-len = un nombre pour « max_len »
be-in-check = une place dans un check
be-in-fill = une place dans un fill ou un auto
list-begins = elle ne commence pas par « [ »
list-goes-on = il faut « , » ou « ] » après une valeur
list-ends = il ne faut rien après la liste
list-quotes = un texte entre guillemets ne finit pas sur sa ligne
an-object = un objet
a-text = un texte
a-boolean = un booléen
a-number = un nombre
at-owner-and-value = propriétaire et valeur diffèrent ici
xml-second-root = un second élément racine
xml-text-outside = du texte hors de l'élément racine
xml-nothing = il n'y a pas d'élément
be-repository = un dépôt git comme « https://git.example.org/team/wiki.git », « ssh://git@git.example.org/wiki.git » ou « /srv/git/wiki.git », sans mot de passe
be-lxc-image = une archive comme « /srv/wiki.tar.xz » ou « https://files.example.org/wiki.tar.gz », une image comme « debian/bookworm », ou un template comme « busybox »
be-box = une box comme « debian/bookworm64 », ou le fichier d'une box comme « /srv/wiki.box » ou « https://files.example.org/wiki.box »
xml-too-deep = des éléments sont emboîtés sur { $most } niveaux
xml-character = le caractère { $letter } n'a pas sa place en XML
xml-open = « { $name } » n'est jamais fermé
xml-entity = l'entité « &{ $name }; » n'est pas définie
no-utf8 = l'octet { $byte } n'est pas de l'UTF-8
no-encoding = il faut UTF-8, ISO-8859-1 ou ISO-8859-15, et c'est « { $other } »
list-word = il faut un texte entre guillemets, un nombre, « True », « False » ou « None »
list-named = un caractère est désigné par son nom
list-hex = il faut les chiffres hexadécimaux d'un caractère échappé
list-half = la moitié d'un caractère est échappée
no-part = un objet sans « { $missing } »
owner-object = il faut un objet, comme pour « val », et c'est { $found }
owner-text = il faut un texte, et c'est { $found }
item-no-owner = l'élément { $index } n'a pas de propriétaire
item-no-value = l'élément { $index } n'a pas de valeur


## Pourquoi une variable n'a pas de valeur, ou ne peut pas être modifiée

why-disabled = disabled='True' sur la variable
why-hidden = hidden='True' sur la variable
why-family-disabled = disabled='True' sur sa famille
why-family-hidden = hidden='True' sur sa famille
why-mandatory = mandatory='True' sur la variable
why-auto-frozen = auto_freeze='True' sur la variable, et le serveur est instancié
why-calculated = toujours calculée par { $function }
why-master = sa maître « { $master } » est désactivée
why-fallback = « { $name } » est inconnue, et la condition se rabat sur ceci
why-source = « { $name } » est désactivée
and-why = { $first } ; { $next }

## Ce que les commandes affichent

nothing-changed = rien n'a changé
nothing-written = rien n'a été écrit
nothing-wrong = tout va bien : conteneurs { $containers }, fichiers { $files }
nothing-to-do = rien à faire
followed = les requêtes vont aux copies de { $container } là où elles sont maintenant
saved-not-applied = enregistré ; galerne reconfigure l'applique
saved-check = enregistré ; galerne check dit ce qui manque encore
files-written = { $count ->
    [one] { $count } fichier écrit
   *[other] { $count } fichiers écrits
} sous { $folder }
schemas-written = { $count ->
    [one] { $count } schéma écrit
   *[other] { $count } schémas écrits
} dans { $folder }
host-packages = {"  "}✗ paquets des dictionnaires : { $install }
host-install = absent : apt install { $packages }
no-standing = impossible de dire où en sont les conteneurs
ask-install = Absents de cette machine : { $packages }. Les installer avec apt-get ?
ask-do = Le faire ?
ask-yes = { $question } [o/N]{" "}
value-needed = {"  "}il faut une valeur
done = fait : conteneurs changés : { $containers } ; fichiers : { $files }
no-container = aucun conteneur
changed-by-hand = { $path } avait été modifié à la main : ce qu'il était est gardé dans { $path }.galerne-old
served-at = { $name } est servie à /{ $name }/
valid-until = le certificat autosigné { $path } est valable jusqu'au { $until }
back-to = retour à l'état { $number } du { $time }
kept-as = ce qui était enregistré et pas appliqué est gardé dans { $path }
no-state-yet = aucun état n'est encore gardé
state-line = { $number }  { $time }  { $containers }, fichiers : { $files }
no-container-configured = aucun conteneur n'est configuré
no-node = (aucun nœud)
head-name = NOM
head-state = ÉTAT
head-image = IMAGE
head-ports = PORTS
head-path = CHEMIN
is-running = tourne
is-unhealthy = malade
is-restarting = redémarre
is-stopped = arrêté
is-missing = absent
is-outdated = périmé
is-unwanted = de trop
is-unknown = inconnu
is-incomplete = incomplet
is-changing = change
placed = repris : { $count }
not-placed = non repris : { $count }
same-already = déjà ainsi
default-kept = sans valeur, valeur par défaut gardée
listed = { $what } : { $names }
list-no-character = ce qui est échappé n'est pas un caractère

## Les raisons des étapes

because-switched-off = il est désactivé
because-list-changed = la liste des fichiers générés a changé
because-nginx-accepts = nginx doit accepter ses fichiers avant de les lire
because-nginx-files = des fichiers de nginx ont changé
because-nginx-stopped = nginx ne tourne pas
because-traefik-accepts = Traefik doit accepter ses fichiers avant de les lire
because-traefik-files = des fichiers de Traefik ont changé
because-traefik-stopped = Traefik ne tourne pas
because-other-door = il n'est plus le serveur web frontal
because-absent = cela n'existe pas
because-link = il mène ailleurs
because-content = son contenu diffère
because-owner = son propriétaire diffère
because-mode = ses droits diffèrent
because-other = il y a autre chose à cet endroit
because-edited = quelqu'un l'a modifié ; ce qui s'y trouve est gardé à côté avec la fin .galerne-old
because-stock-site = le site d'origine de nginx répond là où le nôtre le doit
because-cluster-listens = la grappe écoute elle-même
because-copies = toutes ses copies ne tournent pas
because-nginx-points = nginx doit être dirigé vers lui
because-release = une nouvelle version en est faite
because-settings = ses réglages ont changé
because-unwanted = on n'en veut plus
because-no-cluster = plus aucune grappe ne le fait tourner
because-taken-over = une autre technologie prend le relais
because-handed-over = une autre technologie passe le relais
because-serves = le nouveau sert
because-takes-over = le nouveau prend le relais
because-start = il doit démarrer avec la machine
because-stopped = il ne tourne pas
because-left = laissé par une exécution interrompue
because-interrupted = une exécution précédente a été interrompue
because-image = l'image n'est pas là
because-aside = il s'écarte
because-name = il prend le nom
because-not-generated = il n'est plus généré
because-mounted = un conteneur le monte
because-moved = ses copies ont bougé
because-balanced = nginx doit passer les requêtes à ses copies
because-put-back = il a été remis en place
because-it-takes-over = il prend le relais
because-put-aside = une exécution interrompue l'avait mis de côté
because-unhealthy = il ne va pas bien

## Les étapes d'un plan et d'une exécution

step-in = { $action } dans { $engine } ({ $reason })
step-why = { $action } ({ $reason })
step-build = construire l'image { $image } depuis { $repository }
step-fetch = récupérer l'image { $image }
step-folder = créer le dossier { $path }
step-create = créer { $name }
step-resume = poursuivre le remplacement de { $container }
step-rename = renommer { $name } en { $to }
step-start = démarrer { $name }
step-stop = arrêter { $name }
step-await = attendre que { $container } aille bien
step-remove = supprimer { $name }
step-deploy = déployer { $container }
step-scale = porter { $container } à { $replicas ->
    [one] { $replicas } copie
   *[other] { $replicas } copies
}
step-roll-back = ramener { $container } à la version précédente
step-withdraw = retirer { $container }
step-balance = faire passer par nginx les requêtes aux copies de { $container }
step-unbalance = ne plus faire écouter nginx pour { $container }
step-write = écrire { $path }
step-record = noter quels fichiers sont générés
step-check-proxy = faire contrôler sa configuration par nginx
step-check-traefik = essayer la configuration de Traefik
step-reload-traefik = faire relire sa configuration à Traefik
step-restart-traefik = arrêter Traefik et le redémarrer
step-reload-proxy = faire relire sa configuration à nginx
step-restart-service = redémarrer le service { $name }
step-start-service = démarrer le service { $name }
step-stop-service = arrêter le service { $name }
step-enable-service = faire démarrer le service { $name } avec la machine
step-disable-service = ne plus faire démarrer le service { $name } avec la machine
effect-undo = revenir sur : { $action }
effect-open-journal = ouvrir le journal
effect-stage = préparer { $path }
effect-hook = lancer { $path }
effect-validate = faire contrôler le nouveau { $path }
effect-keep = garder { $path } tel quel
effect-put-back = remettre { $path } en place
effect-close-journal = fermer le journal
effect-forget = oublier ce qu'était { $path }
effect-remove-journal = supprimer le journal
because-changes = { $path } change
because-scale = { $now ->
    [one] { $now } copie doit
   *[other] { $now } copies doivent
} devenir { $replicas }

## Pourquoi une application ne va pas bien

ill-after = { $cause }, après { $seconds } secondes
ill-still = { $cause }, et rien n'a changé pendant { $seconds } secondes
ill-silent = rien ne répond sur son port { $port } : { $error }
ill-late = son port { $port } ne répond pas à temps
ill-path = « { $path } » ne répond pas : { $error }
ill-status = « { $path } » répond avec le statut { $status }
ill-no-http = la réponse à « { $path } » n'est pas du HTTP
ill-new = il vient seulement de démarrer
ill-again = il s'est arrêté et a été redémarré
ill-paused = il est en pause
ill-check = le contrôle de son image échoue
ill-check-waits = le contrôle de son image n'a pas encore réussi
ill-memory = il s'est arrêté : il prenait plus de mémoire que permis
ill-ended-with = il s'est arrêté avec le code de sortie { $code }
ill-ended = il s'est arrêté
ill-off = il ne tourne pas
ill-service-again = son service « { $name } » s'est arrêté et a été redémarré
ill-service-ended = son service « { $name } » s'est arrêté avec le code de sortie { $code }

## Où en est un service sur une grappe

rollout-line = {"    "}{ $container } : { $far }
rollout-settled = toutes les copies tournent : { $nodes }
rollout-moves = { $words } : { $nodes }
rollout-failed = échec : { $nodes }
rollout-none = aucune copie ne tourne
rollout-update = la mise à jour est en cours
rollout-begins = la mise à jour va commencer
rollout-back = une copie a échoué, et la version précédente revient
rollout-other = quelqu'un d'autre le modifie
rollout-run = { $runs ->
    [one] { $runs } copie sur { $wanted } tourne
   *[other] { $runs } copies sur { $wanted } tournent
}
rollout-new = { $updated ->
    [one] { $updated } copie sur { $wanted } est nouvelle
   *[other] { $updated } copies sur { $wanted } sont nouvelles
}
rollout-one-ends = 1 copie doit encore s'arrêter
rollout-ends = { $more } copies doivent encore s'arrêter
rollout-without = { $words }, et { $node } ne répond pas
rollout-without-several = { $words }, et { $nodes } ne répondent pas
copy-on = { $words } (sur { $node })
copy-was-ended = une copie n'a pas répondu à temps, et a été arrêtée
copy-ended = une copie s'est arrêtée d'elle-même : code de sortie { $code }
copy-ended-why = une copie s'est arrêtée d'elle-même : code de sortie { $code } ({ $reason })
copy-ended-as = une copie s'est arrêtée d'elle-même : { $state }
copy-late = elle n'était pas prête à temps
copy-no-node = aucun nœud ne convient
ill-at = { $why } (à l'adresse { $address })
ill-closed = rien ne répond sur son port { $port } : les connexions sont aussitôt fermées
ill-unpublished = son port { $port } n'est pas encore publié

## Ce qu'un moteur dit de lui-même, et ce qui lui manque

has-providers = { $version } avec { $providers }
has-kvm = { $version }, avec KVM
has-no-kvm = { $version }, sans KVM, qui ne démarre rien ici
has-kubernetes = { $version } à l'adresse { $address }, nœuds prêts : { $ready } sur { $nodes }, espace de noms { $namespace }
has-node = { $version }, 1 nœud ; { $entry }
has-nodes = { $version }, { $nodes } nœuds ; { $entry }
swarm-listens = le swarm écoute lui-même sur ses nœuds
swarm-no-ipvs = le noyau n'a pas IPVS : nginx écoute donc, et passe les requêtes aux copies
refuses-nodes = ce n'est pas à galerne de changer ses nœuds
refuses-silently = il ne dit pas pourquoi
refuses-network = le réseau « { $name } » est de ce seul serveur : choisissez un autre nom
refuses-name-here = sur ce serveur, ce nom ne mène à aucune adresse à laquelle les autres le joignent : donnez l'adresse à sa place
refuses-control = la valeur de { $name } dans l'environnement contient un caractère de contrôle
to-hold-refreshes = retenir ses mises à jour
to-set-snap = faire les réglages du snap
late-answer = la réponse a pris trop de temps
lacks-fetched = elle n'a pas été récupérée
lacks-no-file = ce fichier n'existe pas
lacks-on-server = le serveur n'a pas ce fichier
lacks-file = ce n'est pas un fichier
lacks-path = ce n'est ni un chemin ni une adresse
lacks-archive = ce n'est ni une archive, ni un template, ni une image d'un serveur
lacks-release = l'image d'un serveur s'écrit DISTRIBUTION/VERSION
lacks-snap = ce n'est ni un fichier, ni le nom d'un snap
box-none = ce n'est pas une box
box-no-digest = la box d'un catalogue a des versions, et pas d'empreinte

## Comment un programme s'est arrêté, et ce qu'il n'a pas fait

one-and-another = { $first } ; { $second }
program-late = cela a pris plus de { $seconds } s
program-late-named = « { $program } » a mis plus de { $seconds } s
program-exit = code de sortie { $code }
program-signal = signal { $signal }
program-ended = il s'est arrêté : { $status }
program-ended-named = « { $program } » s'est arrêté : { $status }
program-wrote =
    { $said }
    { $words }
program-no-start = « { $program } » ne peut pas être lancé : { $error }
apt-ended = apt-get s'est arrêté : { $status }
journal-version = sa version est { $found }, et non { $wanted }
site-answers-no-value = sa réponse n'a ni « value » ni « error »
site-answers-no-ok = sa réponse n'a ni « ok » ni « error »
site-gone = elle n'est plus là
site-no-number = le nombre qu'elle répond n'en est pas un
site-object = ce qu'elle répond dans « value » est un objet
site-answers-much = elle a répondu plus de 1 Mio, ou ne s'est pas arrêtée
site-ended = { $status } : { $first }
site-no-json = sa réponse n'est pas un objet JSON
site-not-executable = elle n'est pas exécutable
site-untrusted = d'autres que son propriétaire, qui doit être root, peuvent l'écrire : chmod go-w, chown root
site-no-index = ce n'est pas un nombre de 1 à { $most }
ssh-no-host = ce n'est pas [UTILISATEUR@]HÔTE
proxy-kept = il garde la configuration qu'il avait
traefik-unread = { $path } ne peut pas être lu
traefik-goes-on = son processus { $pid } continue
traefik-silent = il ne répond pas ; journalctl -u { $unit }, ou /{ $log }

## Ce qui ne va pas avec une image ou un moteur

image-digest = son SHA-256 est { $found }
image-empty = elle est vide
image-sectors = un disque a des secteurs entiers, et ce fichier fait { $size } octets
image-vmware = un disque de VMware
image-virtualbox = un disque de VirtualBox
image-hyper-v = un disque de Hyper-V
image-virtual-pc = un disque de Virtual PC
image-zip = une archive zip
image-convert = c'est { $what } : faites-en une image qcow2 avec « qemu-img convert -O qcow2 »
image-not-whole = elle n'est pas entière : le reste est dans un autre fichier, qu'elle nomme
image-no-size = elle ne dit pas sa taille
image-compressed = elle est compressée, ou c'est un premier système de fichiers racine : décompressez-la, ou dites quel noyau la démarre
image-no-boot = rien ne démarre de ce disque : dites quel noyau le fait
image-shrinks = son disque fait { $size } octets : il peut grandir, et non rétrécir
qemu-no-folder = « { $path } » n'est pas un dossier, et QEMU ne partage que des dossiers
lxc-all-taken = toutes celles de son pont sont prises
lxc-control = { $what } a un caractère de contrôle
lxc-path = un chemin
lxc-value = la valeur de { $name } dans l'environnement
repository-answers-now = il n'a pas répondu tout à l'heure, et répond maintenant : relancez la commande
credentials-at = { $path } : ligne { $line }, colonne { $column }
credentials-auth = son « auth » n'est pas le base64 de « utilisateur:mot de passe »
credentials-helper = « { $helper } » n'est pas le nom d'un programme d'identifiants
credentials-failed = { $program } a échoué ({ $status })
credentials-no-json = la réponse de { $program } n'est pas du JSON
snap-other = c'est le snap « { $name } »
snap-cut-off = le transfert a été coupé : { $error }
snap-none = ce n'est pas un snap : il n'a pas de « meta/snap.yaml »
snap-yaml = son « meta/snap.yaml » : { $error }
snap-name = il a un nom qu'aucun snap ne peut avoir
snap-type = il est du type « { $kind } », et non une application
snap-application-name = il a une application avec un nom qu'aucune ne peut avoir
snap-none-made = aucun « .snap » n'a été fabriqué
snapd-ended = cela a fini ainsi : { $status }
snapd-late = il ne répond pas à temps
snapd-answers = il répond { $status }
snapd-no-json = sa réponse n'est pas du JSON : { $error }
store-lacks = le magasin n'a pas de { $kind } pour lui
assertion-lacks = une assertion du magasin n'a pas de « { $name } »
mount-used = « { $mount } » est utilisé
entry-long = une entrée est trop longue

## Ce qui ne va pas avec un fichier

file-not-regular = ce n'est pas un fichier ordinaire
file-there-not-regular = ce qui s'y trouve n'est pas un fichier ordinaire
file-large = plus de 16 Mio
file-no-name = ce n'est pas le nom d'un fichier
link-of-user = l'utilisateur { $user } a créé le lien { $part }
link-in-the-way = un lien est en travers

## Ce que le système dit d'un appel qui a échoué

system-error = { $words } (erreur { $number } du système)
system-not-permitted = opération interdite
system-no-file = ce fichier ou ce dossier n'existe pas
system-input-output = erreur d'entrée-sortie
system-no-memory = il n'y a plus de mémoire
system-denied = permission refusée
system-busy = le périphérique ou la ressource est occupé
system-exists = le fichier existe déjà
system-other-disk = un lien ne peut pas mener à un autre système de fichiers
system-no-folder = ce n'est pas un dossier
system-folder = c'est un dossier
system-invalid = argument non valable
system-many-files = trop de fichiers sont ouverts
system-runs = le programme est en cours d'exécution
system-large = le fichier est trop gros
system-disk-full = il n'y a plus de place sur le disque
system-read-only = le système de fichiers est en lecture seule
system-pipe = le programme qui lisait s'est terminé
system-long-name = le nom du fichier est trop long
system-not-empty = le dossier n'est pas vide
system-links = trop de liens mènent l'un à l'autre
system-address-used = l'adresse est déjà prise
system-no-address = cette machine n'a pas cette adresse
system-no-network = le réseau est injoignable
system-reset = la connexion a été coupée par l'autre côté
system-timeout = la connexion n'a pas abouti à temps
system-refused = la connexion est refusée
system-no-route = aucune route ne mène à cette machine
system-quota = le quota du disque est dépassé

## Autres endroits, et ce qu'une reprise n'a pas placé

at-refused-by-this = refusée par ce contrôle
at-each-item-once = chaque élément une seule fois
at-name-defined-here = « { $name } » est définie ici
at-no-dictionary-defines-it = aucun dictionnaire ne la définit
at-line = {" "}(ligne { $line })
a-value = une valeur
the-web-server = le serveur web
not-defined = aucun dictionnaire ne la définit
not-defined-near = aucun dictionnaire ne la définit ; « { $near } » s'en approche
not-defined-yet = aucun dictionnaire ne la définit encore
several-for-one = { $count ->
    [one] { $count } valeur
   *[other] { $count } valeurs
} pour une variable qui n'en contient qu'une
no-items = une seule valeur pour une variable qui en a une pour chaque élément de sa maître
beyond-master = sa maître « { $master } » a { $length ->
    [one] { $length } élément
   *[other] { $length } éléments
}
no-such-value = elle ne peut pas avoir cette valeur : { $mismatch }
is-calculated = elle est toujours calculée, par { $function }
already-set = elle est déjà renseignée ici ; --replace prend cette valeur
not-in-use = sans effet pour l'instant, car elle est { $property } : { $why }
at-closed-choices = limitée à ces valeurs
to-keep-image = garder une image
to-keep-snap = garder un snap
to-keep-box = garder une box
to-copy-snap = copier un snap
to-copy-image = copier l'image
to-copy-file = copier un fichier
to-say-version = dire sa version
to-read-log = lire le journal
to-make-machine = créer une machine
to-make-name = créer un nom
to-make-disk = créer un disque
to-make-container = créer un conteneur
to-make-place = créer la place d'un dossier
to-hold-machine = tenir une machine
to-show-journal = montrer son journal
to-download = télécharger une image
to-write-environment = écrire un environnement
to-write-unit = écrire une unité
to-remove-unit = supprimer une unité
to-stop-container = arrêter un conteneur
to-start-container = démarrer un conteneur
to-rename-container = renommer un conteneur
to-remove-container = supprimer un conteneur
to-set-up-vagrant = préparer Vagrant
to-rename-machine = renommer une machine
to-remove-machine = supprimer une machine
to-mark-machine = marquer une machine
to-read-snap = lire un snap
to-pack-snap = empaqueter un snap
to-list-snaps = énumérer ses snaps
to-list-machines = énumérer ses machines
to-list-containers = énumérer ses conteneurs
to-write-machine = écrire l'environnement de la machine
to-write-container = écrire la configuration du conteneur
to-start-attendant = lancer un surveillant
to-share = le partager avec une machine
to-set-up-files = préparer ses fichiers
to-read-units = faire lire ses unités par systemd
to-find-address = trouver une adresse
to-start = démarrer « { $name } »
to-wait = attendre « { $name } »
to-stop = arrêter « { $name } »
to-unmount = démonter un dossier de « { $name } »
to-install = installer « { $name } »
to-remove = supprimer « { $package } »
to-remove-revision = supprimer une révision de « { $package } »
to-fetch-box = récupérer la box « { $image } »
not-asked = il n'est pas interrogé
it-runs = il tourne
it-does-not-run = il ne tourne pas, et sera démarré quand il le faudra

production = production
add-site = ajoutez-le avec : galerne site add { $name }
site-takes-name = prend le nom d'un site comme dernier mot, et pas de --site
site-example = écrivez-le comme ceci : galerne site add preprod
diff-takes-site = compare un site à la production, et aucun n'est nommé
diff-example = écrivez-le comme ceci : galerne --site preprod diff
promote-takes-name = prend le nom d'un site comme premier mot, et pas de --site
promote-example = écrivez-le comme ceci : galerne promote preprod
site-removed = le site { $name } n'est plus là ; les dossiers que ses applications partageaient restent
site-added = le site { $name } est là : « galerne --site { $name } diff » montre ce qu'il tient à part, « galerne --site { $name } reconfigure » le démarre
no-site = il n'y a pas de site à côté de la production
diff-nothing = { $site } n'a rien à promouvoir : ce qui n'est pas tenu à part est comme en production
diff-promoted = production → { $site } :
diff-apart = tenu à part, et pas promu :
nothing-to-promote = rien à promouvoir
promoted = enregistré pour la production : { $count ->
    [one] { $count } valeur
   *[other] { $count } valeurs
}
ask-remove-site = Arrêter les applications de { $name } et oublier ses valeurs ?

## Les templates du langage %

tpl-64-bits = le résultat a plus de 64 bits
tpl-by-zero = division par zéro
tpl-operator-text = cet opérateur ne va pas entre { $left } et { $right } ; « str » et « int » font l'un de l'autre
tpl-operator = cet opérateur ne va pas entre { $left } et { $right }
tpl-shift = un décalage de moins que rien
tpl-integers-only = cet opérateur ne prend que des entiers
tpl-no-sign = une valeur de type { $kind } n'a pas de signe
tpl-deep-list = une liste est emboîtée sur plus de { $most } niveaux
tpl-no-order = une valeur de type { $first } et une de type { $second } n'ont pas d'ordre
tpl-nothing-in = rien ne peut être dans une valeur de type { $kind }
tpl-no-loop = « %{ $name } » n'est dans aucune boucle
tpl-no-def = « %return » n'est dans aucun « %def »
tpl-no-end = « %{ $name } » n'a pas de « %end { $name } »
tpl-other-end = « %{ $end } » ne va pas avec « %{ $name } »
tpl-wants-end = il faut « %end { $name } »
tpl-not-here = « %{ $name } » n'a pas sa place ici
tpl-wants = il faut « { $wanted } »
tpl-wants-name = il faut un nom
tpl-wants-argument = il faut le nom d'un argument
tpl-two-arguments = l'argument « { $name } » figure deux fois
tpl-many-arguments = il y a plus de { $most } arguments
tpl-calculated-on = on ne peut calculer que sur une seule chose
tpl-include-name = seul un template désigné par son nom peut être inclus
tpl-not-assigned = ceci ne peut pas recevoir de valeur
tpl-work = le rendu prend plus de { $most } étapes
tpl-text-length = un texte a plus de { $most } octets
tpl-no-list = une valeur de type { $kind } n'est pas une liste
tpl-wants-integer = il faut un entier, pas une valeur de type { $kind }
tpl-wants-text = il faut un texte, pas une valeur de type { $kind }
tpl-no-key = une valeur de type { $kind } ne peut pas être la clé d'un dictionnaire
tpl-no-item = aucun élément n'a cet indice
tpl-key-missing = le dictionnaire n'a pas cette clé
tpl-no-items = une valeur de type { $kind } n'a pas d'éléments
tpl-items-not-assigned = les éléments d'une valeur de type { $kind } ne peuvent pas recevoir de valeur
tpl-items-not-deleted = les éléments d'une valeur de type { $kind } ne peuvent pas être supprimés
tpl-no-slices = une valeur de type { $kind } n'a pas de tranches
tpl-slice-step = le pas d'une tranche est nul
tpl-argument-missing = l'argument « { $name } » manque
tpl-arguments-most = il y a plus de { $most } { $most ->
    [one] argument
   *[other] arguments
}
tpl-copy-first = copiez-la d'abord : « %set %%copie = list(%%maitre) »
tpl-master-change = modifier la liste d'une maître
tpl-no-attribute = une valeur de type { $kind } n'a pas de « { $name } » ; écrivez « %%{"{"}…{"}"} » si un texte suit une variable
tpl-item-missing = la liste n'a pas cet élément
tpl-dictionary-only = seul un dictionnaire peut être ajouté à un dictionnaire
tpl-no-group = ce groupe n'existe pas
tpl-closes-nothing = « %{ $name } » ne termine ni ne continue rien
tpl-without-or-text = écrivez le template sans elle, ou « \%{ $name } » si c'est du texte
tpl-directive = la directive « %{ $name } »
tpl-more-than = c'est plus que n'en prend « %{ $name } »
tpl-one-line = ceci ne peut pas être dans un corps d'une ligne
tpl-join-item = l'élément { $place } de la liste à joindre est du type { $kind }, au lieu d'un texte
tpl-separator-empty = le séparateur est vide
tpl-separator-missing = le séparateur manque
tpl-part-missing = le texte ne contient pas cette partie
tpl-fill = ce qui remplit doit être un seul caractère
tpl-width = une largeur de plus de { $most }
tpl-format-early = le format finit trop tôt
tpl-format-more = le format veut plus de valeurs qu'il n'en reçoit
tpl-format-names = le format a des noms, mais sa valeur n'est pas un dictionnaire
tpl-format-lacks = le format nomme ce que le dictionnaire n'a pas
tpl-format-all = le format n'utilise pas toutes ses valeurs
tpl-no-character = ce caractère n'existe pas
tpl-format-number = « %d » veut un nombre, pas un texte ; « int » en fait un
tpl-no-conversion = cette conversion n'existe pas
tpl-format-field = un champ du format n'a pas de fin, ou se trouve dans un autre
tpl-format-closes = un « {"}"} » du format ne ferme rien
tpl-format-name = un champ du format ne peut être qu'un nombre ou un nom
tpl-format-given = le format veut une valeur qui n'est pas donnée
tpl-no-format = ce n'est pas le format d'un champ
tpl-wants-number = il faut un nombre, pas une valeur de type { $kind }
tpl-no-clock = enlevez-le : une compilation n'a pas d'horloge, pour que la même configuration donne les mêmes fichiers
tpl-use-modules = utilisez « os.path » ou « re », ou calculez une variable dans un dictionnaire
tpl-named-arguments = « { $name } » avec des arguments nommés
tpl-by-places = donnez-les par leur place
tpl-no-regex = ce n'est pas une expression régulière utilisable
tpl-regex-steps = une expression régulière prend trop d'étapes
tpl-replacement = le remplacement finit par « \ »
tpl-deep-expression = cette expression est emboîtée sur plus de { $most } niveaux
tpl-lambda = une fonction sans nom (« lambda »)
tpl-write-def = écrivez un « %def »
tpl-deep-blocks = blocs, expressions et appels sont emboîtés sur plus de { $most } niveaux
tpl-assertion = ceci n'est pas vrai
tpl-output = le texte est plus long que { $most } octets
tpl-calculated-name = du nom calculé
tpl-deep-calls = des appels ou des inclusions sont emboîtés sur plus de { $most } niveaux
tpl-names-values = { $names } noms reçoivent { $values } { $values ->
    [one] valeur
   *[other] valeurs
}
tpl-wants-expression = il faut une expression
tpl-wants-expression-not = il faut une expression, pas « { $name } »
tpl-star-arguments = des arguments ne peuvent pas être donnés par une liste ou un dictionnaire
tpl-argument-order = un argument sans nom vient après un argument nommé
tpl-wants-index = il faut un indice
tpl-sorted = « sorted » avec une fonction
tpl-sort-by-values = triez selon les valeurs elles-mêmes
tpl-no-length = une valeur de type { $kind } n'a pas de longueur
tpl-range-step = le pas d'un intervalle est nul
tpl-base = la base n'est pas entre 2 et 36
tpl-int = « int » reçoit un texte qui n'est pas un entier
tpl-number-large = le nombre est trop grand
tpl-float = « float » reçoit un texte qui n'est pas un nombre
tpl-float-kind = « float » ne prend pas de valeur de type { $kind }
tpl-dict = « dict » veut des paires
tpl-compare-values = comparez les valeurs elles-mêmes
tpl-empty-list = « { $name } » reçoit une liste vide
tpl-isinstance = « isinstance » veut un type comme « str »
tpl-not-rounded = une valeur de type { $kind } ne peut pas être arrondie
tpl-ord = « ord » veut un seul caractère
tpl-without = écrivez le template sans cela
tpl-method-not-called = la méthode « { $name } » n'est pas appelée : écrivez « { $name }() »
tpl-not-called = une valeur de type { $kind } ne peut pas être appelée ; écrivez « %%{"{"}…{"}"} » si « ( » suit une variable
tpl-takes-most = « { $name } » prend au plus { $most } { $most ->
    [one] argument
   *[other] arguments
}
tpl-no-argument = « { $name } » n'a pas d'argument « { $argument } »
tpl-lacks-argument = il manque à « { $name } » l'argument « { $argument } »
tpl-calculated-missing = ce que désigne un nom calculé n'existe pas
tpl-no-number = ce n'est pas un nombre qui convient
tpl-f-text = un texte qui contient des expressions
tpl-join-texts = joignez les textes avec « + », ou écrivez « '%s' % valeur »
tpl-no-text-kind = cette sorte de texte n'existe pas
tpl-text-end = ce texte n'a pas de fin
tpl-text-line = ce texte ne finit pas sur sa ligne
tpl-escaped = ce qui est échappé n'est pas un caractère
tpl-list-write = une liste est emboîtée sur plus de { $most } niveaux, ou trop longue à écrire
tpl-not-written = une valeur de type { $kind } ne peut pas être écrite
tpl-deep-here = ceci est emboîté sur plus de { $most } niveaux
tpl-turns = les boucles ont plus de { $most } tours
tpl-name-variable = nommez la variable elle-même : « %%nom »
tpl-name-either = nommez la variable ou la fonction elle-même : « %%nom »
tpl-keep-list = gardez la liste dans une variable
tpl-calculate = calculez avec elle une variable, dans un dictionnaire
tpl-include-it = incluez un template : « %include "nom" »
tpl-expression-itself = écrivez l'expression elle-même
tpl-write-directives = écrivez des directives
tpl-use-list = utilisez une liste
tpl-write-echo = écrivez « %echo »

## Les traductions des dictionnaires

take-out-translation = supprimez-la, ou donnez au dictionnaire le texte qu'elle traduit
at-translates-nothing = ne traduit rien
at-described-here = décrit ici

## Ce que décrivent les schémas

describes-dictionaries = les dictionnaires
describes-values = les valeurs enregistrées
describes-run-specs = les run specs
describes-messages = les messages avec --format json
describes-results = les résultats avec --format json, un par commande

## Clés, certificats et mots de passe

key-passphrase = la clé a une phrase de passe, que personne n'est là pour donner quand nginx démarre
key-none = il ne contient pas de clé privée au format PEM
key-unreadable = la clé privée ne peut pas être lue
a-certificate = un certificat pour { $names }
no-pem = ce n'est pas du PEM
no-certificate = il commence par { $label }, et non par un certificat
certificate-unreadable = son certificat ne peut pas être lu
a-hash = l'empreinte du mot de passe de « { $name } »

## Les fichiers et services des dictionnaires

entry-off = (éteint)
entry-in = dans { $container }

## Ce qui est vrai d'une variable

now-disabled = désactivée
now-hidden = cachée
now-frozen = gelée
now-mandatory = obligatoire
now-auto-frozen = gelée par l'instanciation
now-set = renseignée

set-near = si vous voulez dire « { $near } » : galerne set { $name }={ $near }
set-another = donnez-lui une autre valeur : galerne set { $name }=…

## La référence des variables

doc-or = ou
doc-always-unknown = toujours, car { $source } n'existe pas
doc-if = si { $source } vaut { $values }
doc-unless = sauf si { $source } vaut { $values }
doc-warns = avertit : { $call }
doc-empty = vide
doc-index = le numéro de l'élément
doc-information = l'information { $name }
doc-always = toujours { $call }
doc-items-of = les éléments de { $name }
doc-elsewhere = ce qui est connu ailleurs
doc-master-of = maître de { $slaves }
doc-slave-of = esclave de { $name }
doc-list = liste
doc-saved = enregistrée au premier enregistrement
doc-frozen = gelée dès que le serveur est instancié
doc-saved-frozen = enregistrée au premier enregistrement, et gelée dès que le serveur est instancié
doc-pair = { $what } : { $said }
doc-path = chemin
doc-type = type
doc-suggested = valeurs proposées
doc-values = valeurs
doc-default = par défaut
doc-calculated = calculée
doc-is = elle est
doc-group = groupe
doc-mode = mode
doc-kept = conservation
doc-condition = condition
doc-check = contrôle
doc-defined = définie
doc-variables = Variables
doc-system = Fichiers, services et paquets
doc-families = Familles
doc-no-changes = Rien n'a changé.
doc-changes = Changements des dictionnaires
doc-added = Ajouté
doc-changed = Modifié
doc-removed = Supprimé
doc-whole = { $of ->
    [family] famille
   *[variable] variable
} { $name }
doc-change = { $of ->
    [family] famille
   *[variable] variable
} { $name } : { $what ->
    [type] le type
    [values] les valeurs
    [default] la valeur par défaut
    [calculation] le calcul
    [mandatory] le caractère obligatoire
    [list] le caractère multiple
    [group] le groupe
    [hidden] le caractère caché
    [kept] la conservation
    [conditions] les conditions
    [checks] les contrôles
    [family] la famille
   *[mode] le mode
} : avant, { $from } ; maintenant, { $to }

texts-alone = elle ne peut contenir que des textes, et « {"{"}"{"{"}"{"}"} » pour une accolade
## Les nœuds d'une grappe

be-host-name = le nom d'une machine : lettres, chiffres, tirets et points
be-host-address = une adresse IP ou le nom d'une machine
be-labels = des étiquettes telles que ssd=true region=nord
be-login = le nom d'un utilisateur de la machine
be-public-key = une clé publique SSH, sur une ligne
be-vagrant-box = le nom d'une box Vagrant, par exemple debian/bookworm64
be-sha256 = une somme SHA-256 : 64 chiffres hexadécimaux
be-package = le chemin absolu d'un .deb, ou son adresse en https (en http avec sa somme SHA-256)
step-node-manager = faire de { $node } un gestionnaire du swarm
step-node-worker = faire de { $node } un worker du swarm
step-node-active = redonner du travail à { $node }
step-node-pause = ne plus donner de nouveau travail à { $node }
step-node-drain = vider { $node }
step-node-label = étiqueter { $node } : { $labels }
because-node-was = il est { $now }
because-node-labels = ses étiquettes sont autres
because-nodes = des nœuds changent, et ses copies peuvent se déplacer
because-asked = c'est demandé
reconfigure-does = galerne reconfigure fait ce qui est marqué d'un !
head-role = RÔLE
head-availability = DISPONIBILITÉ
head-address = ADRESSE
head-labels = ÉTIQUETTES
head-copies = COPIES
node-ready = prêt
node-down = hors service
node-absent = pas encore membre
token-output = là où mène la sortie standard
token-into-pipe = remettez-le à un programme : galerne cluster token | ssh root@NŒUD galerne cluster join GESTIONNAIRE
token-input = sur l'entrée standard
token-file = dans « { $path } », que d'autres peuvent lire
token-close-file = rendez le fichier illisible aux autres (chmod 600), prenez un autre jeton avec « docker swarm join-token --rotate worker », et supprimez le fichier une fois le swarm rejoint
token-in-file = dans « { $path } »
would-init = créerait un swarm à l'adresse { $address }
swarm-made = ce serveur gère un swarm à l'adresse { $address }
would-join = rejoindrait le swarm de { $manager }
joined = cette machine fait partie du swarm de { $manager } ; sur un gestionnaire, galerne reconfigure lui donne son rôle et ses étiquettes
list-nodes = la liste : galerne cluster status
saved-node-absent = enregistré ; { $name } ne fait pas encore partie du swarm
saved-and-so = enregistré ; le swarm est déjà ainsi
hosts-next = ensuite : ansible-playbook -i { $folder }/inventory.yml { $folder }/playbook.yml

## Où en est ce qui est récupéré

layer-line = { $image } { $layer } : { $status }
layer-downloads = téléchargement
layer-copies = copie
layer-unpacks = décompression
layer-makes = création
layer-checks = vérification
layer-packs = emballage
layer-signatures = vérification de ses signatures
docker-asks = demande de la couche
docker-waits = en attente
docker-downloads = téléchargement
docker-verifies = vérification de la somme
docker-downloaded = téléchargée
docker-extracts = décompression
docker-pulled = en place
docker-had = déjà là

# Ce que l'analyseur XML refuse.
xml-bang = « <! » ne commence rien que XML connaisse
xml-unclosed = à ce qui commence ici, il manque « { $end } »
xml-other-end = il faut « </{ $expected }> », et c'est « </{ $found }> »
xml-stray-end = « </{ $name }> » ne ferme rien d'ouvert
xml-no-equals = il manque « = » à un attribut
xml-no-value = un attribut n'a pas de valeur
xml-no-quotes = la valeur d'un attribut n'est pas entre guillemets
xml-no-quote = il manque le guillemet fermant à la valeur d'un attribut
xml-twice = un attribut est là deux fois
xml-letter = une référence par numéro ne désigne aucun caractère
xml-no-semicolon = « & » commence une référence à laquelle il manque « ; » ; pour le signe lui-même, écrivez « &amp; »

# Ce que l'analyseur JSON refuse.
json-ends = le texte finit trop tôt
json-colon = il faut un deux-points derrière le nom
json-in-list = il faut une virgule ou un crochet fermant
json-in-object = il faut une virgule ou une accolade fermante
json-value = il faut une valeur
json-name = il faut un nom entre guillemets
json-last-comma = il n'y a rien derrière la dernière virgule
json-behind-end = il y a quelque chose derrière la fin
json-number = aucun nombre ne s'écrit ainsi
json-range = ce nombre est trop grand
json-escape = rien ne s'écrit ainsi avec une barre oblique inverse
json-depth = des listes et des objets sont emboîtés trop profondément
json-control = il y a une fin de ligne, ou un autre caractère de contrôle, dans un texte

# Les étiquettes sous un passage.
at-no-number = il faut un nombre
at-no-items = dans une famille qui n'est pas faite pour des éléments
at-no-choice = seul un choix a cela

# Ce que fait une copie.
copy-new = nouvelle
copy-pending = en attente
copy-allocated = prévue
copy-assigned = attribuée
copy-accepted = acceptée
copy-preparing = en préparation
copy-ready = prête
copy-starting = démarre
copy-complete = finie
copy-shutdown = arrêtée
copy-failed = échouée
copy-rejected = refusée
copy-orphaned = orpheline

# Ce qui a changé dans les dictionnaires.
doc-yes = oui
doc-no = non
doc-open = { $values } (d'autres aussi)

no-utf-8 = pas de l'UTF-8 à partir de l'indice { $index }
