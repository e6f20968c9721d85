"""Values of headers, made comparable. Needs the standard library alone."""

from __future__ import annotations

import re
from typing import Any

LONGEST_VALUE = 200
_BLANKS = {"none", "unknown", "n/a", "na", "null", "anon", "anonymous", "anonymized", "anonymised", "removed"}


def comparable(value: Any) -> str:
    """Return a value as a comparable text; what stands where something was removed counts as nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = " ".join(str(value).split()).casefold()[:LONGEST_VALUE]
    text = re.sub(r"^(\d+)\.0*$", r"\1", text)  # 3 tesla are 3.0
    return "" if text in _BLANKS or not text.strip("0.-*x ") else text
