"""What is wrong with a value, in words; pydantic's own speak of types."""

from __future__ import annotations

import re

from pydantic_core import ErrorDetails

from sokoul.config.problem import nearest


def words(detail: ErrorDetails) -> str:
    """One short clause that follows the name of the key."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", context["expected"])
        likely = nearest(detail["input"], known) if isinstance(detail["input"], str) else None
        return f"should be one of {', '.join(known)}" + (f"; did you mean {likely}?" if likely else "")
    if kind == "value_error":
        return str(context["error"])
    return _PLAIN.get(kind) or detail["msg"].replace("Input should", "should").lower()


_PLAIN = {
    "bool_type": "should be true or false",
    "dict_type": "should be a mapping of keys",
    "mapping_type": "should be a mapping of keys",
    "float_type": "should be a number",
    "int_type": "should be a whole number",
    "missing": "is needed here",
    "model_type": "should be a mapping of keys",
    "path_type": "should be a path (text)",
    "string_too_short": "should not be empty",
    "string_type": "should be text (put it in quotes)",
    "tuple_type": "should be a list",
}
