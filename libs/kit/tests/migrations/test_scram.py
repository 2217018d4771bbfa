"""PostgreSQL's stored form of a password."""

from __future__ import annotations

from base64 import b64decode

import pytest

from rapport_kit.migrations.scram import scram_verifier


def test_the_verifier_is_that_of_rfc_7677() -> None:
    salt = b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    assert scram_verifier("pencil", salt=salt) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


def test_the_same_password_is_salted_anew() -> None:
    assert scram_verifier("pencil") != scram_verifier("pencil")


@pytest.mark.parametrize("password", ["", "pässword", "two\nlines"])
def test_a_password_that_would_need_preparation_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="password: "):
        scram_verifier(password)
