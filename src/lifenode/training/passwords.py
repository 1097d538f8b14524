"""Passwords: which are refused, and how the others are kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata

from lifenode.errors import InvalidOption

SHORTEST = 10
LONGEST = 1_000
# scrypt is in the standard library, so that nothing more has to be installed for accounts. N = 2^14, r = 8, p = 5 is
# one of the equal choices of the OWASP Password Storage Cheat Sheet, and that with the least memory: 16 MiB a sign-in.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 5
_MEMORY = 64 * 1024 * 1024
_SCHEME = f"scrypt${_COST}${_BLOCK}${_PARALLEL}$"

# What the commonest passwords are made of, once digits, signs and letters written as digits are undone.
_STEMS = (
    "password|passwort|passwd|pass|parool|secret|welcome|letmein|admin|administrator|root|user|guest|login|test|demo|"
    "default|change|changeme|me|master|access|monkey|dragon|sunshine|princess|football|baseball|iloveyou|love|you|"
    "superman|batman|shadow|hello|abc|qwerty|azerty|qwertz|training|lifenode|elixir|tess|the|my|is|a|i|this|new"
)
_MADE_OF_STEMS = re.compile(f"(?:{_STEMS})+")
_WRITTEN_AS = str.maketrans("013457@$!", "oleastasi")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p")


def refuse_if_weak(password: str, *names: str) -> None:
    """Refuse a password that is short, or one of those that are tried first.

    Parameters
    ----------
    password
        As typed; any characters, blanks too.
    *names
        E-mail and name of the account, which must not be all there is to it.

    Raises
    ------
    InvalidOption
        It is shorter than `SHORTEST` or longer than `LONGEST` characters, made of common words, of rows of the
        keyboard or the alphabet, of one piece repeated, or of a name. The message never holds the password.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidOption(
            f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}.",
            value=len(password),
            next_step="Use a few words that do not belong together.",
        )
    if why := _why_common(password.casefold(), names):
        raise InvalidOption(f"The password {why}.", next_step="Use a few words that do not belong together.")


def _why_common(folded: str, names: tuple[str, ...]) -> str:
    plain = re.sub(r"[\W\d_]", "", folded)
    undone = re.sub(r"[\W\d_]", "", folded.rstrip("0123456789!?.").translate(_WRITTEN_AS))
    if re.fullmatch(r"(.{1,4})\1+.{0,3}", folded, re.DOTALL):
        return "is one piece repeated"
    if _in_rows(folded):
        return "follows the keyboard or the alphabet"
    if not plain:
        return "has no letters"
    if any(_MADE_OF_STEMS.fullmatch(text) for text in (plain, undone) if text):
        return "is among the commonest"
    parts = {part for name in names for part in re.split(r"[\W\d_]+", name.casefold()) if len(part) > 2}
    rest = plain
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    return "is made of the name or e-mail of the account" if len(rest) < len(plain) and len(rest) < 4 else ""


def _in_rows(folded: str) -> bool:
    both = [row for forward in _ROWS for row in (forward * 2, forward[::-1] * 2)]
    rest = folded
    while rest:
        taken = max((n for n in range(3, len(rest) + 1) if any(rest[:n] in row for row in both)), default=0)
        if not taken:
            return False
        rest = rest[taken:]
    return True


def hashed(password: str) -> str:
    """Return what is kept of a password: scheme, parameters, salt and hash, separated by ``$``."""
    salt = secrets.token_bytes(16)
    return _SCHEME + "$".join(base64.b64encode(part).decode() for part in (salt, _scrypt(password, salt)))


def matches(password: str, kept: str) -> bool:
    """Tell whether a password is the one kept; takes as long where none is kept."""
    held = kept or _NOBODYS
    _, cost, block, parallel, salt, expected = held.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(expected)) and bool(kept)


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than those of today."""
    return not kept.startswith(_SCHEME)


def _scrypt(password: str, salt: bytes, cost: int = _COST, block: int = _BLOCK, parallel: int = _PARALLEL) -> bytes:
    # The same letters can be typed in several forms; a lone surrogate is in none.
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


_NOBODYS = f"{_SCHEME}{base64.b64encode(bytes(16)).decode()}${base64.b64encode(bytes(32)).decode()}"
