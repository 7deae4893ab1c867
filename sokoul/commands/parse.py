"""`sokoul parse`: one release name a line in, one JSON object a line out."""

from __future__ import annotations

import json
from typing import TextIO

from sokoul.domain.release import as_json, parse


def run(stdin: TextIO, stdout: TextIO) -> int:
    """Read names until the end of input; every line is answered."""
    for line in stdin:
        facts = as_json(parse(line.rstrip("\r\n")))
        stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        stdout.flush()
    return 0
