"""`waterneedle check`: a plan before the needle goes in."""
from __future__ import annotations

from typing import Any

import click

from waterneedle.cli import documents, output
from waterneedle.safety.check import check as check_plan
from waterneedle.safety.documents import read
from waterneedle.safety.plan import Assessment, DetectedIssue, Plan, SubstanceDose

VERDICTS = {
    "block": ("⛔ BLOCK", "bold white on red", "must not proceed as planned"),
    "warn": ("⚠ WARN", "bold black on yellow", "may proceed once the check or the reason is recorded"),
    "ok": ("✓ OK", "bold white on green", "nothing on file speaks against it"),
}
MOST_SHOWN = 100  # issues of one severity, and injections of one issue, on a terminal; --json has all
SEVERITIES = {"block": ("⛔ Block", "bold red"), "warn": ("⚠ Warn", "bold yellow"), "note": ("ℹ Note", "bold cyan")}


@click.command()
@output.file_argument("plan")
@output.json_option
@output.language_option
def check(plan: str, as_json: bool, language: str | None) -> None:
    """Check the injections planned in the file PLAN (- reads one plan a line and answers one object a line).

    \b
    Examples:
      waterneedle check plan.json
      waterneedle check - < plans.jsonl

    Exit status: 0 when the verdict is ok or warn, 1 when it is block, 2 when the document is not valid.
    """
    documents.run(plan, lambda content: check_plan(read(content, Plan), language=language), status_of, print_assessment, as_json)


def status_of(found: Assessment) -> int:
    return 1 if found.verdict == "block" else 0


def print_assessment(found: Assessment) -> None:
    # late: slow (rich), and of no use for --json
    from rich.text import Text

    console = output.console()
    word, style, meaning = VERDICTS[found.verdict]
    console.print(Text.assemble((f" {word} ", style), f" {meaning}"))
    if not found.issues:
        console.print("\nNo issue was found.")
    for severity, (title, style) in SEVERITIES.items():
        issues = [issue for issue in found.issues if issue.severity == severity]
        if issues:
            console.print(Text(f"\n{title} ({len(issues)})", style))
        for issue in issues[:MOST_SHOWN]:
            _print_issue(console, issue)
        _print_rest(console, len(issues))
    if found.not_understood:
        console.print(Text("\nNot understood", "bold"))
        for one in found.not_understood[:MOST_SHOWN]:
            meant = f" Did you mean {', '.join(one.did_you_mean)}?" if one.did_you_mean else ""
            console.print(Text(f"• {one.field}: “{one.value}”.{meant}"))
        _print_rest(console, len(found.not_understood))
    if found.doses:
        console.print()
        output.print_table(("Substance", "Amount", "In", "Molecules"), map(_dose_row, found.doses), title="This visit would give")
    console.print(Text(f"Knowledge {found.knowledge_version}", "dim"))


def _print_issue(console: Any, issue: DetectedIssue) -> None:
    # late: slow (rich), and of no use for --json
    from rich.text import Text

    named = ", ".join(issue.injections[:MOST_SHOWN])
    more = f" and {len(issue.injections) - MOST_SHOWN} more" if len(issue.injections) > MOST_SHOWN else ""
    where = f"injection {named}{more}" if named else "whole visit"
    recorded = "  ✓ recorded" if issue.recorded else ""
    console.print(Text.assemble("• ", issue.message, (f"  [{issue.rule}; {where}]{recorded}", "dim")))
    if issue.remedy:
        console.print(Text(f"  → {issue.remedy}"))
    if issue.missing:
        console.print(Text(f"  Missing: {', '.join(issue.missing)}", "yellow"))
    for source in issue.sources:
        documents.print_source(source)


def _print_rest(console: Any, count: int) -> None:
    if count > MOST_SHOWN:
        console.print(f"… and {count - MOST_SHOWN} more: --json has all of them")


def _dose_row(dose: SubstanceDose) -> tuple[str | None, ...]:
    return (
        dose.substance,
        None if dose.amount is None else f"{dose.amount:.6g} {dose.unit}",
        None if dose.volume_ml is None else f"{dose.volume_ml:.4g} mL",
        None if dose.molecules is None else f"{dose.molecules:.3g}",
    )
