"""What the household has, waits for and decided, in English and French: it informs or turns down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "ambiguous.works": (
        "It may just as well be the other “{title}” ({year:plain})",
        "Il peut aussi bien s'agir de l'autre « {title} » ({year:plain})",
    ),
    "not_monitored.off": ("Nobody watches for it any more", "Plus personne ne la suit"),
    "before_air_date.episode": (
        "The episode airs on {day:day} only",
        "L'épisode n'est diffusé que le {day:day}",
    ),
    "not_available.film": (
        "The film can be had from {day:day} only",
        "Le film n'est disponible que le {day:day}",
    ),
    "not_all_aired.season": (
        "Season {season:plain} is not over before {day:day}",
        "La saison {season:plain} ne se termine pas avant le {day:day}",
    ),
    "multi_season.pack": (
        "It holds {count:n} seasons; season {season:plain} was asked for",
        "Contient {count:n} saisons ; la saison {season:plain} est demandée",
    ),
    "split_episode.part": (
        "{part} is only a part of an episode",
        "{part} n'est qu'une partie d'épisode",
    ),
    "pack_only.episode": (
        "It is a single episode; whole seasons are wanted",
        "C'est un épisode seul ; des saisons entières sont souhaitées",
    ),
    "maximum_size.above": (
        "{size:size}; nothing above {most:size} is taken",
        "{size:size} ; rien au-dessus de {most:size} n'est accepté",
    ),
    "free_space.short": (
        "{size:size} do not fit: {room:size} may still be used",
        "{size:size}, cela ne tient pas : il reste {room:size} à utiliser",
    ),
    "required_flags.missing": (
        "Its source does not mark it as {flags:any}",
        "Sa source ne la marque pas comme {flags:any}",
    ),
    "blocked_flags.found": ("Its source marks it as {flags:all}", "Sa source la marque comme {flags:all}"),
    "minimum_age.young": (
        "It is {minutes:n} {minutes|minute|minutes} old; {least:n} are wanted",
        "Elle a {minutes:n} {minutes|minute|minutes} ; il en faut {least:n}",
    ),
    "delayed.waiting": (
        "A better one may come: waiting for {hours:n} more {hours|hour|hours}",
        "Une meilleure peut venir : attente de {hours:n} {hours|heure|heures} encore",
    ),
    "owned.upgrades_off": (
        "The library has it (“{name}”), and upgrades are off",
        "La médiathèque l'a déjà (« {name} »), et les remplacements sont désactivés",
    ),
    "owned.better": (
        "The library has it in a better quality: “{name}”",
        "La médiathèque l'a en meilleure qualité : « {name} »",
    ),
    "owned.same": (
        "The library has it in the same quality: “{name}”",
        "La médiathèque l'a dans la même qualité : « {name} »",
    ),
    "owned.cutoff": (
        "The library has it in a quality that is enough: “{name}”",
        "La médiathèque l'a dans une qualité qui suffit : « {name} »",
    ),
    "owned.formats_met": (
        "The library has “{name}”, whose format points meet the profile's target of {least:n}",
        "La médiathèque a « {name} », dont les points de format atteignent la cible du profil : {least:n}",
    ),
    "owned.gain": (
        "The library has “{name}”; {gain:n} more format {gain|point is|points are} too few to replace it",
        "La médiathèque a « {name} » ; {gain:n} {gain|point|points} de format en plus,"
        " trop peu pour le remplacer",
    ),
    "queued.this": ("It is being fetched", "Elle est en cours de téléchargement"),
    "queued.other": (
        "“{name}” is being fetched, which is as good or better",
        "« {name} », aussi bonne ou meilleure, est en cours de téléchargement",
    ),
    "grabbed.recently": (
        "“{name}” was fetched less than twelve hours ago",
        "« {name} » a été téléchargée il y a moins de douze heures",
    ),
    "imported.hash": ("This very torrent was imported before", "Ce torrent même a déjà été importé"),
    "imported.name": ("This very release was imported before", "Cette version même a déjà été importée"),
    "more_episodes.file": (
        "The library's file holds {count:n} episodes: “{name}”",
        "Le fichier de la médiathèque contient {count:n} épisodes : « {name} »",
    ),
    "removed.by_hand": (
        "It was removed from the library by hand",
        "Elle a été retirée de la médiathèque à la main",
    ),
    "proper_file.off": (
        "It corrects “{name}”, and corrections are not taken",
        "Elle corrige « {name} », et les corrections ne sont pas prises",
    ),
    "proper_file.old": (
        "It corrects “{name}”, which has been there for more than {days:n} days",
        "Elle corrige « {name} », qui est là depuis plus de {days:n} jours",
    ),
    "repack.unknown": (
        "It is a repack of an unknown group's release: “{name}”",
        "C'est une reprise d'une version d'équipe inconnue : « {name} »",
    ),
    "repack.other": (
        "It is a repack by {group}; the file is by {other}",
        "C'est une reprise par {group} ; le fichier est de {other}",
    ),
    "anime_version.unknown": (
        "It is a second version of an unknown group's release: “{name}”",
        "C'est une seconde version d'une équipe inconnue : « {name} »",
    ),
    "anime_version.other": (
        "It is a second version by {group}; the file is by {other}",
        "C'est une seconde version par {group} ; le fichier est de {other}",
    ),
}
