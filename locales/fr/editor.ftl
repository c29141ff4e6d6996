# Les mots de l'éditeur.
keys = Touches
differences = Pas encore enregistré
unknown = Il n'y a pas de variable { $name }
not-readable = Les valeurs enregistrées sont illisibles : rien n'est modifié ici
read-only = Les valeurs ne peuvent pas être écrites : consultation seulement
nothing-to-undo = Il n'y a rien à annuler
nothing-to-redo = Il n'y a rien à refaire
is-disabled = Elle est désactivée : w dit pourquoi
is-hidden = Elle est cachée : w dit pourquoi
is-frozen = Elle est verrouillée : w dit pourquoi
enter-again = Entrée encore une fois la garde, Échap non
no-error = Tout est en ordre
free = Elle peut être modifiée et rien ne s'y oppose
type = Type : { $type }
default = Valeur par défaut : { $default }
check = Contrôle : { $check }
family = Famille : { $family }
search = Rechercher
hits = { $count ->
    [one] { $count } résultat
   *[other] { $count } résultats
}
ask-leave = Enregistrer avant de quitter ? o : enregistrer et quitter, n : quitter sans enregistrer, Échap : rester
ask-save-wrong = Des valeurs sont fausses ou manquent. Enregistrer quand même ? o/n
ask-overwrite = Quelqu'un d'autre a modifié les valeurs entre-temps. o : garder les deux, les vôtres là où elles se rencontrent ; n : ne pas enregistrer
ask-recover = Un travail non enregistré a été retrouvé. o : le reprendre, n : l'oublier
ask-apply = Enregistré. Appliquer maintenant ? o/n
saved = Enregistré
not-saved = Pas enregistré : { $reason }
held = Quelqu'un d'autre modifie ces valeurs (processus { $holder }) : consultation seulement
errors = { $count ->
    [one] { $count } erreur
   *[other] { $count } erreurs
}
changed = { $count ->
    [one] { $count } changement
   *[other] { $count } changements
}
level-basic = basique
level-normal = normal
level-expert = expert
level-debug = débogage
only-changed = modifiées seulement
other = une autre valeur …
add-item = + ajouter
mandatory = obligatoire
too-small = Le terminal est trop petit : il faut 60 colonnes de 12 lignes
nothing-here = Rien à montrer ici
key-edit = modifier
key-toggle = valeur suivante
key-side = autre côté
key-search = rechercher
key-error = erreur suivante
key-changed = seulement ce qui a changé
key-mode = mode
key-add = ajouter un élément
key-remove = enlever l'élément
key-raise = monter l'élément
key-lower = descendre l'élément
key-reset = valeur par défaut
key-undo = annuler
key-redo = refaire
key-why = pourquoi
key-help = aide
key-diff = pas encore enregistré
key-save = enregistrer
key-apply = appliquer
key-keys = toutes les touches
key-quit = quitter
keys-move = se déplacer
hint-lists = Entrée modifier  / chercher  e erreur  m mode  s enregistrer  ? touches  q quitter
hint-typing = Entrée garder  Échap laisser comme avant
hint-choosing = Entrée choisir  Échap laisser comme avant
hint-reading = Échap fermer
form = Une variable du dictionnaire local
form-family = Famille
form-name = Nom
form-description = Description
form-type = Type
form-mode = Mode
form-default = Valeur par défaut
form-multi = Liste
form-mandatory = Obligatoire
form-if-variable = Désactivée si la variable
form-if-value = vaut
form-words = Parmi (a, b, …)
form-pattern = Suit l'expression
no-name = Un nom a des minuscules, des chiffres et _, et commence par une lettre ; il faut aussi une famille
no-local = Le dictionnaire local n'est pas celui de l'éditeur, ou n'est pas lu : modifiez-le à la main
key-extend = nouvelle variable du dictionnaire local
hint-filling = Entrée ligne suivante  ← → autre mot  Ctrl-S ajouter  Échap fermer
