"""What was read is known for a while, and no longer."""

from __future__ import annotations

from rapport_kit.remembered import Remembered


def test_what_is_remembered_fades_and_is_bounded() -> None:
    now = 0.0
    known: Remembered[str, int] = Remembered(15, most=2, clock=lambda: now)
    known.put("a", 1)
    now = 10.0
    known.put("b", 2)
    assert (known.get("a"), known.get("b")) == (1, 2)
    now = 16.0
    assert (known.get("a"), known.get("b")) == (None, 2)
    for name in "cd":
        known.put(name, 3)
    known.drop("d")
    assert [known.get(name) for name in "bcd"] == [None, 3, None]
