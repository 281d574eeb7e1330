"""Plots of the report, as SVG that takes its ink from the page, so that it can be read on light and on dark."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")

import numpy as np
from matplotlib.figure import Figure

from waterneedle.outcomes.survival import Curve
from waterneedle.registry.rates import FUNNEL, Funnel
from waterneedle.registry.results import ClinicEffect
from waterneedle.registry.signals import Signal

_INK, _WATER, _BLOCK = "#010203", "#010204", "#010205"  # stand for the page's colours
_ON_PAGE = {_INK: "currentColor", _WATER: "var(--water)", _BLOCK: "var(--block)"}
_DASHES = ((), (5, 2), (2, 2), (6, 2, 2, 2), (1, 2), (8, 3))
_STYLE = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "text.color": _INK,
    "svg.hashsalt": "waterneedle",
}  # the same numbers give the same picture
_MOST_ROWS = 40


def relief(curves: dict[str, Curve]) -> str:
    """The share with relief by the number of sessions, with its interval."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _drawing(6.4, 3.6)
        for (indication, curve), dashes in zip(curves.items(), _DASHES * (1 + len(curves) // len(_DASHES)), strict=False):
            times = np.append(0, curve.counts.times)
            share, low, high = (np.append(0, 1 - limit) for limit in (curve.survival, curve.high, curve.low))
            axes.fill_between(times, low, high, step="post", color=_WATER, alpha=0.12, linewidth=0)
            axes.step(times, share, where="post", color=_WATER, dashes=dashes or (None, None), linewidth=1.6)
            axes.annotate(indication, (times[-1], share[-1]), xytext=(4, 0), textcoords="offset points", va="center")
        axes.set(xlabel="sessions", ylabel="share with relief", ylim=(0, 1), xlim=(0, None))
        return _svg(figure, "Share of courses with relief, by session and indication")


def funnel(found: Funnel) -> str:
    """The rate of each clinic by its size, and the limits of chance."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _drawing(5.2, 3.4)
        sizes = [one.injections for one in found.clinics]
        size = np.unique(np.geomspace(max(min(sizes) * 0.7, 10), max(sizes) * 1.1, 120).astype(int))
        for confidence, dashes in zip(FUNNEL, ((4, 3), (None, None)), strict=True):
            for limit in found.limits(size, confidence):
                axes.plot(size, 1000 * limit, color=_INK, linewidth=0.8, dashes=dashes, alpha=0.7)
        axes.axhline(1000 * found.overall, color=_INK, linewidth=0.8)
        outside = set(found.outside())
        for one in found.clinics:
            shape = {"marker": "D", "color": _BLOCK} if one in outside else {"marker": "o", "color": _WATER}
            axes.plot(one.injections, 1000 * one.share, linestyle="", markersize=5, **shape)
        axes.set(xlabel="injections of the clinic", ylabel=f"{found.kind} for 1,000 injections", ylim=(0, None))
        return _svg(figure, f"Rate of {found.kind} in each clinic by its number of injections, with the limits of chance")


def clinics(effects: Sequence[ClinicEffect]) -> str:
    """Clinics in order of how much the score changed beyond case mix; the furthest on both sides where there are many."""
    ordered = sorted(effects, key=lambda one: one.effect)
    shown = ordered if len(ordered) <= _MOST_ROWS else ordered[: _MOST_ROWS // 2] + ordered[-_MOST_ROWS // 2 :]
    rows = [(one.clinic, one.effect, one.effect - 1.96 * one.error, one.effect + 1.96 * one.error) for one in shown]
    return _rows(
        rows, "change of the score beyond case mix (points)", 0.0, "How far each clinic lies from what case mix explains"
    )


def ratios(signals: Iterable[Signal]) -> str:
    """Rate ratios with their intervals, on a logarithmic scale."""
    rows = [(f"{one.product} · {one.kind}", one.rate_ratio.value, one.rate_ratio.low, one.rate_ratio.high) for one in signals]
    return _rows(rows, "times as often as with all others", 1.0, "Ratio of rates of pairs of product and event", logarithmic=True)


def _rows(
    rows: Sequence[tuple[str, float, float, float]], label: str, neutral: float, said: str, *, logarithmic: bool = False
) -> str:
    with matplotlib.rc_context(_STYLE):
        figure, axes = _drawing(6.4, 0.9 + 0.24 * max(len(rows), 1))
        for place, (_name, value, low, high) in enumerate(reversed(rows)):
            color = _WATER if low <= neutral <= high else _BLOCK
            axes.plot([low, high], [place, place], color=color, linewidth=1.4)
            axes.plot(value, place, marker="o" if color == _WATER else "D", color=color, markersize=4)
        axes.axvline(neutral, color=_INK, linewidth=0.8)
        axes.set_yticks(range(len(rows)), [name for name, *_numbers in reversed(rows)])
        axes.set(xlabel=label, xscale="log" if logarithmic else "linear")
        if logarithmic:
            axes.xaxis.set_major_formatter(lambda value, _place: f"{value:g}")
            axes.xaxis.set_minor_formatter(lambda value, _place: "")
        return _svg(figure, said)


def _drawing(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: Figure, said: str) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = written.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    for stands_for, colour in _ON_PAGE.items():
        drawing = drawing.replace(stands_for, colour)
    return re.sub(r"<svg ", f'<svg role="img" aria-label="{said}" ', drawing, count=1)
