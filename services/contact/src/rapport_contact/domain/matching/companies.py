"""Names of companies without their legal form, so that "Acme Inc." and "ACME" are one name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapport_contact.domain.words import listed, words_of

MOST_WORDS = 12
LEGAL_FORMS = listed(
    """
    ab ag aktiengesellschaft aps as asa bv bvba co company corp corporation cv doo eeig eg ehf eirl eood eurl ev gbr
    gmbh hf holding holdings inc incorporated jsc kft kg kgaa kk lda limited limitada llc llp lp ltd ltda mbh nv oao
    ohg ooo oy oyj pbc plc pllc pte pty pvt sa sarl sas sasu sca scs se sl slu snc sp spa spzoo srl sro ug zao zrt
    """
)
"""Common legal forms and their abbreviations, chosen from the Entity Legal Forms code list (ISO 20275, GLEIF)."""
_FILLERS = frozenset({"and", "the", "und", "et", "y", "e", "of"})


@lru_cache(65_536)
def core_name(name: str) -> str:
    """The folded words of a name without its legal form; all of them when nothing else would be left."""
    words = words_of(name.replace(".", "").replace("&", " and "), MOST_WORDS)
    core = [word for word in words if word not in LEGAL_FORMS and word not in _FILLERS]
    return " ".join(core or words)


@lru_cache(65_536)
def plain_name(name: str) -> str:
    """The folded words of a name, with its legal form."""
    return " ".join(words_of(name.replace(".", ""), MOST_WORDS))


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name, folded: with its legal form, and without."""

    plain: str
    core: str

    @classmethod
    def of(cls, name: str) -> CompanyName:
        """Both forms of a name as written."""
        return cls(plain_name(name), core_name(name))
