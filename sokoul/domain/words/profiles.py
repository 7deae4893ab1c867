"""What quality profiles have against a release and for it, in English and French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "quality.not_allowed": (
        "It is {found}; the profile takes {taken:any}",
        "C'est du {found} ; le profil accepte {taken:any}",
    ),
    "quality.unknown": (
        "The name does not tell its quality; the profile takes {taken:any}",
        "Le nom n'indique pas sa qualité ; le profil accepte {taken:any}",
    ),
    "ceiling.above": (
        "It is {found:lines}; your account goes up to {most:lines}",
        "C'est du {found:lines} ; votre compte va jusqu'à {most:lines}",
    ),
    "word_missing.none": (
        "The name does not say {words:any}, which the profile asks for",
        "Le nom ne contient pas {words:any}, que le profil exige",
    ),
    "word_present.found": (
        "The name says “{word}”, which the profile does not want",
        "Le nom contient « {word} », que le profil refuse",
    ),
    "format_score.below": (
        "Its custom formats make {score:n} points; {least:n} are wanted",
        "Ses formats personnalisés font {score:n} points ; il en faut {least:n}",
    ),
    "format_score.because": (
        "Its custom formats make {score:n} points, because of {formats:all}; {least:n} are wanted",
        "Ses formats personnalisés font {score:n} points, à cause de {formats:all} ; il en faut {least:n}",
    ),
    "screen.impossible": (
        "The screen “{screen}” does not play it ({obstacle}), and this machine cannot convert it in time",
        "L'écran « {screen} » ne le lit pas ({obstacle}), et cette machine ne peut pas le convertir à temps",
    ),
    "quality.best": ("{quality}, the best of the profile", "{quality}, le mieux du profil"),
    "quality.target": ("{quality}, the profile's target", "{quality}, l'objectif du profil"),
    "quality.step": (
        "{quality}, step {place:n} of {steps:n} of the profile",
        "{quality}, échelon {place:n} sur {steps:n} du profil",
    ),
    "quality.outside": (
        "{quality}, which the profile does not take",
        "{quality}, que le profil n'accepte pas",
    ),
    "formats.found": (
        "{total:n} points from custom formats: {formats:all}",
        "{total:n} points de formats personnalisés : {formats:all}",
    ),
    "formats.none": ("none of the custom formats", "aucun des formats personnalisés"),
    "size.preferred": (
        "{size:size}, near the preferred {preferred:size}",
        "{size:size}, proche des {preferred:size} souhaités",
    ),
    "size.off": (
        "{size:size}, away from the preferred {preferred:size}",
        "{size:size}, loin des {preferred:size} souhaités",
    ),
    "screen.direct": ("plays on “{screen}” as it is", "se lit tel quel sur « {screen} »"),
    "screen.direct_guess": (
        "should play on “{screen}” as it is; the name does not tell the codec",
        "devrait se lire tel quel sur « {screen} » ; le nom n'indique pas le codec",
    ),
    "screen.repack": (
        "plays on “{screen}” without converting the picture ({obstacle})",
        "se lit sur « {screen} » sans convertir l'image ({obstacle})",
    ),
    "screen.transcode": (
        "has to be converted for “{screen}” ({obstacle})",
        "doit être converti pour « {screen} » ({obstacle})",
    ),
    "screen.impossible_here": (
        "cannot be converted for “{screen}” in time ({obstacle})",
        "ne peut pas être converti à temps pour « {screen} » ({obstacle})",
    ),
}
