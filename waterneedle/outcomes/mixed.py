"""A linear model with an intercept of its own for each group, such as a clinic or a practitioner, from sums for each group.

    y = X beta + u(group) + e,    u ~ N(0, between),    e ~ N(0, within)

Of each group its size, the sums of its columns and of its outcome are enough, and of all people together the sums of products:
one pass over the rows, which a database makes. What is left is one number, theta = between / within: groups of the same size are
taken together and the likelihood is searched along it from 0, which is a valid answer, to where it no longer rises. Restricted
likelihood: Patterson and Thompson, Biometrika 1971;58:545-554, doi 10.1093/biomet/58.3.545; the model: Laird and Ware, Biometrics
1982;38:963-974, doi 10.2307/2529876.

Needs scipy (the extra `registry`).
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.optimize import brentq

CONFIDENCE = 0.95
_TOLD_APART = 1e-6  # of a column of length 1: what the others leave of it
_GRID = np.concatenate([[0.0], np.logspace(-9, 6, 61)])  # of theta; at the last one `within` is nothing


@dataclass(frozen=True)
class Sums:
    """What is known of the groups. `products` is of the columns of X with y as the last one, over everybody."""

    sizes: np.ndarray  # (groups,)
    totals: np.ndarray  # (groups, columns of X + 1): sums of X and, last, of y
    products: np.ndarray  # (columns + 1, columns + 1)

    def __post_init__(self) -> None:
        if np.any(self.sizes <= 0):
            raise ValueError("a group without anybody is no group")
        if self.totals.shape != (len(self.sizes), len(self.products)):
            raise ValueError("totals must have one line for each group, and one column more than X has")


def sums_of(groups: Any, columns: Any, outcome: Any) -> Sums:
    """The sums of people one by one: the group of each, X (people, columns; with a column of ones for the intercept), y."""
    _names, place = np.unique(np.asarray(groups), return_inverse=True)
    whole = np.column_stack([np.asarray(columns, dtype=float), np.asarray(outcome, dtype=float)])
    totals = np.stack([np.bincount(place, column) for column in whole.T], axis=1)
    return Sums(np.bincount(place), totals, whole.T @ whole)


@dataclass(frozen=True)
class Fit:
    """Coefficients with their covariance, and the two variances. `predicted` is the best linear unbiased prediction of each
    group's own intercept, with its standard error."""

    coefficients: np.ndarray
    covariance: np.ndarray
    within: float
    between: float
    log_likelihood: float
    people: int
    groups: int
    predicted: np.ndarray
    predicted_errors: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlation(self) -> float:
        """Of two people of one group, given their covariates (intraclass correlation)."""
        return self.between / (self.between + self.within)

    def intervals(self, confidence: float = CONFIDENCE) -> np.ndarray:
        """Coefficients with the limits of their intervals: (columns, 3)."""
        width = NormalDist().inv_cdf((1 + confidence) / 2) * self.errors
        return np.stack([self.coefficients, self.coefficients - width, self.coefficients + width], axis=1)


def fit(sums: Sums, *, restricted: bool = True) -> Fit:
    """The largest likelihood (`restricted`: REML, whose variances are not too small where there are few groups).

    Raises ValueError where the columns of X are not told apart by the people, or are as many as the people.
    """
    model = _Model.of(sums, restricted)
    theta = _best(model)
    return _described(sums, model, theta)


def between_interval(sums: Sums, *, restricted: bool = True, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Limits of theta = between / within: where the profile of the likelihood has fallen by what chi-squared allows."""
    model = _Model.of(sums, restricted)
    best = _best(model)
    allowed = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / 2
    floor = model.log_likelihood(best) - allowed

    def above(theta: float) -> float:
        return model.log_likelihood(theta) - floor

    low = 0.0 if above(0.0) >= 0 else brentq(above, 0.0, best, xtol=1e-14)
    high = max(2 * best, 1e-9)
    while above(high) > 0:
        if high > _GRID[-1]:
            return low, math.inf
        high *= 4
    return low, brentq(above, best, high, xtol=1e-14)


@dataclass(frozen=True)
class _At:
    """The model at one theta."""

    coefficients: np.ndarray
    unscaled: np.ndarray  # covariance of the coefficients, over `within`
    within: float
    log_likelihood: float
    slope: float  # of log_likelihood along theta


@dataclass(frozen=True)
class _Model:
    products: np.ndarray
    sizes: np.ndarray  # the different sizes of groups
    how_many: np.ndarray  # groups of each size
    squares: np.ndarray  # (sizes, columns + 1, columns + 1): sums over groups of each size of totals x totals
    people: int
    restricted: bool

    @classmethod
    def of(cls, sums: Sums, restricted: bool) -> _Model:
        sizes, place, how_many = np.unique(sums.sizes, return_inverse=True, return_counts=True)
        order = np.argsort(place, kind="stable")
        totals, ends = sums.totals[order], np.cumsum(how_many)
        squares = np.stack([part.T @ part for part in np.split(totals, ends[:-1])])
        people, columns = int(sums.sizes.sum()), len(sums.products) - 1
        if people <= columns:
            raise ValueError(f"{columns} columns need more than {people} people")
        return cls(sums.products, sizes.astype(float), how_many, squares, people, restricted)

    @property
    def columns(self) -> int:
        return len(self.products) - 1

    def at(self, theta: float) -> _At:
        weights = theta / (1 + self.sizes * theta)
        whole = self.products - np.tensordot(weights, self.squares, axes=1)
        columns, of_y, square = whole[:-1, :-1], whole[:-1, -1], whole[-1, -1]
        scale = np.sqrt(np.diag(columns))
        if np.any(~np.isfinite(scale)) or np.any(scale == 0):
            raise ValueError("a column of X is empty")
        try:
            root = np.linalg.cholesky(columns / np.outer(scale, scale))
        except np.linalg.LinAlgError:
            raise ValueError("the columns of X are not told apart by the people") from None
        if np.diag(root).min() < _TOLD_APART:
            raise ValueError("the columns of X are not told apart by the people")
        inverse = np.linalg.inv(root)
        unscaled = inverse.T @ inverse / np.outer(scale, scale)
        coefficients = unscaled @ of_y
        freedom = self.people - self.columns if self.restricted else self.people
        within = max(float(square - of_y @ coefficients), 0.0) / freedom
        spread = float(self.how_many @ np.log1p(self.sizes * theta))
        determinant = 2 * float(np.log(np.diag(root)).sum() + np.log(scale).sum()) if self.restricted else 0.0
        with np.errstate(divide="ignore"):
            minus_twice = freedom * (math.log(2 * math.pi) + float(np.log(within)) + 1) + spread + determinant
        return _At(coefficients, unscaled, within, -minus_twice / 2, self._slope(theta, coefficients, unscaled, within * freedom))

    def log_likelihood(self, theta: float) -> float:
        return self.at(theta).log_likelihood

    def _slope(self, theta: float, coefficients: np.ndarray, unscaled: np.ndarray, residual: float) -> float:
        """The coefficients are the best ones at theta, so that moving them adds nothing."""
        lost = np.tensordot(1 / (1 + self.sizes * theta) ** 2, self.squares, axes=1)
        contrast = np.append(-coefficients, 1.0)
        freedom = self.people - self.columns if self.restricted else self.people
        with np.errstate(divide="ignore", invalid="ignore"):
            explained = freedom * float(contrast @ lost @ contrast) / np.float64(residual)
        determinant = float((unscaled * lost[:-1, :-1]).sum()) if self.restricted else 0.0
        return (explained + determinant - float(self.how_many @ (self.sizes / (1 + self.sizes * theta)))) / 2


def _best(model: _Model) -> float:
    """theta where the likelihood is largest: of 0 and of all places where it stops to rise."""
    slopes = [model.at(theta).slope for theta in _GRID]
    tops = [float(brentq(lambda theta: model.at(theta).slope, low, high, xtol=1e-15, rtol=1e-13))
            for low, high, rising, falling in zip(_GRID, _GRID[1:], slopes, slopes[1:], strict=False) if rising > 0 >= falling]
    ends = [0.0] if slopes[0] <= 0 else []
    ends += [float(_GRID[-1])] if slopes[-1] > 0 else []
    return max(tops + ends, key=model.log_likelihood)


def _described(sums: Sums, model: _Model, theta: float) -> Fit:
    found = model.at(theta)
    beta, between = found.coefficients, theta * found.within
    shrunk = theta / (1 + sums.sizes * theta)
    predicted = shrunk * (sums.totals[:, -1] - sums.totals[:, :-1] @ beta)
    # Of the difference between prediction and truth, with what is not known of the coefficients.
    lever = shrunk[:, None] * sums.totals[:, :-1]
    unsure = np.einsum("gi,ij,gj->g", lever, found.unscaled, lever)
    errors = np.sqrt(found.within * (shrunk + unsure))
    return Fit(beta, found.within * found.unscaled, found.within, between, found.log_likelihood, model.people,
               len(sums.sizes), predicted, errors)
