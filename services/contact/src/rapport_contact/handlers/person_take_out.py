"""What is kept about one person, taken out for whoever asks by the rights of access and portability (PLT-08)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import events_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.domain.person import Person
from rapport_contact.files.parquet import Sink
from rapport_contact.handlers.exports import ContactUnits
from rapport_contact.handlers.files import content_of
from rapport_contact.handlers.record_kinds import records
from rapport_contact.handlers.visible_customers import require_customer
from rapport_contact.storage.about_person import AboutPerson, identities
from rapport_contact.taking_out.archive import as_json
from rapport_contact.taking_out.writer import Writer
from rapport_kit.contents import UNKNOWN_SIZE, cut
from rapport_kit.domain import uuid7
from rapport_kit.errors import NotFound, Refused
from rapport_kit.turns import turn

PAGE: Final = 100
"""Records that are held at a time."""
ABOUT: Final = "contact.rapport/TakeOut"
"""What the facts of take-outs are about; nothing is kept of one but these."""


class PersonTakeOut:
    """One take-out of a person, as an archive that is made while it is sent."""

    def __init__(self, id_: str, units: ContactUnits) -> None:
        self._id = id_
        self._units = units
        self._sink = Sink()
        self._people: Sequence[UUID] = ()
        self._files: list[dict[str, Any]] = []

    async def pieces(self) -> AsyncGenerator[Content]:
        """The archive.

        Raises:
            NotFound: there is no such person, or none that the caller may see; before the first piece.
            Refused: the person was erased meanwhile.
        """
        async with self._units() as uow:
            person_id = await require_customer(Person, self._id, uow, part=True, trash=True)
            self._people = await identities(uow, person_id)
            erased = await uow.erasures.among(self._people)
            await uow.publish(ABOUT, uuid7(), events_pb2.PersonTakenOut(person_id=str(person_id)))
        yield Content(content_type="application/zip", file_name=f"person-{person_id}.zip", size=UNKNOWN_SIZE)
        with Writer(self._sink, person_id=str(person_id)) as writer:
            start: tuple[str, UUID] | None = None
            more = True
            while more:
                async with self._units() as uow:
                    found = await records.page(uow, start, PAGE, AboutPerson(uow, self._people))
                    if await uow.erasures.among(self._people) != erased:
                        raise Refused("ERASED_MEANWHILE", "the person was erased since this began: keep none of it")
                for line in found.lines:
                    async with aclosing(self._written(line.record, writer)) as pieces:
                        async for piece in pieces:
                            yield piece
                more = found.cut or len(found.lines) == PAGE
                start = (found.lines[-1].kind, found.lines[-1].id) if more else None
                for piece in cut(self._sink.take()):
                    yield piece
            self._add_files(writer)
            writer.finish()
        for piece in cut(self._sink.take()):
            yield piece

    async def _written(self, record: pb.Record, writer: Writer) -> AsyncGenerator[Content]:
        """Write a record, those of files once all of them and their contents have come."""
        _leave_out_others(record, {str(each) for each in self._people})
        ((kind, said),) = as_json(record).items()
        if kind == "file":
            self._files.append(said)
            async with aclosing(self._content(said, writer)) as pieces:
                async for piece in pieces:
                    yield piece
        else:
            self._add_files(writer)
            writer.add(kind, said)
        await turn()

    def _add_files(self, writer: Writer) -> None:
        for file in self._files:
            writer.add("file", file)
        self._files.clear()

    async def _content(self, file: dict[str, Any], writer: Writer) -> AsyncGenerator[Content]:
        """Write what is in a file, unless it is not given out, as that of one that is infected, or in the trash."""
        if writer.has_content(file["sha256"]):
            return
        async with self._units() as uow:
            try:
                _, key = await content_of(file["id"], uow)
            except (NotFound, Refused):
                return
        with writer.content(file["sha256"]) as target:
            async with aclosing(uow.blobs.open(key)) as pieces:
                async for data in pieces:
                    target.write(data)
                    for piece in cut(self._sink.take()):
                        yield piece
                    await turn()


def _leave_out_others(record: pb.Record, people: Collection[str]) -> None:
    """Leave out what other participants are called: whoever is somebody else is named by id alone."""
    for each in record.activity.participants:
        if each.person_id not in people:
            each.ClearField("name")
