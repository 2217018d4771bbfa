"""What a content is, by its first bytes: the name and the claim of who uploads it decide only between likely types."""

from __future__ import annotations

import mimetypes
import re

from rapport_kit.errors import Invalid

UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
_OFFICE = "application/vnd.openxmlformats-officedocument."
ZIPPED = {
    b"word/": f"{_OFFICE}wordprocessingml.document",
    b"xl/": f"{_OFFICE}spreadsheetml.sheet",
    b"ppt/": f"{_OFFICE}presentationml.presentation",
}
"""What a ZIP archive is that has a member under such a folder (ECMA-376)."""
_DECLARED = re.compile(rb"mimetype(application/[a-z0-9.+-]{1,100})")
PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!", b"\0asm", b"\xca\xfe\xba\xbe", b"L\0\0\0\x01\x14\x02\0"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
"""How programs begin: Windows, Linux, scripts, WebAssembly, Java and universal Mach-O, shortcuts, Mach-O."""
_NAMES = """
apk app bat bash chm cmd com cpl dll dmg exe gadget hta inf jar jnlp js jse lnk msc msi msp pif ps1 reg scr sct sh sys
vb vbe vbs ws wsc wsf wsh
"""
PROGRAM_NAMES = frozenset(_NAMES.split())
"""Endings under which a system runs what is inside."""
TEXTS = frozenset({"application/json", "application/xml", "message/rfc822"})
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def sniffed(head: bytes, name: str, claimed: str = "") -> str:
    """The media type of a content.

    Raises:
        Invalid: it is a program.
    """
    if head.startswith(PROGRAMS):
        raise _refused("content")
    hints = [hint for hint in (claimed.partition(";")[0].strip().lower(), mimetypes.guess_type(name)[0] or "") if hint]
    if head.startswith(b"PK\x03\x04"):
        return _archive(head)
    if likely := _likely(head):
        return next((hint for hint in hints if hint in likely), likely[0])
    if not _is_text(head):
        return UNKNOWN
    return next((hint for hint in hints if _TYPE.fullmatch(hint) and _textual(hint)), "text/plain")


def refuse_executable(name: str) -> None:
    """Refuse a name under which a system would run the content.

    Raises:
        Invalid: it is one.
    """
    if name.rpartition(".")[2].lower() in PROGRAM_NAMES and "." in name:
        raise _refused("file_name")


def _refused(field: str) -> Invalid:
    return Invalid.field(field, "EXECUTABLE_REFUSED", "programs are not taken")


def _archive(head: bytes) -> str:
    """What a ZIP is, by the names of its first members."""
    if declared := _DECLARED.search(head, 0, 200):
        return declared.group(1).decode("ascii")
    return next((kind for folder, kind in ZIPPED.items() if folder in head), ZIP)


def _likely(head: bytes) -> list[str]:
    """The types whose signature the content has, the surest first."""
    import puremagic  # its tables, for those who take files

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []
    return [match.mime_type for match in found if _TYPE.fullmatch(match.mime_type)]


def _is_text(head: bytes) -> bool:
    """UTF-8 without what only binaries hold; a character may be cut off at the end."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
    return not _BINARY.search(head)


def _textual(kind: str) -> bool:
    return kind.startswith("text/") or kind in TEXTS
