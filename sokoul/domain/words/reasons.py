"""Why a release has its points, in English and French; the part before the dot is the reason's code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "resolution.silent": ("no resolution stated", "définition non indiquée"),
    "resolution.preferred": ("{lines:lines}, as preferred", "{lines:lines}, comme souhaité"),
    "resolution.above": (
        "{lines:lines}, more than the preferred {target:lines}",
        "{lines:lines}, plus que les {target:lines} souhaités",
    ),
    "resolution.below": (
        "{lines:lines}, less than the preferred {target:lines}",
        "{lines:lines}, moins que les {target:lines} souhaités",
    ),
    "source.remux": ("untouched disc picture", "image du disque intacte"),
    "source.silent": ("no source stated", "origine non indiquée"),
    "source.bluray": ("Blu-ray", "Blu-ray"),
    "source.webdl": ("web download", "téléchargement web"),
    "source.webrip": ("web rip", "captation web"),
    "source.tv": ("television", "télévision"),
    "source.dvd": ("DVD", "DVD"),
    "source.other": ("{source}", "{source}"),
    "size.silent": ("size unknown", "taille inconnue"),
    "size.small": ("{size:size}, small for {minutes:n} minutes", "{size:size}, peu pour {minutes:n} minutes"),
    "size.large": (
        "{size:size}, large for {minutes:n} minutes",
        "{size:size}, beaucoup pour {minutes:n} minutes",
    ),
    "size.usual": ("{size:size}, usual for its length", "{size:size}, normal pour sa durée"),
    "seeders.free": ("available without a swarm", "disponible sans essaim"),
    "seeders.debrid": ("ready at {services:all}, no swarm needed", "prêt chez {services:all}, sans essaim"),
    "seeders.silent": ("seeders unknown", "sources inconnues"),
    "seeders.count": ("{count:n} {count|seeder|seeders}", "{count:n} {count|source|sources}"),
    "language.several": ("several languages", "plusieurs langues"),
    "language.silent": ("original language, as far as the name tells", "langue originale, d'après le nom"),
    "language.speaks": ("speaks {spoken:spoken}", "en {spoken:spoken}"),
    "language.foreign": (
        "speaks {spoken:spoken}, the original is {original:spoken}",
        "en {spoken:spoken}, l'original est en {original:spoken}",
    ),
    "group.silent": ("no group named", "aucune équipe indiquée"),
    "group.named": ("released by {group}", "publié par {group}"),
    "codec.silent": ("no codec stated", "codec non indiqué"),
    "codec.preferred": ("{codec}, as preferred", "{codec}, comme souhaité"),
    "codec.used": ("{codec}", "{codec}"),
    "sound.formats": ("{formats}", "{formats}"),
    "sound.plain": ("plain sound", "son ordinaire"),
    "model.fits": ("the assistant: {said}", "l'assistant : {said}"),
    "model.differs": ("the assistant: {said}", "l'assistant : {said}"),
    "model.silent": ("the assistant gave no reason", "l'assistant n'a pas donné de raison"),
    "proper.corrected": ("corrected release", "version corrigée"),
    "group_trust.kept": (
        "{releases:n} {releases|release|releases} by this group kept what the name promised",
        "{releases:n} {releases|version|versions} de cette équipe, conformes à leur nom",
    ),
    "group_trust.lied": (
        "of this group's last {releases:n} {releases|release|releases},"
        " {lied:n} broke the promise of the name: {about}",
        "sur {releases:n} {releases|version récente|versions récentes} de cette équipe,"
        " {lied:n} {lied|n'est pas conforme|ne sont pas conformes} au nom : {about}",
    ),
    "indexer_trust.kept": (
        "{releases:n} {releases|release|releases} from this source kept what the name promised",
        "{releases:n} {releases|version|versions} de cette source, conformes à leur nom",
    ),
    "indexer_trust.lied": (
        "of this source's last {releases:n} {releases|release|releases},"
        " {lied:n} broke the promise of the name: {about}",
        "sur {releases:n} {releases|version récente|versions récentes} de cette source,"
        " {lied:n} {lied|n'est pas conforme|ne sont pas conformes} au nom : {about}",
    ),
    # What was promised; a part of the sentences above.
    "claim.plays": ("they do not play", "elles ne se lisent pas"),
    "claim.resolution": ("resolution", "définition"),
    "claim.codec": ("codec", "codec"),
    "claim.language": ("language", "langue"),
    "claim.hdr": ("HDR", "HDR"),
    "claim.runtime": ("length", "durée"),
}
