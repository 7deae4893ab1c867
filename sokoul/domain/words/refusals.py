"""Why a release is turned down, in English and French; the part before the dot is the refusal's code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_IDENTITY: Final = {
    "wrong_title.ids": (
        "The source says that it is another work ({id})",
        "La source dit que c'est une autre œuvre ({id})",
    ),
    "model.another": (
        "The name leaves it open, and the assistant says that it is another work: {said}",
        "Le nom laisse un doute, et l'assistant dit que c'est une autre œuvre : {said}",
    ),
    "model.another_silent": (
        "The name leaves it open, and the assistant says that it is another work",
        "Le nom laisse un doute, et l'assistant dit que c'est une autre œuvre",
    ),
    "wrong_title.silent": (
        "The name states no title; “{wanted}” was asked for",
        "Le nom n'indique aucun titre ; « {wanted} » est demandé",
    ),
    "wrong_title.other": (
        "The title is “{found}”; “{wanted}” was asked for",
        "Le titre est « {found} » ; « {wanted} » est demandé",
    ),
    "wrong_year.other": (
        "The year is {found:plain}; {wanted:plain} was asked for",
        "L'année est {found:plain} ; {wanted:plain} est demandée",
    ),
    "wrong_type.episode": (
        "It is an episode or a season of a series; a film was asked for",
        "C'est un épisode ou une saison de série ; un film est demandé",
    ),
    "wrong_type.unnumbered": (
        "It states no season or episode; a series was asked for",
        "Aucune saison ni aucun épisode n'est indiqué ; une série est demandée",
    ),
    "wrong_type.filed": ("The source files it as {what}", "La source la classe comme {what}"),
    "wrong_type.filed_series": (
        "The source files it as a series; a film was asked for",
        "La source la classe parmi les séries ; un film est demandé",
    ),
    "wrong_type.filed_film": (
        "The source files it as a film; a series was asked for",
        "La source la classe parmi les films ; une série est demandée",
    ),
    "wrong_type.word": (
        "“{word}” in the name says that it is not a video",
        "« {word} » dans le nom indique que ce n'est pas une vidéo",
    ),
    "wrong_episode.day": (
        "It aired on {found:day}; {wanted:day} was asked for",
        "Diffusion du {found:day} ; celle du {wanted:day} est demandée",
    ),
    "wrong_episode.other": (
        "It holds {found}; {wanted} was asked for",
        "Contient {found} ; demandé : {wanted}",
    ),
    "soundtrack.filed": ("The source files it as music", "La source la classe comme musique"),
    "soundtrack.word": (
        "“{word}” in the name says that it is music",
        "« {word} » dans le nom indique que c'est de la musique",
    ),
    "soundtrack.pictureless": (
        "The name states an audio format and no picture",
        "Le nom indique un format audio et aucune image",
    ),
    "extra.word": (
        "“{word}” in the name says that it is not the work itself",
        "« {word} » dans le nom indique que ce n'est pas l'œuvre elle-même",
    ),
}

_PICTURE: Final = {
    "cam.filmed": ("It was filmed in a cinema", "L'image a été filmée dans une salle"),
    "telesync.telesync": (
        "It is a telesync: filmed in a cinema, its sound taken from a line",
        "C'est un telesync : image filmée en salle, son pris sur une ligne",
    ),
    "telesync.telecine": (
        "It is a telecine: taken from a reel",
        "C'est un télécinéma : image prise d'une bobine",
    ),
    "screener.screener": (
        "It is a screener, made before the real release",
        "C'est une copie de presse, faite avant la vraie sortie",
    ),
    "screener.workprint": (
        "It is a work print, made before the real release",
        "C'est une copie de travail, faite avant la vraie sortie",
    ),
    "screener.regional": (
        "It is an early regional disc, made before the real release",
        "C'est un disque régional précoce, fait avant la vraie sortie",
    ),
    "three_d.three_d": ("It is a 3D picture", "L'image est en 3D"),
    "raw_disk.brdisk": (
        "It is a raw Blu-ray disc, not a file to play",
        "C'est un disque Blu-ray brut, pas un fichier à lire",
    ),
    "raw_disk.dvdr": ("It is a raw DVD, not a file to play", "C'est un DVD brut, pas un fichier à lire"),
    "raw_disk.rawhd": (
        "It is an unprocessed recording, not a file to play",
        "C'est un enregistrement non traité, pas un fichier à lire",
    ),
    "hardcoded_subs.burnt": (
        "Its subtitles are part of the picture",
        "Ses sous-titres sont incrustés dans l'image",
    ),
    "upscaled.upscaled": ("It is a small picture blown up", "C'est une petite image agrandie"),
    "quality.silent": (
        "The name states no resolution; at least {least:lines} is wanted",
        "Le nom n'indique aucune définition ; au moins {least:lines} est souhaité",
    ),
    "quality.below": (
        "It is {found:lines}; at least {least:lines} is wanted",
        "C'est du {found:lines} ; au moins {least:lines} est souhaité",
    ),
    "language.other": (
        "It speaks {found:spoken}; {wanted:spoken_or} is wanted",
        "Parle en {found:spoken} ; souhaité : {wanted:spoken_or}",
    ),
}

_SIZE: Final = {
    "sample.unknown": ("It is only a sample", "Ce n'est qu'un extrait"),
    "sample.small": ("It is a sample of {size:size}", "C'est un extrait de {size:size}"),
    "too_small.lines": (
        "{size:size} for {minutes:n} minutes of {lines:lines}; {least:size} is the least",
        "{size:size} pour {minutes:n} minutes de {lines:lines} ; il en faut au moins {least:size}",
    ),
    "too_small.video": (
        "{size:size} for {minutes:n} minutes of video; {least:size} is the least",
        "{size:size} pour {minutes:n} minutes de vidéo ; il en faut au moins {least:size}",
    ),
    "too_big.runtime": (
        "{size:size} is too big for {minutes:n} minutes; at most {most:size}",
        "{size:size}, c'est trop pour {minutes:n} minutes ; au plus {most:size}",
    ),
}

_SOURCE: Final = {
    "few_seeders.below": (
        "It has {seeders:n} {seeders|seeder|seeders}; at least {least:n} {least|is|are} wanted",
        "{seeders:n} {seeders|source|sources} ; il en faut au moins {least:n}",
    ),
    "blocklisted.listed": ("It is on the blocklist", "Elle est sur la liste de blocage"),
}

_PAYLOAD: Final = {
    "dangerous_file.word": (
        "“.{suffix}” in the name says that it is a program or an archive",
        "« .{suffix} » dans le nom indique un programme ou une archive",
    ),
    "dangerous_file.file": ("“{path}” is {danger}", "« {path} » est {danger}"),
    "unsafe_path.path": ("“{path}” {trouble}", "« {path} » {trouble}"),
    "no_video.none": ("There is no video file in it", "Elle ne contient aucun fichier vidéo"),
    "too_many_files.count": (
        "{count:n} files; at most {most:n} are accepted",
        "{count:n} fichiers ; au plus {most:n} sont acceptés",
    ),
}

# Parts of sentences; never a refusal by themselves.
_PARTS: Final = {
    "held.code": ("{code}", "{code}"),
    "held.absolute": ("episode {number}", "l'épisode {number}"),
    "held.day": ("the day {day:day}", "la diffusion du {day:day}"),
    "held.none": ("no episode", "aucun épisode"),
    "filed.console": ("a console game", "un jeu de console"),
    "filed.software": ("software", "un logiciel"),
    "filed.adult": ("an adult film", "un film pour adultes"),
    "filed.book": ("a book", "un livre"),
    "filed.other": ("something else", "autre chose"),
    "danger.program": ("a program or a script", "un programme ou un script"),
    "danger.archive": (
        "an archive, whose content nobody can check beforehand",
        "une archive, dont personne ne peut vérifier le contenu d'avance",
    ),
    "danger.disguised": (
        "of an unknown kind ({suffix}) that pretends to be a video",
        "d'un genre inconnu ({suffix}) qui se fait passer pour une vidéo",
    ),
    "danger.double": (
        "a video by its last suffix and a program by another ({suffix})",
        "une vidéo par son dernier suffixe et un programme par un autre ({suffix})",
    ),
    "trouble.link": ("is a symbolic link", "est un lien symbolique"),
    "trouble.absolute": ("is an absolute path", "est un chemin absolu"),
    "trouble.long_path": ("has too long a path", "a un chemin trop long"),
    "trouble.twice": ("appears twice", "apparaît deux fois"),
    "trouble.empty": (
        "has an empty, '.' or '..' component",
        "a une partie vide, « . » ou « .. »",
    ),
    "trouble.separator": ("has a path separator in a name", "a un séparateur de chemin dans un nom"),
    "trouble.control": ("has control characters", "contient des caractères de commande"),
    "trouble.bidi": (
        "has characters that reverse how it reads",
        "contient des caractères qui inversent sa lecture",
    ),
    "trouble.long_name": ("has a name longer than 255 bytes", "a un nom de plus de 255 octets"),
    "trouble.drive": ("begins with a drive letter", "commence par une lettre de lecteur"),
    "trouble.ending": (
        "ends with a dot or begins or ends with a space",
        "finit par un point, ou commence ou finit par une espace",
    ),
    "trouble.device": ("has the name of a device", "porte le nom d'un périphérique"),
}

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    **_IDENTITY,
    **_PICTURE,
    **_SIZE,
    **_SOURCE,
    **_PAYLOAD,
    **_PARTS,
}
