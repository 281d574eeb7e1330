"""The bottom line of a claim: counted, both sides named, never more than the certainties allow."""
import random

import msgspec
import pytest

from waterneedle import knowledge
from waterneedle.knowledge import Citation, Claim, Finding, Text
from waterneedle.outcomes import bottom_line, findings_about, strongest

SOURCES = (Citation(source="own-words"),)
CLAIM = Claim(id="claim", statement=Text(en="It helps."), words=(), unknown=Text(en="All of it."), sources=SOURCES)
MAY_BE_PROMISED = msgspec.structs.replace(CLAIM, may_be_promised=True)


def finding(identity, direction, certainty, participants=None, claims=("claim",)):
    return Finding(id=identity, title=f"Study {identity}", design="RCT", result="r", direction=direction, certainty=certainty,
                   certainty_why="w", claims=claims, read="abstract", participants=participants, year=2020,
                   sources=SOURCES)



def test_nothing_on_file_is_said_to_be_nothing():
    assert bottom_line(CLAIM, [finding("a", "for", "high", claims=("other",))]) == (
        "No study on file speaks of this claim, so nothing can be said for it or against it.")


def test_the_sides_are_counted_by_certainty_and_the_strongest_of_each_is_named():
    findings = [finding("a", "for", "low", 10), finding("b", "for", "low", 90), finding("c", "against", "moderate", 20),
                finding("d", "none", "very_low")]
    assert bottom_line(CLAIM, findings) == (
        "4 entries on file, counted by the direction of the result: 2 for (2 of low certainty), 1 against (1 of moderate "
        "certainty), 1 neither way (1 of very low certainty). Strongest for: Study b (2020, RCT, n = 90, low certainty). "
        "Strongest against: Study c (2020, RCT, n = 20, moderate certainty). What speaks against it is the more certain: it must "
        "not be stated as a fact. It may not be promised.")


def test_an_empty_side_is_said_to_be_empty():
    assert "Nothing on file speaks against it." in bottom_line(CLAIM, [finding("a", "for", "low")])
    assert "Nothing on file speaks for it." in bottom_line(CLAIM, [finding("a", "against", "low")])


@pytest.mark.parametrize(("sides", "verdict"), [
    ([("for", "low"), ("against", "moderate")], "it must not be stated as a fact"),
    ([("against", "very_low")], "it must not be stated as a fact"),
    ([("for", "low"), ("against", "low")], "it is not settled"),
    ([("for", "low"), ("none", "low")], "it is not shown"),
    ([("for", "moderate"), ("none", "high")], "it is not shown"),
    ([("none", "moderate")], "it is not shown"),
    ([("for", "low")], "it is not shown"),
    ([("for", "high")], "It may be called possible, not shown"),
    ([("for", "high"), ("against", "low"), ("none", "moderate")], "It may be called possible, not shown"),
])
def test_no_more_is_said_than_the_certainties_allow(sides, verdict):
    findings = [finding(str(number), *side) for number, side in enumerate(sides)]
    assert verdict in bottom_line(CLAIM, findings)


@pytest.mark.parametrize(("claim", "end"), [(CLAIM, "It may not be promised."), (MAY_BE_PROMISED, "No result may be promised.")])
def test_no_result_is_ever_promised(claim, end):
    assert bottom_line(claim, [finding("a", "for", "high")]).endswith(end)


def test_support_is_said_only_where_the_record_allows_it_and_the_certainty_is_enough():
    supported = "It is supported in the people who were studied"
    assert supported in bottom_line(MAY_BE_PROMISED, [finding("a", "for", "moderate")])
    assert supported not in bottom_line(MAY_BE_PROMISED, [finding("a", "for", "low")])
    assert supported not in bottom_line(CLAIM, [finding("a", "for", "high")])


def test_a_stronger_finding_for_it_never_hides_the_one_against_it():
    found = findings_about(CLAIM, [finding("a", "for", "high"), finding("b", "against", "very_low")])
    assert strongest(found, "against").id == "b"
    assert "Strongest against: Study b" in bottom_line(CLAIM, found)


@pytest.mark.parametrize("identity", knowledge.claims())
def test_the_order_of_the_findings_does_not_matter(identity):
    claim, findings = knowledge.claims()[identity], list(knowledge.evidence().values())
    shuffled = random.Random(1).sample(findings, len(findings))
    assert bottom_line(claim, shuffled) == bottom_line(claim, findings)


@pytest.mark.parametrize("identity", knowledge.claims())
def test_every_bottom_line_can_be_read(identity):
    said = bottom_line(knowledge.claims()[identity], knowledge.evidence().values())
    assert "None" not in said
    assert "_" not in said
    assert "  " not in said
