"""`waterneedle dose`: one clear sentence or the amounts."""
import json

import pytest
from click.testing import CliRunner

from waterneedle.cli import main

B12 = "cyanocobalamin-1000mcg-ml"


def run(*arguments):
    return CliRunner().invoke(main, ["dose", *arguments])


def answer(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("volume", ["0.5", "0,5", "0.5 mL", "500 uL", " 0.50 "])
def test_a_volume_gives_the_amount(volume):
    found = answer(B12, volume)
    assert found["volume_ml"] == 0.5
    assert found["actives"] == [
        {"substance": "cyanocobalamin", "name": "Cyanocobalamin", "amount": 500.0, "unit": "mcg", "maximum_dose_mg": None},
    ]


@pytest.mark.parametrize("amount", ["500 mcg", "0.5 mg", "500µg"])
def test_an_amount_gives_the_volume(amount):
    assert answer(B12, "--amount", amount)["volume_ml"] == 0.5


def test_a_product_is_found_by_its_name():
    assert answer("B12 injection", "1")["product"] == B12


def test_the_cobalt_of_b12_is_shown_with_the_scope_and_not_compared():
    found = answer(B12, "1")
    cobalt = {"ug": 43.4, "pde_ug": 5.0, "ratio": None, "from_active": True, "is_complete": True, "is_upper_bound": False}
    assert found["elements"] == {"Co": cobalt}
    assert found["scope"].startswith("ICH Q3D limits elements as impurities")


def test_a_homeopathic_ingredient_shows_what_it_comes_to():
    ingredients = {row["substance"]: row for row in answer("traumeel-injection-medinatura", "2.2")["ingredients"]}
    mercury = ingredients["mercurius-solubilis"]
    assert (mercury["potency_added"], round(mercury["final_exponent"], 2), mercury["mass_g"]) == ("6X", 9.3, 1.1e-9)
    assert (mercury["molecules"], mercury["probability_none"], mercury["is_upper_bound"]) == (None, None, False)


@pytest.mark.parametrize(("weight", "maximum_mg"), [((), 300.0), (("--weight-kg", "50"), 225.0)])
def test_the_largest_single_dose_depends_on_the_weight(weight, maximum_mg):
    assert answer("lidocaine-1pct-multidose", "1", *weight)["actives"][0]["maximum_dose_mg"] == maximum_mg


def test_without_elements_there_is_no_scope():
    found = answer("lidocaine-1pct-multidose", "1")
    assert (found["elements"], found["scope"]) == ({}, None)


@pytest.mark.parametrize(("arguments", "words"), [
    ((B12, "0.5"), ["500 mcg", "21.7 mcg", "not compared"]),
    (("traumeel-injection-medinatura", "2.2"), ["5.22X", "9.3X", " 5X ", "13.2 mcg", "1.1 ng", "ICH Q3D limits"]),
    (("guna-muscle", "2"), ["≤ 200 mcg", "the most it can be"]),
    (("sarapin", "1"), ["No strength and no ingredient is on file"]),
    (("discus-heel-injection-bg", "2.2"), ["is not complete"]), (("lidocaine-1pct-multidose", "1"), ["10 mg", "300 mg"]),
])
def test_the_table_is_readable(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize(("arguments", "words"), [
    (("unobtainium", "1"), "'unobtainium' is not a product on file"), ((B12,), "either a volume in mL or --amount"),
    ((B12, "1", "--amount", "1 mg"), "either a volume"),
    ((B12, "much"), "'much' is not an amount"), ((B12, "1,000"), "a thousand times more or less"),
    ((B12, "0"), "must be more than zero"), ((B12, ""), "is not an amount"),
    ((B12, "61"), "61 mL is more than an injection"), ((B12, "1 mg"), "'mg' cannot be turned into 'mL'"),
    ((B12, "--amount", "5000 IU"), "'IU' cannot be turned into 'mcg'"),
    ((B12, "--amount", "1e99 mg"), "is more than an injection"),
    ((B12, "--amount", "1 mg", "--of", "lidocaine"), "there are: cyanocobalamin"),
    (("zeel-injection", "--amount", "1 mg"), "none with a strength on file"),
    ((B12, "1", "--weight-kg", "-5"), "weight_kg must be positive"),
    ((B12, "1", "--weight-kg", "nan"), "not a finite number"),
    (("vitamin-b-complex-100", "--amount", "1 mg"), "say with --of which active"),
])
def test_what_cannot_be_used_ends_in_one_sentence(arguments, words):
    if arguments[-2:] in (("--weight-kg", "-5"), ("--weight-kg", "nan")):
        arguments = ("lidocaine-1pct-multidose", *arguments[1:])
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_amount_of_one_of_several_actives():
    found = answer("vitamin-b-complex-100", "--amount", "100 mg", "--of", "thiamine")
    assert next(row for row in found["actives"] if row["substance"] == "thiamine")["amount"] == 100


def test_help_has_an_example():
    result = run("--help")
    assert result.exit_code == 0
    assert "waterneedle dose cyanocobalamin-1000mcg-ml 0.5" in result.stdout
