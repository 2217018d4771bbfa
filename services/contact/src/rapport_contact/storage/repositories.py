"""The queries of contact that have a name, and its unit of work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.organisation import MAX_LEVELS, Organisation
from rapport_contact.domain.person import Person
from rapport_contact.storage.bulk_changes import BulkChanges
from rapport_contact.storage.colleagues import Colleagues, TenantProfile
from rapport_contact.storage.contact_settings import TenantSettings
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.duplicates import Duplicates, DuplicateScans
from rapport_contact.storage.erasures import Erasures, LegalHolds
from rapport_contact.storage.files import Files
from rapport_contact.storage.following import Following, OrganisationFollowing
from rapport_contact.storage.groups import Groups
from rapport_contact.storage.hand_overs import HandOvers
from rapport_contact.storage.imports import ImportJobs, Imports
from rapport_contact.storage.interests import Interests, InterestTopics
from rapport_contact.storage.matching import Matching
from rapport_contact.storage.memberships import Favourites, Memberships
from rapport_contact.storage.merges import Merges, OrganisationMerges
from rapport_contact.storage.milestones import Milestones
from rapport_contact.storage.organisation_matching import OrganisationMatching
from rapport_contact.storage.people_matching import PeopleMatching
from rapport_contact.storage.profile import (
    Acquisitions,
    Consents,
    ContactAttempts,
    LifecycleMoves,
    PreferenceKeys,
    Preferences,
    Subjects,
)
from rapport_contact.storage.qualities import Qualities
from rapport_contact.storage.relations import Relations
from rapport_contact.storage.rotation import Rotation
from rapport_contact.storage.subject_keys import StoredSubjectKeys
from rapport_contact.storage.tables import organisation, schema
from rapport_contact.storage.tasks import Tasks
from rapport_contact.storage.texts import Texts
from rapport_contact.storage.timeline import Timeline
from rapport_kit.auth.permissions import reached_teams
from rapport_kit.auth.principal import Scope
from rapport_kit.schema.aliases import current_id
from rapport_kit.uow import Repository, UnitOfWork, repository, tenant_predicate

FIND = sa.text("SELECT id FROM person_search(:words, :most, owner => :owner, teams => :teams) AS found(id)").bindparams(
    sa.bindparam("owner", type_=sa.Uuid), sa.bindparam("teams", type_=sa.ARRAY(sa.Uuid))
)
TREE_LOCK = "contact.organisation.tree"


class People(Repository[Person]):
    """All people of the tenant."""

    entity = Person

    async def search(self, words: list[str], limit: int) -> list[UUID]:
        """The ids of people each of whose `words` begins a word of theirs, the most recently changed first.

        Goes through a function of the search role, because under row-level security no text index can be used.
        It is told how far the caller's record scope reaches, lest others' people use up the limit.
        """
        principal, scope = self.uow.principal, self.uow.scope
        within: dict[str, Any] = {"owner": None, "teams": None}
        if scope is not Scope.ALL:
            within = {"owner": principal.subject, "teams": sorted(reached_teams(principal, scope))}
        found = await self.uow.connection.execute(FIND, {"words": words, "most": limit, **within})
        return list(found.scalars())


class Organisations(Repository[Organisation]):
    """All organisations of the tenant, and the tree they form."""

    entity = Organisation

    async def lock_tree(self) -> None:
        """Let no other transaction of the tenant move anything in the tree until this one ends.

        Two moves that are each sound can close a cycle together; versions do not see that.
        """
        await self.uow.hold(TREE_LOCK)

    async def ancestors(self, id: UUID) -> list[UUID]:  # noqa: A002 - the field's name
        """Whoever answers for `id` and everything above it, the root last; empty when there is no such organisation."""
        mine = tenant_predicate(organisation, self.uow.tenant)
        level = sa.literal(1).label("level")
        above = (
            sa.select(organisation.c.id, organisation.c.parent_id, level)
            .where(mine, organisation.c.id == current_id(organisation, self.uow.tenant, id))
            .cte("above", recursive=True)
        )
        above = above.union_all(
            sa.select(organisation.c.id, organisation.c.parent_id, above.c.level + 1)
            .join(above, organisation.c.id == above.c.parent_id)
            .where(mine, above.c.level <= MAX_LEVELS)
        )
        rows = await self.uow.connection.execute(sa.select(above.c.id).order_by(above.c.level))
        return list(rows.scalars())

    async def levels_below(self, id: UUID) -> int:  # noqa: A002
        """How many levels of organisations lie below `id`."""
        mine = tenant_predicate(organisation, self.uow.tenant)
        below = sa.select(sa.literal(id, sa.Uuid).label("id"), sa.literal(0).label("level")).cte(
            "below", recursive=True
        )
        below = below.union_all(
            sa.select(organisation.c.id, below.c.level + 1)
            .join(below, organisation.c.parent_id == below.c.id)
            .where(mine, below.c.level <= MAX_LEVELS)
        )
        return int(await self.uow.connection.scalar(sa.select(sa.func.max(below.c.level))) or 0)


class ContactUnitOfWork(UnitOfWork):
    """One transaction of contact."""

    schema = schema
    subject_keys = StoredSubjectKeys()
    people = repository(People)
    organisations = repository(Organisations)
    files = repository(Files)
    customers = repository(Customers)
    tasks = repository(Tasks)
    timeline = repository(Timeline)
    colleagues = repository(Colleagues)
    profile = repository(TenantProfile)
    subjects = repository(Subjects)
    consents = repository(Consents)
    contact_attempts = repository(ContactAttempts)
    lifecycle_moves = repository(LifecycleMoves)
    acquisitions = repository(Acquisitions)
    preference_keys = repository(PreferenceKeys)
    preferences = repository(Preferences)
    interest_topics = repository(InterestTopics)
    interests = repository(Interests)
    groups = repository(Groups)
    duplicates = repository(Duplicates)
    duplicate_scans = repository(DuplicateScans)
    matching = repository(PeopleMatching)
    organisation_matching = repository(OrganisationMatching)
    relations = repository(Relations)
    memberships = repository(Memberships)
    bulk_changes = repository(BulkChanges)
    favourites = repository(Favourites)
    milestones = repository(Milestones)
    settings = repository(TenantSettings)
    hand_overs = repository(HandOvers)
    qualities = repository(Qualities)
    erasures = repository(Erasures)
    legal_holds = repository(LegalHolds)
    texts = repository(Texts)
    rotation = repository(Rotation)
    merges = repository(Merges)
    organisation_merges = repository(OrganisationMerges)
    following = repository(Following)
    organisation_following = repository(OrganisationFollowing)
    import_jobs = repository(ImportJobs)
    imports = repository(Imports)

    def matcher(self, kind: MemberKind) -> Matching[Any, Any]:
        """What finds the records of a kind that may be one."""
        return self.matching if kind is MemberKind.PEOPLE else self.organisation_matching
