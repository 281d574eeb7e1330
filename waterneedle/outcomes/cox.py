"""Proportional hazards (Cox), with ties as Efron has them, from counts for each time and pattern of covariates.

People with the same covariates who left at the same time are one row with a count, so that the work grows with the number of
different rows and not with people. Model: Cox, J R Stat Soc B 1972;34:187-220, doi 10.1111/j.2517-6161.1972.tb00899.x; ties:
Efron, J Am Stat Assoc 1977;72:557-565, doi 10.1080/01621459.1977.10480613. Efron's sums over many ties are taken whole by the
digamma function: sum over l < d of 1 / (S - l E/d) = (psi(Sd/E + 1) - psi(Sd/E - d + 1)) d/E.

Needs scipy (the extra `registry`).
"""
from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import digamma, gammaln, polygamma

CONFIDENCE = 0.95
_FEW_TIES = 64  # up to here one by one: the difference of two digammas loses digits where there are few ties among many
_STEPS = 50
_HALVINGS = 30
_GAIN = 1e-11  # of the likelihood that is foreseen, relative: below it a step is for nothing
_FLAT = 1e-9  # of information, with covariates of spread 1, for each event: below it the data do not speak of a covariate


@dataclass(frozen=True)
class Rows:
    """Counts of people: row i stands for `events[i]` with the event and `censored[i]` last seen without it, at time
    `times[time[i]]`, with covariates `patterns[pattern[i]]`. `times` rise."""

    times: np.ndarray
    patterns: np.ndarray  # (patterns, covariates)
    time: np.ndarray
    pattern: np.ndarray
    events: np.ndarray
    censored: np.ndarray

    def __post_init__(self) -> None:
        if np.any(np.diff(self.times) <= 0):
            raise ValueError("times must rise, each once")
        if self.patterns.ndim != 2:
            raise ValueError("patterns must be a table: one line for each, one column for each covariate")
        if np.any(self.events < 0) or np.any(self.censored < 0):
            raise ValueError("counts must not be negative")


def rows_of(durations: Any, events: Any, censored: Any, covariates: Any) -> Rows:
    """Rows as a database gives them, grouped or not: for each a duration, two counts and covariates (rows, covariates)."""
    times, time = np.unique(np.asarray(durations), return_inverse=True)
    patterns, pattern = np.unique(np.asarray(covariates, dtype=float), axis=0, return_inverse=True)
    return Rows(times, patterns, time, pattern.reshape(-1), np.asarray(events), np.asarray(censored))


@dataclass(frozen=True)
class Hazards:
    """What was found: logarithms of hazard ratios with their covariance. `converged` is False where they run away (some
    covariate parts those with the event from the others wholly) or where the data do not tell covariates apart."""

    coefficients: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    log_likelihood_of_none: float  # with all coefficients 0
    events: int
    people: int
    steps: int
    converged: bool

    @property
    def errors(self) -> np.ndarray:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    def ratios(self, confidence: float = CONFIDENCE) -> np.ndarray:
        """Hazard ratios with the limits of Wald's interval: (covariates, 3)."""
        width = NormalDist().inv_cdf((1 + confidence) / 2) * self.errors
        return np.exp(np.stack([self.coefficients, self.coefficients - width, self.coefficients + width], axis=1))


def fit(rows: Rows) -> Hazards:
    """The coefficients that make the partial likelihood largest, by Newton's steps, halved where one goes too far."""
    model = _Model.of(rows)
    beta = np.zeros(rows.patterns.shape[1])
    here = at_none = model.at(beta)
    steps, converged = 0, False
    while steps < _STEPS and not converged and _is_told(here, model):
        step = np.linalg.solve(here.information, here.gradient)
        gain = float(step @ here.gradient)  # twice what the likelihood would grow, were it a parabola
        beta, here, moved = _forward(model, beta, step, here)
        converged = gain <= _GAIN * (1 + abs(here.log_likelihood)) or not moved
        steps += 1
    converged = converged and _is_told(here, model)
    covariance = np.linalg.inv(here.information) if converged else np.full((len(beta), len(beta)), np.nan)
    scale = model.scale
    return Hazards(beta / scale, covariance / np.outer(scale, scale), here.log_likelihood, at_none.log_likelihood,
                   int(rows.events.sum()), int(rows.events.sum() + rows.censored.sum()), steps, converged)


@dataclass(frozen=True)
class _Here:
    log_likelihood: float
    gradient: np.ndarray
    information: np.ndarray


@dataclass(frozen=True)
class _Model:
    covariates: np.ndarray  # centred, of spread 1
    scale: np.ndarray
    leaving: sparse.csr_matrix  # (times, patterns): how many left
    dying: sparse.csr_matrix  # (times with events, patterns): how many with the event
    has_events: np.ndarray  # which times those are
    ties: np.ndarray  # how many events each of them has
    total: np.ndarray  # sum of the covariates over all events

    @classmethod
    def of(cls, rows: Rows) -> _Model:
        people = np.bincount(rows.pattern, rows.events + rows.censored, minlength=len(rows.patterns))
        everybody = max(people.sum(), 1)
        centred = rows.patterns - people @ rows.patterns / everybody
        scale = np.sqrt(people @ centred**2 / everybody)
        scale = np.where(scale > 0, scale, 1.0)
        shape = (len(rows.times), len(rows.patterns))
        leaving, dying = (sparse.csr_matrix((counts.astype(float), (rows.time, rows.pattern)), shape=shape)
                          for counts in (rows.events + rows.censored, rows.events))
        ties = np.asarray(dying.sum(axis=1)).reshape(-1)
        has_events = np.flatnonzero(ties > 0)
        covariates = centred / scale
        return cls(covariates, scale, leaving, dying[has_events], has_events, ties[has_events],
                   np.asarray(dying.sum(axis=0)).reshape(-1) @ covariates)

    @property
    def events(self) -> float:
        return float(self.ties.sum())

    def at(self, beta: np.ndarray) -> _Here:
        score = self.covariates @ beta
        top = score.max() if len(score) else 0.0
        weight = np.exp(score - top)  # nothing overflows, and all sums are off by the same factor
        size = len(beta)
        one, other = np.triu_indices(size)
        moments = np.column_stack([np.ones(len(score)), self.covariates, self.covariates[:, one] * self.covariates[:, other]])
        moments = moments * weight[:, None]
        risk = (self.leaving @ moments)[::-1].cumsum(axis=0)[::-1][self.has_events]
        dying = self.dying @ moments
        sums = _efron(risk[:, 0], dying[:, 0], self.ties)
        risk_1, dying_1, risk_2, dying_2 = risk[:, 1:1 + size], dying[:, 1:1 + size], risk[:, 1 + size:], dying[:, 1 + size:]
        gradient = self.total - (sums.a @ risk_1 - sums.fa @ dying_1)
        second = np.zeros((size, size))
        second[one, other] = sums.a @ risk_2 - sums.fa @ dying_2
        second = second + np.triu(second, 1).T
        mixed = (risk_1 * sums.faa[:, None]).T @ dying_1
        means = (risk_1 * sums.aa[:, None]).T @ risk_1 - mixed - mixed.T + (dying_1 * sums.ffaa[:, None]).T @ dying_1
        return _Here(float(self.total @ beta - sums.logs.sum() - self.events * top), gradient, second - means)


@dataclass(frozen=True)
class _Sums:
    """For each time, sums over l < d, with f = l/d and a = 1 / (S - f E): of -log a, a, fa, a², fa², f²a²."""

    logs: np.ndarray
    a: np.ndarray
    fa: np.ndarray
    aa: np.ndarray
    faa: np.ndarray
    ffaa: np.ndarray


def _efron(risk: np.ndarray, dying: np.ndarray, ties: np.ndarray) -> _Sums:
    dying = np.minimum(dying, risk)  # they are among those at risk; rounding must not say otherwise
    many = ties > _FEW_TIES
    table = np.empty((6, len(ties)))
    table[:, many] = _whole(risk[many], dying[many], ties[many])
    table[:, ~many] = _one_by_one(risk[~many], dying[~many], ties[~many])
    return _Sums(*table)


def _one_by_one(risk: np.ndarray, dying: np.ndarray, ties: np.ndarray) -> np.ndarray:
    if not len(ties):
        return np.empty((6, 0))
    count = ties.astype(int)
    start = np.cumsum(count) - count
    share = (np.arange(count.sum()) - np.repeat(start, count)) / np.repeat(ties, count)
    left = np.repeat(risk, count) - share * np.repeat(dying, count)
    a = 1 / left
    fa = share * a
    return np.add.reduceat(np.stack([np.log(left), a, fa, a * a, fa * a, fa * fa]), start, axis=1)


def _whole(risk: np.ndarray, dying: np.ndarray, ties: np.ndarray) -> np.ndarray:
    unit = dying / ties
    most, least = risk / unit + 1, np.maximum(risk / unit - ties, 0) + 1
    logs = ties * np.log(unit) + gammaln(most) - gammaln(least)
    a = (digamma(most) - digamma(least)) / unit
    aa = (polygamma(1, least) - polygamma(1, most)) / unit**2
    fa = (risk * a - ties) / dying  # for f a = (S a - 1) / E
    faa = (risk * aa - a) / dying
    ffaa = (risk**2 * aa - 2 * risk * a + ties) / dying**2
    return np.stack([logs, a, fa, aa, faa, ffaa])


def _forward(model: _Model, beta: np.ndarray, step: np.ndarray, here: _Here) -> tuple[np.ndarray, _Here, bool]:
    for _halving in range(_HALVINGS):
        there = model.at(beta + step)
        if np.isfinite(there.log_likelihood) and there.log_likelihood >= here.log_likelihood:
            return beta + step, there, True
        step = step / 2
    return beta, here, False


def _is_told(here: _Here, model: _Model) -> bool:
    """Whether the data say something of every direction: else the coefficients are not to be had."""
    return model.events > 0 and bool(np.linalg.eigvalsh(here.information)[0] > _FLAT * model.events)
