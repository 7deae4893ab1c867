"""What a torrent would write to disk, judged from its file list before a byte of content is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.words import Phrase, phrase

MOST_FILES = 5_000
LONGEST_COMPONENT = 255
LONGEST_PATH = 1_024
SAMPLE_BELOW = 70 * 1024 * 1024

VIDEO = frozenset(
    [
        ".mkv",
        ".mp4",
        ".m4v",
        ".avi",
        ".mov",
        ".wmv",
        ".mpg",
        ".mpeg",
        ".ts",
        ".m2ts",
        ".webm",
        ".ogm",
        ".ogv",
        ".flv",
        ".divx",
        ".vob",
        ".mk3d",
        ".3gp",
        ".asf",
    ]
)
SUBTITLE = frozenset([".srt", ".sub", ".idx", ".ass", ".ssa", ".vtt", ".smi", ".sup", ".usf"])
HARMLESS = (
    VIDEO
    | SUBTITLE
    | frozenset(
        [
            ".nfo",
            ".txt",
            ".jpg",
            ".jpeg",
            ".png",
            ".webp",
            ".gif",
            ".bmp",
            ".sfv",
            ".md5",
            ".sha1",
            ".sha256",
            ".mka",
            ".mp3",
            ".flac",
            ".aac",
            ".ac3",
            ".dts",
            ".eac3",
            ".m4a",
            ".ogg",
            ".opus",
            ".wav",
            ".xml",
            ".json",
            ".m3u",
            ".m3u8",
            ".cue",
            ".pdf",
            ".epub",
            ".bif",
            ".ttf",
            ".otf",
            ".torrent",
            ".url",
            ".htm",
            ".html",
            ".ifo",
            ".bup",
            ".bdmv",
            ".mpls",
            ".clpi",
            ".crt",
            ".otc",
            ".lst",
            ".properties",
            ".log",
            ".diz",
            ".ds_store",
        ]
    )
)
EXECUTABLE = frozenset(
    [
        ".exe",
        ".scr",
        ".bat",
        ".cmd",
        ".com",
        ".pif",
        ".msi",
        ".msp",
        ".msix",
        ".appx",
        ".apk",
        ".ipa",
        ".app",
        ".dmg",
        ".pkg",
        ".deb",
        ".rpm",
        ".appimage",
        ".jar",
        ".sh",
        ".bash",
        ".ps1",
        ".psm1",
        ".vbs",
        ".vbe",
        ".js",
        ".jse",
        ".wsf",
        ".wsh",
        ".hta",
        ".lnk",
        ".desktop",
        ".reg",
        ".dll",
        ".so",
        ".dylib",
        ".sys",
        ".cpl",
        ".inf",
        ".gadget",
        ".scf",
        ".py",
        ".pl",
        ".rb",
        ".php",
        ".run",
        ".bin",
        ".elf",
        ".jnlp",
        ".application",
        ".iso",
        ".img",
        ".xpi",
        ".crx",
        ".docm",
        ".xlsm",
        ".pptm",
        ".chm",
    ]
)
ARCHIVE = frozenset(
    [
        ".zip",
        ".zipx",
        ".rar",
        ".7z",
        ".tar",
        ".gz",
        ".tgz",
        ".bz2",
        ".tbz",
        ".tbz2",
        ".xz",
        ".txz",
        ".zst",
        ".lz",
        ".lz4",
        ".lzma",
        ".lzh",
        ".lha",
        ".arj",
        ".ace",
        ".cab",
        ".z",
        ".cbr",
        ".cbz",
        ".uue",
        ".alz",
        ".egg",
        ".par2",
    ]
)
_RAR_PART = re.compile(r"\.[rs]\d{2,3}$|\.\d{3}$|\.part\d+$")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789¹²³"]
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_SAMPLE = re.compile(r"(?:^|[^a-z])(?:sample|proof)(?:[^a-z]|$)", re.IGNORECASE)
_EXTRA = re.compile(
    r"(?:^|[/ ._\-\[(])(?:extras?|featurettes?|trailers?|behind.the.scenes|deleted.scenes?|interviews?|bonus"
    r"|nc(?:op|ed)|making.of)(?:[/ ._\-\])\d]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file of a torrent; `path` is raw, with '/' between components as the torrent gives them."""

    path: str
    size_bytes: int
    symlink: bool = False


def judge_payload(files: Sequence[PayloadFile], *, name: str) -> tuple[Refusal, ...]:
    """Every reason to refuse a torrent of this name and file list; empty when it may be fetched."""
    if len(files) > MOST_FILES:
        return (refuse("too_many_files.count", count=len(files), most=MOST_FILES),)
    found: dict[str, Refusal] = {}
    for refusal in _all_refusals(files, name):
        found.setdefault(refusal.code, refusal)
    return tuple(found.values())


def _all_refusals(files: Sequence[PayloadFile], name: str) -> Iterator[Refusal]:
    if trouble := _component_trouble(name):
        yield _unsafe(name, trouble)
    seen: set[str] = set()
    for file in files:
        if trouble := _path_trouble(file):
            yield _unsafe(file.path, trouble)
        key = file.path.casefold()
        if key in seen:
            yield _unsafe(file.path, phrase("trouble.twice"))
        seen.add(key)
        if danger := danger_of(file.path):
            yield refuse("dangerous_file.file", path=shown(file.path), danger=danger)
    if not any(is_video(file.path) and not file.symlink for file in files):
        yield refuse("no_video.none")


def danger_of(path: str) -> Phrase | None:
    """What makes a file name dangerous, in words that follow "is"; None for a harmless one."""
    leaf = path.replace("\\", "/").rsplit("/", 1)[-1].rstrip(". \u00a0").lower()
    suffix = PurePosixPath(leaf).suffix
    if suffix in EXECUTABLE:
        return phrase("danger.program")
    if suffix in ARCHIVE or _RAR_PART.search(leaf):
        return phrase("danger.archive")
    hidden = (
        {part.strip() for part in re.findall(r"\.[a-z0-9]{1,12}(?=[\s.])", leaf)} if "." in leaf else set()
    )
    if suffix not in HARMLESS and suffix and hidden & (VIDEO | SUBTITLE):
        return phrase("danger.disguised", suffix=suffix)
    if suffix in VIDEO and (bad := hidden & _CLEARLY_EXECUTABLE):
        return phrase("danger.double", suffix=sorted(bad)[0])
    return None


_CLEARLY_EXECUTABLE = frozenset(
    [".exe", ".scr", ".bat", ".cmd", ".pif", ".msi", ".vbs", ".vbe", ".ps1", ".hta", ".lnk", ".jar"]
)


def is_video(path: str) -> bool:
    """Whether the suffix is that of a video."""
    return PurePosixPath(path.lower()).suffix in VIDEO


def pick_main(files: Sequence[PayloadFile]) -> list[int]:
    """Indexes of the videos that make the film or the episodes: no samples, no extras, in path order."""
    videos = [i for i, f in enumerate(files) if is_video(f.path) and not f.symlink and f.size_bytes > 0]
    proper = [i for i in videos if not _is_sample(files[i]) and not _EXTRA.search(files[i].path)]
    chosen = proper or videos
    if not chosen:
        return []
    largest = max(files[i].size_bytes for i in chosen)
    return sorted((i for i in chosen if files[i].size_bytes * 10 >= largest), key=lambda i: files[i].path)


def _is_sample(file: PayloadFile) -> bool:
    return file.size_bytes < SAMPLE_BELOW and _SAMPLE.search(file.path) is not None


def _path_trouble(file: PayloadFile) -> Phrase | None:
    path = file.path
    if file.symlink:
        return phrase("trouble.link")
    if path.startswith("/"):
        return phrase("trouble.absolute")
    if len(path.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        return phrase("trouble.long_path")
    for component in path.split("/"):
        if trouble := _component_trouble(component):
            return trouble
    return None


def _component_trouble(component: str) -> Phrase | None:
    if component in ("", ".", ".."):
        return phrase("trouble.empty")
    if "\\" in component or "/" in component:
        return phrase("trouble.separator")
    if any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in component):
        return phrase("trouble.control")
    if not _BIDI.isdisjoint(component):
        return phrase("trouble.bidi")
    if len(component.encode("utf-8", "surrogatepass")) > LONGEST_COMPONENT:
        return phrase("trouble.long_name")
    if re.match(r"[A-Za-z]:", component):
        return phrase("trouble.drive")
    return _ending_trouble(component)


def _ending_trouble(component: str) -> Phrase | None:
    if component[-1] in ". " or component[0] == " ":
        return phrase("trouble.ending")
    if component.split(".", 1)[0].rstrip(" ").casefold() in _DEVICES:
        return phrase("trouble.device")
    return None


def _unsafe(path: str, trouble: Phrase) -> Refusal:
    return refuse("unsafe_path.path", path=shown(path), trouble=trouble)


def shown(path: str) -> str:
    """A hostile name made fit to be shown: at most 120 characters, nothing invisible."""
    clean = "".join(char if char.isprintable() and char not in _BIDI else _REPLACED for char in path)
    return f"{clean[:119]}…" if len(clean) > 120 else clean
