"""Moving a stretch of a file into a connection's socket without bringing the bytes into Python."""

from __future__ import annotations

import asyncio
import errno
import os

from aiohttp.abc import AbstractStreamWriter

# What one call moves at most: enough to fill any socket buffer, little enough to take turns.
SLICE = 4 * 1024 * 1024
# A viewer who takes nothing for this long is gone or asleep; a player asks again for the rest.
STALL_SECONDS = 300.0


class KernelSend:
    """One transfer: `count` bytes of `source` from `offset` into the socket under `transport`.

    Slices that are in the page cache are sent from the event loop; one that has to come from the disk is sent
    by a thread, so that a slow disk holds up nobody else.
    """

    def __init__(
        self, transport: asyncio.Transport, writer: AbstractStreamWriter, source: int, offset: int, count: int
    ) -> None:
        self._transport = transport
        self._writer = writer
        self._source = source
        self._offset = offset
        self._left = count
        self._loop = asyncio.get_running_loop()
        self._probe = bytearray(1)
        self._can_probe = hasattr(os, "RWF_NOWAIT")
        self._socket = -1
        self._writable: asyncio.Future[None] | None = None
        self._moved_at = self._loop.time()

    async def run(self) -> None:
        """Move everything; ConnectionError when the client is gone, OSError when the file ends early."""
        await self._flush_headers()
        self._socket = os.dup(self._transport.get_extra_info("socket").fileno())
        self._watch = self._loop.call_later(STALL_SECONDS, self._check_progress)
        try:
            while self._left:
                if self._is_cached():
                    await self._move_cached()
                else:
                    await self._move_in_thread()
        finally:
            self._watch.cancel()
            os.close(self._socket)

    async def _flush_headers(self) -> None:
        """Wait until all that aiohttp wrote is in the socket, or bytes would overtake their headers."""
        self._transport.set_write_buffer_limits(high=0)
        try:
            while self._transport.get_write_buffer_size():
                await asyncio.sleep(0)
                await self._writer.drain()
                if self._transport.is_closing():
                    raise ConnectionResetError("the client left")
        finally:
            self._transport.set_write_buffer_limits()

    def _is_cached(self) -> bool:
        """Whether the coming slice can be sent without waiting for a disk; true where this can't be asked."""
        if not self._can_probe:
            return True
        last = self._offset + min(SLICE, self._left) - 1
        try:
            for place in (self._offset, last):
                os.preadv(self._source, [self._probe], place, os.RWF_NOWAIT)
        except BlockingIOError:
            return False
        except OSError:  # EOPNOTSUPP: this file system does not know the flag
            self._can_probe = False
        return True

    async def _move_cached(self) -> None:
        self._writable = self._loop.create_future()
        self._loop.add_writer(self._socket, self._on_writable)
        try:
            await self._writable
        finally:
            self._loop.remove_writer(self._socket)

    def _on_writable(self) -> None:
        assert self._writable is not None
        if self._writable.done():
            return
        try:
            self._account(self._slice())
        except OSError as error:
            self._writable.set_exception(error)
            return
        if not self._left or not self._is_cached():
            self._writable.set_result(None)

    async def _move_in_thread(self) -> None:
        self._writable = self._loop.create_future()
        self._loop.add_writer(self._socket, self._wake)
        try:
            await self._writable
        finally:
            self._loop.remove_writer(self._socket)
        work = self._loop.run_in_executor(None, self._slice)
        try:
            self._account(await asyncio.shield(work))
        except asyncio.CancelledError:
            # The thread holds our descriptors; they may be closed only when it is through.
            await asyncio.wait([work])
            raise

    def _wake(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)

    def _slice(self) -> int | None:
        """Bytes that one call moved; None when the socket took none after all."""
        if self._transport.is_closing():
            raise ConnectionResetError("the client left")
        try:
            return os.sendfile(self._socket, self._source, self._offset, min(SLICE, self._left))
        except BlockingIOError:
            return None

    def _account(self, sent: int | None) -> None:
        if sent is None:
            return
        if sent == 0:
            raise OSError(errno.EIO, "the file became shorter while it was sent")
        self._offset += sent
        self._left -= sent
        self._moved_at = self._loop.time()

    def _check_progress(self) -> None:
        if self._loop.time() - self._moved_at >= STALL_SECONDS:
            if self._writable is not None and not self._writable.done():
                self._writable.set_exception(ConnectionAbortedError("the client takes no bytes"))
            return
        self._watch = self._loop.call_later(STALL_SECONDS, self._check_progress)
