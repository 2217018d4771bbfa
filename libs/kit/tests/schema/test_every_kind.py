"""Every kind of field, from the wire to a row and back: nothing is lost on any of the ways."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from rapport_kit.codec import Codec
from rapport_kit.domain import Entity, Money, Owned, PartialDate
from rapport_kit.errors import Invalid
from rapport_kit.schema import Schema
from rapport_kit.schema.sets import Batch

CONTRACT = """
message Sample {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (rapport.api.v1.field).format = FORMAT_UUID];
  google.protobuf.Timestamp create_time = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp update_time = 3 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp delete_time = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 5;
  string text = 10;
  optional string maybe_text = 11;
  int64 number = 12;
  optional int32 maybe_number = 13;
  bool flag = 14;
  optional bool maybe_flag = 15;
  double real = 16;
  bytes binary = 17;
  string other_id = 18 [(rapport.api.v1.field).format = FORMAT_UUID];
  google.protobuf.Timestamp at = 19;
  google.protobuf.Duration lasting = 20;
  google.type.Date day = 21;
  google.type.Date birthday = 22;
  google.type.Decimal exact = 23;
  google.type.Money price = 24;
  Colour colour = 25;
  Place place = 26;
  oneof shape { Circle circle = 27; Square square = 28; }
  repeated string words = 29;
  repeated Colour colours = 30;
  repeated string other_ids = 31 [(rapport.api.v1.field).format = FORMAT_UUID];
  repeated Place places = 32;
  repeated google.protobuf.Timestamp times = 33;
  map<string, int64> counts = 34;
  map<string, Place> sites = 35;
  map<string, Colour> paints = 36;
  repeated Part parts = 37;
}
enum Colour { COLOUR_UNSPECIFIED = 0; COLOUR_RED = 1; COLOUR_DARK_BLUE = 2; }
message Place {
  string name = 1;
  double latitude = 2;
  google.type.Money rent = 3;
  google.type.Date built = 4;
  google.protobuf.Duration away = 5;
  google.protobuf.Timestamp seen = 6;
  bytes mark = 7;
  Colour colour = 8;
  string owner_id = 9 [(rapport.api.v1.field).format = FORMAT_UUID];
  google.type.Decimal share = 10;
  repeated string lines = 11;
}
message Circle { int64 radius = 1; }
message Square { int64 side = 1; Place corner = 2; }
message Part {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (rapport.api.v1.field).format = FORMAT_UUID];
  string name = 2;
  google.type.Money cost = 3;
  google.protobuf.Timestamp made = 4;
  oneof form { Circle circle = 5; Square square = 6; }
  repeated string tags = 7;
  google.protobuf.Duration lasting = 8;
  Colour colour = 9;
  google.type.Decimal share = 10;
  google.type.Date day = 11;
  bytes mark = 12;
  double weight = 13;
}
"""


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


@dataclass(frozen=True, slots=True)
class Place:
    name: str = ""
    latitude: float = 0.0
    rent: Money | None = None
    built: PartialDate | None = None
    away: timedelta | None = None
    seen: datetime | None = None
    mark: bytes = b""
    colour: Colour | None = None
    owner_id: UUID | None = None
    share: Decimal | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circle:
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Square:
    side: int = 0
    corner: Place | None = None


@dataclass(kw_only=True, eq=False)
class Part(Owned):
    name: str = ""
    cost: Money | None = None
    made: datetime | None = None
    form: Circle | Square | None = None
    tags: list[str] = field(default_factory=list)
    lasting: timedelta | None = None
    colour: Colour | None = None
    share: Decimal | None = None
    day: date | None = None
    mark: bytes = b""
    weight: float = 0.0


@dataclass(kw_only=True, eq=False)
class Sample(Entity):
    text: str = ""
    maybe_text: str | None = None
    number: int = 0
    maybe_number: int | None = None
    flag: bool = False
    maybe_flag: bool | None = None
    real: float = 0.0
    binary: bytes = b""
    other_id: UUID | None = None
    at: datetime | None = None
    lasting: timedelta | None = None
    day: date | None = None
    birthday: PartialDate | None = None
    exact: Decimal | None = None
    price: Money | None = None
    colour: Colour | None = None
    place: Place | None = None
    shape: Circle | Square | None = None
    words: list[str] = field(default_factory=list)
    colours: list[Colour] = field(default_factory=list)
    other_ids: list[UUID] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sites: dict[str, Place] = field(default_factory=dict)
    paints: dict[str, Colour] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    secret: str = field(default="", metadata={"hidden": True})


schema = Schema("sample")
schema.map(Sample, "sample")

int64 = st.integers(-(2**63) + 1, 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
instants = st.integers(-62_135_510_400 * 10**6, 253_402_214_400 * 10**6).map(
    lambda count: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)
)
durations = st.integers(-(2**58), 2**58).map(lambda count: timedelta(microseconds=count))
partial_dates = st.builds(
    lambda day, year_known: PartialDate(day.month, day.day, day.year if year_known else 0), st.dates(), st.booleans()
)
amounts = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
reals = st.floats(allow_nan=False).map(lambda real: real + 0.0)  # JSON has no negative zero
maybe = st.none()
places = st.builds(
    Place,
    name=texts,
    latitude=reals,
    rent=maybe | amounts,
    built=maybe | partial_dates,
    away=maybe | durations,
    seen=maybe | instants,
    mark=st.binary(max_size=80),
    colour=maybe | st.sampled_from(Colour),
    owner_id=maybe | st.uuids(),
    share=maybe | decimals,
    lines=st.lists(texts, max_size=3).map(tuple),
)
forms = maybe | st.builds(Circle, int64) | st.builds(Square, int64, maybe | places)
parts = st.builds(
    Part,
    name=texts,
    cost=maybe | amounts,
    made=maybe | instants,
    form=forms,
    tags=st.lists(texts, max_size=3),
    lasting=maybe | durations,
    colour=maybe | st.sampled_from(Colour),
    share=maybe | decimals,
    day=maybe | st.dates(),
    mark=st.binary(max_size=80),
    weight=reals,
)
samples = st.builds(
    Sample,
    text=texts,
    maybe_text=maybe | texts,
    number=int64,
    maybe_number=maybe | st.integers(-(2**31), 2**31 - 1),
    flag=st.booleans(),
    maybe_flag=maybe | st.booleans(),
    real=reals,
    binary=st.binary(max_size=20),
    other_id=maybe | st.uuids(),
    at=maybe | instants,
    lasting=maybe | durations,
    day=maybe | st.dates(),
    birthday=maybe | partial_dates,
    exact=maybe | decimals,
    price=maybe | amounts,
    colour=maybe | st.sampled_from(Colour),
    place=maybe | places,
    shape=forms,
    words=st.lists(texts, max_size=3),
    colours=st.lists(st.sampled_from(Colour), max_size=3),
    other_ids=st.lists(st.uuids(), max_size=2),
    places=st.lists(places, max_size=2),
    times=st.lists(instants, max_size=2),
    counts=st.dictionaries(texts, int64, max_size=2),
    sites=st.dictionaries(texts, places, max_size=2),
    paints=st.dictionaries(texts, st.sampled_from(Colour), max_size=2),
    parts=st.lists(parts, max_size=3),
    secret=texts,
)
quick = settings(
    max_examples=50,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a sample of thirty fields takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def values(thing: object) -> Any:
    """What a sample and its parts hold, identities and the frame's fields apart."""
    ignored = {"id", "version", "sequence"}
    names = getattr(type(thing), "__dataclass_fields__", None)
    if isinstance(thing, list):
        return [values(entry) for entry in thing]
    if isinstance(thing, Sample | Part) and names:
        return {name: values(getattr(thing, name)) for name in names if name not in ignored}
    return thing


class Stored(NamedTuple):
    entity: Sample
    row: sa.Row[Any]


class Store:
    """The sample's tables in a database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def keep(self, sample: Sample) -> Stored:
        """Write a sample, and read it back in both ways."""
        tenant = uuid4()
        sample.create_time = sample.update_time = datetime.now(UTC)
        sample.__dict__["_tenant"] = tenant
        batch = Batch()
        schema.rows(Sample).put(sample, batch)
        await batch.write(self.connection)
        async with AsyncSession(self.connection) as session:
            entity = await session.get_one(Sample, (tenant, sample.id))
            row = (await session.execute(schema.read(Sample).where(schema.table(Sample).c.id == sample.id))).one()
            session.expunge_all()
        return Stored(entity, row)


@pytest.fixture(scope="module")
def codec(contract: Any) -> Codec[Sample]:
    return Codec(Sample, contract(CONTRACT)["Sample"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def store(empty_database: str) -> AsyncIterator[Store]:
    engine: AsyncEngine = create_async_engine(empty_database.replace("postgresql://", "postgresql+asyncpg://"))
    tables = [schema.table(Sample), *schema.child_tables(Sample).values()]
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: schema.metadata.create_all(sync, tables))
        yield Store(connection)
        await connection.rollback()
    await engine.dispose()


@quick
@given(sample=samples)
def test_an_entity_survives_the_wire(codec: Codec[Sample], sample: Sample) -> None:
    message = codec.to_message(sample)
    again = codec.from_message(type(message).FromString(message.SerializeToString()))
    sample.secret = ""
    assert values(again) == values(sample)


@quick
@given(sample=samples, times=st.lists(instants, min_size=2, max_size=2))
def test_an_entity_is_restored_as_it_was_with_its_identity_and_times(
    codec: Codec[Sample], sample: Sample, times: list[datetime]
) -> None:
    sample.create_time, sample.delete_time = times
    again = codec.restore(codec.to_message(sample))
    sample.secret = ""
    assert values(again) == values(sample)
    assert [again.id, *(part.id for part in again.parts)] == [sample.id, *(part.id for part in sample.parts)]


@quick
@given(sample=samples)
async def test_an_entity_survives_the_database(store: Store, sample: Sample) -> None:
    stored = await store.keep(sample)
    assert values(stored.entity) == values(sample)
    assert stored.entity.id == sample.id
    assert [part.id for part in stored.entity.parts] == [part.id for part in sample.parts]


@quick
@given(sample=samples)
async def test_a_row_makes_the_message_that_its_entity_makes(
    codec: Codec[Sample], store: Store, sample: Sample
) -> None:
    stored = await store.keep(sample)
    assert codec.row_to_message(stored.row) == codec.to_message(sample)


async def test_further_columns_may_follow_those_of_a_read(codec: Codec[Sample], store: Store) -> None:
    stored = await store.keep(Sample(text="as it was"))
    assert codec.row_to_message((*stored.row, "sort key", 7)) == codec.to_message(stored.entity)


async def test_the_numbers_that_json_does_not_know_are_kept(store: Store) -> None:
    stored = await store.keep(Sample(places=[Place(latitude=float("inf")), Place(latitude=float("-inf"))]))
    assert [place.latitude for place in stored.entity.places] == [float("inf"), float("-inf")]


def test_a_hidden_field_stays_inside(codec: Codec[Sample]) -> None:
    assert b"hush" not in codec.to_message(Sample(secret="hush")).SerializeToString()
    assert "secret" not in schema.read(Sample).selected_columns


async def test_the_last_and_the_first_date_that_python_knows_are_kept(codec: Codec[Sample], store: Store) -> None:
    sample = Sample(day=date.max, parts=[Part(day=date.max), Part(day=date.min)])
    stored = await store.keep(sample)
    assert values(stored.entity) == values(sample)
    assert codec.row_to_message(stored.row) == codec.to_message(sample)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_a_time_that_stands_for_no_time_is_refused(codec: Codec[Sample], text: str) -> None:
    message: Any = codec.message()
    message.at.FromJsonString(text)
    with pytest.raises(Invalid, match="at: must lie after 0001-01-01T00:00:00Z and before"):
        codec.from_message(message)


def test_what_is_finer_than_a_microsecond_is_cut_off(codec: Codec[Sample]) -> None:
    message: Any = codec.message()
    message.at.FromJsonString("2026-01-02T03:04:05.123456789Z")
    message.lasting.FromJsonString("-1.000000999s")
    sample = codec.from_message(message)
    assert sample.at == datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)
    assert sample.lasting == timedelta(seconds=-1)
