"""The kinds of value a configuration key can have, each checked when it is read."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, Strict


class Section(BaseModel):
    """A group of keys: immutable, strict about types, refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Program:
    """Marks a text that is a command name, or a path when it holds a slash."""


class NameOrFile:
    """Marks texts each of which is a name, or a path when it holds a slash or ends like a file of YAML."""


def is_file(name_or_file: str) -> bool:
    """Whether such a text means a path."""
    return "/" in name_or_file or name_or_file.endswith((".yaml", ".yml"))


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError("should be an address such as http://host:port/path")
    _ = parts.port
    return text


def _server_address(text: SecretStr) -> SecretStr:
    parts = urlsplit(text.get_secret_value())
    if not parts.scheme or not (parts.netloc or parts.path.startswith("/")):
        raise ValueError("should be an address such as scheme://user:password@host:port")
    return text


def _host_port(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536) or re.search(r"[\s/]", text):
        raise ValueError('should be "host:port", the port at most 65535')
    return text


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError("should be an IP address or a range such as 10.0.0.0/8") from error
    return text


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError('should be a time of day such as "03:30"')
    return text


def _path(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("a path cannot hold a NUL character")
    return path


Text = Annotated[str, Field(min_length=1)]
Loose = Strict(strict=False)  # YAML knows lists and texts, not tuples and paths
Texts = Annotated[tuple[Text, ...], Loose]
Folder = Annotated[Path, Loose, AfterValidator(_path)]
Command = Annotated[str, Field(min_length=1), Program()]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ServerAddress = Annotated[SecretStr, AfterValidator(_server_address)]
HostPort = Annotated[str, AfterValidator(_host_port)]
Network = Annotated[str, AfterValidator(_network)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Amount = Annotated[float, Field(ge=0)]
