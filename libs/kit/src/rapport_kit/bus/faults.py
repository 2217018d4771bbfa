"""Tells a fault of the surroundings, which passes, from one of the work, which is counted."""

from __future__ import annotations

import traceback
from pathlib import Path

import sqlalchemy as sa

from rapport_kit.database import CommitInDoubt
from rapport_kit.database_errors import driver_error, is_transient, translate
from rapport_kit.errors import DomainError, Exhausted, Unavailable


def passes(error: BaseException, metadata: sa.MetaData) -> bool:
    """Whether the same work is likely to succeed later, however often it failed: a database or a peer is away.

    A commit in doubt is such a case: the position or the timer, committed with the work, tells what happened.
    """
    known = error if isinstance(error, DomainError) else translate(error, metadata)
    return is_transient(error) or isinstance(known, CommitInDoubt | Unavailable | Exhausted)


def describe(error: BaseException) -> str:
    """What failed and where, for an operator; never the message, which may quote a person's data."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    kind = type(driver_error(error)).__name__
    if isinstance(error, DomainError):
        return f"{kind}: {error.reason}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "rapport" in Path(frame.filename).parent.name] or frames
    return f"{kind} at {Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else kind
