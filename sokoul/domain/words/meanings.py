"""Why a work answers a wish, or may be liked, in English and French; the part before the dot is the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MEANING: Final = {
    "meaning.title": ("this is its title", "c'est son titre"),
    "meaning.close": (
        "its story resembles what you describe ({percent:n}%)",
        "son histoire ressemble à ce que vous décrivez ({percent:n} %)",
    ),
    "meaning.alike": (
        "their stories are alike ({percent:n}%)",
        "leurs histoires se ressemblent ({percent:n} %)",
    ),
    "meaning.sentence": ("closest passage: “{text}”", "passage le plus proche : « {text} »"),
    "meaning.words": (
        "its description speaks of {words:quoted}",
        "sa description parle de : {words:quoted}",
    ),
    "meaning.people": ("with {names:all}", "avec {names:all}"),
    "meaning.cast": ("with {names:all}, as in “{title}”", "avec {names:all}, comme dans « {title} »"),
    "meaning.like_genres": (
        "like “{title}”: {genres:genres}",
        "comme « {title} » : {genres:genres}",
    ),
    "meaning.like_about": (
        "like “{title}”, it is about {about:all}",
        "comme « {title} », il est question de : {about:all}",
    ),
    "meaning.genre": ("{genres:genres}, as asked", "{genres:genres}, comme demandé"),
    "meaning.year": ("from {year:plain}", "de {year:plain}"),
    "meaning.language": ("made in {spoken:spoken}", "tourné en {spoken:spoken}"),
}

_NOTES: Final = {
    "semantic.words_alone": (
        "No embedding model is set up: titles are found by their words, genres and people. "
        "“sokoul models convert” makes one.",
        "Aucun modèle de plongement n'est installé : la recherche se fait par mots, genres et personnes. "
        "« sokoul models convert » en crée un.",
    ),
    "semantic.model_failed": (
        "The embedding model cannot be used right now ({why}): titles are found by their words, genres and "
        "people.",
        "Le modèle de plongement est inutilisable pour l'instant ({why}) : la recherche se fait par mots, "
        "genres et personnes.",
    ),
    "semantic.unknown_title": (
        "No title “{title}” is known here, so its words were looked for instead.",
        "Aucun titre « {title} » n'est connu ici ; ses mots ont été recherchés à la place.",
    ),
    "semantic.reading": (
        "{count:n} {count|title is|titles are} not read yet and only found by {count|its|their} words.",
        "{count:n} {count|titre n'est pas encore lu et ne se trouve|titres ne sont pas encore lus et ne se "
        "trouvent} que par {count|ses|leurs} mots.",
    ),
}

_BECAUSE: Final = {
    "because.favorite": ("you like “{title}”", "vous aimez « {title} »"),
    "because.finished": ("you finished “{title}”", "vous avez terminé « {title} »"),
    "because.begun": ("you are watching “{title}”", "vous regardez « {title} »"),
    "because.wished": (
        "“{title}” is on your watchlist",
        "« {title} » est dans votre liste",
    ),
    "because.about": (
        "Because {tie}, and this is about {about:all} too",
        "Parce que {tie}, et qu'il est aussi question de : {about:all}",
    ),
    "because.people": (
        "Because {tie}: {names:all} takes part here too",
        "Parce que {tie} : {names:all} y participe aussi",
    ),
    "because.genres": (
        "Because {tie}: this is {genres:genres} as well",
        "Parce que {tie} : on y retrouve {genres:genres}",
    ),
    "because.story": (
        "Because {tie}, and their stories are alike",
        "Parce que {tie}, et que leurs histoires se ressemblent",
    ),
    "because.taste": (
        "You often watch {genres:genres}",
        "Vous regardez souvent ce genre : {genres:genres}",
    ),
    "because.owned_liked": (
        "In your library, not watched yet, and well rated ({rating:n} of 10)",
        "Dans votre bibliothèque, pas encore vu, et bien noté ({rating:n} sur 10)",
    ),
    "because.owned": ("In your library, not watched yet", "Dans votre bibliothèque, pas encore vu"),
    "because.popular": ("Many people watch it these days", "Beaucoup le regardent en ce moment"),
}

_REACH: Final = {
    "reach.owned": ("here: plays at once", "ici : lecture immédiate"),
    "reach.coming": ("it is being fetched", "en cours de récupération"),
    "reach.found": (
        "{count:n} {count|release was|releases were} found before (best: {best:n} of 100)",
        "{count:n} {count|version trouvée|versions trouvées} auparavant (meilleure : {best:n} sur 100)",
    ),
    "reach.search": ("not here: search for it", "pas ici : à rechercher"),
}

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {**_MEANING, **_NOTES, **_BECAUSE, **_REACH}
