"""`waterneedle protocols`: reports of what was done, with what their sources left out."""
import json

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["protocols", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("words", ["neostigmine-st36-ileus", "neostigmine gastrectomy", "paralytic ileus"])
def test_a_protocol_is_found_by_id_and_words(words):
    assert [protocol["id"] for protocol in found(words)] == ["neostigmine-st36-ileus"]


@pytest.mark.parametrize("point", ["ST36", "Zusanli", "足三里"])
def test_a_point_finds_the_protocols_that_use_it(point):
    using = {protocol.id for protocol in knowledge.protocols().values() if any(site.point == "ST36" for site in protocol.sites)}
    assert using <= {protocol["id"] for protocol in found(point)}


@pytest.mark.parametrize("identity", knowledge.protocols())
def test_every_protocol_has_a_page_that_says_what_was_left_out(identity):
    shown = " ".join(run(identity).stdout.split())
    for missing in knowledge.protocols()[identity].left_out[:1]:
        assert missing.split()[0] in shown
    assert "not advice to do it" in shown


def test_what_was_left_out_is_in_the_list():
    (protocol,) = found("neostigmine-st36-ileus")
    assert protocol["left_out"] == list(knowledge.protocols()["neostigmine-st36-ileus"].left_out)
