"""The revisions of one service, and Alembic's configuration for them, made in code."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import sqlalchemy as sa
from alembic.config import Config

from rapport_kit.migrations.roles import Roles

if TYPE_CHECKING:
    from rapport_kit.service import Service


class MigrationError(RuntimeError):
    """A database could not be brought to the shape that the code needs; the message says what an operator can do."""


@dataclass(frozen=True)
class Chain:
    """A service's revisions and the tables that they must add up to.

    `package` is the import name of the folder above `versions/`, such as `rapport_contact.migrations`.
    """

    service: str
    package: str
    metadata: sa.MetaData

    @classmethod
    def of(cls, service: Service) -> Chain:
        """The chain that a service's manifest names; the service must have a database."""
        assert service.unit_of_work is not None, f"{service.name} has no database"
        return cls(service.name, service.migrations, service.unit_of_work.schema.metadata)

    @property
    def roles(self) -> Roles:
        """The roles of this service's database."""
        return Roles(self.service)

    @property
    def versions(self) -> Path:
        """The folder that holds the revisions and nothing else."""
        return Path(str(files(self.package))) / "versions"

    def config(self, connection: sa.Connection | None = None, output: TextIO | None = None) -> Config:
        """Alembic's configuration: the kit's `env.py` and this service's revisions.

        `output` receives the SQL of an offline run; without a connection nothing else is possible.
        """
        config = Config(stdout=StringIO(), output_buffer=output)
        # ConfigParser reads % as the start of an interpolation.
        config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
        config.set_main_option("version_locations", str(self.versions).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes.update(connection=connection, chain=self)
        return config
