"""Words by which people tell what a work is like, in English and French, without accents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GENRE_WORDS: Final[Mapping[str, str]] = {
    "action": "action", "adventure": "adventure", "aventure": "adventure", "aventures": "adventure",
    "animation": "animation", "animated": "animation", "anime": "animation", "cartoon": "animation",
    "comedy": "comedy", "comedie": "comedy", "funny": "comedy", "drole": "comedy",
    "crime": "crime", "gangster": "crime", "gangsters": "crime", "policier": "crime", "heist": "crime",
    "braquage": "crime", "documentary": "documentary", "documentaire": "documentary", "drama": "drama",
    "drame": "drama", "family": "family", "famille": "family", "fantasy": "fantasy", "fantastique": "fantasy",
    "historical": "history", "historique": "history", "horror": "horror", "horreur": "horror",
    "scary": "horror", "epouvante": "horror", "musical": "music", "musicale": "music",
    "mystery": "mystery", "mystere": "mystery", "enquete": "mystery", "romance": "romance",
    "romantic": "romance", "romantique": "romance", "love": "romance", "amour": "romance",
    "sci-fi": "science fiction", "scifi": "science fiction", "sf": "science fiction",
    "science-fiction": "science fiction", "space": "science fiction", "espace": "science fiction",
    "robots": "science fiction", "aliens": "science fiction", "extraterrestres": "science fiction",
    "thriller": "thriller", "suspense": "thriller", "war": "war", "guerre": "war", "western": "western",
    "cowboys": "western",
}  # fmt: skip

# What also says something about the story, beside the genre that it hints at.
STORY_WORDS: Final = frozenset(
    {"space", "espace", "robots", "aliens", "extraterrestres", "heist", "braquage", "gangsters", "cowboys"}
)

# Words of the household's language in the language of the catalogue's key words.
ENGLISH: Final[Mapping[str, str]] = {
    "espace": "space", "extraterrestres": "alien", "aliens": "alien", "braquage": "heist", "robots": "robot",
    "reves": "dream", "dreams": "dream", "reve": "dream", "temps": "time travel", "zombies": "zombie",
    "requin": "shark", "requins": "shark", "sharks": "shark", "prison": "prison", "mer": "sea",
    "sous-marin": "submarine", "dinosaures": "dinosaur", "dinosaurs": "dinosaur", "vampires": "vampire",
    "sorciers": "wizard", "wizards": "wizard", "astronautes": "astronaut", "astronauts": "astronaut",
    "lune": "moon", "ile": "island", "avion": "airplane", "tueur": "serial killer", "cuisine": "cooking",
    "boxe": "boxing", "voitures": "car", "cars": "car",
}  # fmt: skip

LANGUAGE_WORDS: Final[Mapping[str, str]] = {
    "french": "fr", "francais": "fr", "francaise": "fr", "italian": "it", "italien": "it", "italienne": "it",
    "spanish": "es", "espagnol": "es", "espagnole": "es", "german": "de", "allemand": "de",
    "allemande": "de", "korean": "ko", "coreen": "ko", "coreenne": "ko", "japanese": "ja", "japonais": "ja",
    "japonaise": "ja", "chinese": "zh", "chinois": "zh", "chinoise": "zh", "danish": "da", "danois": "da",
    "danoise": "da", "swedish": "sv", "suedois": "sv", "suedoise": "sv", "indian": "hi", "indien": "hi",
    "indienne": "hi", "russian": "ru", "russe": "ru",
}  # fmt: skip

KIND_WORDS: Final[Mapping[str, str]] = {
    "film": "movie", "films": "movie", "movie": "movie", "movies": "movie", "series": "tv", "serie": "tv",
    "show": "tv", "sitcom": "tv",
}  # fmt: skip

DECADES: Final[Mapping[str, int]] = {
    "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990, "soixante": 1960,
    "soixante-dix": 1970, "quatre-vingt": 1980, "quatre-vingts": 1980, "quatre-vingt-dix": 1990,
}  # fmt: skip

_IDLE = """
a about actor actress after all an and annees any are at before between but by celle celui ce cette
    c'est dans de des depuis du en entre est et film from girl guy had has he her him his i in into is it
    its j l la le les like man me mec movie not of old on one or ou par plus pour qu quand que quel quelque
    qui sa se she since somebody someone son story sur that the their them there they this those to un une
    was were what when where which who with woman y years avec acteur actrice gars type fille histoire vieux
    vieille new nouveau nouvelle first premier star starring featuring set takes place parle about remember
    souviens for avant apres
"""
# What says nothing about a work.
IDLE: Final = frozenset(_IDLE.split())
