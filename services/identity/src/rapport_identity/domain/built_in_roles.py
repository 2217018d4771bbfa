"""The roles that every tenant has. They are code: a new version of the suite brings their new permissions along."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from rapport_identity.domain.role import Grant, Role
from rapport_kit.auth.principal import Scope

ADMINISTRATOR = "admin"
"""The key of the role that every tenant has an active user with."""

_SIGNED_IN = {
    "identity.tenants.get": Scope.ALL,
    "identity.users.get": Scope.ALL,
    "identity.users.list": Scope.ALL,
    "identity.teams.get": Scope.ALL,
    "identity.teams.list": Scope.ALL,
    "identity.business_units.get": Scope.ALL,
    "identity.business_units.list": Scope.ALL,
    "identity.api_keys.*": Scope.OWN,
}
"""What everybody needs to work with colleagues: their names and teams, and keys of one's own."""

_DUPLICATES = {
    "contact.duplicate_candidates.get": Scope.ALL,
    "contact.duplicate_candidates.list": Scope.ALL,
    "contact.duplicate_candidates.decide": Scope.ALL,
    "contact.organisation_duplicate_candidates.get": Scope.ALL,
    "contact.organisation_duplicate_candidates.list": Scope.ALL,
    "contact.organisation_duplicate_candidates.decide": Scope.ALL,
}
"""For those who reach every customer: a pair is shown to nobody who may not see both."""

_MERGES = {
    "contact.people.merge": Scope.ALL,
    "contact.people.unmerge": Scope.ALL,
    "contact.merges.get": Scope.ALL,
    "contact.merges.list": Scope.ALL,
    "contact.organisations.merge": Scope.ALL,
    "contact.organisations.unmerge": Scope.ALL,
    "contact.organisation_merges.get": Scope.ALL,
    "contact.organisation_merges.list": Scope.ALL,
}
"""For those who decide what is a duplicate."""

_TIMELINES = {f"contact.timeline_entries.{verb}": Scope.ALL for verb in ("list", "create", "correct")}
"""A timeline goes with its customer: who sees the customer sees it, and adds to it."""


def _writing(scope: Scope, *resources: str) -> dict[str, Scope]:
    """Everything but export and bulk deletion, which are granted by name."""
    verbs = ("get", "list", "create", "update", "delete", "undelete")
    return {f"{resource}.{verb}": scope for resource in resources for verb in verbs}


def _exporting(scope: Scope) -> dict[str, Scope]:
    """For those whose work is on many customers at once; who deals with single ones does not carry all of them away."""
    return {f"contact.{resource}.export": scope for resource in ("people", "organisations")}


def _reading(*resources: str) -> dict[str, Scope]:
    """To look them up, whoever owns them."""
    return {f"{resource}.{verb}": Scope.ALL for resource in resources for verb in ("get", "list")}


def _role(key: str, display_name: str, description: str, grants: Mapping[str, Scope]) -> Role:
    return Role(
        id=uuid5(NAMESPACE_URL, f"rapport:role:{key}"),
        key=key,
        display_name=display_name,
        description=description,
        grants=[Grant(permission, scope) for permission, scope in grants.items()],
    )


_CUSTOMERS = ("contact.people", "contact.organisations", "contact.files")
_WORK = ("contact.activities", "contact.notes", "contact.tasks")
"""What is done with customers."""
_PROFILE = (
    "contact.acquisitions",
    "contact.channel_preferences",
    "contact.consents",
    "contact.contact_attempts",
    "contact.group_memberships",
    "contact.interests",
    "contact.lifecycle_moves",
    "contact.preferences",
    "contact.relations",
)
"""What is known of people beside their records; it reaches as far as the people do."""
_PREFERENCE_KEYS = _reading("contact.preference_keys")
"""What can be preferred, which nobody owns."""
_PERSONAL = ("contact.family_members", "contact.milestones")
"""What is nobody's business but that of those who deal with the people themselves."""
_SETS = ("contact.static_lists", "contact.bulk_changes")
_TENANTS_OWN = ("contact.tags", "contact.groups", "contact.interest_topics", "contact.contact_settings")
"""What nobody owns, so that only the scope of all reaches it."""
_DESK: dict[str, Scope] = (
    _reading("contact.favourites", "contact.saved_views")
    | {f"contact.favourites.{verb}": Scope.OWN for verb in ("create", "delete")}
    | {f"contact.saved_views.{verb}": Scope.OWN for verb in ("create", "update", "delete", "undelete")}
)
"""One's own things; the tables themselves keep those of others out of sight."""


def _serving(scope: Scope) -> dict[str, Scope]:
    """Customers, what is known of them and what is done with them, as those need it who deal with them."""
    return (
        _writing(scope, *_CUSTOMERS, *_PROFILE, *_PERSONAL, *_SETS, *_WORK)
        | {"contact.people.move_stage": scope, "contact.files.share": scope, "contact.tags.apply": Scope.ALL}
        | {"contact.groups.list_prospects": Scope.ALL}
        | {f"contact.bulk_changes.{verb}": scope for verb in ("cancel", "undo")}
        | _reading(*_TENANTS_OWN)
        | _TIMELINES
        | _PREFERENCE_KEYS
        | _DESK
    )


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.key: role
        for role in (
            _role(ADMINISTRATOR, "Administrator", "Everything in the tenant.", {"*": Scope.ALL}),
            _role(
                "manager",
                "Manager",
                "All work of the own business unit and below, and reports on it.",
                _SIGNED_IN
                | {
                    "contact.*": Scope.UNIT,
                    **_exporting(Scope.UNIT),
                    "contact.preference_keys.*": Scope.ALL,
                    "contact.groups.*": Scope.ALL,
                    "contact.interest_topics.*": Scope.ALL,
                    "contact.tags.*": Scope.ALL,
                    "contact.legal_holds.*": Scope.ALL,
                    "contact.privacy_requests.*": Scope.ALL,
                }
                | _DESK
                | {
                    "sales.*": Scope.UNIT,
                    "marketing.*": Scope.UNIT,
                    "servicedesk.*": Scope.UNIT,
                    "analytics.*": Scope.UNIT,
                    "automation.*": Scope.UNIT,
                    "identity.roles.get": Scope.ALL,
                    "identity.roles.list": Scope.ALL,
                },
            ),
            _role(
                "rep",
                "Sales representative",
                "Sells: the team's customers and deals.",
                _SIGNED_IN | _serving(Scope.TEAM) | {"sales.*": Scope.TEAM, "servicedesk.tickets.get": Scope.TEAM},
            ),
            _role(
                "marketer",
                "Marketer",
                "Addresses customers: segments, campaigns, journeys.",
                _SIGNED_IN
                | _serving(Scope.ALL)
                | _DUPLICATES
                | _MERGES
                | {"contact.import_jobs.*": Scope.OWN, "contact.groups.*": Scope.ALL}
                | _exporting(Scope.ALL)
                | {"marketing.*": Scope.ALL, "analytics.reports.get": Scope.ALL, "analytics.reports.list": Scope.ALL},
            ),
            _role(
                "agent",
                "Service agent",
                "Helps whoever calls: every customer to look up, the team's tickets to work on.",
                _SIGNED_IN
                | _serving(Scope.TEAM)
                | _reading(*_CUSTOMERS, *_PROFILE)
                # Whoever says no to an agent has said so, whose customer it may be.
                | {"contact.consents.create": Scope.ALL, "servicedesk.*": Scope.TEAM},
            ),
            _role(
                "analyst",
                "Analyst",
                "Reads everything and builds reports; changes no customer.",
                _SIGNED_IN
                | {"*.get": Scope.ALL, "*.list": Scope.ALL, "analytics.*": Scope.ALL}
                | _exporting(Scope.ALL),
            ),
            _role(
                "read_only",
                "Read only",
                "Reads customers, deals and tickets.",
                _SIGNED_IN
                | {"contact.timeline_entries.list": Scope.ALL}
                | _PREFERENCE_KEYS
                | _DESK
                | _reading(*_CUSTOMERS, *_PROFILE, *_WORK, *_SETS, *_TENANTS_OWN)
                | _reading("sales.opportunities", "sales.orders", "servicedesk.tickets"),
            ),
            _role(
                "integration",
                "Integration",
                "For another system: customers, deals, campaigns and tickets, but not who may do what.",
                {
                    "contact.*": Scope.ALL,
                    **_exporting(Scope.ALL),
                    "sales.*": Scope.ALL,
                    "marketing.*": Scope.ALL,
                    "servicedesk.*": Scope.ALL,
                    "identity.users.get": Scope.ALL,
                    "identity.users.list": Scope.ALL,
                    "identity.teams.get": Scope.ALL,
                    "identity.teams.list": Scope.ALL,
                },
            ),
            _role(
                "provisioning",
                "Provisioning",
                "For a directory: keeps users, with the roles and teams that an identity provider's groups map to.",
                {
                    "identity.users.get": Scope.ALL,
                    "identity.users.list": Scope.ALL,
                    "identity.users.provision": Scope.ALL,
                    "identity.users.deprovision": Scope.ALL,
                    "identity.identity_providers.get": Scope.ALL,
                    "identity.identity_providers.list": Scope.ALL,
                },
            ),
        )
    }
)
