"""A model's file: whether it is one, told in plain words before an engine tries."""

from __future__ import annotations

import struct
from pathlib import Path

from sokoul.domain.errors import ProviderUnavailable

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_HEAD = struct.Struct("<4sIQQ")  # magic, version, number of tensors, number of facts


def check(path: Path) -> None:
    """Look at the head of a GGUF; blocks briefly. Raises ProviderUnavailable with the cure."""
    cure = "Set oracle.server.gguf to a model in llama.cpp's GGUF format."
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD.size)
    except IsADirectoryError:
        raise ProviderUnavailable(f"{path} is a folder, not a model", cure=cure) from None
    except FileNotFoundError:
        raise ProviderUnavailable(f"there is no model file {path}", cure=cure) from None
    except OSError as err:
        raise ProviderUnavailable(
            f"the model file {path} cannot be read ({err.strerror})",
            cure="Give Sokoul's user the right to read it.",
        ) from None
    if not head.startswith(_MAGIC):
        raise ProviderUnavailable(f"{path} is not a GGUF model", cure=cure)
    if len(head) < _HEAD.size or _HEAD.unpack(head)[2] == 0:
        raise ProviderUnavailable(f"the model file {path} is cut off", cure="Fetch it again.")
    version = _HEAD.unpack(head)[1]
    if version not in _VERSIONS:
        raise ProviderUnavailable(
            f"{path} is a GGUF of version {version}, which the engine does not read",
            cure="Fetch the model in GGUF version 3.",
        )
