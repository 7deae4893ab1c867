"""Words that a release's name must or must not hold: plain words, or expressions between slashes."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def read_word(word: str) -> str:
    """The expression for it: `/…/` as it stands; plain words as whole words, whatever is between them."""
    if len(word) > 2 and word.startswith("/") and word.endswith(("/", "/i")):
        return word[1:].rpartition("/")[0]
    parts = re.findall(r"\w+", word)
    return r"(?<!\w)" + r"[\W_]{1,3}".join(map(re.escape, parts)) + r"(?!\w)" if parts else re.escape(word)
