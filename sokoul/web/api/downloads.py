"""Downloads: start, look, pause, resume, cancel, and their bytes while they come in."""

from __future__ import annotations

import uuid
from contextlib import aclosing
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal

from aiohttp import BodyPartReader, web
from pydantic import BaseModel, Field, ValidationError, field_validator

from sokoul.domain.errors import Invalid, NotFound, SokoulError
from sokoul.domain.media import MediaType
from sokoul.features.download.document import document
from sokoul.features.download.metainfo import LARGEST
from sokoul.features.download.model import Download, FileState, Via
from sokoul.features.download.service import Streamed, Wish
from sokoul.features.library.service import MediaRef
from sokoul.web import keys
from sokoul.web.auth import optional_user, signed, trail, user, user_id
from sokoul.web.body import Body, parse, path_id, problems
from sokoul.web.errors import Malformed, NotValid, TooBig
from sokoul.web.files import UNSATISFIABLE, Stretch, parse_range, send_file
from sokoul.web.lists import accepted, json_answer, listing, page

Index = Annotated[int, Field(ge=0, le=100_000)]
_FIELD_LIMIT: Final = 64 * 1024
_OTHER: Final = "application/octet-stream"
_TYPES: Final = {
    ".mkv": "video/x-matroska",
    ".mk3d": "video/x-matroska",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".divx": "video/x-msvideo",
    ".wmv": "video/x-ms-wmv",
    ".asf": "video/x-ms-asf",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".vob": "video/mpeg",
    ".ts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".ogv": "video/ogg",
    ".ogm": "video/ogg",
    ".flv": "video/x-flv",
    ".3gp": "video/3gpp",
}


class StartDownload(Body):
    """What to download: exactly one of the first four; `files` are the torrent's own indexes.

    `via` says how a torrent comes; left out, by a debrid service that has it ready, else from its swarm.
    """

    result_id: uuid.UUID | None = None
    magnet_link: Annotated[str, Field(max_length=1_048_576)] | None = None
    torrent_url: Annotated[str, Field(max_length=8_000)] | None = None
    url: Annotated[str, Field(max_length=8_000)] | None = None
    media_id: uuid.UUID | None = None
    tmdb_id: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    media_type: Literal["movie", "tv"] | None = None
    files: Annotated[list[Index], Field(min_length=1, max_length=20_000)] | None = None
    sequential: bool = False
    via: Literal["torrent", "debrid"] | None = None

    @field_validator("magnet_link", "torrent_url", "url")
    @classmethod
    def _something(cls, text: str | None) -> str | None:
        if text is not None and not text.strip():
            raise ValueError("is empty")
        return text


class DownloadsQuery(Body):
    """Which downloads: of one status, or of several with commas between them."""

    status: str | None = None


class CancelDownload(Body):
    """Whether what came in is to be removed from the disk."""

    delete_files: bool = False


class Started(BaseModel):
    """The download that was added, or the one that has this torrent already."""

    download_id: uuid.UUID


class DownloadError(BaseModel):
    """Why it failed, or waits."""

    code: str
    message: str


class DownloadFileAnswer(BaseModel):
    """One file of a download; progress in percent."""

    index: int
    path: str
    size_bytes: int
    progress: float
    wanted: bool
    playable: bool
    stream_url: str | None = None
    file_id: uuid.UUID | None = None


class DownloadAnswer(BaseModel):
    """A download; sizes in bytes, speeds in bytes/s, times in seconds, progress in percent."""

    download_id: uuid.UUID
    media_id: uuid.UUID | None = None
    name: str
    via: str
    status: str
    progress: float
    total_bytes: int
    done_bytes: int
    download_speed: int
    upload_speed: int
    peers: int
    seeds: int
    eta: int | None = None
    ratio: float
    files: list[DownloadFileAnswer]
    playable: bool
    buffered_seconds: float
    error: DownloadError | None = None
    created_at: datetime
    imported_at: datetime | None = None
    completed_at: datetime | None = None


async def start(request: web.Request) -> web.Response:
    """202 with the new download, or 200 with the one that fetches this torrent already."""
    if request.content_type == "multipart/form-data":
        body, torrent = await _form(request)
    else:
        body, torrent = await parse(request, StartDownload), None
    wish = Wish(
        result_id=body.result_id,
        magnet_link=body.magnet_link,
        torrent_url=body.torrent_url,
        url=body.url,
        torrent=torrent,
        media_id=await _media(request, body),
        files=tuple(body.files) if body.files else None,
        sequential=body.sequential,
        via=Via(body.via) if body.via else None,
    )
    added = await request.app[keys.DOWNLOADS].request(wish, by=user(request).id, trail_id=trail(request))
    answer = {"download_id": added.id}
    return accepted(answer) if added.created else json_answer(answer)


async def downloads(request: web.Request) -> web.Response:
    """A page of downloads, the newest first; `?status=` may be given several times or with commas."""
    statuses = [one for text in request.query.getall("status", []) for one in text.split(",") if one]
    where = page(request)
    found, total = await request.app[keys.DOWNLOADS].page(
        by=user(request), statuses=statuses[:20], limit=where.limit, offset=where.offset
    )
    return listing([_shown(request, one) for one in found], total, where)


async def one(request: web.Request) -> web.Response:
    """One download."""
    found = await request.app[keys.DOWNLOADS].get(path_id(request), by=user(request))
    return json_answer(_shown(request, found))


async def pause(request: web.Request) -> web.Response:
    """Stop its traffic."""
    found = await request.app[keys.DOWNLOADS].pause(path_id(request), by=user(request))
    return json_answer(_shown(request, found))


async def resume(request: web.Request) -> web.Response:
    """Go on with it."""
    found = await request.app[keys.DOWNLOADS].resume(path_id(request), by=user(request))
    return json_answer(_shown(request, found))


async def cancel(request: web.Request) -> web.Response:
    """End it."""
    body = await parse(request, CancelDownload) if request.can_read_body else CancelDownload()
    found = await request.app[keys.DOWNLOADS].cancel(
        path_id(request), by=user(request), delete_files=body.delete_files
    )
    return json_answer(_shown(request, found))


async def stream(request: web.Request) -> web.StreamResponse:
    """Bytes of a file that may still be coming in; a range is answered as soon as its pieces are there."""
    service = request.app[keys.DOWNLOADS]
    everything = not signed(request) and (who := optional_user(request)) is not None and who.moderates
    streamed = await service.stream(
        path_id(request), _index(request), user_id=user_id(request), all_of=everything
    )
    kind = _TYPES.get(PurePosixPath(streamed.file.path.lower()).suffix, _OTHER)
    tag = f"{streamed.download.info_hash or streamed.download.id}-{streamed.file.index}"
    if streamed.path is not None:
        return await send_file(request, streamed.path, content_type=kind, etag=tag, headers=_HEADERS)
    if streamed.file.file_id is not None and streamed.download.status.ended:
        kept = await request.app[keys.PLAYBACK].file(streamed.file.file_id)
        return await send_file(request, kept.path, content_type=kind, etag=tag, headers=_HEADERS)
    return await _relay(request, streamed, kind, f'"{tag}"')


_HEADERS: Final = {"Cache-Control": "private, no-cache"}


async def _relay(request: web.Request, streamed: Streamed, kind: str, etag: str) -> web.StreamResponse:
    size = streamed.file.size_bytes
    response = web.StreamResponse(headers={**_HEADERS, "Accept-Ranges": "bytes", "ETag": etag})
    response.content_type = kind
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if _same(request.headers.get("If-None-Match"), etag):
        response.set_status(304)
        await response.prepare(request)
        return response
    part = _stretch(request, etag, size)
    if part is UNSATISFIABLE:
        response.set_status(416)
        response.headers["Content-Range"] = f"bytes */{size}"
        response.content_length = 0
        await response.prepare(request)
        return response
    if part is not None:
        response.set_status(206)
        last = part.offset + part.count - 1
        response.headers["Content-Range"] = f"bytes {part.offset}-{last}/{size}"
    part = part or Stretch(0, size)
    response.content_length = part.count
    if request.method == "HEAD" or part.count == 0:
        await response.prepare(request)
        return response
    return await _send(request, response, streamed, part)


async def _send(
    request: web.Request, response: web.StreamResponse, streamed: Streamed, part: Stretch
) -> web.StreamResponse:
    """Chunk by chunk as the client takes them; its leaving closes the reader and frees the window."""
    chunks = request.app[keys.DOWNLOADS].read(streamed, part.offset, part.count)
    async with aclosing(chunks):
        # Until the first bytes are there the answer may still become a refusal.
        first = await anext(chunks, b"")
        await response.prepare(request)
        try:
            await response.write(first)
            async for chunk in chunks:
                await response.write(chunk)
            await response.write_eof()
        except ConnectionError:
            return response  # the viewer left
        except SokoulError:
            # What was promised cannot be kept: cut the connection, the player asks again for the rest.
            if request.transport is not None:
                request.transport.abort()
    return response


def _stretch(request: web.Request, etag: str, size: int) -> Stretch | None:
    header = request.headers.get("Range")
    condition = request.headers.get("If-Range")
    if header is None or request.method != "GET" or (condition is not None and condition.strip() != etag):
        return None
    return parse_range(header, size)


def _same(header: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]
    return "*" in tags or etag in tags


def _index(request: web.Request) -> int:
    text = request.match_info["index"]
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise NotFound("There is no such file in this download")
    return int(text)


def _shown(request: web.Request, download: Download) -> dict[str, Any]:
    signer, viewer = request.app[keys.SIGNER], user(request).id
    # A moderator's own id would not open another user's file: the token speaks for the owner.
    holder = viewer if download.visible_to(viewer) else (download.wanted_by or viewer)

    def address(of: Download, file: FileState) -> str:
        return signer.address(f"/api/v1/downloads/{of.id}/files/{file.index}/stream", user_id=holder)

    return document(download, address)


async def _media(request: web.Request, body: StartDownload) -> uuid.UUID | None:
    """The title that the body names; by TMDB's id it is made."""
    if body.media_id is not None or body.tmdb_id is None:
        return body.media_id
    if body.media_type is None:
        raise Invalid("media_type", "says what the tmdb_id is: movie or tv")
    ref = MediaRef(None, body.tmdb_id, MediaType(body.media_type))
    return await request.app[keys.LIBRARY].resolve(ref)


async def _form(request: web.Request) -> tuple[StartDownload, bytes | None]:
    """The fields of a form, and its file `torrent` of at most 10 MB."""
    fields: dict[str, Any] = {}
    torrent: bytes | None = None
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise Malformed("The form holds something unexpected")
            if part.name == "torrent":
                torrent = await _bounded(part, LARGEST)
            elif len(fields) < 20:
                fields[part.name] = (await _bounded(part, _FIELD_LIMIT)).decode("utf-8", "replace")
    except (ValueError, AssertionError, web.RequestPayloadError) as err:
        raise Malformed("The form could not be read") from err
    if "files" in fields:
        fields["files"] = [one.strip() for one in fields["files"].strip("[]").split(",") if one.strip()]
    try:
        return StartDownload.model_validate(fields), torrent
    except ValidationError as err:
        raise NotValid(problems(err)) from err


async def _bounded(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise TooBig(f"The field {part.name} is larger than {limit} bytes")
    return bytes(part.decode(data)) if part.headers.get("Content-Transfer-Encoding") else bytes(data)
