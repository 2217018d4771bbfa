"""The tables of identity: one line per aggregate, and plain tables for what must never be part of an event."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_identity.domain.credentials import ApiKey, ServiceAccount
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.role import Role
from rapport_identity.domain.team import BusinessUnit, Team
from rapport_identity.domain.tenant import Tenant
from rapport_identity.domain.user import User
from rapport_kit.schema import Schema

Time = sa.TIMESTAMP(timezone=True)

schema = Schema("identity")

schema.map(Tenant, "tenant")
schema.map(BusinessUnit, "business_unit", sa.Index(None, "tenant", "parent_id"))
schema.map(Team, "team", sa.Index(None, "tenant", "business_unit_id"))
schema.map(
    User,
    "user",
    sa.UniqueConstraint("tenant", "email"),
    sa.Index(None, "tenant", "identity_provider_id", "external_id", unique=True),
    sa.Index(None, "tenant", "person_id", postgresql_where=sa.text("person_id IS NOT NULL")),
)
schema.map(Role, "role", sa.UniqueConstraint("tenant", "key"))
schema.map(ApiKey, "api_key", sa.Index(None, "tenant", "owner_id"))
schema.map(ServiceAccount, "service_account")
schema.map(IdentityProvider, "identity_provider")

tenant_host = sa.Table(
    "tenant_host",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("host", sa.Text, primary_key=True),
    sa.UniqueConstraint("host"),
    comment="One tenant per host name of the whole installation; read through tenant_of_host().",
)

password = sa.Table(
    "password",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("change_time", Time, nullable=False),
)

session = sa.Table(
    "session",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("create_time", Time, nullable=False),
    sa.Column("last_use_time", Time, nullable=False),
    sa.Column("end_time", Time),
    sa.Column("user_agent", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Index(None, "tenant", "user_id"),
)

credential = sa.Table(
    "credential",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("holder_id", sa.Uuid, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("create_time", Time, nullable=False),
    sa.Column("expire_time", Time),
    sa.Index(None, "tenant", "holder_id"),
    comment="Secrets of API keys and service accounts; several while one replaces another.",
)

revocation = sa.Table(
    "revocation",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("time", Time, nullable=False),
    sa.CheckConstraint("kind IN ('subject', 'session')", name="kind"),
    sa.Index(None, "time"),
    comment="What was taken back; read by every service through revocations_since().",
)

open_work = sa.Table(
    "open_work",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Index(None, "tenant", "user_id", "id"),
    comment="Unfinished records of other departments and who answers for them, from their events.",
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sa.Column("last_time", Time, nullable=False),
    comment="Keys are digests: an address that nobody has is counted too, and must not be kept.",
)

signing_key = sa.Table(
    "signing_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True, comment="Always nil: the keys are the platform's."),
    sa.Column("kid", sa.Text, primary_key=True),
    sa.Column("x", sa.Text, nullable=False),
    sa.Column("y", sa.Text, nullable=False),
    sa.Column("private", sa.LargeBinary, nullable=False),
    sa.Column("active_time", Time, nullable=False),
)

subject_link = sa.Table(
    "subject_link",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("issuer", sa.Text(collation="C"), primary_key=True),
    sa.Column("subject", sa.Text(collation="C"), primary_key=True),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("create_time", Time, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "user_id"], ["user.tenant", "user.id"], ondelete="CASCADE"),
    sa.Index(None, "tenant", "user_id"),
    comment="Which user an issuer means by a subject, the only lasting name of somebody (OIDC Core 1.0, 5.7).",
)

used_flow = sa.Table(
    "used_flow",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("expire_time", Time, nullable=False),
    comment="Sign-ins through an issuer that were completed; kept until they could not be anyway.",
)
