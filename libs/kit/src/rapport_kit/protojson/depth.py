"""How deep a JSON text nests."""

from __future__ import annotations


def nests_deeper(text: bytes, parsed: object, limit: int) -> bool:
    """True when arrays and objects of `parsed`, read from `text`, lie more than `limit` deep.

    Most texts hold fewer brackets than the limit, which settles it without a walk.
    """
    if text.count(b"{") + text.count(b"[") <= limit:
        return False
    level: list[object] = [parsed]
    for _ in range(limit + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
