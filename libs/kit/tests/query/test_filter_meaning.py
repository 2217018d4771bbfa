"""A filter means the same in SQL and in Python, for every kind of field, absent values included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory, timestamp_pb2
from google.protobuf.message import Message
from google.type import date_pb2
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from rapport.api.v1 import annotations_pb2
from rapport_kit.domain import Entity, Owned, PartialDate
from rapport_kit.query import Columns, Fields, Filter
from rapport_kit.query.sql import successor
from rapport_kit.schema import Schema

_PROTO = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "id": _PROTO.TYPE_STRING,
    "team_id": _PROTO.TYPE_STRING,
    "name": _PROTO.TYPE_STRING,
    "note": _PROTO.TYPE_STRING,
    "flag": _PROTO.TYPE_BOOL,
    "count": _PROTO.TYPE_INT32,
    "total": _PROTO.TYPE_INT64,
    "ratio": _PROTO.TYPE_DOUBLE,
    "weight": _PROTO.TYPE_INT32,
    "label": _PROTO.TYPE_STRING,
}
_MESSAGES = {
    "stage": ".specimen.Stage",
    "at": ".google.protobuf.Timestamp",
    "day": ".google.type.Date",
    "birthday": ".google.type.Date",
    "wait": ".google.protobuf.Duration",
    "parts": ".specimen.Part",
}
_OPTIONAL = {"note", "total", "weight"}
_STAGES = ["", "early", "late"]


def _declare(message: descriptor_pb2.DescriptorProto, names: list[str]) -> None:
    for number, name in enumerate(names, start=1):
        declared = message.field.add(name=name, number=number, label=_PROTO.LABEL_OPTIONAL)
        rules: Any = declared.options.Extensions
        rules[annotations_pb2.field].filterable = name != "parts"
        if name.endswith("id"):
            rules[annotations_pb2.field].format = annotations_pb2.FORMAT_UUID
        if name in _SCALARS:
            declared.type = _SCALARS[name]
        else:
            declared.type = _PROTO.TYPE_ENUM if name == "stage" else _PROTO.TYPE_MESSAGE
            declared.type_name = _MESSAGES[name]
        if name == "parts":
            declared.label = _PROTO.LABEL_REPEATED
        if name in _OPTIONAL:
            declared.proto3_optional = True
            declared.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{name}")


def _specimen() -> type[Message]:
    """A message with a field of every kind that a filter knows."""
    file = descriptor_pb2.FileDescriptorProto(name="specimen.proto", package="specimen", syntax="proto3")
    file.dependency.extend(used.DESCRIPTOR.name for used in (annotations_pb2, date_pb2, duration_pb2, timestamp_pb2))
    stage = file.enum_type.add(name="Stage")
    for number, word in enumerate(_STAGES):
        stage.value.add(name=f"STAGE_{word.upper() or 'UNSPECIFIED'}", number=number)
    _declare(file.message_type.add(name="Part"), ["label", "weight", "at"])
    names = [
        "id",
        "team_id",
        "name",
        "note",
        "flag",
        "count",
        "total",
        "ratio",
        "stage",
        "at",
        "day",
        "birthday",
        "wait",
    ]
    _declare(file.message_type.add(name="Specimen"), [*names, "parts"])
    built = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(built.message_types_by_name["Specimen"])


Specimen = _specimen()


class Stage(Enum):
    EARLY = "early"
    LATE = "late"


@dataclass(kw_only=True, eq=False)
class Part(Owned):
    label: str = ""
    weight: int | None = None
    at: datetime | None = None


@dataclass(kw_only=True, eq=False)
class Thing(Entity):
    team_id: UUID | None = None
    name: str = ""
    note: str | None = None
    flag: bool = False
    count: int = 0
    total: int | None = None
    ratio: float = 0.0
    stage: Stage | None = None
    at: datetime | None = None
    day: date | None = None
    birthday: PartialDate | None = None
    wait: timedelta | None = None
    parts: list[Part] = field(default_factory=list)


SCHEMA = Schema("specimen")
SPECIMEN = SCHEMA.map(Thing, "specimen")
PART = SCHEMA.child_tables(Thing)["parts"]
FIELDS = Fields.of(Specimen)
COLUMNS = Columns.of(FIELDS, SCHEMA.columns(Thing), SPECIMEN)

TEAMS = [UUID(int=7), UUID(int=8)]
TEXTS = st.text(alphabet="abAzé\ud7ff\ue000\U0010ffff%_*\\'\" ", max_size=3)
TIMES = st.sampled_from([datetime(2026, 1, 31, 9, 30, tzinfo=UTC) + timedelta(microseconds=us) for us in (-1, 0, 1)])
DAYS = st.sampled_from([date(2025, 12, 31), date(2026, 1, 1)])
INTS = st.sampled_from([-2, 0, 1, 2])
PARTS = st.fixed_dictionaries({"label": TEXTS, "weight": st.none() | INTS, "at": st.none() | TIMES})
RECORDS = st.fixed_dictionaries(
    {
        "team_id": st.none() | st.sampled_from(TEAMS),
        "name": TEXTS,
        "note": st.none() | TEXTS,
        "flag": st.booleans(),
        "count": INTS,
        "total": st.none() | INTS,
        "ratio": st.sampled_from([-1.5, 0.0, 1.0, float("inf"), float("nan")]),
        "stage": st.none() | st.sampled_from(_STAGES[1:]),
        "at": st.none() | TIMES,
        "day": st.none() | DAYS,
        "birthday": st.none()
        | st.sampled_from([PartialDate(12, 31, 2025), PartialDate(1, 1, 2026), PartialDate(2, 29)]),
        "wait": st.none() | st.sampled_from([timedelta(seconds=seconds) for seconds in (-1.5, 0, 20)]),
        "parts": st.lists(PARTS, max_size=2),
    }
)


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\{character}" if character in '\\"*' else character for character in text) + '"'


_ORDERED = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", ":"])
_EQUAL = st.sampled_from(["=", "!=", ":"])
_LITERALS: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[str]]] = {
    "team_id": (_EQUAL, st.sampled_from([str(TEAMS[0]), f'"{TEAMS[1]}"'])),
    "name": (_ORDERED, TEXTS.map(_quoted)),
    "note": (_ORDERED, TEXTS.map(_quoted)),
    "flag": (_EQUAL, st.sampled_from(["true", "false"])),
    "count": (_ORDERED, INTS.map(str)),
    "total": (_ORDERED, INTS.map(str)),
    "ratio": (_ORDERED, st.sampled_from(["-1.5", "0", "1e0", "9e300"])),
    "stage": (_EQUAL, st.sampled_from(["STAGE_EARLY", "STAGE_LATE"])),
    "at": (_ORDERED, TIMES.map(datetime.isoformat)),
    "day": (_ORDERED, DAYS.map(str)),
    "birthday": (_ORDERED, DAYS.map(str)),
    "wait": (_ORDERED, st.sampled_from(["-1.5s", "0s", "20s"])),
    "parts.label": (st.just(":"), TEXTS.map(_quoted)),
    "parts.weight": (st.just(":"), INTS.map(str)),
    "parts.at": (st.just(":"), TIMES.map(datetime.isoformat)),
}


@st.composite
def restrictions(draw: st.DrawFn) -> str:
    path = draw(st.sampled_from(list(_LITERALS)))
    operators, literals = _LITERALS[path]
    if draw(st.integers(0, 4)) == 0:
        return f"{path}:*"
    if path in ("name", "note", "parts.label") and draw(st.booleans()):
        prefix = draw(TEXTS.filter(bool).map(_quoted))
        return f'{path}:{prefix[:-1]}*"'
    return f"{path} {draw(operators)} {draw(literals)}"


FILTERS = st.recursive(
    restrictions(),
    lambda inner: st.one_of(
        st.builds("NOT ({})".format, inner),
        st.builds("-({})".format, inner),
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} {} OR {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)


def message_of(record: dict[str, Any]) -> Message:
    """The specimen, or part of one, as the codec would make it."""
    given = {name: value for name, value in record.items() if value is not None}
    for name in given.keys() & {"id", "team_id"}:
        given[name] = str(given[name])
    if "stage" in given:
        given["stage"] = _STAGES.index(given["stage"])
    for name in given.keys() & {"day", "birthday"}:
        given[name] = date_pb2.Date(year=given[name].year, month=given[name].month, day=given[name].day)
    if "parts" in given:
        given["parts"] = [{name: value for name, value in part.items() if value is not None} for part in given["parts"]]
    return Specimen(**given)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(empty_database: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(empty_database.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as connection:
        await connection.run_sync(SCHEMA.metadata.create_all, [SPECIMEN, PART])
        yield connection
    await engine.dispose()


async def _store(connection: AsyncConnection, records: list[dict[str, Any]]) -> UUID:
    tenant = uuid4()
    now = datetime.now(UTC)
    stamps = {"version": 1, "sequence": 1, "create_time": now, "update_time": now}
    rows = [{"tenant": tenant, **stamps, **record} for record in records]
    parts = [
        {"tenant": tenant, "specimen_id": row["id"], "id": uuid4(), "position": position, **part}
        for row in rows
        for position, part in enumerate(row.pop("parts"))
    ]
    await connection.execute(SPECIMEN.insert(), rows)
    if parts:
        await connection.execute(PART.insert(), parts)
    return tenant


async def _found(connection: AsyncConnection, tenant: UUID, filter_: Filter) -> set[UUID]:
    found = await connection.scalars(sa.select(SPECIMEN.c.id).where(SPECIMEN.c.tenant == tenant, filter_.sql(COLUMNS)))
    return set(found)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=1, max_size=8), st.lists(FILTERS, min_size=1, max_size=8))
async def test_sql_finds_exactly_the_records_that_python_matches(
    connection: AsyncConnection, records: list[dict[str, Any]], filters: list[str]
) -> None:
    records = [{"id": uuid4(), **record} for record in records]
    tenant = await _store(connection, records)
    messages = {record["id"]: message_of(record) for record in records}
    for text in filters:
        parsed = Filter.parse(text, FIELDS)
        matched = {id_ for id_, message in messages.items() if parsed.matches(message)}
        assert await _found(connection, tenant, parsed) == matched, text


@given(TEXTS.filter(bool), TEXTS)
@example("a\ud7ff", "a\ue000")
@example("\U0010ffff", "\U0010ffff\U0010ffff")
def test_the_range_of_a_prefix_holds_exactly_the_texts_that_begin_with_it(prefix: str, text: str) -> None:
    end = successor(prefix)
    before_end = end is None or text.encode() < end.encode()
    assert (prefix.encode() <= text.encode() and before_end) == text.startswith(prefix)


_BLANK: dict[str, Any] = {
    "id": UUID(int=1),
    "name": "",
    "flag": False,
    "count": 0,
    "ratio": 0.0,
    "parts": [],
}
_FULL: dict[str, Any] = {
    **_BLANK,
    "name": "Ada",
    "note": "x",
    "team_id": TEAMS[0],
    "stage": "late",
    "total": 3,
    "at": datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    "day": date(2026, 1, 31),
    "wait": timedelta(seconds=20),
    "parts": [{"label": "one", "weight": None, "at": None}, {"label": "two", "weight": 2, "at": None}],
}


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("", _BLANK, True),
        ("  \n ", _BLANK, True),
        # What is absent compares as unknown, whichever way one asks; only presence can be asked for.
        (f"team_id != {TEAMS[0]}", _BLANK, False),
        (f"NOT team_id = {TEAMS[0]}", _BLANK, False),
        ("NOT team_id:*", _BLANK, True),
        ("stage != STAGE_EARLY", _BLANK, False),
        ("stage != STAGE_EARLY", _FULL, True),
        ("total < 5 OR -total < 5", _BLANK, False),
        (f"team_id = {TEAMS[0]} OR count = 0", _BLANK, True),
        (f"NOT (team_id = {TEAMS[0]} AND count = 1)", _BLANK, True),
        # A text without presence is never absent, only empty.
        ('name = ""', _BLANK, True),
        ('name != "Ada"', _BLANK, True),
        ('note = ""', _BLANK, False),
        ("name:*", _BLANK, False),
        ("name:*", _FULL, True),
        ("flag:* OR count:* OR ratio:*", _FULL, False),
        # Prefixes.
        ('name = "A*"', _FULL, True),
        ("name = A*", _FULL, True),
        ('name:"a*"', _FULL, False),
        (r'name = "A\*"', _FULL, False),
        ("name = 'Ada'", _FULL, True),
        # Times and durations are compared by value, not by spelling.
        ("at = 2026-01-31T10:30:00+01:00", _FULL, True),
        ('at >= "2026-01-31T09:30:00.000001Z"', _FULL, False),
        ("wait = 20.000s", _FULL, True),
        ("day > 2026-01-30", _FULL, True),
        # One entry must fulfil each comparison by itself.
        ("parts.label:two", _FULL, True),
        ("parts.label:one parts.weight:2", _FULL, True),
        ("parts.weight:3", _FULL, False),
        ("NOT parts.weight:3", _BLANK, True),
        ("parts.weight:*", _FULL, True),
        ("parts.label:*", _BLANK, False),
        # OR binds tighter than AND, and than two terms side by side.
        ("count = 1 AND count = 2 OR count = 0", _FULL, False),
        ("count = 0 OR count = 1 AND count = 2", _FULL, False),
        ("count = 0 count = 2 OR count = 0", _FULL, True),
        ("-count = 1 NOT count = 2", _FULL, True),
    ],
)
async def test_a_filter_means(connection: AsyncConnection, text: str, record: dict[str, Any], expected: bool) -> None:
    parsed = Filter.parse(text, FIELDS)
    tenant = await _store(connection, [record])
    assert parsed.matches(message_of(record)) is expected
    assert bool(await _found(connection, tenant, parsed)) is expected


def test_a_parsed_filter_is_kept_and_a_blank_one_is_always_the_same() -> None:
    assert Filter.parse("count = 1", FIELDS) is Filter.parse("count = 1", FIELDS)
    assert Filter.parse("", FIELDS) is Filter.parse(" ", FIELDS)
    assert not Filter.parse("", FIELDS)
    assert Filter.parse("count = 1", FIELDS)


async def test_row_level_security_leaves_prefixes_and_equality_their_index(connection: AsyncConnection) -> None:
    rows = [{**_BLANK, "id": uuid4(), "name": f"name {index}"} for index in range(3_000)]
    tenant = await _store(connection, rows)
    transaction = await connection.begin_nested()
    for statement in (
        "CREATE INDEX specimen_name ON specimen (tenant, name)",
        "ALTER TABLE specimen ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY tenant ON specimen USING (tenant = nullif(current_setting('rapport.tenant', true), '')::uuid)",
        "CREATE ROLE specimen_reader",
        "GRANT SELECT ON specimen TO specimen_reader",
        "ANALYZE specimen",
        f"SET LOCAL rapport.tenant = '{tenant}'",
        "SET LOCAL ROLE specimen_reader",
    ):
        await connection.execute(sa.text(statement))
    for text in ('name = "name 12*"', 'name = "name 12"'):
        found = sa.select(SPECIMEN.c.id).where(Filter.parse(text, FIELDS).sql(COLUMNS))
        query = str(found.compile(connection.engine.sync_engine, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(await connection.scalars(sa.text("EXPLAIN " + query.replace(":", r"\:"))))
        assert "name" in next(line for line in plan.splitlines() if "Index Cond" in line), plan
    await transaction.rollback()
