"""Every error lifenode raises on purpose.

::

    LifenodeError
    ├── InputError (ValueError)            what was given cannot be used
    │   ├── UnreadableInput                a file that is missing, binary, or cannot be decoded
    │   ├── EmptyInput                     nothing but blanks
    │   ├── InputTooLarge                  beyond a named limit of `lifenode.settings`
    │   ├── NothingMapped                  no identifier of the list is known
    │   ├── BadBackground                  smaller than the query, or unusable
    │   ├── BadTable                       a results table whose columns cannot be understood
    │   ├── BadTarget                      a target of genome editing that cannot be used
    │   ├── BadRequest                     a request that is not what the address takes
    │   ├── UnknownField                   a field or parameter the address does not have
    │   ├── FetchRefused                   a web address that may not be fetched
    │   └── InvalidOption                  an option value outside its range
    ├── UnknownName (LookupError)          a name that is not in the pack
    │   ├── UnknownOrganism
    │   ├── UnknownSource
    │   ├── UnknownNamespace
    │   └── UnknownTerm
    ├── EvidenceUnavailable (LookupError)  the release records no evidence codes
    ├── PackError (RuntimeError)           knowledge packs
    │   ├── PackNotFound
    │   ├── TamperedPack                   a checksum differs
    │   ├── BuildFailed                    raw files are missing or do not fit together
    │   └── DownloadFailed
    ├── FormatError (ValueError)           a raw upstream file breaks its format, with the line
    ├── FetchFailed (RuntimeError)         a web address that does not answer
    ├── OutputError (OSError)              a result cannot be written
    ├── BatchFailed (RuntimeError)         lists of a batch that could not be computed
    ├── UnknownLink (LookupError)          a link, job or token that is not there, or no longer
    │   └── StaleCursor                    the next page of an answer whose data are gone
    ├── NotSignedIn (PermissionError)      an e-mail, password or token that is not accepted
    ├── NotPermitted (PermissionError)     something that one's role does not allow
    ├── TooManyAttempts (PermissionError)  sign-ins that failed too often in a short time
    ├── Busy (RuntimeError)                the node has no place for more work right now
    ├── TookTooLong (TimeoutError)         work that exceeded its time and was stopped
    └── MissingPart (ImportError)          an optional library is not installed

Each carries a stable ``code``, one sentence ``detail``, the ``value`` at fault and the ``next_step``; `to_dict`
gives the one JSON shape (RFC 9457 with these as extra members), `str()` the one line a person reads.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar


class LifenodeError(Exception):
    """Anything lifenode refuses or fails to do.

    Parameters
    ----------
    detail
        One sentence that says what is wrong and names the value.
    value
        The value at fault, as given.
    next_step
        What to do about it; may be empty.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, value: object = None, next_step: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.value = value
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.detail} {self.next_step}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.detail, self.value, self.next_step))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape shared by the command line and HTTP."""
        return {
            "type": f"urn:lifenode:error:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "value": None if self.value is None else str(self.value)[:200],
            "next_step": self.next_step,
        }


def _restore(kind: type[LifenodeError], detail: str, value: object, next_step: str) -> LifenodeError:
    return kind(detail, value=value, next_step=next_step)


class InputError(LifenodeError, ValueError):
    """What was given cannot be used."""

    code = "input_error"
    title = "The input cannot be used"
    status = 422


class UnreadableInput(InputError):
    """A file that is missing, binary, or cannot be decoded."""

    code = "unreadable_input"
    title = "The input cannot be read"


class EmptyInput(InputError):
    """Nothing but blanks."""

    code = "empty_input"
    title = "The list is empty"


class InputTooLarge(InputError):
    """Beyond a named limit of `lifenode.settings`."""

    code = "input_too_large"
    title = "The input is too large"
    status = 413


class NothingMapped(InputError):
    """No identifier of the list is known."""

    code = "nothing_mapped"
    title = "No identifier was recognised"


class BadBackground(InputError):
    """A background smaller than the query, or unusable."""

    code = "bad_background"
    title = "The background cannot be used"


class BadTable(InputError):
    """A results table whose columns cannot be understood."""

    code = "bad_table"
    title = "The table cannot be understood"


class BadTarget(InputError):
    """A target of genome editing that is too short, has other letters than bases, or no PAM where it should be."""

    code = "bad_target"
    title = "The target cannot be used"


class InvalidOption(InputError):
    """An option value outside its range."""

    code = "invalid_option"
    title = "An option has an impossible value"


class BadRequest(InputError):
    """A request that is not what the address takes."""

    code = "bad_request"
    title = "The request cannot be understood"
    status = 400


class UnknownField(InputError):
    """A field or parameter the address does not have."""

    code = "unknown_field"
    title = "Unknown field"


class FetchRefused(InputError):
    """A web address that may not be fetched: not public, forbidden by its owner, too large or of another kind."""

    code = "fetch_refused"
    title = "The address may not be fetched"


class UnknownName(LifenodeError, LookupError):
    """A name that is not in the pack."""

    code = "unknown_name"
    title = "Unknown name"
    status = 404


class UnknownOrganism(UnknownName):
    """No pack holds this organism."""

    code = "unknown_organism"
    title = "Unknown organism"


class UnknownSource(UnknownName):
    """The pack has no such annotation source."""

    code = "unknown_source"
    title = "Unknown source"


class UnknownNamespace(UnknownName):
    """The pack has no such identifier namespace."""

    code = "unknown_namespace"
    title = "Unknown namespace"


class UnknownTerm(UnknownName):
    """The pack has no such term."""

    code = "unknown_term"
    title = "Unknown term"


class EvidenceUnavailable(LifenodeError, LookupError):
    """The release records no evidence codes."""

    code = "evidence_unavailable"
    title = "Evidence codes are not recorded"
    status = 422


class PackError(LifenodeError, RuntimeError):
    """Something is wrong with a knowledge pack."""

    code = "pack_error"
    title = "The knowledge pack cannot be used"


class PackNotFound(PackError, LookupError):
    """No such pack is installed."""

    code = "pack_not_found"
    title = "The knowledge pack is not installed"
    status = 404


class TamperedPack(PackError):
    """A file differs from the checksum in its manifest."""

    code = "tampered_pack"
    title = "The knowledge pack was changed"


class BuildFailed(PackError):
    """Raw files are missing or do not fit together."""

    code = "build_failed"
    title = "The knowledge pack cannot be built"


class DownloadFailed(PackError):
    """A file could not be fetched whole."""

    code = "download_failed"
    title = "The download failed"


class FormatError(LifenodeError, ValueError):
    """A raw upstream file breaks its format."""

    code = "format_error"
    title = "The file breaks its format"
    status = 422

    @classmethod
    def at(cls, path: Path | str, line: int, problem: str, *, value: object = None) -> FormatError:
        """Make the error for a 1-based `line` of `path`."""
        return cls(
            f"{path}, line {line}: {problem}.",
            value=value,
            next_step="Check that the file is complete and of the format named.",
        )


class FetchFailed(LifenodeError, RuntimeError):
    """A web address that does not answer, or not in time."""

    code = "fetch_failed"
    title = "The address does not answer"
    status = 502


class OutputError(LifenodeError, OSError):
    """A result cannot be written."""

    code = "output_error"
    title = "The result cannot be written"


class BatchFailed(LifenodeError, RuntimeError):
    """Lists of a batch that could not be computed."""

    code = "batch_failed"
    title = "Part of the batch failed"


class UnknownLink(LifenodeError, LookupError):
    """A link, job or token that is not there, or no longer."""

    code = "unknown_link"
    title = "Nothing is kept under this address"
    status = 404


class StaleCursor(UnknownLink):
    """The next page of an answer, when the data it was made from have been replaced."""

    code = "stale_cursor"
    title = "The answer cannot go on"
    status = 410


class NotSignedIn(LifenodeError, PermissionError):
    """An e-mail, password or token that is not accepted; never which of them."""

    code = "not_signed_in"
    title = "Not signed in"
    status = 401


class NotPermitted(LifenodeError, PermissionError):
    """Something that the role of who asks does not allow."""

    code = "not_permitted"
    title = "Not permitted"
    status = 403


class TooManyAttempts(LifenodeError, PermissionError):
    """Sign-ins of one account that failed too often in a short time."""

    code = "too_many_attempts"
    title = "Too many attempts"
    status = 429


class Busy(LifenodeError, RuntimeError):
    """The node has no place for more work right now."""

    code = "busy"
    title = "The node is busy"
    status = 503


class TookTooLong(LifenodeError, TimeoutError):
    """Work that exceeded its time and was stopped."""

    code = "took_too_long"
    title = "The work took too long"
    status = 504


class MissingPart(LifenodeError, ImportError):
    """An optional library is not installed."""

    code = "missing_part"
    title = "An optional library is missing"

    @classmethod
    def library(cls, library: str, purpose: str, extra: str) -> MissingPart:
        """Say which `library` is needed for `purpose` and which `extra` brings it."""
        return cls(
            f"{purpose} needs the library {library}, which is not installed.",
            value=library,
            next_step=f"Install it with: pip install 'lifenode[{extra}]'",
        )


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return up to `count` of the `known` words most like `word`, best first, ignoring case."""
    by_folded: dict[str, str] = {}
    for name in known:
        by_folded.setdefault(name.casefold(), name)
    hits = difflib.get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.6)
    return [by_folded[hit] for hit in hits]
