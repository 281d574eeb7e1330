"""The command `waterneedle`: one module for each group of commands, loaded when it is asked for."""
from __future__ import annotations

import importlib
import keyword
from typing import Any

import click

COMMANDS = {
    "check": "Check a plan before the needle goes in.",
    "triage": "Say what to do about a patient's answers after a visit.",
    "points": "Points by code, name or words, with everything on file.",
    "body": "Points in millimetres on a body of this sex, age, height and weight.",
    "products": "Products on file, with label, dilution and legal status.",
    "dose": "Volume to amount, amount to volume, and what a dilution holds.",
    "depot": "How much of an injection is still at the point, and the plasma curve.",
    "evidence": "What has been found out about a claim, for and against.",
    "jurisdiction": "What the law of a place says about injecting.",
    "protocols": "Published treatments, and what their sources left out.",
    "instruments": "Questions and measurements with their scoring.",
    "knowledge": "Look after the facts.",
    "demo": "Look at a clinic of invented people.",
    "serve": "Serve the clinic to browsers.",
    "createclinic": "Make a clinic and its owner.",
    "worker": "Send letters and do what is due.",
    "backup": "Make a backup, encrypted and verified.",
    "verify": "Say whether a backup is whole.",
    "restore": "Bring a backup back into a new place.",
    "upgrade": "Bring the database up to this version, after a backup.",
    "doctor": "Say what is wrong with this installation, and what to do.",
    "import": "Bring patients in from a file, and take them back out.",
    "registry": "Write a clinic's extract without names, and ask many clinics.",
    "audit": "Look after the trail: check it, sign its heads, change its key.",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is used, so that the command starts fast."""

    def main(self, *args: Any, **extra: Any) -> Any:
        # late: only `main` needs it, and `output` needs msgspec
        from waterneedle.cli import output

        with output.opened():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        written = f"{name}_" if keyword.iskeyword(name) else name
        return getattr(importlib.import_module(f"waterneedle.cli.{written}"), written)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waterneedle", prog_name="waterneedle")
def main() -> None:
    """Facts, doses and the safety check for acupuncture injection therapy.

    Shell completion: eval "$(_WATERNEEDLE_COMPLETE=bash_source waterneedle)" (or zsh_source, fish_source).
    """
