"""The download as the REST contract and the live events write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sokoul.domain.payload import is_video
from sokoul.features.download.model import Download, FileState

Address = Callable[[Download, FileState], str]


def document(download: Download, address: Address | None = None) -> dict[str, Any]:
    """Plain values ready for JSON; `address` makes the stream address of a playable file."""
    wanted = [file for file in download.files if file.wanted]
    return {
        "download_id": str(download.id),
        "media_id": str(download.media_id) if download.media_id else None,
        "name": download.name,
        "via": download.via.value,
        "status": download.status.value,
        "progress": percent(download.done_bytes, download.total_bytes),
        "total_bytes": download.total_bytes,
        "done_bytes": download.done_bytes,
        "download_speed": download.progress.download_speed,
        "upload_speed": download.progress.upload_speed,
        "peers": download.progress.peers,
        "seeds": download.progress.seeds,
        "eta": download.progress.eta,
        "ratio": round(download.uploaded_bytes / max(download.done_bytes, 1), 3),
        "files": [_file(download, file, address) for file in download.files],
        "playable": any(file.playable for file in wanted),
        "buffered_seconds": round(download.progress.buffered_seconds, 1),
        "error": _error(download),
        "created_at": _time(download.created_at),
        "imported_at": _time(download.imported_at),
        "completed_at": _time(download.completed_at),
    }


def percent(done: int, total: int) -> float:
    """0 to 100; 100 only when all of it is there."""
    if total <= 0:
        return 0.0
    return 100.0 if done >= total else min(round(done / total * 100, 1), 99.9)


def _file(download: Download, file: FileState, address: Address | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "index": file.index,
        "path": shown(file.path),
        "size_bytes": file.size_bytes,
        "progress": percent(file.done_bytes, file.size_bytes),
        "wanted": file.wanted,
        "playable": file.playable,
        "seen": _seen(file),
        "stream_url": None,
        "file_id": str(file.file_id) if file.file_id else None,
    }
    if address is not None and file.wanted and is_video(file.path):
        told["stream_url"] = address(download, file)
    return told


def _seen(file: FileState) -> dict[str, Any] | None:
    """What a first look showed, in short: picture, sound tracks with their languages, length."""
    if file.seen is None:
        return None
    facts = file.seen.facts
    if facts is None:
        return {"ok": False, "problem": file.seen.problem}
    return {
        "ok": True,
        "container": facts.container,
        "duration": facts.duration,
        "video": {"codec": facts.video.codec, "width": facts.video.width, "height": facts.video.height},
        "audio": [{"codec": each.codec, "language": each.language} for each in facts.audio],
    }


def shown(path: str) -> str:
    """A path fit for JSON: what was no UTF-8 is replaced."""
    return path.encode("utf-8", "replace").decode()


def _error(download: Download) -> dict[str, str] | None:
    if download.trouble is None:
        return None
    return {"code": download.trouble.code, "message": download.trouble.message}


def _time(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
