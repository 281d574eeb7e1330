"""After the injection: how much of an aqueous form of B-12 is still at the point, and what reaches the blood.

One compartment, first order in and out: tmax = ln(ka/ke) / (ka - ke) is solved for ka, the rate at which the fluid leaves
the point (Gibaldi and Perrier, Pharmacokinetics, 2nd edition, chapter 1). Every figure stands with its source in
`knowledge/kinetics.toml`. Published figures disagree and some are missing, so every answer is a band from the lowest to
the highest that they allow; None where nothing allows an answer. Nobody has measured residence at an acupuncture point.
"""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterneedle import knowledge
from waterneedle.knowledge import Kinetics, Text

Array = NDArray[np.float64]

NEEDLE = "needle"
HALVINGS = 200  # of the bracket in the solver: down to the last digit of a float
STEPS = 5  # rates and shares tried between the ends of their bands
PEAK_GRID = 2000  # times at which the highest level is looked for


def forms() -> tuple[str, ...]:
    """The forms that kinetics are on file for, by the id of the substance."""
    return tuple(identity for identity, record in knowledge.kinetics().items() if record.substance is not None)


def remaining_fraction(form: str, route: str, hours: ArrayLike) -> Array | None:
    """Share of the dose still at the point: `(n, 2)` array of lowest and highest, each from 1 down to 0.

    `hours` since the injection, not negative. None where nothing was published for the form by this route or a like one.
    Raises ValueError for an unknown form or a negative or non-finite time.
    """
    rates = _absorption_band_per_h(_record(form), route)
    times = _times_h(hours)
    if rates is None:
        return None
    slow, fast = rates
    return np.exp(-np.outer(times, (fast, slow)))


def local_half_life_min(form: str, route: str) -> tuple[float, float] | None:
    """Shortest and longest time in minutes in which half of the dose leaves the point; None as in `remaining_fraction`."""
    rates = _absorption_band_per_h(_record(form), route)
    if rates is None:
        return None
    slow, fast = rates
    return 60 * float(np.log(2)) / fast, 60 * float(np.log(2)) / slow


def plasma_curve(form: str, route: str, dose_mcg: float | None, hours: ArrayLike) -> Array | None:
    """Plasma level above the baseline, as a share of its own peak: `(n, 2)` array of lowest and highest, from 0 to 1.

    No level in ng/mL: neither a volume of distribution nor a clearance was found. The dose matters through the share that
    serum cannot bind and the kidney loses quickly (`urinary_loss`); where that is not known, any share is allowed and the
    band is wider. None and ValueError as in `remaining_fraction`, and ValueError for a dose that is not positive.
    """
    record = _record(form)
    rates = _absorption_band_per_h(record, route)
    lost = urinary_loss(form, dose_mcg) if dose_mcg is not None else None
    times = _times_h(hours)
    bound, unbound = (_elimination_per_h(record, pool) for pool in ("bound", "unbound"))
    if rates is None or bound is None:
        return None
    low, high = (0.0, 0.0) if unbound is None else lost or (0.0, 1.0)
    curves = [
        _relative_curve(times, ka, bound, unbound or bound, share)
        for ka in np.geomspace(*rates, STEPS)
        for share in np.linspace(low, high, STEPS)
    ]
    return np.stack([np.min(curves, axis=0), np.max(curves, axis=0)], axis=1)


def urinary_loss(form: str, dose_mcg: float) -> tuple[float, float] | None:
    """Lowest and highest share of `dose_mcg` found in urine, between the doses that were studied on the logarithm of the dose.

    None outside of those doses. The larger the dose, the larger the share: serum binds only so much.
    """
    if not (np.isfinite(dose_mcg) and dose_mcg > 0):
        raise ValueError(f"dose_mcg must be positive, got {dose_mcg}")
    bands: dict[float, tuple[float, float]] = {}
    for loss in _record(form).urinary_losses:
        low, high = bands.get(loss.dose_mcg, loss.lost)
        bands[loss.dose_mcg] = min(low, loss.lost[0]), max(high, loss.lost[1])
    if not bands or not min(bands) <= dose_mcg <= max(bands):
        return None
    doses = sorted(bands)
    low, high = (float(np.interp(np.log(dose_mcg), np.log(doses), [bands[dose][end] for dose in doses])) for end in (0, 1))
    return low, high


def needle_retained_min() -> tuple[float, float]:
    """How long an acupuncture needle is ordinarily left in, in minutes: the thing an injection is compared with."""
    retained = knowledge.kinetics()[NEEDLE].retained_min
    assert retained is not None
    return retained


def statement(form: str) -> Text:
    """What can be said about the form in plain words, with what is unproven."""
    return _record(form).text


def caveats(form: str, route: str) -> tuple[str, ...]:
    """What the band for this form and route rests on besides measurement: assumed figures, widened routes, what nobody found."""
    record = _record(form)
    assumed = [f"{half.pool} half-life {half.half_life_h:g} h: {half.note}" for half in record.plasma_half_lives if half.note]
    widened = [
        f"{way.route} is taken like {way.like}, {way.factor:g} times wider on both sides: {way.note}"
        for way in record.widened if way.route == route
    ]
    return (*widened, *assumed, *(f"not found: {missing}" for missing in record.not_found))


def absorption_rate_per_h(tmax_h: ArrayLike, half_life_h: ArrayLike) -> Array:
    """The ka in 1/h that puts the plasma peak at `tmax_h` when half of what is in plasma is lost in `half_life_h`.

    With u = ka·tmax and v = ke·tmax the equation is u - ln u = v - ln v: one solution is u = v, the other, found by halving
    a bracket, is the answer (u = v = 1 where they meet). Arrays broadcast. Raises ValueError for a time that is not positive.
    """
    tmax, half_life = np.broadcast_arrays(np.asarray(tmax_h, float), np.asarray(half_life_h, float))
    if not (np.all(np.isfinite(tmax) & (tmax > 0)) and np.all(np.isfinite(half_life) & (half_life > 0))):
        raise ValueError(f"tmax_h and half_life_h must be positive, got {tmax_h} and {half_life_h}")
    v = np.log(2) / half_life * tmax
    wanted = v - np.log(v)
    # x = ln u; the other root lies on the far side of u = 1, where e^x - x only rises away from x = 0
    near, far = np.zeros_like(v), np.where(v < 1, np.log(2 * wanted + 2), -wanted)
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        is_short = np.exp(middle) - middle < wanted
        near, far = np.where(is_short, middle, near), np.where(is_short, far, middle)
    return np.exp((near + far) / 2) / tmax


def _absorption_band_per_h(record: Kinetics, route: str) -> tuple[float, float] | None:
    """Slowest and fastest rate at which the fluid leaves the point, over every pair of published figures."""
    halves = [half.half_life_h for half in record.plasma_half_lives]
    peaks = [peak.tmax_h for peak in record.peaks if peak.route == route]
    seen = [np.log(2) / site.half_life_h for site in record.site_half_lives if site.route == route]
    if peaks and halves:
        seen += list(absorption_rate_per_h(np.array(peaks)[:, None], np.array(halves)).ravel())
    if seen:
        return float(min(seen)), float(max(seen))
    for way in record.widened:
        if way.route == route and way.like != route:
            like = _absorption_band_per_h(record, way.like)
            return None if like is None else (like[0] / way.factor, like[1] * way.factor)
    return None


def _relative_curve(times: Array, ka: float, bound: float, unbound: float, share: float) -> Array:
    """The curve of two pools filled at the same rate, divided by its highest point."""
    # No pool peaks later than 1/k of the slower of its two rates.
    last = 2 / min(ka, bound, unbound)
    peak = np.max(_level(np.concatenate([np.geomspace(last * 1e-6, last, PEAK_GRID), times]), ka, bound, unbound, share))
    return _level(times, ka, bound, unbound, share) / peak


def _level(times: Array, ka: float, bound: float, unbound: float, share: float) -> Array:
    return (1 - share) * _bateman(times, ka, bound) + share * _bateman(times, ka, unbound)


def _bateman(times: Array, ka: float, ke: float) -> Array:
    """ka/(ka-ke)·(e^(-ke·t) - e^(-ka·t)), and its limit ka·t·e^(-ka·t) where the two rates meet."""
    slow, gap = min(ka, ke), abs(ka - ke)
    if gap < 1e-9 * ka:
        return ka * times * np.exp(-ka * times)
    return ka / gap * np.exp(-slow * times) * -np.expm1(-gap * times)


def _elimination_per_h(record: Kinetics, pool: str) -> float | None:
    for half in record.plasma_half_lives:
        if half.pool == pool:
            return float(np.log(2) / half.half_life_h)
    return None


def _record(form: str) -> Kinetics:
    record = knowledge.kinetics().get(form)
    if record is None or record.substance is None:
        raise ValueError(f"no kinetics are on file for {form!r}; there are {', '.join(forms())}")
    return record


def _times_h(hours: ArrayLike) -> Array:
    times = np.atleast_1d(np.asarray(hours, dtype=float))
    if times.ndim != 1 or not np.all(np.isfinite(times) & (times >= 0)):
        raise ValueError("hours must be finite and not negative, in one row")
    return times
