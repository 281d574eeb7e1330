"""What the listing commands share: every fact is told with its sources, and help has an example that works."""
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import listing, main

COMMANDS = ("points", "products", "evidence", "jurisdiction", "protocols", "instruments", "knowledge check", "knowledge sources",
            "knowledge count", "knowledge version")
LISTS = {"points": "points", "products": "products", "evidence": "claims", "jurisdiction": "jurisdictions",
         "protocols": "protocols", "instruments": "instruments", "knowledge sources": "sources"}
ARGUMENTS = [sys.executable, "-m", "waterneedle", "points", "ST36"]


def run(line):
    return CliRunner().invoke(main, shlex.split(line))


def examples(command):
    return re.findall(r"^\s+waterneedle (.+)$", run(f"{command} --help").stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_examples_that_work(command):
    shown = examples(command)
    assert shown
    assert {line: run(line).exit_code for line in shown} == dict.fromkeys(shown, 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_one_document_and_nothing_else(command):
    result = run(f"{command} --json")
    json.loads(result.stdout)
    assert result.stderr == ""


@pytest.mark.parametrize(("command", "section"), LISTS.items())
def test_a_list_has_every_fact_with_its_sources(command, section):
    found = json.loads(run(f"{command} --json").stdout)
    facts = getattr(knowledge, section)()
    assert [one.get("id") or one["code"] for one in found] == list(facts)
    if section != "sources":
        assert [one for one in found if not all("title" in source for source in one["sources"]) or not one["sources"]] == []


@pytest.mark.parametrize(("command", "section"), LISTS.items())
def test_a_list_leaves_no_field_out(command, section):
    found = json.loads(run(f"{command} --json").stdout)
    for one, fact in zip(found, getattr(knowledge, section)().values(), strict=True):
        assert set(msgspec.to_builtins(fact)) <= set(one)


@pytest.mark.parametrize("command", LISTS)
def test_the_table_can_be_read(command):
    result = run(command)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "None" not in result.stdout
    assert "Struct" not in result.stdout


@pytest.mark.parametrize("command", LISTS)
@pytest.mark.parametrize("wanted", ["zzzz", "'qwx; -- qwx'", "'!!!'", "足足足"])
def test_what_is_not_on_file_ends_with_one_sentence(command, wanted):
    result = run(f"{command} {wanted}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("line", "meant"), [
    ("points ST99", "ST45"), ("points zusanly", "ST36"), ("products lidocane", "lidocaine"), ("jurisdiction US-XX", "US-"),
    ("evidence limph", "lymph"), ("protocols neostigmyne-st36-ileus", "neostigmine-st36-ileus"), ("instruments pian", "pain"),
    ("knowledge sources who-208", "who-2008"), ("points --region kne", "knee"), ("points --channel QQ", "LU, LI"),
])
def test_what_was_perhaps_meant_is_said(line, meant):
    result = run(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert meant in result.stderr


def test_unknown_is_left_out_and_none_is_an_empty_list():
    product = next(product for product in knowledge.products().values() if product.preservatives is None)
    assert "preservatives" not in listing.told(product)
    assert listing.told(msgspec.structs.replace(product, preservatives=()))["preservatives"] == []


def test_a_citation_is_told_with_its_title_and_address():
    told = listing.told(knowledge.Citation(source="who-2008", locator="page 64"))
    source = knowledge.sources()["who-2008"]
    assert told == {"id": "who-2008", "title": source.title, "locator": "page 64", "address": source.address,
                    "certainty": source.certainty, "read": source.read}


@pytest.mark.parametrize(("value", "cell"), [
    (None, None), (True, "yes"), (False, "no"), (0.5, "0.5"), ((), "none"), (("IM", "SC"), "IM, SC"),
    ({"en": "a", "es": "b"}, "a"), ({"c0": 1.0}, "c0 1"),
])
def test_a_value_in_one_cell(value, cell):
    assert listing.in_one_cell(value) == cell


def test_square_brackets_are_shown_and_not_read_as_style():
    assert "[bold]" in CliRunner().invoke(printing, ["[bold]x"]).stdout


@pytest.mark.parametrize(("wanted", "count"), [
    ("knee", 1), ("KNEE", 1), ("kné", 1), ("ee", 0), ("knee foot", 0), ("ankle", 1), ("", 0),
])
def test_words_are_matched_from_their_beginning(wanted, count):
    facts = {"a": ["the Knee joint", "anterior ánkle"]}
    assert len(listing.matching(wanted, facts, lambda words: words)) == count


@click.command()
@click.argument("text")
def printing(text):
    listing.print_list(("A",), [(text,)])


@pytest.mark.parametrize("width", ["40", "60", "80"])
@pytest.mark.parametrize("line", ["products", "dose traumeel-injection-medinatura 2.2", "knowledge sources who"])
def test_a_narrow_terminal_cuts_nothing(line, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    result = run(line)
    assert result.exit_code == 0
    assert "…" not in result.stdout
    addresses = re.findall(r"https?://\S+", result.stdout)
    assert set(addresses) <= {source.address for source in knowledge.sources().values()}


@pytest.mark.parametrize(("words", "first"), [("points st3", "ST3"), ("jurisdiction us-f", "US-FL"), ("check e", "e")])
def test_a_shell_completes_ids_and_files(words, first):
    env = {"COMP_WORDS": f"waterneedle {words}", "COMP_CWORD": "2", "_WATERNEEDLE_COMPLETE": "bash_complete"}
    result = CliRunner().invoke(main, prog_name="waterneedle", env=env)
    assert result.stdout.splitlines()[0].partition(",")[2] == first


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_an_answer_that_cannot_be_written_ends_with_one_sentence():
    with open("/dev/full", "w") as full:
        ended = subprocess.run(ARGUMENTS, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 2
    assert ended.stderr == "waterneedle: the answer cannot be written: No space left on device\n"


def test_an_output_that_is_not_utf_8_gives_no_traceback():
    ended = subprocess.run(ARGUMENTS, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"ST36" in ended.stdout


def test_a_reader_that_stops_reading_does_not_change_the_verdict():
    line = f"set -o pipefail; {shlex.join([*ARGUMENTS[:3], 'check', 'examples/plan.json'])} | head -c 1 >{os.devnull}"
    ended = subprocess.run(["bash", "-c", line], stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_closed_output_gives_no_traceback():
    ended = subprocess.run(["sh", "-c", f"{shlex.join(ARGUMENTS)} >&-"], stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (0, b"")
