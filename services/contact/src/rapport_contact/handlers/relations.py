"""Who is what to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from rapport.contact.v1 import relations_pb2 as pb
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.relation import Relation
from rapport_contact.handlers.visible_customers import Customer, check_customers, require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.paging import Paging

_FIELDS = frozenset(each.name for each in fields(Relation))
"""A row has more: whose it is, the other's name, and what a merge remembers."""


class Relations(Resource[Relation]):
    """RelationService."""

    serves = pb.DESCRIPTOR.services_by_name["RelationService"]
    entity = Relation
    message = pb.Relation

    async def admit(self, entity: Relation, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """Both ends are customers whom the caller may see, and not the same one by two ids."""
        if entity.version:
            return
        named = {"relation.person_id": entity.person_id, "relation.to_person_id": entity.to_person_id}
        people = await check_customers(Person, named, uow, part=True)
        if people["relation.person_id"] == people.get("relation.to_person_id"):
            raise Invalid.field("relation.to_person_id", "SAME_PERSON", "must be another person")
        organisation = {"relation.to_organisation_id": entity.to_organisation_id}
        await check_customers(Organisation, organisation, uow, part=True)

    async def list_person_relationships(
        self, request: pb.ListPersonRelationshipsRequest, uow: ContactUnitOfWork
    ) -> pb.ListPersonRelationshipsResponse:
        """The relations of a person, from that side."""
        found, token = await self._of(Person, request.person_id, request, uow)
        return pb.ListPersonRelationshipsResponse(relationships=found, next_page_token=token)

    async def list_organisation_relationships(
        self, request: pb.ListOrganisationRelationshipsRequest, uow: ContactUnitOfWork
    ) -> pb.ListOrganisationRelationshipsResponse:
        """The relations of an organisation, from its side."""
        found, token = await self._of(Organisation, request.organisation_id, request, uow)
        return pb.ListOrganisationRelationshipsResponse(relationships=found, next_page_token=token)

    async def _of(
        self, kind: type[Customer], id_: str, request: Any, uow: ContactUnitOfWork
    ) -> tuple[list[pb.Relationship], str]:
        end = await require_customer(kind, id_, uow, part=True)
        paging = Paging(request, uow)
        rows = await uow.relations.of(end, current_only=request.current_only, below=paging.after, limit=paging.limit)
        shown, token = paging.page(rows, "id")
        return [self._seen_from(end, row) for row in shown], token

    def _seen_from(self, end: UUID, row: Any) -> pb.Relationship:
        relation = Relation(**{name: value for name, value in row._mapping.items() if name in _FIELDS})  # noqa: SLF001
        other = relation.to_person_id if end == relation.person_id else relation.person_id
        message: Any = self.resource.codec.to_message(relation)
        role: Any = pb.RelationType.Value(f"RELATION_TYPE_{relation.role_of_other(end).name}")
        return pb.Relationship(
            relation=message,
            role=role,
            other_person_id=str(other) if other else "",
            other_organisation_id="" if other else str(relation.to_organisation_id),
            other_display_name=row.name or "",
        )
