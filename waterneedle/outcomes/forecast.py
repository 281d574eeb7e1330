"""After how many sessions people like this one had relief: a forecast for somebody new, with honest limits, or nothing.

A small hierarchical model of a clinic's own counts. The chance of a first relief after session k, for those who have had none
before, is a logistic one: `logit h = a[k] + u[indication] + v[indication, band]`. The course over the sessions `a` is common and
smooth (a random walk); indications differ by `u`, and bands of severity within one by `v`, each drawn to the middle the more, the
less was counted (partial pooling). Spreads of `u` and `v` are weighed on a grid by the marginal likelihood of Laplace (Tierney
and Kadane, J Am Stat Assoc 1986;81:82-86, doi 10.1080/01621459.1986.10478240) and by a gamma prior that is zero at zero, so that
few groups are not taken for none that differ (Chung et al., Psychometrika 2013;78:685-709, doi 10.1007/s11336-013-9328-2; they
advise shape 2 and a small rate). Around each mode the parameters are normal. Who stops coming is taken for no better or worse
than who goes on, which the page says.

`bench/outcomes.py` has how often the limits hold the truth, over thousands of simulated clinics.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.9
FEWEST = 30  # people of the same indication, below which nothing is said: with fewer, groups lay over 5 points off (`bench/`)
FEWEST_AT_RISK = 5  # of the same indication at a session, beyond which nothing is said
DRAWS = 1000
_SPREADS = tuple(0.08 * 1.8**step for step in range(6))  # of u and of v, on the scale of the logit: even steps of its logarithm
_SCALE = 0.6  # of their gamma prior of shape 2: a wider one holds no more and says too much of small clinics (our judgement)
_FIRST = (-1.5, 1.5)  # mean and spread of the first step of the course, before anything was counted
_STEP = 0.45  # spread of each further step
_SEED = 1958


class Cell(NamedTuple):
    """How many people had their first relief after each session (the first is number 1), and how many were last seen there
    without any."""

    events: tuple[int, ...]
    censored: tuple[int, ...]

    @property
    def people(self) -> int:
        return sum(self.events) + sum(self.censored)

    @property
    def at_risk(self) -> tuple[int, ...]:
        leaving = [one + other for one, other in zip(self.events, self.censored, strict=True)]
        return tuple(itertools.accumulate(reversed(leaving)))[::-1]


class Key(NamedTuple):
    indication: str
    band: str


class Step(NamedTuple):
    """By session `session`: the share of people like this with relief, and its limits."""

    session: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What to expect, and on how many people it rests: those of the same indication and band, of the indication, of all."""

    steps: tuple[Step, ...]
    like: int
    indication: int
    everybody: int
    confidence: float
    at_risk: tuple[int, ...]  # people of the indication who were followed to each session without relief before it
    hazards: np.ndarray = field(repr=False, compare=False)  # of a first relief after each session, (draws, sessions)

    def after(self, sessions: int) -> Forecast | None:
        """The same for somebody who had so many sessions and no relief; None beyond the last session that enough tell of."""
        steps = _steps(self.hazards[:, sessions:], sessions, self.confidence)
        return replace(self, steps=steps) if steps else None

    def without(self, sessions: int, *, relieved: bool) -> Forecast | None:
        """The same as if one of the people like this had not been counted, who had a first relief after session number
        `sessions`, or none in so many; None where too few are left. Each draw weighs in inverse proportion to how likely it makes
        that person: what is known without somebody is what is known with them, divided by their likelihood."""
        left = tuple(count - (place < sessions) for place, count in enumerate(self.at_risk))
        told = _enough(left)
        if self.indication <= FEWEST or not told:
            return None
        seen = self.hazards[:, :sessions]
        is_seen = relieved and sessions == seen.shape[1]  # not beyond the last session that is told of
        likelihood = np.prod(1 - seen[:, :-1], axis=1) * (seen[:, -1] if is_seen else 1 - seen[:, -1])
        reached = np.cumsum(1 / likelihood)
        draws = np.searchsorted(reached, (np.arange(len(reached)) + 0.5) / len(reached) * reached[-1])
        hazards = self.hazards[draws, :told]
        return Forecast(_steps(hazards, 0, self.confidence), self.like - 1, self.indication - 1, self.everybody - 1,
                        self.confidence, left[:told], hazards)

    def by(self, session: int) -> Step | None:
        return next((one for one in self.steps if one.session == session), None)

    @property
    def half_by(self) -> tuple[int | None, int | None]:
        """Between which sessions half of the people have relief; None: later than is known."""
        return tuple(next((one.session for one in self.steps if limit(one) >= 0.5), None)
                     for limit in (lambda one: one.high, lambda one: one.low))


def forecast(cells: Mapping[Key, Cell], who: Key, *, confidence: float = CONFIDENCE, seed: int = _SEED) -> Forecast | None:
    """The forecast for a new patient of `who`; None where too few of that indication are on file."""
    same = [cell for key, cell in cells.items() if key.indication == who.indication]
    at_risk = _at_risk(same)
    sessions = _enough(at_risk)
    if sum(cell.people for cell in same) < FEWEST or not sessions:
        return None
    hazards = _draws(_Data.of({who: Cell((), ()), **cells}), who, np.random.default_rng(seed))[:, :sessions]
    like = cells.get(who)
    return Forecast(_steps(hazards, 0, confidence), like.people if like else 0, sum(cell.people for cell in same),
                    sum(cell.people for cell in cells.values()), confidence, at_risk[:sessions], hazards)


def _steps(hazards: np.ndarray, before: int, confidence: float) -> tuple[Step, ...]:
    """The share with relief by each session after the first `before`, of those who had none until then."""
    had = 1 - np.cumprod(1 - hazards, axis=1)
    tail = (1 - confidence) / 2
    # Of n draws the k-th smallest has k of n + 1 below it; numpy's usual rule would make the limits 0.2 of 100 too narrow.
    low, middle, high = np.quantile(had, [tail, 0.5, 1 - tail], axis=0, method="weibull")
    return tuple(Step(before + k + 1, float(middle[k]), float(low[k]), float(high[k])) for k in range(hazards.shape[1]))


def _at_risk(cells: Sequence[Cell]) -> tuple[int, ...]:
    return tuple(sum(each) for each in itertools.zip_longest(*(cell.at_risk for cell in cells), fillvalue=0))


def _enough(at_risk: Sequence[int]) -> int:
    """The last session of which enough people tell."""
    return sum(1 for _one in itertools.takewhile(lambda count: count >= FEWEST_AT_RISK, at_risk))


@dataclass(frozen=True)
class _Data:
    """Counts as arrays: one row for each session of each cell that somebody was at risk in."""

    keys: tuple[Key, ...]
    design: np.ndarray  # (rows, parameters): a by session, u by indication, v by cell
    events: np.ndarray
    at_risk: np.ndarray
    sessions: int
    indications: tuple[str, ...]

    @classmethod
    def of(cls, cells: Mapping[Key, Cell]) -> _Data:
        keys = tuple(sorted(cells))
        indications = tuple(sorted({key.indication for key in keys}))
        sessions = max((len(cell.events) for cell in cells.values()), default=0) or 1
        rows, events, at_risk = [], [], []
        for place, key in enumerate(keys):
            cell = cells[key]
            for session, (seen, risk) in enumerate(zip(cell.events, cell.at_risk, strict=True)):
                if risk:
                    rows.append((session, sessions + indications.index(key.indication), sessions + len(indications) + place))
                    events.append(seen)
                    at_risk.append(risk)
        design = np.zeros((len(rows), sessions + len(indications) + len(keys)))
        for row, places in enumerate(rows):
            design[row, list(places)] = 1
        return cls(keys, design, np.array(events, float), np.array(at_risk, float), sessions, indications)

    def row_of(self, who: Key, session: int) -> np.ndarray:
        row = np.zeros(self.design.shape[1])
        row[[session, self.sessions + self.indications.index(who.indication),
             self.sessions + len(self.indications) + self.keys.index(who)]] = 1
        return row


def _draws(data: _Data, who: Key, chance: np.random.Generator) -> np.ndarray:
    """Hazards of `who` at each session, (DRAWS, sessions), over what is not known of the parameters and their spreads."""
    pairs = list(itertools.product(_SPREADS, repeat=2))
    fits = [_fit(data, one, other) for one, other in pairs]
    weights = np.exp([fit[2] - max(each[2] for each in fits) for fit in fits])
    spreads = np.array(_SPREADS)
    before = spreads * np.exp(-spreads / _SCALE) * spreads  # each stands for a width in proportion to it
    weights *= np.outer(before, before).ravel()
    counts = chance.multinomial(DRAWS, weights / weights.sum())
    rows = np.stack([data.row_of(who, session) for session in range(data.sessions)])
    found = []
    for (mode, factor, _evidence), count in zip(fits, counts, strict=True):
        # factor @ factor.T is the precision: its inverse transpose makes draws of that covariance.
        drawn = mode[:, None] + np.linalg.solve(factor.T, chance.standard_normal((len(mode), count)))
        found.append((rows @ drawn).T)
    return 1 / (1 + np.exp(-np.concatenate(found)))


def _fit(data: _Data, spread_u: float, spread_v: float) -> tuple[np.ndarray, np.ndarray, float]:
    """The mode, the Cholesky factor of the precision there, and the logarithm of the marginal likelihood of Laplace."""
    prior, mean = _prior(data, spread_u, spread_v)
    point = mean.copy()
    for _round in range(50):
        chance = 1 / (1 + np.exp(-(data.design @ point)))
        slope = data.design.T @ (data.events - data.at_risk * chance) - prior @ (point - mean)
        precision = (data.design.T * (data.at_risk * chance * (1 - chance))) @ data.design + prior
        step = np.linalg.solve(precision, slope)
        point = point + step * min(1.0, 3.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    factor = np.linalg.cholesky(precision)
    linear = data.design @ point
    fitted = float(data.events @ linear - data.at_risk @ np.logaddexp(0, linear))
    away = point - mean
    evidence = fitted - 0.5 * float(away @ prior @ away) - float(np.log(np.diag(factor)).sum())
    return point, factor, evidence + 0.5 * float(np.linalg.slogdet(prior)[1])


def _prior(data: _Data, spread_u: float, spread_v: float) -> tuple[np.ndarray, np.ndarray]:
    """Precision and mean of the parameters before anything was counted."""
    sessions, size = data.sessions, data.design.shape[1]
    prior, mean = np.zeros((size, size)), np.zeros(size)
    mean[:sessions] = _FIRST[0]
    prior[0, 0] = 1 / _FIRST[1] ** 2
    for session in range(1, sessions):
        pair = np.ix_([session - 1, session], [session - 1, session])
        prior[pair] += np.array([[1, -1], [-1, 1]]) / _STEP**2
    others = np.arange(sessions, size)
    spreads = np.r_[np.full(len(data.indications), spread_u), np.full(len(data.keys), spread_v)]
    prior[others, others] = 1 / spreads**2
    return prior, mean
