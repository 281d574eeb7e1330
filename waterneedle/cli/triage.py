"""`waterneedle triage`: what to do about a patient's answers after a visit."""
from __future__ import annotations

import click

from waterneedle.cli import documents, output
from waterneedle.safety.checkin import CheckIn, Triage
from waterneedle.safety.documents import read
from waterneedle.safety.triage import triage as triage_of

LEVELS = {
    "emergency": ("⛔ EMERGENCY", "bold white on red", "call the emergency number now"),
    "urgent": ("▲ URGENT", "bold red", "be seen today"),
    "call_clinic": ("☎ CALL THE CLINIC", "bold yellow", "a practitioner answers within a working day"),
    "self_care": ("● SELF-CARE", "bold green", "expected"),
    "none": ("✓ NOTHING REPORTED", "bold green", "nothing to do"),
}


@click.command()
@output.file_argument("checkin")
@output.json_option
@output.language_option
def triage(checkin: str, as_json: bool, language: str | None) -> None:
    """Say what to do about the answers in the file CHECKIN (- reads one check-in a line and answers one object a line).

    \b
    Example:
      echo '{"hours_since_visit": 20, "symptoms": [{"name": "bruise"}]}' | waterneedle triage -

    Exit status: 0 when it answers, 2 when the document is not valid.
    """
    documents.run(checkin, lambda content: triage_of(read(content, CheckIn), language=language), _answered, print_triage, as_json)


def _answered(_: Triage) -> int:
    return 0


def print_triage(found: Triage) -> None:
    # late: slow (rich), and of no use for --json
    from rich.text import Text

    console = output.console()
    word, style, meaning = LEVELS[found.level]
    console.print(Text.assemble((f" {word} ", style), f" {meaning}"))
    console.print()
    console.print(Text(found.advice))
    for reason in found.reasons:
        console.print(Text.assemble("\n• ", reason.message, (f"  [{reason.rule}]", "dim")))
        for source in reason.sources:
            documents.print_source(source)
    if found.not_understood:
        console.print(Text("\nNot understood, so a person must read it:", "bold"))
        for text in found.not_understood:
            console.print(Text(f"• {text}"))
