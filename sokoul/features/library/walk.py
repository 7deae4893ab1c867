"""Every video below a root with its stamp, and the subtitles beside it; nothing is opened. Blocks."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sokoul.domain.payload import VIDEO
from sokoul.features.library import beneath, copying, sidecars
from sokoul.features.library.model import Sidecar, Stamp
from sokoul.features.library.sidecars import SUFFIXES as SUBTITLES

DEEPEST = 16
MOST_FILES = 1_000_000
_UNFINISHED = (".part", ".!qb", ".tmp", ".crdownload", ".filepart")
# Seconds; what was written to more recently somebody may still be at.
SETTLED_AFTER = 2.0


@dataclass(slots=True)
class Walk:
    """What a walk found: videos by path, subtitles by the folder of their video, folders that failed."""

    device: int = 0
    videos: dict[str, Stamp] = field(default_factory=dict)
    subtitles: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    unnamed: int = 0
    fresh: set[str] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def has_subtitles(self, video: str) -> bool:
        """Whether any subtitle may belong to the video."""
        return video[: video.rfind("/")] in self.subtitles

    def sidecars(self, video: str) -> tuple[Sidecar, ...]:
        """The subtitle files that belong to the video."""
        folder = video[: video.rfind("/")]
        near = [PurePosixPath(path) for path in self.subtitles.get(folder, ())]
        if not near:
            return ()
        if not self._counts:
            self._counts.update(path[: path.rfind("/")] for path in self.videos)
        alone = self._counts[folder] <= 1
        return tuple(one.listed() for one in sidecars.of_video(PurePosixPath(video), near, alone=alone))

    def hides(self, path: str) -> bool:
        """Whether the path lies in a folder that could not be read, so that its absence means nothing."""
        return any(path.startswith(f"{folder}/") for folder in self.unread)


def walk(
    root: Path,
    *,
    below: Collection[Path] = (),
    skip: Iterable[Path] = (),
    settled_after: float = SETTLED_AFTER,
) -> Walk:
    """Walk the whole root, or only the folders `below`; `skip` are folders that are none of the library's.

    Symbolic links are never followed; names that are no text are counted in `unnamed`. A root that is not
    there raises OSError.
    """
    found = Walk(device=root.stat().st_dev)
    left_out = {str(path) for path in skip}
    pending = [(str(folder), 0) for folder in (below or (root,))]
    fresh_since = time.time_ns() - int(settled_after * 1e9)
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(folder) as entries:
                deeper = [entry.path for entry in entries if _look(entry, found, fresh_since)]
            if depth < DEEPEST:
                pending += [(path, depth + 1) for path in deeper if path not in left_out]
        except FileNotFoundError:
            continue  # removed while we walked; what was known below it is judged as gone
        except OSError:
            found.unread.append(folder)
        if len(found.videos) > MOST_FILES:
            break
    return found


def _look(entry: os.DirEntry[str], found: Walk, fresh_since: int) -> bool:
    """Take a file in; True for a folder to be entered."""
    name = entry.name
    if name.startswith("."):
        _sweep(entry)
        return False
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot > 0 else ""
    video, subtitle = suffix in VIDEO, suffix in SUBTITLES
    if not video and not subtitle:
        return suffix not in _UNFINISHED and entry.is_dir(follow_symlinks=False)
    try:
        name.encode()
        facts = entry.stat(follow_symlinks=False)
    except UnicodeEncodeError:
        found.unnamed += 1
        return False
    except FileNotFoundError:
        return False
    kind = facts.st_mode & 0o170000
    if kind != 0o100000:
        return kind == 0o040000
    if subtitle:
        for folder in sidecars.video_folders(PurePosixPath(entry.path)):
            found.subtitles.setdefault(str(folder), []).append(entry.path)
    elif facts.st_size:
        found.videos[entry.path] = Stamp(facts.st_size, facts.st_mtime_ns, facts.st_dev, facts.st_ino)
        if max(facts.st_mtime_ns, facts.st_ctime_ns) > fresh_since:
            found.fresh.add(entry.path)
    return False


def _sweep(entry: os.DirEntry[str]) -> None:
    """Remove what a killed copy left behind."""
    name = entry.name
    if name.startswith(copying.PART_PREFIX) and name.endswith(copying.PART_SUFFIX):
        parent = Path(entry.path).parent
        with beneath.folder(parent, ()) as folder:
            copying.sweep(name, folder)


def device_near(path: str, root: Path) -> int | None:
    """The device of the nearest folder above `path` that exists, not above the root; None: not even that."""
    here = Path(path).parent
    while here != root and root in here.parents:
        try:
            return here.stat().st_dev
        except OSError:
            here = here.parent
    try:
        return root.stat().st_dev
    except OSError:
        return None
