"""Files about customers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapport_contact.domain.content_type import refuse_executable, sniffed
from rapport_contact.domain.customer import AboutCustomer
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid, Refused


class FileScanState(StrEnum):
    """What is known of viruses in a file."""

    UNSCANNED = "unscanned"
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"


@dataclass(kw_only=True, eq=False)
class File(AboutCustomer, OwnedByUser, Entity):
    """A document, image or recording about a customer (CON-16); `sha256` names its content, which others may share."""

    file_name: str
    content_type: str = ""
    claimed_type: str = ""
    size: int = 0
    sha256: str = ""
    scan_state: FileScanState = FileScanState.UNSCANNED

    def settle(self) -> None:
        """Put the file in order: its name is the last segment of what was given, whichever system gave a path.

        Raises:
            Invalid: nothing is left of the name, or the file is about nobody.
        """
        name = self.file_name.replace("\\", "/").rpartition("/")[2].strip()
        if name in ("", ".", ".."):
            raise Invalid.field("file_name", "INVALID_NAME", "must be the name of a file")
        refuse_executable(name)
        if name != self.file_name:
            self.file_name = name
        self.require_customer()

    def recognise(self, head: bytes, claimed: str) -> None:
        """Say what the content is by its first bytes; a claim that differs is kept beside.

        Raises:
            Invalid: it is a program.
        """
        self.content_type = sniffed(head, self.file_name, claimed)
        bare = claimed.partition(";")[0].strip().lower()
        self.claimed_type = "" if bare in ("", self.content_type, "application/octet-stream") else bare

    def check_readable(self, *, unscanned: bool) -> None:
        """Refuse to give the content out; `unscanned`: whether this installation gives out what no scanner has seen.

        Raises:
            Refused: the file is deleted, infected, or not scanned yet.
        """
        if self.delete_time is not None:
            raise Refused("FILE_DELETED", "the file is deleted", id=self.id)
        if self.scan_state is FileScanState.INFECTED:
            raise Refused("FILE_INFECTED", "the scanner found a virus in the file", id=self.id)
        if self.scan_state is FileScanState.PENDING or (self.scan_state is FileScanState.UNSCANNED and not unscanned):
            raise Refused("FILE_NOT_SCANNED", "the file has not been scanned for viruses", id=self.id)
