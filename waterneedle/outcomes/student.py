"""Student's t distribution: how far out a value lies, and which value lies as far out as is asked.

By the regularised incomplete beta function, as its continued fraction (the method of W. J. Lentz, Applied Optics
1976;15:668-671, doi 10.1364/AO.15.000668; the fraction is formula 8.17.22 of the NIST Digital Library of Mathematical Functions).
"""

from __future__ import annotations

import math

_TINY, _CLOSE, _MOST = 1e-300, 1e-15, 10_000


def two_sided_p(t: float, df: float) -> float:
    """The probability that a value of the distribution with `df` degrees of freedom is as far from 0 as `t`, on either side.

    >>> round(two_sided_p(2.228, 10), 3)
    0.05
    """
    if df <= 0:
        raise ValueError(f"df must be positive, got {df}")
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t)) if math.isfinite(t) else 0.0


def quantile(confidence: float, df: float) -> float:
    """The value within which, on both sides of 0, the share `confidence` of the distribution lies.

    >>> round(quantile(0.95, 10), 3)
    2.228
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    low, high, outside = 0.0, 1.0, 1 - confidence
    while two_sided_p(high, df) > outside:
        low, high = high, high * 2
    for _step in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if two_sided_p(middle, df) > outside else (low, middle)
    return high


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    # The fraction converges fast on this side of the mean; on the other the mirrored one does.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _MOST):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < _CLOSE:
            return found
    raise ArithmeticError(f"the fraction does not converge at a={a}, b={b}, x={x}")


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
