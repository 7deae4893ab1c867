"""A French description word by word in English: the model that compares stories knows English best.

No translation, only what stories are made of; a word that is not here stays, for names and many others are
the same.
"""

from __future__ import annotations

from typing import Final

from sokoul.domain.meaning import tokens

# French words (folded, any of several) and what a description in English calls it.
_LISTED: Final = """
abandonne abandonnee:abandoned|accident:accident|acteur actrice:actor|adolescent adolescente ado:teenager
adopte adoptee:adopted|adultere:affair|affaire:case|agent:agent
aide soignant infirmier infirmiere:caretaker nurse|aime aimer amour:love|alcoolique:alcoholic
ami amie amitie:friend friendship|amnesique amnesie:amnesia lost memory|amoureux amoureuse:in love
ancien ancienne:former|ange:angel|animal animaux:animal|anneau:ring|annee:year|apocalypse:apocalypse
arbre:tree|archeologue:archaeologist|arme:weapon|armee:army
arnaque escroc escroquerie arnaqueur:con man swindle|artiste:artist|ascenseur:lift
assassin meurtrier tueur tueuse:killer|assassinat meurtre:murder|attaque:attack|attentat:bombing
aube:dawn|auberge:inn|auteur ecrivain romancier:writer|aveugle:blind|avion:plane|avocat avocate:lawyer
bagarre:fight|bal:dance|baleine:whale|balle:bullet|ballon:balloon|bande:gang|bandit:bandit
banlieue cite:suburb housing projects|banque:bank|banquier:banker|bar:bar|bataille:battle
bateau navire:ship boat|batteur batterie:drummer|beau belle:beautiful|bebe:baby
begue begaie begayer:stammer speech impediment|berger:shepherd|bete:beast|bibliotheque:library
billet:ticket|blesse:wounded|bombe:bomb|bonheur:happiness|bonne:maid|boucher:butcher|boxe boxeur:boxer
braquage casse hold-up:heist robbery|braqueur:robber|bureau:office|cache cachee:hidden
cadavre corps:body corpse|cafe:cafe|camion:truck|camionneur routier:truck driver|camp:camp
campagne:countryside|cancer:cancer|capitaine:captain|cauchemar:nightmare|cavale fuite:on the run
cave:basement|celebre:famous|chambre:room|champion:champion|chance:luck|chanson:song
chanteur chanteuse:singer|chasse:hunt|chasseur:hunter|chat:cat|chateau:castle|chauffeur conducteur:driver
chaussure:shoe|chef:chief|chercheur:researcher|cheval chevaux:horse|chevalier:knight|chien:dog
chirurgien:surgeon|chute:fall|ciel:sky|cinema:cinema|cirque:circus|clandestin:illegal|clown:clown
colonie:colony|combat:fight|comedien:actor|commissaire:police detective|complot:conspiracy|comte:count
concierge:concierge|concours:contest|condamne condamnee:sentenced|conscience:conscience|coree:korea
corrompu ripou:corrupt|couple:couple|cour:court|couteau:knife|crash:crash|creature:creature|crime:crime
criminel:criminal|cuisine:cooking kitchen|cuisinier cuisiniere:cook chef|danger:danger
danse danseur danseuse:dance dancer|dealer trafiquant:drug dealer|debarquement:landing|debat:argue
decouvre decouverte:discovers|dernier derniere:last|desert:desert|desespere:desperate|dessin:drawing
detective:detective|deteste:hates|detruit:destroys|dette:debt|deuil:grief mourning|diable:devil|dieu:god
dimanche:sunday|dinosaure:dinosaur|disparait disparition disparu:disappears missing|divorce:divorce
docteur medecin:doctor|douleur:pain|dragon:dragon|drogue:drugs|eau:water|echange:swap
echappe echapper evader evasion:escapes|echecs:chess|ecole lycee college:school|ecran:screen
efface:erased|effrayant:scary|eglise:church|eleve:student pupil|empereur:emperor|emploi travail:work job
employe:employee|enceinte:pregnant|enfance:childhood|enfant gamin gosse:child|enferme enfermee:locked up
enleve enlevement kidnapping:kidnapped|ennemi:enemy|enquete:investigation|enterre:buried
entraineur:coach trainer|epee:sword|epouse:wife|epoux mari:husband|equipage:crew|equipe:team
erreur:mistake|esclave:slave|espace:space|espion espionne:spy|esprit:spirit|etoile:star|etrange:strange
etranger:stranger|etudiant etudiante:student|evacue evacues:evacuated|evade:escaped|exil:exile
extraterrestre:alien|falaise:cliff|fantome:ghost|fauteuil roulant:wheelchair|faux fausse:fake|fee:fairy
femme:woman|ferme:farm|fermier agriculteur paysan:farmer|fete:party|feu:fire|fiance fiancee:fiancee
fille:girl daughter|fils:son|fin:end|fleur:flower|fleuve:river|flic policier policiere:police officer cop
folie fou folle:madness mad|foret bois:forest|fortune:fortune|foudre:lightning|frere:brother|froid:cold
frontiere:border|fusee:rocket|futur avenir:future|gagne gagner:wins|garcon:boy|gardien:guard caretaker
gare:station|general:general|genie:genius|gitan:gypsy|glace banquise:ice|grand-mere:grandmother
grand-pere:grandfather|guerre:war|guerrier:warrior|haine:hate
handicape handicapee paralyse tetraplegique:disabled paralysed|hante hantee:haunted|heros:hero
heurte percute:hits|hiver:winter|homme:man|homosexuel gay:gay|honte:shame|hopital:hospital|horloge:clock
hotel:hotel|huis clos:locked room|humain humanite:human humanity|iceberg:iceberg|ile:island
immeuble:apartment building|immigre:immigrant|incendie:fire|inconnu:stranger|infirme:cripple
informaticien pirate:hacker|innocent:innocent wrongly|insecte:insect
instituteur professeur prof enseignant:teacher|invasion:invasion|inventeur:inventor|invisible:invisible
ivre:drunk|jaloux jalousie:jealous jealousy|jardin:garden|jeu:game|jeune:young|jouet:toy
joueur:player gambler|jour journee:day|journal:newspaper|journaliste:journalist|juge:judge
juif juive:jewish|jumeau jumeaux jumelle:twin|jungle:jungle|jure jures:jury|justice:justice|lac:lake
langue:language|lettre:letter|liberte:freedom|licorne:unicorn|lion:lion|livre:book|loi:law|loup:wolf
lune:moon|machine:machine|magicien:magician|magie magique:magic|maison:house|maitre:master
maitresse:mistress|malade maladie:illness sick|mariage:wedding marriage|marin:sailor|marionnette:puppet
masque:mask|matin:morning|medium:psychic|memoire:memory|menage:cleaning|mensonge ment:lie|mer ocean:sea
mere maman:mother|message:message|metro:subway|milliardaire:billionaire|millionnaire:millionaire
mine:mine|miroir:mirror|missionnaire:missionary|moine:monk|monde:world|monnaie argent:money
monstre:monster|montagne:mountain|mort morte:death dead|mot:word|moto:motorcycle|mourir meurt:dies
mur:wall|musicien:musician|musique:music|mystere mysterieux:mystery|mysterieuse:mysterious
mystique:mystic|nain:dwarf|naissance ne nee:born|naufrage:shipwreck|neige:snow|noel:christmas|noir:black
nom:name|nounou gouvernante:nanny|nourriture:food|nuit:night|oiseau:bird|oncle:uncle|or:gold
orage tempete:storm|ordinateur:computer|orphelin orpheline:orphan|otage:hostage|oublie oublier:forgets
ours:bear|ouvrier:worker|palais:palace|papa pere:father|paquebot:ocean liner ship
parc attraction attractions:amusement park|parent:parent|passe:past|patron:boss|pauvre:poor|pays:country
peche pecheur:fisherman|peintre:painter|pelle:shovel|pendu:hanged|perd perdu perdue:lost
personnage:character|petit:little|peur:fear|photographe:photographer|piano pianiste:pianist|piege:trap
pilote:pilot|piscine:swimming pool|plage:beach|planete:planet|pluie:rain|poison:poison|poisson:fish
pompier:firefighter|pont:bridge|porte:door|portrait:portrait|pouvoir:power|president:president
pretre:priest|prince:prince|princesse:princess|prison prisonnier:prison prisoner|procès proces:trial
prostituee:prostitute|psychologue psychiatre psy:psychologist therapist|quartier:neighbourhood
racisme raciste:racism|rat souris:rat mouse|realisateur:film director|rebelle:rebel|rencontre:meets
renoncer:gives up|requin:shark|resistance resistant:resistance|restaurant:restaurant|retraite:retired
reve rever:dream|revient retour:returns|revit revivre recommence:relives repeats|revolte:revolt
revolution:revolution|riche:rich wealthy|rire:laugh|riviere:river|robot:robot|roi:king|roman:novel
route:road|royaume:kingdom|rue:street|sable:sand|sang:blood|sauve sauver sauvetage:saves rescue
savant scientifique:scientist|scientifiques:scientists|seconde:second|secret secrete:secret
secretaire:secretary|seduit:seduces|semaine:week|serpent:snake|serveur serveuse:waitress waiter
seul seule solitaire:alone lonely|siecle:century|silence silencieux:silence|singe:ape monkey|soeur:sister
soldat:soldier|soleil:sun|sorcier sorciere:wizard witch|souffre:suffers|sous-marin:submarine
souvenir souvenirs:memory memories|sport:sport|squelette:skeleton|star:star
station balneaire:beach resort|suicide:suicide|superheros:superhero
survie survivre survivant:survive survivor|tableau:painting|tante:aunt|taxi:taxi|temoin:witness
temps:time|terre:earth|terrorise:terrorises|terroriste:terrorist|tete:head|theatre:theatre
tombe:grave falls|tornade:tornado|tortue:turtle|tour:tower|trahi trahison:betrayed betrayal|train:train
tranchee:trench|travaille:works|traverse:crosses|tresor:treasure|tribu:tribe|tribunal:court|trompe:cheats
tue tuer:kills|tyran:tyrant|tyrannique:tyrannical abusive|usine:factory|vacances:holidays
vaisseau:spaceship|valise:suitcase|vampire:vampire|vengeance venger venge:revenge|vent:wind|ventre:belly
verite:truth|verre:glass|veuf:widower|veuve:widow|victime:victim|vie:life|vieillard vieux:old man
vieille:old woman|viking:viking|village:village|ville:city town|viol:rape|violence:violence
virus epidemie:virus epidemic|visage:face|voisin voisine:neighbour|voiture:car|vol:theft flight
volcan:volcano|voleur voleuse cambrioleur:thief burglar|voyage:journey travel|zombie:zombie
"""
_ENGLISH: Final = {
    tokens.stem(word): english
    for line in _LISTED.strip().splitlines()
    for entry in line.split("|")
    for words, _, english in [entry.partition(":")]
    for word in tokens.fold(words).replace("-", " ").split()
}
# Words that only French has among those that say nothing: one is enough to know the language.
_FRENCH: Final = frozenset(
    "le la les un une des du au aux et est qui que dans avec sur pour par son sa ses leur leurs sans chez ou "  # noqa: SIM905
    "elle il ils elles ne pas dont cette ces se en comme vers entre".split()
)
_LEAST: Final = 0.34


def is_spoken(text: str) -> bool:
    """Whether a text uses words that only French has."""
    return not _FRENCH.isdisjoint(tokens.fold(text).replace("'", " ").split())


def keyword(word: str) -> str | None:
    """One word in English for a folded French one, where one is enough."""
    english = _ENGLISH.get(tokens.stem(word))
    return None if english is None or " " in english else english


def in_english(text: str) -> str | None:
    """The telling words in English; None where the text is not French, or nothing of it is known."""
    if not is_spoken(text):
        return None
    told = tokens.words(text)
    known = [_ENGLISH.get(tokens.stem(word)) for word in told]
    if not told or sum(word is not None for word in known) / len(told) < _LEAST:
        return None
    english = " ".join(found or word for word, found in zip(told, known, strict=True)).split()
    return " ".join(dict.fromkeys(english))
