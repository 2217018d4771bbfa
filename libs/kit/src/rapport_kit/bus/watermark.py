"""How far a consumer is through with its source, although events settle out of order."""

from __future__ import annotations

from collections.abc import Container


class Watermark:
    """Every number up to `reached` is settled; `head` is the highest one seen. Numbers have no gaps."""

    def __init__(self, reached: int = 0) -> None:
        self.reached = reached
        self.head = reached
        self._settled: set[int] = set()

    def saw(self, number: int) -> None:
        """An event with this number exists."""
        self.head = max(self.head, number)

    def is_settled(self, number: int) -> bool:
        """Whether the event with this number is done with."""
        return number <= self.reached or number in self._settled

    def settle(self, number: int) -> None:
        """The event with this number is done with."""
        self.saw(number)
        if number <= self.reached:
            return
        self._settled.add(number)
        if number == self.reached + 1:
            self._advance(number)

    def settle_through(self, number: int) -> None:
        """The event with this number and all before it are done with, or do not exist any more."""
        self.saw(number)
        if number > self.reached:
            self._advance(number)

    def missing(self, under_way: Container[int]) -> int | None:
        """The first number, up to the highest one seen, that is neither settled nor `under_way`."""
        seen = range(self.reached + 1, self.head + 1)
        return next((number for number in seen if number not in self._settled and number not in under_way), None)

    def _advance(self, number: int) -> None:
        self.reached = number
        self._settled = {settled for settled in self._settled if settled > number} if self._settled else set()
        while self.reached + 1 in self._settled:
            self.reached += 1
            self._settled.discard(self.reached)
