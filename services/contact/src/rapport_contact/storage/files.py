"""Files and what they share: the stored contents, counted."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.file import File
from rapport_contact.storage.tables import blob
from rapport_kit.uow import Repository, tenant_predicate


class Files(Repository[File]):
    """All files of the tenant, with their contents.

    A content is counted up by `share`, and down by a trigger on the files, so that a row that a foreign key removes
    counts as well; the trigger also sets the timer that deletes the bytes of a content that nobody has any more.
    """

    entity = File

    async def share(self, sha256: str, size: int, key: str) -> bool:
        """Count one more file with this content; false when it is stored already, so that `key` is not needed."""
        statement = insert(blob).values(
            tenant=self.uow.tenant, sha256=sha256, key=key, size=size, references=1, create_time=self.uow.now
        )
        counted = statement.on_conflict_do_update(
            index_elements=[blob.c.tenant, blob.c.sha256], set_={"references": blob.c.references + 1}
        )
        return bool(await self.uow.connection.scalar(counted.returning(blob.c.key == key)))

    async def key_of(self, sha256: str) -> str:
        """Where the content lies in the blob store."""
        statement = sa.select(blob.c.key).where(tenant_predicate(blob, self.uow.tenant), blob.c.sha256 == sha256)
        return str(await self.uow.connection.scalar(statement))

    async def read(self, id: UUID | str) -> File | None:  # noqa: A002 - the field's name
        """A file within the caller's record scope, not to be changed, and so without a lock."""
        table = self.uow.schema.table(File)
        statement = sa.select(File).where(self.uow.visible(table), table.c.id == UUID(str(id)))
        found: File | None = await (await self.uow.session()).scalar(statement)
        return found
