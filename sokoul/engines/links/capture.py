"""Keeping an HLS stream: its pieces one after the other in one file, as they are."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from pathlib import PurePosixPath
from typing import Final

import structlog
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sokoul.domain import hls
from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused, WrongState
from sokoul.engines.links.holes import Have
from sokoul.engines.links.part import Part
from sokoul.engines.links.playlists import Key, Piece, pieces, variants
from sokoul.engines.links.probing import safe
from sokoul.engines.links.transfer import Broken, Transfer
from sokoul.features.download.metainfo import Metainfo, TorrentFile
from sokoul.features.download.ports import FileProgress
from sokoul.remote import Place, bounded, refused_by_status

log = structlog.get_logger(__name__)

LARGEST_PIECE: Final = 64 * 1024 * 1024
_USUAL_RATE: Final = 4_000_000  # bits a second, where the playlist does not tell
_SAVE_EVERY: Final = 20
# A playlist tells its highest rate; pieces that come to much more than that are no film.
_MOST_TIMES: Final = 4


class Capture(Transfer):
    """As a transfer, of pieces instead of ranges; how long the file will be is known at its end."""

    async def learn(self) -> None:
        """Choose the best quality and read its pieces; raises Refused, NotFound, ProviderUnavailable."""
        place = await self._place(0, fresh=False)
        lines, place = await self._playlist(place)
        rate = _USUAL_RATE
        for depth in range(hls.DEEPEST + 1):
            found = variants(lines, place.url)
            if not found:
                break
            best = next((one for one in found if not one.sound), None)
            if best is None:
                raise Refused("separate_sound", "its sound is a stream of its own; it is played where it is")
            if depth == hls.DEEPEST:
                raise Refused("playlist_too_deep", "playlists lead to playlists again and again")
            rate = best.bandwidth or rate
            lines, place = await self._playlist(place.elsewhere(best.url))
        self._pieces, self._home = pieces(lines, place.url), place
        estimate = max(1, round(sum(one.seconds for one in self._pieces) * rate / 8))
        self._name = self._file_name()
        self.parts = [Part(0, self._name, self.folder / self._name, Have(estimate), ranges=False)]
        self._most = _MOST_TIMES * estimate + LARGEST_PIECE
        self._keys: dict[str, bytes] = {}
        self._done, self._length = await asyncio.to_thread(self._recalled)
        self.known.set_result(self._meta())

    async def run(self) -> None:
        """Piece after piece; a piece that does not come is asked for again."""
        part = self.parts[0]
        while self._done < len(self._pieces):
            await self.unpaused.wait()
            if self._length > self._most:
                raise Refused("too_big", "the stream is far longer than its playlist says")
            try:
                data = await self._piece(self._pieces[self._done])
                await asyncio.to_thread(part.write, self._length, data)
            except OSError as err:
                await self._out_of_disk(err)
                continue
            except (Broken, ProviderUnavailable, NotFound) as err:
                await self._failed(err)
                continue
            self._failures = 0
            self._length += len(data)
            self._done += 1
            self.meter.add(len(data))
            if self._done % _SAVE_EVERY == 0:
                await self.save()
            await self._throttle.take(len(data))
        await asyncio.to_thread(os.truncate, part.path, self._length)
        part.have = Have(self._length, [(0, self._length)])
        if not await asyncio.to_thread(part.settle):
            raise Refused("cut", "the file is not as long as it should be")
        self.known = asyncio.get_running_loop().create_future()
        self.known.set_result(self._meta())
        self.finished.set()
        self._tell()

    async def read(self, index: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Nothing before the end: until then nobody knows where a byte will be."""
        if not self.finished.is_set():
            raise WrongState("a stream that is being kept can be watched when it is complete")
        async with asyncio.timeout(None):
            async for chunk in super().read(index, offset, length):
                yield chunk

    async def save(self) -> None:
        """How many pieces are in the file, and how long it is with them."""
        if self.parts and self._length:
            told = json.dumps({"pieces": len(self._pieces), "done": self._done, "length": self._length})
            await asyncio.to_thread(self._keep, told.encode())

    def _told(self, part: Part) -> FileProgress:
        done = part.size if self.finished.is_set() else part.size * self._done // max(1, len(self._pieces))
        return FileProgress(0, min(done, part.size), 0 in self._wanted, self.finished.is_set())

    def done_bytes(self) -> int:
        """As much of the estimate as there are pieces in."""
        return sum(self._told(part).done_bytes for part in self.parts)

    def _meta(self) -> Metainfo:
        part = self.parts[0]
        told = (TorrentFile(0, self._name, part.size, 0),)
        return Metainfo(self.source.name or self._name, 0, told, None, None)

    def _file_name(self) -> str:
        fragmented = any(piece.initial for piece in self._pieces)
        stem = safe(PurePosixPath(self.source.name or "stream").name) or "stream"
        return f"{stem[:150]}{'.mp4' if fragmented else '.ts'}"

    def _recalled(self) -> tuple[int, int]:
        """What an earlier run had. Blocks."""
        try:
            told = json.loads(self._kept.read(self.key) or b"{}")
            done, length = int(told["done"]), int(told["length"])
            if told["pieces"] == len(self._pieces) and self.parts[0].path.stat().st_size >= length:
                return done, length
        except (ValueError, TypeError, KeyError, OSError):
            pass  # then it begins anew
        return 0, 0

    # Over the net

    async def _playlist(self, place: Place) -> tuple[list[str], Place]:
        body, where = await self._body(place, hls.LARGEST, None)
        return [line.strip() for line in hls.lines_of(body)], where

    async def _piece(self, piece: Piece) -> bytes:
        data, _ = await self._body(self._home.elsewhere(piece.url), LARGEST_PIECE, piece.stretch)
        if piece.key is None:
            return data
        key = await self._key(piece.key)
        return await asyncio.to_thread(_unlocked, data, key, piece.key.iv or piece.number.to_bytes(16, "big"))

    async def _key(self, key: Key) -> bytes:
        if key.url not in self._keys:
            found, _ = await self._body(self._home.elsewhere(key.url), 1024, None)
            if len(found) != 16:
                raise Refused("protected", "this stream is protected, and is played where it is")
            self._keys[key.url] = found
        return self._keys[key.url]

    async def _body(self, place: Place, limit: int, stretch: tuple[int, int] | None) -> tuple[bytes, Place]:
        extra = {"Range": f"bytes={stretch[0]}-{stretch[1] - 1}"} if stretch else None
        async with self._remote.open(place, extra=extra) as answer:
            if (refusal := refused_by_status(answer.status)) is not None:
                raise refusal
            data = await bounded(answer, limit)
            told = answer.reply.content_length
            if told is not None and len(data) != told:
                raise Broken("the server sent less than it had promised")
            if stretch is not None and answer.status == 200:
                data = data[stretch[0] : stretch[1]]
            if stretch is not None and len(data) != stretch[1] - stretch[0]:
                raise Broken("the server sent another stretch than was asked for")
            return data, answer.place


def _unlocked(data: bytes, key: bytes, iv: bytes) -> bytes:
    """AES-128 in chained blocks, as RFC 8216 has it."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        padded = decryptor.update(data) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError as err:
        raise Broken("a piece could not be unlocked") from err
