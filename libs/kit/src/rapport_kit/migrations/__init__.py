"""How a service's database comes to be and changes: roles, revisions, row-level security, and the proof of all three.

A revision imports what it needs from here:

    from rapport_kit.migrations import create_search_function, frame, secure
"""

from __future__ import annotations

from rapport_kit.migrations import frame
from rapport_kit.migrations.chain import Chain, MigrationError
from rapport_kit.migrations.roles import Roles
from rapport_kit.migrations.runner import migrate_service
from rapport_kit.migrations.search import Parent, create_search_function, drop_search_function
from rapport_kit.migrations.security import each_tenant, give_to_search, secure, secure_projection, unsecure
from rapport_kit.migrations.uniqueness import forget_unique, keep_unique

__all__ = [
    "Chain",
    "MigrationError",
    "Parent",
    "Roles",
    "create_search_function",
    "drop_search_function",
    "each_tenant",
    "forget_unique",
    "frame",
    "give_to_search",
    "keep_unique",
    "migrate_service",
    "secure",
    "secure_projection",
    "unsecure",
]
