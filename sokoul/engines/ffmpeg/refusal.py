"""How a job says that the file is at fault."""

from __future__ import annotations


class JobRefused(Exception):
    """The file can't serve: `code` is stable, the message is plain words for its owner."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
