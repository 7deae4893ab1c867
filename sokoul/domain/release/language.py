"""Which languages are spoken, read from the words that describe the release and never from the title."""

from __future__ import annotations

import re

# Whole words, in any letter case.
_NAMES = {
    "english": "en", "ingles": "en", "inglés": "en", "german": "de", "deutsch": "de", "swissgerman": "de", "videomann": "de",
    "french": "fr", "truefrench": "fr", "vff": "fr", "vfq": "fr", "vfi": "fr", "vf": "fr", "vf2": "fr", "frances": "fr", "francais": "fr",
    "spanish": "es", "espanol": "es", "español": "es", "castellano": "es", "castilian": "es", "latino": "es", "latin": "es", "esp": "es",
    "italian": "it", "italiano": "it", "danish": "da", "dutch": "nl", "flemish": "nl", "japanese": "ja", "jpn": "ja", "jap": "ja",
    "icelandic": "is", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "korean": "ko", "kor": "ko", "russian": "ru",
    "polish": "pl", "pldub": "pl", "dubpl": "pl", "lekpl": "pl", "pllek": "pl", "pldubbing": "pl", "vietnamese": "vi", "vie": "vi",
    "swedish": "sv", "norwegian": "no", "nordic": "no", "finnish": "fi", "turkish": "tr", "portuguese": "pt", "brazilian": "pt",
    "dublado": "pt", "legendado": "pt", "greek": "el", "hungarian": "hu", "hundub": "hu", "hebrew": "he", "hebdub": "he",
    "hebdubbed": "he", "lithuanian": "lt", "czech": "cs", "arabic": "ar", "hindi": "hi", "hin": "hi", "bulgarian": "bg",
    "bgaudio": "bg", "malayalam": "ml", "ukrainian": "uk", "ukr": "uk", "slovak": "sk", "thai": "th", "tha": "th", "tamil": "ta",
    "telugu": "te", "romanian": "ro", "rodubbed": "ro", "latvian": "lv", "lav": "lv", "persian": "fa", "farsi": "fa", "catalan": "ca",
    "catalán": "ca", "catala": "ca", "català": "ca", "croatian": "hr", "serbian": "sr", "bosnian": "bs", "estonian": "et",
    "macedonian": "mk", "slovenian": "sl", "azerbaijani": "az", "azerbaijan": "az", "uzbek": "uz", "uzbekistan": "uz",
    "romansh": "rm", "rumantsch": "rm", "romansch": "rm", "georgian": "ka", "kannada": "kn", "albanian": "sq", "afrikaans": "af",
    "marathi": "mr", "tagalog": "tl", "filipino": "tl", "urdu": "ur", "khalkha": "mn", "mongolian": "mn", "bengali": "bn",
    "punjabi": "pa", "gujarati": "gu", "kurdish": "ku", "belarusian": "be", "kazakh": "kk", "armenian": "hy", "indonesian": "id",
    "malay": "ms", "basque": "eu", "euskera": "eu", "galician": "gl", "galego": "gl", "irish": "ga", "welsh": "cy",
    "esperanto": "eo", "norsk": "no", "dansk": "da", "danska": "da", "svensk": "sv", "svenska": "sv", "finsk": "fi",
    "suomi": "fi", "portugues": "pt", "português": "pt", "français": "fr", "francês": "fr", "espanhol": "es", "türkçe": "tr",
    "turkce": "tr", "magyar": "hu", "polski": "pl", "lektor": "pl", "česky": "cs", "doblado": "es", "nepali": "ne", "sinhala": "si", "khmer": "km", "burmese": "my", "assamese": "as", "odia": "or",
}  # fmt: skip
# Codes of three letters: a word of the description, capital or with a capital first letter.
_CODES = {
    "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "dan": "da", "dut": "nl",
    "nld": "nl", "chi": "zh", "chn": "zh", "cht": "zh", "chs": "zh", "rus": "ru", "pol": "pl", "swe": "sv", "nor": "no", "fin": "fi",
    "tur": "tr", "por": "pt", "ptbr": "pt", "gre": "el", "hun": "hu", "heb": "he", "lit": "lt", "cze": "cs", "ces": "cs", "ara": "ar",
    "bul": "bg", "slo": "sk", "tam": "ta", "tel": "te", "rum": "ro", "ron": "ro", "lat": "lv", "per": "fa", "cat": "ca", "hrv": "hr",
    "srp": "sr", "est": "et", "geo": "ka", "mal": "ml", "kan": "kn", "ben": "bn", "mar": "mr", "ind": "id", "lek": "pl", "big5": "zh",
    "urd": "ur", "ice": "is", "alb": "sq", "aze": "az", "uzb": "uz", "mon": "mn", "tgl": "tl",
}  # fmt: skip
# Codes of two letters: capitals only, for most are words elsewhere.
_SHORT = {
    "EN": "en", "DE": "de", "FR": "fr", "ES": "es", "IT": "it", "PL": "pl", "CZ": "cs", "SK": "sk", "HU": "hu", "RU": "ru",
    "UA": "uk", "LV": "lv", "LT": "lt", "EE": "et", "NL": "nl", "PT": "pt", "BR": "pt", "RO": "ro", "BG": "bg", "GR": "el",
    "KA": "ka", "JA": "ja", "JP": "ja", "KO": "ko", "DK": "da", "NO": "no", "SE": "sv", "FI": "fi", "HR": "hr",
}  # fmt: skip
_ALWAYS_CJK = (
    (
        re.compile(
            r"[国國粤粵][语語]|中[字文]|[简簡繁][体體日中内內]|[简簡繁]\]|字幕[组組社]|双语|[简簡]繁|cht|chs|big5|\[gb\]"
        ),
        "zh",
    ),
)
_WORD = re.compile(r"[^\W\d_]+5?|\d+x?(?=Ukr|Rus|Eng|Fra)")
_SUBTITLES = re.compile(r"(?:e|m|multi|soft|hard)?subs?(?:bed|titles?)?|vost\w*|subfrench|esub")
_FILLER = re.compile(
    r"(?:dl|ml|dubbed|dubs?|audio|dual|multi|mic|line|ac3|aac|dts|md|ld|pal|ntsc|internal|proper|repack|complete|uncut|extended|hd|remastered|ws|retail|docu|tv|synced|dd|eac|p|also|mvo|avo|vo|line|hq|org|clean|original|dubbing|subs?|the|cut|edition|limited|anime|series|and|en|s)"
)
_SPAIN = re.compile(r"pt[ ._-]?br")


def find(text: str, described_from: int, technical_from: int) -> tuple[tuple[str, ...], bool]:
    """ISO 639-1 codes in order, and whether several unnamed languages are promised.

    Words count behind the first technical word, and in the unbroken run of describing words before it.
    """
    languages: list[str] = []
    words = [found for found in _WORD.finditer(text) if found.start() >= described_from]
    begin = _run_start(words, technical_from)
    dropped = _subtitle_runs(words)
    for place in range(begin, len(words)):
        if place in dropped or (
            words[place].group() == "ES" and text[: words[place].start()].endswith("DTS-")
        ):
            continue
        if code := _code(words[place].group(), text, words[place].end()):
            languages.append(code)
    low = text.lower()
    if (
        any(ord(char) > 0x2E7F for char in text)
        or "cht" in low
        or "chs" in low
        or "big5" in low
        or "[gb]" in low
    ):
        languages += [code for pattern, code in _ALWAYS_CJK if pattern.search(low)]
    described = text[described_from:].lower()
    multi = (
        re.search(r"(?<![a-z])(?:multi(?!.?sub)|dual(?:.?audio)?|german[ ._]dl|ml)(?![a-z])", described)
        is not None
    )
    return tuple(dict.fromkeys(languages)), multi


def _run_start(words: list[re.Match[str]], technical_from: int) -> int:
    """The first word of the run of languages and fillers that reaches the first technical word."""
    begin = next((i for i, word in enumerate(words) if word.start() >= technical_from), len(words))
    while begin > 0 and _describes(words[begin - 1].group()):
        begin -= 1
    return begin


def _describes(word: str) -> bool:
    low = word.lower()
    return low in _NAMES or low in _CODES or word in _SHORT or _FILLER.fullmatch(low) is not None


def _subtitle_runs(words: list[re.Match[str]]) -> set[int]:
    """Codes that run into "Sub" or "Subs" are languages of subtitles: `Ger.Eng.Spa.Sub`."""
    dropped: set[int] = set()
    for place, word in enumerate(words):
        if re.fullmatch(r"subs?", word.group().lower()) is None:
            continue
        back = place - 1
        while back >= 0 and (words[back].group().lower() in _CODES or words[back].group() in _SHORT):
            dropped.add(back)
            back -= 1
    return dropped


def _code(word: str, text: str, end: int) -> str | None:
    low = word.lower()
    if low in _NAMES:
        return None if low == "latin" and text[end : end + 8].lower() == " america" else _NAMES[low]
    if low in _CODES and (word[0].isupper() or text.islower()):
        return _CODES[low]
    return _SHORT.get(word) or ("lv" if word == "lv" else None)


_LAST_WORD = re.compile(r"[\s._(\[-]+(?P<word>[^\W\d_]+)[\s._)\]-]*$")


def without(title: str) -> str:
    """A title that runs into the description, without the languages at its end; two words always stay."""
    while (found := _LAST_WORD.search(title)) and found.group("word").lower() in _NAMES:
        if len(_WORD.findall(title[: found.start()])) < 2:
            break
        title = title[: found.start()]
    return title
