"""`waterneedle registry`: from invented clinics to a report."""
from __future__ import annotations

import datetime
import json
import random
import re

import pytest
from click.testing import CliRunner

from tests.registry.people import BORN, PSEUDONYMS, VOCABULARY, patient
from waterneedle.cli import main
from waterneedle.registry import results, writing
from waterneedle.registry.anonymity import THRESHOLD
from waterneedle.registry.deidentify import extract as told_of
from waterneedle.registry.engines import opened
from waterneedle.registry.simulate import Truth, simulate

TRUTH = Truth(clinics=4, injections=20_000, seed=4, signal=("hydroxocobalamin", "allergy", 15.0))


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinics") / "extract"
    simulate(folder, TRUTH)
    return folder


def run(*arguments):
    return CliRunner().invoke(main, ["registry", *map(str, arguments)])


def test_invented_clinics_are_written_once_and_never_over_something(tmp_path):
    first = run("simulate", tmp_path / "extract", "--clinics", 2, "--injections", 500)
    again = run("simulate", tmp_path / "extract", "--clinics", 2, "--injections", 500)

    assert (first.exit_code, again.exit_code) == (0, 2)
    assert "is not empty" in again.stderr


def test_a_file_of_duckdb_answers_as_the_folder(extract, tmp_path):
    loaded = run("load", extract, tmp_path / "registry.duckdb")

    here, there = (run("rates", place, "--json", "--all-cells") for place in (extract, tmp_path / "registry.duckdb"))

    assert (loaded.exit_code, here.exit_code) == (0, 0)
    assert json.loads(here.stdout) == json.loads(there.stdout)


def test_a_recall_says_which_clinics_and_ends_with_0_or_where_nobody_was_given_it_with_1(extract):
    found = run("recall", extract, "--lot", TRUTH.bad_lot_number, "--json")
    visits = run("recall", extract, "--lot", TRUTH.bad_lot_number, "--visits", "--json")
    nobody = run("recall", extract, "--lot", "XX99-00000")

    clinics = json.loads(found.stdout)
    assert (found.exit_code, nobody.exit_code) == (0, 1)
    assert sum(one["visits"] for one in clinics) == len(json.loads(visits.stdout))
    assert set(clinics[0]) == {"clinic", "product", "patients", "visits", "injections", "volume_ul"}
    assert all(1 <= one["patients"] <= one["visits"] <= one["injections"] for one in clinics)


@pytest.fixture(scope="module")
def uneven(tmp_path_factory):
    """Two clinics: one of 69 patients, nine of whom came for their sleep, and one of 5 with 15 courses."""
    folder = tmp_path_factory.mktemp("uneven")
    chance = random.Random(5)

    def of(numbers, indication, courses=1):
        return [with_courses(patient(number, born=datetime.date(chance.choice(BORN), 5, 17), indication=indication,
                                     scores=(chance.randint(5, 9), 5, chance.randint(1, 6))), courses) for number in numbers]

    clinics = {"large": [*of(range(40), "arthritis"), *of(range(40, 60), "other"), *of(range(60, 69), "sleep")],
               "small": of(range(100, 105), "arthritis", courses=3)}
    for name, people in clinics.items():
        writing.write_rows(folder, told_of(name, people, vocabulary=VOCABULARY, pseudonyms=PSEUDONYMS, year=2026, threshold=1))
    return folder


def with_courses(one, count):
    """The same patient with so many courses like the first."""
    courses = tuple(type(one.courses[0])(**vars(one.courses[0]) | {"uid": f"{one.uid}.{number}"}) for number in range(count))
    return type(one)(**vars(one) | {"courses": courses})


def test_outcomes_tell_of_no_clinic_and_no_level_with_few_patients_however_many_courses(uneven):
    with opened(uneven) as engine:
        people = results.people(engine)
        every = results.adjusted(engine)
    said = json.loads(run("outcomes", uneven, "--json").stdout)

    small = {name for (_category, name), count in people.items() if count < THRESHOLD}
    assert "sleep" in small and small & {one.clinic for one in every.clinics} and small & {one.name for one in every.effects}
    assert next(one.courses for one in every.clinics if one.clinic in small) == 12  # more courses than the threshold
    named = {one["name"] for one in said["adjusted"]["effects"]} | {one["clinic"] for one in said["adjusted"]["clinics"]}
    assert not named & (small | ({"arthritis", "other", "sleep"} - {one["indication"] for one in said["outcomes"]}))
    assert len(said["adjusted"]["clinics"]) == 1 and len(said["adjusted"]["effects"]) >= 2


def test_a_report_tells_of_no_level_with_few_patients(uneven, tmp_path):
    run("report", uneven, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")

    assert "<td class=text>sleep</td><td>not told</td>" in page
    for title in ("What goes with earlier relief", "Clinics beside each other"):
        part = page[page.index(title):].split("</section>")[0]
        assert "first score" in part and "<td class=text>sleep</td>" not in part


def test_small_cells_are_hidden_unless_they_are_asked_for(extract):
    some, every = (json.loads(run("rates", extract, "--json", *more).stdout) for more in ((), ("--all-cells",)))

    assert len(some) < len(every)
    assert all(row["patients"] == 0 or row["patients"] >= 11 for row in some)


def test_signals_end_with_1_where_something_stands_out(extract):
    found = run("signals", extract, "--json")

    loud = {(one["product"], one["kind"]) for one in json.loads(found.stdout)["pairs"] if one["alarm"]}
    assert found.exit_code == 1
    assert TRUTH.signal[:2] in loud


def test_more_quarters_than_were_planned_are_refused(extract):
    assert run("signals", extract, "--looks", 2).exit_code == 2


def test_outcomes_are_a_table_and_json(extract):
    table, document = run("outcomes", extract), run("outcomes", extract, "--json")

    told = json.loads(document.stdout)
    assert "arthritis" in table.stdout
    assert told["adjusted"]["courses"] == sum(one["courses"] for one in told["outcomes"])


def test_the_report_is_one_page_with_plots_and_nothing_from_elsewhere(extract, tmp_path):
    made = run("report", extract, tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text()
    assert made.exit_code == 0
    assert page.count("<svg") >= 4 and page.count('role="img"') == page.count("<svg")
    assert not re.search(r"""(?:src|href)=["']?https?:|url\((?!#)|@import""", re.sub(r'xmlns[:\w]*="[^"]*"', "", page))
    cells = [int(cell.replace(",", "")) for cell in re.findall(r"<td>([\d,]+)</td><td>[\d,]+</td><td>\d+\.\d\d</td>", page)]
    assert cells and all(cell == 0 or cell >= 11 for cell in cells)


def test_what_is_no_extract_is_said_in_one_sentence(tmp_path):
    found = run("rates", tmp_path)

    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)
    assert "holds no extract" in found.stderr
