"""Styles, scripts, fonts and catalogues, under an address that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sokoul.web.pages.words import Catalogue

FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory; `packed` is gzip where that is worth it."""

    body: bytes
    packed: bytes | None
    content_type: str


class Assets:
    """All static files, about 1 MB, read once; `version` is the digest of them all."""

    def __init__(self, files: Mapping[str, Asset], version: str) -> None:
        self._files = files
        self.version = version

    def url(self, name: str) -> str:
        """Where `name` lies; scripts that import their neighbours stay under the same version."""
        return f"/static/{self.version}/{name}"

    def find(self, name: str) -> Asset | None:
        """The file of that name; there is no path that leads elsewhere."""
        return self._files.get(name)


def load(folder: Path, catalogues: Mapping[str, Catalogue]) -> Assets:
    """Read `folder` and add the catalogues as locales/fr.json and so on."""
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    }
    contents.update({f"locales/{entry.language}.json": entry.raw for entry in catalogues.values()})
    digest = hashlib.sha256()
    for name, body in contents.items():
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return Assets({name: _asset(name, body) for name, body in contents.items()}, digest.hexdigest()[:12])


def _asset(name: str, body: bytes) -> Asset:
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    worth = kind.startswith("text/") or "json" in kind or "svg" in kind
    return Asset(body, gzip.compress(body, 6, mtime=0) if worth and len(body) > 500 else None, kind)


def answer(request: web.Request, assets: Assets) -> web.Response:
    """One static file; an address of another version is answered too, but not kept by the browser."""
    asset = assets.find(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    current = request.match_info["version"] == assets.version
    headers = {"Cache-Control": FOREVER if current else "no-cache", "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.packed
    text = asset.content_type.startswith("text/") or "json" in asset.content_type
    return web.Response(
        body=body, headers=headers, content_type=asset.content_type, charset="utf-8" if text else None
    )
