"""Which kinds of records there may be."""

from __future__ import annotations

import pytest

from rapport.contact.v1.records_pb2 import Record
from rapport_kit.records import Records


def test_every_kind_of_the_contract_must_be_taken_out() -> None:
    with pytest.raises(TypeError, match=r"rapport\.contact\.v1\.Record"):
        Records(Record, [])
