"""Languages by their ISO 639-1 codes, in English and in French (as an adjective after « en »)."""

from __future__ import annotations

from typing import Final

_LISTED: Final = """
af Afrikaans afrikaans|ar Arabic arabe|az Azerbaijani azéri|be Belarusian biélorusse
bg Bulgarian bulgare|bn Bengali bengali|bs Bosnian bosnien|ca Catalan catalan|cs Czech tchèque
cy Welsh gallois|da Danish danois|de German allemand|el Greek grec|en English anglais
es Spanish espagnol|et Estonian estonien|eu Basque basque|fa Persian persan|fi Finnish finnois
fr French français|ga Irish irlandais|gl Galician galicien|gu Gujarati gujarati|he Hebrew hébreu
hi Hindi hindi|hr Croatian croate|hu Hungarian hongrois|hy Armenian arménien|id Indonesian indonésien
is Icelandic islandais|it Italian italien|ja Japanese japonais|ka Georgian géorgien|kk Kazakh kazakh
kn Kannada kannada|ko Korean coréen|ku Kurdish kurde|la Latin latin|lt Lithuanian lituanien
lv Latvian letton|mk Macedonian macédonien|ml Malayalam malayalam|mn Mongolian mongol|mr Marathi marathi
ms Malay malais|nb Norwegian norvégien|ne Nepali népalais|nl Dutch néerlandais|no Norwegian norvégien
pa Punjabi pendjabi|pl Polish polonais|pt Portuguese portugais|rm Romansh romanche|ro Romanian roumain
ru Russian russe|sk Slovak slovaque|sl Slovenian slovène|sq Albanian albanais|sr Serbian serbe
sv Swedish suédois|sw Swahili swahili|ta Tamil tamoul|te Telugu télougou|th Thai thaï|tl Tagalog tagalog
tr Turkish turc|uk Ukrainian ukrainien|ur Urdu ourdou|uz Uzbek ouzbek|vi Vietnamese vietnamien
zh Chinese chinois
"""

NAMES: Final[dict[str, tuple[str, str]]] = {
    code: (english, french)
    for code, english, french in (
        entry.split() for line in _LISTED.strip().splitlines() for entry in line.split("|")
    )
}
# What a profile may wish for beside a language.
WISHES: Final = {
    "original": ("the original language", "la langue originale"),
    "both": ("two languages", "deux langues"),
}
