"""What a walk found against what the database knows: the little that is to be done. Blocks (stat)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sokoul.features.library.model import FileState, KnownFile, Stamp
from sokoul.features.library.walk import Walk, device_near


@dataclass(slots=True)
class Differences:
    """What changed since the database last heard of it."""

    new: list[tuple[str, Stamp, KnownFile | None]] = field(default_factory=list)
    moved: list[tuple[KnownFile, str, Stamp]] = field(default_factory=list)
    back: list[tuple[KnownFile, Stamp]] = field(default_factory=list)
    gone: list[uuid.UUID] = field(default_factory=list)
    offline: list[uuid.UUID] = field(default_factory=list)
    subtitles: list[KnownFile] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.new or self.moved or self.back or self.gone or self.offline or self.subtitles)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database knows below a root; `device` is where the root was last seen."""

    files: Sequence[KnownFile]
    sidecars: Mapping[uuid.UUID, frozenset[str]]
    device: int | None


def compare(root: Path, found: Walk, rows: Rows, *, below: Iterable[Path] = ()) -> Differences:
    """What to do; with `below`, files elsewhere than in these folders are left as they are."""
    result = Differences()
    scope = tuple(f"{folder}/" for folder in below)
    known = {file.path: file for file in rows.files}
    missing: dict[tuple[int, int], KnownFile] = {}
    for path, file in known.items():
        stamp = found.videos.get(path)
        if stamp is None:
            if not scope or path.startswith(scope):
                missing[(file.stamp.device, file.stamp.inode)] = file
        elif stamp[:2] != file.stamp[:2]:
            _changed(result, found, path, stamp, file)
        elif file.state is FileState.OFFLINE:
            result.back.append((file, stamp))
    by_inode = {(file.stamp.device, file.stamp.inode): file for file in rows.files}
    for path, stamp in found.videos.items():
        if path not in known:
            _appeared(result, found, path, stamp, missing, by_inode)
    for file in missing.values():
        _missed(result, found, file, root, rows.device)
    _subtitles(result, found, rows, known)
    return result


def _changed(result: Differences, found: Walk, path: str, stamp: Stamp, file: KnownFile) -> None:
    if path in found.fresh:
        result.unsettled.append(path)
    else:
        result.new.append((path, stamp, file))


def _appeared(
    result: Differences,
    found: Walk,
    path: str,
    stamp: Stamp,
    missing: dict[tuple[int, int], KnownFile],
    by_inode: Mapping[tuple[int, int], KnownFile],
) -> None:
    inode = (stamp.device, stamp.inode)
    former = missing.get(inode)
    if former is not None and former.stamp.size == stamp.size:
        # The very file that is missing under its old name: it was renamed, and keeps its id and its history.
        del missing[inode]
        result.moved.append((former, path, stamp))
    elif path in found.fresh:
        result.unsettled.append(path)
    else:
        twin = by_inode.get(inode)
        result.new.append((path, stamp, twin if twin and twin.stamp.size == stamp.size else None))


def _missed(result: Differences, found: Walk, file: KnownFile, root: Path, recorded: int | None) -> None:
    """Gone for good only where its own disk is there without it; an unread folder proves nothing."""
    if found.hides(file.path):
        return
    here = device_near(file.path, root)
    was_on_root = file.stamp.device == recorded
    if here is not None and (here == file.stamp.device or (was_on_root and here == found.device)):
        result.gone.append(file.id)
    else:
        result.offline.append(file.id)


def _subtitles(result: Differences, found: Walk, rows: Rows, known: Mapping[str, KnownFile]) -> None:
    """Videos whose subtitles beside them are others than before."""
    if not found.subtitles and not rows.sidecars:
        return
    for path, file in known.items():
        before = rows.sidecars.get(file.id, frozenset())
        if path not in found.videos or not (before or found.has_subtitles(path)):
            continue
        if {one.path for one in found.sidecars(path)} != before:
            result.subtitles.append(file)
