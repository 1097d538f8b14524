"""Factorials as scaled floating-point numbers, the ground under the exact hypergeometric tails.

``n! = mantissa[n] * 2 ** exponent[n]`` with the mantissa correctly rounded to a double in [0.5, 1). A hypergeometric
probability is then nine table entries multiplied and divided: no logarithm, so no cancellation (a table of summed
logarithms loses five digits at the size of a genome), no dependence on the platform's mathematics library, and no
underflow, because exponents are added as integers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_GUARD_BITS = 128

_mantissas: npt.NDArray[np.float64] = np.array([0.5])
_exponents: npt.NDArray[np.int64] = np.array([1])
_state = {"top": 1 << (_GUARD_BITS - 1), "exponent": 1}


def factorials(largest: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the mantissas and exponents of ``0! .. largest!`` (or further).

    Parameters
    ----------
    largest
        Largest argument needed, at least 0.

    Returns
    -------
    tuple of arrays
        ``mantissa`` (float64, in [0.5, 1)) and ``exponent`` (int64), both indexed by n.
    """
    if largest >= len(_mantissas):
        _grow(max(largest, 2 * len(_mantissas), 24_000))
    return _mantissas, _exponents


def _grow(largest: int) -> None:
    """Extend the tables, carrying a 128-bit integer mantissa so that rounding happens once, at the end."""
    global _mantissas, _exponents
    top, exponent = _state["top"], _state["exponent"]
    mantissas: list[float] = []
    exponents: list[int] = []
    for n in range(len(_mantissas), largest + 1):
        top *= n
        surplus = top.bit_length() - _GUARD_BITS
        top >>= surplus
        exponent += surplus
        mantissas.append(float(top))
        exponents.append(exponent)
    scaled = np.ldexp(np.array(mantissas), -_GUARD_BITS)
    # A mantissa that rounds up to 1.0 is halved, so that the interval stays half open.
    carried = scaled >= 1.0
    _mantissas = np.concatenate([_mantissas, np.where(carried, 0.5, scaled)])
    _exponents = np.concatenate([_exponents, np.array(exponents, dtype=np.int64) + carried])
    _state.update(top=top, exponent=exponent)
