"""What Alembic runs for every command: the one environment of all services' revisions."""

from __future__ import annotations

from alembic import context

from rapport_kit.migrations.chain import Chain
from rapport_kit.migrations.comparison import comparable, complete, stored_type


def run() -> None:
    """Run the revisions: on the connection that the command was given, or as text without one."""
    chain: Chain = context.config.attributes["chain"]
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
    else:
        connection = context.config.attributes["connection"]
        context.configure(
            connection=connection,
            target_metadata=chain.metadata,
            transaction_per_migration=True,
            include_name=comparable(connection),
            render_item=stored_type,
            process_revision_directives=complete,
        )
    with context.begin_transaction():
        context.run_migrations()


run()
