"""The application's wall between tenants."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa


def tenant_predicate(table: sa.FromClause, tenant: UUID | sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """The application's wall between tenants; row-level security is the other one, and either alone must hold."""
    return table.c.tenant == tenant
