# 15_cluster.xml in English.

family-cluster = Nodes of the cluster

cluster_noeud_nom = Name of the node
    .help = That of the machine (hostname). galerne touches only the nodes that are named here; without a name, none.
cluster_noeud_adresse = Address of the node
    .help = An IP address, or a name that the other nodes know.
cluster_noeud_role = Role of the node
    .help = manager: the node decides with the other managers (one, three or five) and runs applications; worker: it only runs them.
cluster_noeud_etiquettes = Labels of the node
    .help = Separated by spaces, for example ssd=true region=north; conteneurX_contrainte and conteneurX_repartition refer to them by node.labels.ssd. Those that galerne did not set stay.
cluster_noeud_disponibilite = Availability of the node
    .help = active: it takes applications; pause: it keeps its own and takes none; drain: its own go elsewhere.

cluster_ssh_utilisateur = Account on the nodes that SSH connects to
    .separator = Preparing machines
cluster_ssh_port = SSH port of the nodes
cluster_ssh_cles = SSH public keys allowed on the nodes
    .help = One a line, as in authorized_keys; cloud-init puts them on a new machine.
cluster_mises_a_jour = Update the system of the nodes
cluster_paquet = Package of galerne to install on the nodes (APT's source if empty)
    .help = Absolute path of a .deb on the machine where Ansible is started, or its address in https (in http with its checksum).
cluster_paquet_sha256 = SHA-256 checksum of that package
cluster_boite = Vagrant box of the nodes
cluster_memoire = Memory of Vagrant's nodes, in MiB
