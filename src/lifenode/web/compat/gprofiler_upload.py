"""Gene sets that a client uploads: one GMT text, or a ZIP of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from stat import S_ISLNK

from lifenode.errors import BadRequest, InputTooLarge, UnreadableInput
from lifenode.genes import byte_input
from lifenode.settings import settings
from lifenode.web.gene_set_text import read_gene_sets

MOST_MEMBERS = 1_000
"""Files a ZIP may hold."""

_ENDINGS = (".gmt", ".txt", ".tsv")


def checked(name: str, text: str) -> str:
    """Return the cleaned name of gene sets that can be read; see `read_gene_sets`."""
    return read_gene_sets(name, text).name


def joined_zip(content: bytes) -> str:
    """Return the GMT files of a ZIP as one text.

    Raises
    ------
    BadRequest
        It is no ZIP.
    UnreadableInput
        A member is a link, encrypted, damaged, or lies outside the archive; or there is no GMT file.
    InputTooLarge
        There are more than `MOST_MEMBERS`, or they unpack to more than ``settings().max_input_bytes``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _joined(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BadRequest(f"The upload is not a ZIP file: {error}.", next_step="Send a ZIP of GMT files.") from error


def _joined(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise InputTooLarge(
            f"The ZIP holds {len(members):,} files; at most {MOST_MEMBERS:,} are read.",
            value=len(members),
            next_step="Send fewer files.",
        )
    texts: list[str] = []
    room = settings().max_input_bytes
    for member in members:
        _check(member)
        if member.is_dir() or not member.filename.lower().endswith(_ENDINGS) or member.filename.startswith("__MACOSX/"):
            continue
        plain = _unpacked(archive, member, room)
        room -= len(plain)
        texts.append(byte_input.decode(plain, member.filename).rstrip("\n"))
    if not texts:
        raise UnreadableInput("The ZIP holds no GMT file.", next_step="Send a ZIP of files that end in .gmt.")
    return "\n".join(texts) + "\n"


def _check(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True
    if outside or S_ISLNK(member.external_attr >> 16):
        problem = "lies outside the archive" if outside else "is a link"
        raise UnreadableInput(
            f"The file {member.filename[:80]!r} of the ZIP {problem}.",
            value=member.filename,
            next_step="Send a ZIP of plain files with relative names.",
        )
    if member.flag_bits & 1:
        raise UnreadableInput(
            f"The file {member.filename[:80]!r} of the ZIP is encrypted.",
            value=member.filename,
            next_step="Send it without a password.",
        )


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Return the content of a member, reading no more than the room left, whatever its header says."""
    with archive.open(member) as handle:
        plain = handle.read(room + 1)
    if len(plain) > room:
        raise InputTooLarge(
            f"The ZIP unpacks to more than {settings().max_input_bytes:,} bytes.",
            value=member.filename,
            next_step="Send fewer or smaller files.",
        )
    return plain
