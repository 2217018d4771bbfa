"""Reads the text of an AIP-160 filter; loaded, with the parser's tables, for the first filter that somebody sends."""

from __future__ import annotations

import re
from importlib.resources import files

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from rapport_kit.errors import Invalid
from rapport_kit.query.refusal import refused_filter
from rapport_kit.query.syntax import Literal, Restriction, Syntax
from rapport_kit.query.tree import Every, Fold, Not, Some

MAX_LENGTH = 4_000
MAX_DEPTH = 20
MAX_TERMS = 100


def parse(text: str) -> Syntax:
    """The tree of a filter that is not blank, or `Invalid` with the position and what was expected there."""
    if len(text) > MAX_LENGTH:
        raise refused_filter(MAX_LENGTH + 1, f"a filter has at most {MAX_LENGTH} characters")
    try:
        tree: Syntax = _PARSER.parse(text)  # type: ignore[assignment]  # the transformer replaces lark's own tree
    except UnexpectedInput as error:
        raise _explain(error, text) from None
    if len(places := _POSITIONS(tree)) > MAX_TERMS:
        raise refused_filter(places[MAX_TERMS], f"a filter has at most {MAX_TERMS} comparisons")
    return tree


class _Build(Transformer[Token, Syntax]):
    """What LALR reductions build, bottom up and without recursion."""

    def restriction(self, children: list[Token]) -> Restriction:
        path, operator, value = children
        return Restriction(str(path), _place(path), str(operator), _place(operator), _literal(value))

    def negated(self, children: list[Syntax]) -> Syntax:
        return _bounded(Not(children[0]))

    def every(self, children: list[Syntax]) -> Syntax:
        return _bounded(Every(tuple(children)))

    def some(self, children: list[Syntax]) -> Syntax:
        return _bounded(Some(tuple(children)))


def _place(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _bounded(tree: Syntax) -> Syntax:
    """`tree`, unless it is too deep; its parts passed here before, so the walk is never deeper than the bound."""
    if _DEPTH(tree) > MAX_DEPTH:
        raise refused_filter(_POSITIONS(tree)[0], f"a filter nests at most {MAX_DEPTH} levels deep")
    return tree


_POSITIONS: Fold[Restriction, list[int]] = Fold(
    leaf=lambda restriction: [restriction.position],
    negate=lambda part: part,
    every=lambda parts: [position for part in parts for position in part],
    some=lambda parts: [position for part in parts for position in part],
)
_DEPTH: Fold[Restriction, int] = Fold(
    leaf=lambda _: 0,
    negate=lambda part: part + 1,
    every=lambda parts: max(parts) + 1,
    some=lambda parts: max(parts) + 1,
)


def _literal(token: Token) -> Literal:
    position, raw = _place(token), str(token)
    if not _storable(raw):
        raise refused_filter(position, "a value has no NUL character and no lone surrogate")
    if token.type != "STRING":
        stars = tuple(index for index, character in enumerate(raw) if character == "*")
        return Literal(raw, position, stars=stars, first_star=position + stars[0] if stars else 0)
    characters: list[str] = []
    starred: dict[int, int] = {}
    for match in re.finditer(r"(\\?)(.)", raw[1:-1], re.DOTALL):
        escaped, character = match.groups()
        place = position + 1 + match.start()
        if escaped and character not in _ESCAPABLE:
            raise refused_filter(place, r"after \ expected one of \ * ' or a double quote")
        if character == "*" and not escaped:
            starred[len(characters)] = place
        characters.append(character)
    first = next(iter(starred.values()), 0)
    return Literal("".join(characters), position, quoted=True, stars=tuple(starred), first_star=first)


_ESCAPABLE = frozenset("\\*'\"")


def _storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: UTF-8 without NUL."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _explain(error: UnexpectedInput, text: str) -> Invalid:
    position = len(text) + 1
    if isinstance(error, UnexpectedCharacters):
        index = error.pos_in_stream or 0
        return refused_filter(index + 1, _unreadable(text[index], error.allowed or set()))
    if isinstance(error, UnexpectedToken):
        if error.token.type != "$END":
            position = _place(error.token)
        return refused_filter(position, _unexpected(error.token.type, set(error.accepts or error.expected)))
    return refused_filter(position, "the filter ends too early")


def _unreadable(character: str, allowed: set[str]) -> str:
    if character in "\"'" and "STRING" in allowed:
        return "this quote is never closed"
    return _expected(allowed)


def _unexpected(found: str, accepted: set[str]) -> str:
    if found == "_OPEN" and "COMPARATOR" in accepted:
        return "functions are not supported; " + _expected(accepted)
    if found == "_CLOSE" and "$END" in accepted:
        return "this parenthesis was never opened"
    return _expected(accepted)


def _expected(accepted: set[str]) -> str:
    if "COMPARATOR" in accepted:
        return "expected one of = != < <= > >= : after a field name; words alone are not searched for"
    if "STRING" in accepted:
        return "expected a value; quote it unless it is one plain word, number or time"
    if accepted == {"_CLOSE"}:
        return "expected )"
    if "_AND" in accepted or "$END" in accepted:
        return "expected AND, OR or another comparison"
    return "expected a field name, NOT or ("


_GRAMMAR = files("rapport_kit.query").joinpath("filter.lark").read_text("utf-8")
_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_Build(), maybe_placeholders=False)
