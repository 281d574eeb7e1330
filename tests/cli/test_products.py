"""`waterneedle products`: found by id, name and words; unknown is not none."""
import json

import msgspec
import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main
from waterneedle.cli.products import lawfully_sold

TRAUMEEL = "traumeel-injection-medinatura"


def run(*arguments):
    return CliRunner().invoke(main, ["products", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", [TRAUMEEL, "Traumeel", "traumeel ampoule"])
def test_a_product_is_found_by_its_id_and_its_names(name):
    assert [product["id"] for product in found(name)] == [TRAUMEEL]


def test_words_find_products_by_what_they_hold():
    held = {product["id"] for product in found("cobalamin")}
    assert "cyanocobalamin-1000mcg-ml" in held
    assert TRAUMEEL not in held


def test_a_package_code_finds_its_product():
    packages = [(product.id, package) for product in knowledge.products().values() for package in product.packages]
    identity, ndc = next((identity, package.ndc) for identity, package in packages if package.ndc)
    assert identity in [one["id"] for one in found(ndc)]


def test_a_product_has_everything_on_file():
    (product,) = found(TRAUMEEL)
    assert len(product["ingredients"]) == len(knowledge.products()[TRAUMEEL].ingredients)
    assert product["warnings"][0]["citation"]["title"]
    assert product["legal"][0]["lawful"] is False


def test_the_page_says_what_is_not_on_file():
    page = run(TRAUMEEL).stdout
    assert "Not on file:" in page
    assert "preservatives" in page.partition("Not on file:")[2]


def test_the_page_warns_of_the_form_that_must_not_be_injected():
    page = " ".join(run(TRAUMEEL).stdout.split())
    assert "must never be injected" in page


def test_whether_it_is_lawfully_sold_is_never_guessed():
    product = knowledge.products()[TRAUMEEL]
    unknown = msgspec.structs.replace(product.legal[0], lawful=None)
    assert lawfully_sold(product) == "US: no"
    assert lawfully_sold(msgspec.structs.replace(product, legal=(unknown,))) == "US: not found out"
    assert lawfully_sold(msgspec.structs.replace(product, legal=())) == "not found out"


@pytest.mark.parametrize("identity", knowledge.products())
def test_every_product_has_a_page(identity):
    result = run(identity)
    assert (result.exit_code, "Traceback" in result.stdout, "None" in result.stdout) == (0, False, False)
