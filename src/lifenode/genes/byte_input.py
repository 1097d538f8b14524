"""Bytes of a file or of standard input, bounded, unpacked and decoded; or an error that says what they are instead."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Any

from lifenode.errors import InputTooLarge, UnreadableInput
from lifenode.settings import settings

_GZIP = b"\x1f\x8b"

# First bytes, what the file is, and what to do about it. Marks are long enough not to begin a list of genes: RDX and
# PAR1 alone are two.
_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", "Give a text file with one identifier a line."),
    (b"\xff\xd8\xff", "a JPEG picture", "Give a text file with one identifier a line."),
    (b"%PDF", "a PDF document", "Copy the identifiers into a text file, one a line."),
    (b"\xd0\xcf\x11\xe0", "an old Office file, likely an Excel workbook", "Save the sheet as CSV and give that."),
    (b"\x89HDF", "an HDF5 file", "If it is an .h5ad, open it with anndata.read_h5ad and give the object."),
    (b"PAR1\x15", "a Parquet file", "Open it with polars or pandas and give the frame."),
    (b"RDX3\nX\n", "R data", "Save the table from R with write.csv and give that."),
    (b"X\n\x00\x00", "R data", "Save the table from R with write.csv and give that."),
    (b"BZh91AY", "a bzip2 archive", "Unpack it first; gzip is read directly."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first; gzip is read directly."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it first; gzip is read directly."),
)

# The marks of UTF-32 begin with those of UTF-16, so they come first.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


def read_file(path: Path) -> str:
    """Return the text of a file; gzip is unpacked.

    Raises
    ------
    UnreadableInput
        The file is missing, a folder, forbidden, damaged, binary or not in a Unicode encoding.
    InputTooLarge
        It is larger than ``settings().max_input_bytes``, packed or unpacked.
    """
    limit = settings().max_input_bytes
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            content = b"" if size > limit else handle.read(limit + 1)
    except FileNotFoundError:
        raise no_such_file(path) from None
    except IsADirectoryError:
        raise UnreadableInput(f"{path} is a folder.", value=path, next_step="Name a file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableInput(
            f"{path} cannot be read: {reason}.", value=path, next_step="Check its name and that you may read it."
        ) from error
    if size > limit:
        raise _too_large(str(path), f"{size:,}")
    return decode(content, str(path))


def read_handle(handle: IO[Any], origin: str) -> str:
    """Return the text of an open handle, of its bytes where it has them; `origin` names it in errors."""
    source = getattr(handle, "buffer", handle)
    try:
        content = source.read(settings().max_input_bytes + 1)
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{origin} cannot be read: {error}.", value=origin) from error
    return decode(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content, origin)


def decode(content: bytes, origin: str) -> str:
    """Return `content` as text with LF line ends and no byte order mark; `origin` names it in errors.

    Raises
    ------
    UnreadableInput
        The bytes are binary or not in a Unicode encoding.
    InputTooLarge
        They are more than ``settings().max_input_bytes``, packed or unpacked.
    """
    plain = _unpacked(content, origin)
    if len(plain) > settings().max_input_bytes:
        raise _too_large(origin, f"over {settings().max_input_bytes:,}")
    _refuse_binary(plain, origin)
    encoding = next((name for mark, name in _MARKS if plain.startswith(mark)), "utf-8")
    try:
        text = plain.decode(encoding)
    except UnicodeDecodeError as error:
        line = plain.count(b"\n", 0, error.start) + 1
        raise UnreadableInput(
            f"{origin} is not valid {error.encoding.upper()} at byte {error.start} (line {line}).",
            value=plain[error.start : error.start + 1],
            next_step="Save it as UTF-8.",
        ) from error
    return clean(text, origin)


def clean(text: str, origin: str) -> str:
    """Return `text` with LF line ends and no byte order mark; a NUL is refused."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if (position := lines.find("\0")) >= 0:
        line = lines.count("\n", 0, position) + 1
        raise UnreadableInput(
            f"{origin} has a NUL character on line {line}.",
            value=lines[lines.rfind("\n", 0, position) + 1 :][:40],
            next_step="Save it again as plain UTF-8 text; the file may be damaged.",
        )
    return lines


def no_such_file(path: Path | str) -> UnreadableInput:
    """Make the error for a missing file."""
    return UnreadableInput(
        f"There is no file {str(path)!r}.", value=path, next_step="Check the name and the folder you are in."
    )


def _unpacked(content: bytes, origin: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            return unpacked.read(settings().max_input_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInput(
            f"{origin} is a damaged gzip file: {error}.", value=origin, next_step="Copy or download it again."
        ) from error


def _refuse_binary(content: bytes, origin: str) -> None:
    if content.startswith(b"PK\x03\x04"):
        # The names of a zip archive's members stand in it in clear; a workbook keeps its sheets under xl/.
        if b"xl/" in content:
            raise _binary(origin, "an Excel workbook", "Save the sheet as CSV and give that.")
        raise _binary(origin, "a zip archive", "Unpack it first.")
    for start, what, advice in _BINARY:
        if content.startswith(start):
            raise _binary(origin, what, advice)
    if any(content.startswith(mark) for mark, _ in _MARKS):
        return
    zeros = content.count(b"\0")
    if zeros * 3 > len(content):
        raise _binary(origin, "UTF-16 without a byte order mark, or binary", "Save it as UTF-8 text.")
    if zeros * 100 > len(content) > 200:
        raise _binary(origin, "a binary file", "Give a text file with one identifier a line.")


def _binary(origin: str, what: str, advice: str) -> UnreadableInput:
    return UnreadableInput(f"{origin} is {what}, not a list.", value=origin, next_step=advice)


def _too_large(origin: str, size: str) -> InputTooLarge:
    return InputTooLarge(
        f"{origin} holds {size} bytes; at most {settings().max_input_bytes:,} are read.",
        value=origin,
        next_step="Give a shorter list, or set LIFENODE_MAX_INPUT_BYTES.",
    )
