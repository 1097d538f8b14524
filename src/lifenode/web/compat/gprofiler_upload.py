"""Gene sets that a client uploads: one GMT text, or a ZIP of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from stat import S_ISLNK

from lifenode.enrichment.gene_sets import GeneSets
from lifenode.errors import BadRequest, InputTooLarge, LifenodeError, UnreadableInput
from lifenode.genes import byte_input
from lifenode.settings import settings

MOST_MEMBERS = 1_000
"""Files a ZIP may hold."""

_COLLECTIONS_KEPT = 8
_LONGEST_NAME = 100
_ENDINGS = (".gmt", ".txt", ".tsv")


def read_gene_sets(name: str, text: str) -> GeneSets:
    """Return the gene sets in a GMT text.

    Parameters
    ----------
    name
        What the collection is called.
    text
        Content of the file.

    Raises
    ------
    LifenodeError
        It is no GMT, too large, or holds no set; lines are named.
    """
    title = clean_name(name)
    with tempfile.TemporaryDirectory(prefix="lifenode-") as folder:
        path = Path(folder) / "sets.gmt"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            return replace(GeneSets.read(path), name=title)
        except LifenodeError as error:
            value = title if error.value == path else error.value
            detail = error.detail.replace(str(path), title)
            raise type(error)(detail, value=value, next_step=error.next_step) from error


@lru_cache(maxsize=_COLLECTIONS_KEPT)
def parsed(name: str, text: str) -> GeneSets:
    """Return the gene sets in a GMT text, parsed once in a process; see `read_gene_sets`."""
    return read_gene_sets(name, text)


def clean_name(name: str) -> str:
    """Return what a collection is called: the file's name without folders and ending."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    shown = "".join(character for character in bare if character.isprintable())[:_LONGEST_NAME]
    return shown.removesuffix(".gmt").removesuffix(".zip") or "custom"


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
