"""The report of a registry: one HTML file without anything from elsewhere, with a table beside each plot."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from waterneedle.registry import plots, rates, results, signals, suppression
from waterneedle.registry.anonymity import THRESHOLD
from waterneedle.registry.engines import Engine

STEPS = ("clinics", "outcomes", "relief", "hazards", "adjusted", "rates", "funnels", "signals", "lots")
_SHOWN_FUNNELS = 4
_SHOWN_SIGNALS = 20
_STYLE = """
:root { --paper: #fbfaf7; --surface: #fff; --ink: #1c2024; --quiet: #5b6570; --line: #e4e2dc;
  --water: #14607a; --block: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --surface: #1b2025; --ink: #e8eaed; --quiet: #9aa5b1;
  --line: #2c333a; --water: #6cc3de; --block: #ff8a80; } }
@media print { :root { --paper: #fff; } section { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
p { max-width: 44rem; } .quiet { color: var(--quiet); }
.wide { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0;
  padding: .5rem 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .75rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, td.text, th.text { text-align: left; } tr:last-child td { border-bottom: 0; }
.loud { color: var(--block); font-weight: 600; } svg { display: block; max-width: 100%; min-width: 26rem; height: auto; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(27rem, 100%), 1fr)); gap: 0 1rem; }
"""


def report(
    engine: Engine, made: datetime.date, *, threshold: int = THRESHOLD, done: Callable[[str], None] = lambda step: None
) -> str:
    """The whole page, without what stands for fewer than `threshold` patients and what would give it away.

    `done` is told each of `STEPS`.
    """

    def told(step: str, value: Any) -> Any:
        done(step)
        return value

    clinics = told("clinics", engine.rows(engine["clinics"]))
    people = results.people(engine)
    by_indication = Told.outcomes(told("outcomes", results.outcomes(engine)), people, threshold)
    by_product = Told.rates(told("rates", rates.rates(engine)), threshold)
    parts = [
        _head(clinics, made, threshold),
        _outcomes(by_indication),
        _relief(told("relief", results.time_to_relief(engine)), by_indication, threshold),
        _hazards(told("hazards", results.hazards(engine)), by_indication, people, threshold),
        _adjusted(told("adjusted", results.adjusted(engine)), by_indication, people, threshold),
        _rates(by_product),
        _funnels(told("funnels", rates.funnels(engine)), threshold),
        _signals(told("signals", signals.signals(engine)), by_product, threshold),
        _lots(told("lots", signals.lots(engine)), by_product, threshold),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Registry</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


@dataclass(frozen=True)
class Told:
    """Rows of a table, which of them are told, and whether their total may be."""

    rows: Sequence[Any]
    is_told: Sequence[bool]
    total_is_told: bool

    @classmethod
    def outcomes(cls, found: Sequence[results.Outcome], people: results.People, threshold: int) -> Told:
        patients = [people["indication", one.indication] for one in found]
        shown = suppression.left_out(dict(enumerate(patients)), threshold)
        is_told = [place not in shown for place in range(len(found))]
        missing = [count for count, is_shown in zip(patients, is_told, strict=True) if not is_shown]
        return cls(found, is_told, suppression.is_safe(missing, threshold))

    @classmethod
    def rates(cls, found: Sequence[rates.Rate], threshold: int) -> Told:
        """How often a kind of event was reported in all is known from the clinics' plot: the groups of a kind are one line."""
        return cls(found, suppression.told(found, lambda one: one.kind, lambda one: one.patients, threshold), True)

    @property
    def kept_back(self) -> set[str]:
        """The indications that are not told."""
        return {one.indication for one, is_told in self.each() if not is_told}

    def each(self) -> list[tuple[Any, bool]]:
        return list(zip(self.rows, self.is_told, strict=True))


def _head(clinics: Sequence[dict[str, Any]], made: datetime.date, threshold: int) -> str:
    newest = {row["clinic"]: row for row in clinics}  # rows are in order of clinic and year
    inside, outside = (sum(row[name] for row in newest.values()) for name in ("patients", "left_out"))
    return (
        f"<h1>Registry</h1><p class=quiet>Made {made.isoformat()} of {_counted(newest)} with {_number(inside)} "
        f"patients who agreed to it; {_number(outside)} more were left out, who would have stood in too small a cell: of them "
        "events and injections are counted, and no courses.</p>"
        "<p>Nobody here was compared with somebody who was not treated: none of this shows that the treatment did it. Who comes "
        "on a bad day is better on the next one anyway. Events are those that were reported: where nobody asks, they are few. "
        f"Days were moved by up to half a year. Fewer than {threshold} patients or events are not told; nor is the next larger "
        "cell beside just one of them, from which it could be worked out.</p>"
    )


def _counted(clinics: Any) -> str:
    return "1 clinic" if len(clinics) == 1 else f"{_number(len(clinics))} clinics"


def _outcomes(found: Told) -> str:
    rows = [
        [
            one.indication,
            *_hidden(
                is_told,
                [
                    _number(one.courses),
                    f"{one.change:+.2f}",
                    f"{one.change_low:+.2f} to {one.change_high:+.2f}",
                    f"{one.change_sd:.2f}",
                    _percent(one.relieved / one.courses),
                    f"{_percent(one.relieved_low)} to {_percent(one.relieved_high)}",
                ],
            ),
        ]
        for one, is_told in found.each()
    ]
    return _section(
        "Change and relief",
        "First to last score of a course, and courses with relief: a change that matters, as the instrument's file has it.",
        _table(("indication", "courses", "mean change", "95 %", "SD", "with relief", "95 %"), rows),
    )


def _relief(curves: dict[str, Any], found: Told, threshold: int) -> str:
    kept_back = found.kept_back
    sizes = {name: curve.counts.people for name, curve in curves.items()}
    kept_back |= suppression.left_out(sizes, threshold)
    enough = {name: curve for name, curve in curves.items() if name not in kept_back}
    rows = [
        [name, _number(curve.counts.people), *(_or_dash(value, "{:g}") for value in curve.median)]
        for name, curve in enough.items()
    ]
    return _section(
        "Time to relief",
        "Kaplan and Meier: who had no relief counts as followed through the last session after which a score was given.",
        (_wide(plots.relief(enough)) if enough else "") + _table(("indication", "courses", "median session", "from", "to"), rows),
    )


def _hazards(found: Any, by_indication: Told, people: results.People, threshold: int) -> str:
    if found is None or not by_indication.total_is_told:
        return ""
    effects = results.told(found[0], people, by_indication.kept_back, threshold)
    rows = [[one.name, f"{one.value:.2f}", f"{one.low:.2f} to {one.high:.2f}"] for one in effects]
    return _section(
        "What goes with earlier relief",
        "Hazard ratios (Cox, ties after Efron): above 1, relief comes earlier. Beside the commonest of each kind.",
        _table(("", "ratio", "95 %"), rows),
    )


def _adjusted(found: results.Adjusted | None, by_indication: Told, people: results.People, threshold: int) -> str:
    if found is None or not by_indication.total_is_told:
        return ""
    clinics = [one for one in found.clinics if people["clinic", one.clinic] >= threshold]
    effects = results.told(found.effects, people, by_indication.kept_back, threshold)
    rows = [[one.name, f"{one.value:+.2f}", f"{one.low:+.2f} to {one.high:+.2f}"] for one in effects]
    return _section(
        "Clinics beside each other",
        f"The change of the score, case mix taken out, clinics as random intercepts (REML, {_number(found.courses)} courses); "
        f"between clinics SD {found.between_sd:.2f}, within them {found.within_sd:.2f} points.",
        (_wide(plots.clinics(clinics)) if clinics else "") + _table(("", "effect", "95 %"), rows),
    )


def _rates(found: Told) -> str:
    rows = [
        [
            one.kind,
            one.group,
            *_hidden(
                is_told,
                [
                    _number(one.events),
                    _number(one.injections),
                    f"{1000 * one.share:.2f}",
                    f"{1000 * one.low:.2f} to {1000 * one.high:.2f}",
                ],
            ),
        ]
        for one, is_told in found.each()
    ]
    return _section(
        "Adverse events",
        "Reports for 1,000 injections, with exact intervals.",
        _table(("event", "product", "events", "injections", "for 1,000", "95 %"), rows, text=2),
    )


def _funnels(found: Sequence[rates.Funnel], threshold: int) -> str:
    enough = [one for one in found if sum(rate.patients for rate in one.clinics) >= threshold]
    told = sorted((_drawn(one, threshold) for one in enough), key=lambda one: (-len(one.outside()), one.kind))
    told = [one for one in told if one.clinics][:_SHOWN_FUNNELS]
    words = (
        "A clinic between the outer lines differs from the others by no more than chance (99.8 %; dashed: 95 %). Clinics with "
        f"an event in fewer than {threshold} patients are not drawn."
    )
    if not told:
        return ""
    return _section("Clinics and chance", words, f"<div class=beside>{''.join(_wide(plots.funnel(one)) for one in told)}</div>")


def _drawn(found: rates.Funnel, threshold: int) -> rates.Funnel:
    """The funnel with the clinics that may be told; its middle and its limits are those of all."""
    is_told = suppression.told(found.clinics, lambda one: "", lambda one: one.patients, threshold)
    return replace(found, clinics=tuple(one for one, shown in zip(found.clinics, is_told, strict=True) if shown))


def _signals(found: Sequence[signals.Signal], by_product: Told, threshold: int) -> str:
    kept_back = {(one.group, one.kind) for one, is_told in by_product.each() if not is_told}
    counts = {(one.kind, one.group): one.events for one in by_product.rows}
    # PRR and ROR give away how many events a product had in all.
    has_total = suppression.columns_told(counts, [(kind, group) for group, kind in kept_back], threshold)
    told = [one for one in found if not math.isnan(one.rate_ratio.value) and one.events >= threshold
            and (one.product, one.kind) not in kept_back][:_SHOWN_SIGNALS]
    rows = [
        [
            f"{one.product} · {one.kind}",
            _number(one.events),
            f"{one.expected:.1f}",
            _ratio(one.rate_ratio),
            *([_ratio(one.prr), _ratio(one.ror)] if one.product in has_total else ["–", "–"]),
            _ratio(one.by_clinic),
            _loud(f"{one.alarm[0]} Q{one.alarm[1]}" if one.alarm and one.stands_out else ""),
        ]
        for one in told
    ]
    return _section(
        "Signals",
        f"Each product beside all others. The alarm is the sequential test's: over all pairs and quarters together a "
        f"false one has at most probability {signals.ALPHA:g}. A signal is a question, not a finding. "
        "PRR and ROR are left out where they would give a small cell away.",
        (_wide(plots.ratios(told)) if told else "")
        + _table(("pair", "events", "expected", "rate ratio", "PRR", "ROR", "odds ratio by clinic", "alarm"), rows),
    )


def _lots(found: Sequence[signals.LotSignal], by_product: Told, threshold: int) -> str:
    kept_back = {(one.group, one.kind) for one, is_told in by_product.each() if not is_told}
    is_told = suppression.told(found, lambda one: (one.product, one.kind), lambda one: one.patients, threshold)
    # A lot beside the others of its product would tell how many there were of a product that is kept back.
    shown = [told and (one.product, one.kind) not in kept_back for one, told in zip(found, is_told, strict=True)]
    rows = [
        [
            one.product,
            one.lot,
            one.kind,
            *_hidden(is_shown, [_number(one.events), _number(one.injections), _ratio(one.rate_ratio)]),
            _loud(f"{one.q:.2g}" if is_shown else f"< {signals.FALSE_LOTS:g}"),
        ]
        for one, is_shown in zip(found, shown, strict=True)
        if one.stands_out
    ]
    return _section(
        "Lots",
        "Lots that differ from the others of their product (false discovery rate 5 %).",
        _table(("product", "lot", "event", "events", "injections", "rate ratio", "q"), rows, text=3)
        if rows
        else "<p>None stands out.</p>",
    )


def _section(title: str, words: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p class=quiet>{escape(words)}</p>{body}</section>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], text: int = 1) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return (
            "<tr>"
            + "".join(
                f"<{tag}{' class=text' if place < text else ''}{' scope=col' if tag == 'th' else ''}>"
                f"{cell if cell.startswith('<b') else escape(cell)}</{tag}>"
                for place, cell in enumerate(cells)
            )
            + "</tr>"
        )

    body = "".join(line(row, "td") for row in rows)
    return _wide(f"<table><thead>{line(heads, 'th')}</thead><tbody>{body}</tbody></table>") if body else "<p>Nothing yet.</p>"


def _wide(inside: str) -> str:
    return f"<div class=wide tabindex=0>{inside}</div>"


def _hidden(is_told: bool, cells: list[str]) -> list[str]:
    """The cells, or as many that say nothing: a small one looks like one that is left out beside it."""
    return cells if is_told else ["not told", *(["–"] * (len(cells) - 1))]


def _ratio(ratio: signals.Ratio) -> str:
    return "–" if math.isnan(ratio.value) else f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"


def _loud(words: str) -> str:
    return f"<b class=loud>{escape(words)}</b>" if words else "–"


def _number(count: int) -> str:
    return f"{count:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _or_dash(value: float | None, written: str) -> str:
    return "–" if value is None else written.format(value)
