"""The parts of playback: library files, running downloads, the reader of media."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID

from sokoul.app.foundation import Foundation
from sokoul.app.library import Library
from sokoul.domain.mediafacts import LocalFile, MediaSource, RangedHttp
from sokoul.features.download.service import DownloadService, Streamed
from sokoul.features.playback.ports import DownloadFile
from sokoul.features.playback.service import PlaybackService
from sokoul.store.playable import PlayableFiles
from sokoul.web.signing import Signer


class RunningDownloads:
    """Files of downloads as playback wants them; `site` is where this process serves them itself."""

    def __init__(self, downloads: DownloadService, signer: Signer, site: tuple[str, int]) -> None:
        self._downloads, self._signer, self._site = downloads, signer, site

    async def file(self, download_id: UUID, index: int | None, *, user_id: UUID) -> DownloadFile:
        """One file, by default the film itself; raises NotFound, WrongState."""
        return self._described(await self._downloads.main_file(download_id, index, user_id=user_id), user_id)

    async def of_media(self, media_id: UUID, *, user_id: UUID) -> Sequence[DownloadFile]:
        """Playable files of running downloads of this title."""
        found = await self._downloads.playable_of(media_id, user_id=user_id)
        return [self._described(one, user_id) for one in found]

    def _described(self, one: Streamed, user_id: UUID) -> DownloadFile:
        return DownloadFile(
            download_id=one.download.id,
            index=one.file.index,
            name=PurePosixPath(one.file.path).name,
            size_bytes=one.file.size_bytes,
            source=LocalFile(one.path) if one.path is not None else self._source(one, user_id),
            complete=one.path is not None,
        )

    def _source(self, one: Streamed, user_id: UUID) -> MediaSource:
        control = urlsplit(one.download.control or "")
        size = one.file.size_bytes
        if control.scheme == "unix" and Path(control.path).is_socket():
            target = f"/downloads/{one.download.id}/files/{one.file.index}"
            return RangedHttp(target, size, socket=Path(control.path))
        # A worker elsewhere is reached through ourselves, who know how to relay and how to wait for another.
        path = f"/api/v1/downloads/{one.download.id}/files/{one.file.index}/stream"
        host, port = self._site
        return RangedHttp(self._signer.address(path, user_id=user_id), size, host=host, port=port)


async def build(
    base: Foundation, library: Library, downloads: DownloadService, signer: Signer, stack: AsyncExitStack
) -> PlaybackService:
    """The playback service of this process."""
    http = base.config.http
    host = "127.0.0.1" if http.host in {"0.0.0.0", "::", ""} else http.host  # noqa: S104 - compared, not bound
    service = PlaybackService(
        files=PlayableFiles(base.database),
        downloads=RunningDownloads(downloads, signer, (host, http.port)),
        reader=library.reader,
        signer=signer,
    )
    stack.push_async_callback(service.close)
    await service.start_sweeping()
    return service
