"""The bottom line of a claim: counted, both sides named, never more than the certainties allow."""
import random

import msgspec
import pytest

from waterneedle import knowledge
from waterneedle.knowledge import Citation, Claim, Finding, Text
from waterneedle.outcomes import bottom_line, findings_about, on_side, strongest
from waterneedle.outcomes.evidence import design_in_words

SOURCES = (Citation(source="own-words"),)
CLAIM = Claim(id="claim", statement=Text(en="It helps."), words=(), unknown=Text(en="All of it."), sources=SOURCES)
MAY_BE_PROMISED = msgspec.structs.replace(CLAIM, may_be_promised=True)


def finding(identity, direction, certainty, participants=None, claims=("claim",)):
    return Finding(id=identity, title=f"Study {identity}", design="RCT", result="r", certainty=certainty, certainty_why="w",
                   claims=claims, directions=dict.fromkeys(claims, direction), read="abstract", participants=participants,
                   year=2020, sources=SOURCES)


def test_nothing_on_file_is_said_to_be_nothing():
    assert bottom_line(CLAIM, [finding("a", "for", "high", claims=("other",))]) == (
        "No study on file speaks of this claim, so nothing can be said for it or against it.")


def test_the_sides_are_counted_by_certainty_and_the_strongest_of_each_is_named():
    findings = [finding("a", "for", "low", 10), finding("b", "for", "low", 90), finding("c", "against", "moderate", 20),
                finding("d", "none", "very_low")]
    assert bottom_line(CLAIM, findings) == (
        "4 entries on file, counted by what the result says of this claim: 2 for (2 of low certainty), 1 against (1 of "
        "moderate certainty), 1 neither way (1 of very low certainty). Strongest for: Study b (2020, RCT, n = 90, low "
        "certainty). Strongest against: Study c (2020, RCT, n = 20, moderate certainty). What speaks against it is the "
        "more certain: it is not supported and must not be stated as a fact. It may not be promised.")


def test_an_empty_side_is_said_to_be_empty():
    assert "Nothing on file speaks against it." in bottom_line(CLAIM, [finding("a", "for", "low")])
    assert "Nothing on file speaks for it." in bottom_line(CLAIM, [finding("a", "against", "low")])


@pytest.mark.parametrize(("sides", "verdict"), [
    ([("for", "low"), ("against", "moderate")], "it is not supported and must not be stated as a fact"),
    ([("against", "very_low")], "Nothing on file bears it out: it must not be stated as a fact"),
    ([("against", "low"), ("none", "high")], "Nothing on file bears it out: it must not be stated as a fact"),
    ([("for", "low"), ("against", "low")], "it is not settled"),
    ([("for", "moderate"), ("against", "moderate")], "it is not settled"),
    ([("for", "low"), ("none", "low")], "What speaks for it is weak: it is not shown"),
    ([("for", "moderate"), ("none", "high")], "More certain entries point neither way: it is not shown"),
    ([("none", "moderate")], "it is not settled"),
    ([("for", "low")], "What speaks for it is weak: it is not shown"),
    ([("for", "moderate"), ("none", "moderate")], "It may be called possible, not shown"),
    ([("for", "high")], "It may be called possible, not shown"),
    ([("for", "high"), ("against", "low"), ("none", "moderate")], "It may be called possible, not shown"),
])
def test_no_more_is_said_than_the_certainties_allow(sides, verdict):
    findings = [finding(str(number), *side) for number, side in enumerate(sides)]
    assert verdict in bottom_line(CLAIM, findings)


@pytest.mark.parametrize(("claim", "end"), [
    (CLAIM, "It may not be promised."), (MAY_BE_PROMISED, "how it goes may not be promised."),
])
def test_no_result_is_ever_promised(claim, end):
    assert bottom_line(claim, [finding("a", "for", "high")]).endswith(end)


def test_support_is_said_only_where_the_record_allows_it_and_the_certainty_is_enough():
    supported = "It is supported by"
    findings = [finding("a", "for", "moderate"), finding("b", "for", "low"), finding("c", "none", "moderate")]
    said = bottom_line(MAY_BE_PROMISED, findings)
    assert f"{supported} 1 entry of moderate or high certainty, in the people who were studied" in said
    assert supported not in bottom_line(MAY_BE_PROMISED, [finding("a", "for", "low")])
    assert supported not in bottom_line(MAY_BE_PROMISED, [finding("a", "for", "moderate"), finding("b", "none", "high")])
    assert supported not in bottom_line(MAY_BE_PROMISED, [finding("a", "for", "high"), finding("b", "against", "high")])
    assert supported not in bottom_line(CLAIM, [finding("a", "for", "high")])


def test_a_finding_counts_for_each_claim_only_as_it_speaks_of_that_claim():
    both = msgspec.structs.replace(finding("a", "for", "moderate", claims=("claim", "other")),
                                   directions={"claim": "against", "other": "for"})
    other = msgspec.structs.replace(CLAIM, id="other")
    assert (on_side(CLAIM, [both], "against"), on_side(CLAIM, [both], "for")) == ((both,), ())
    assert (on_side(other, [both], "against"), on_side(other, [both], "for")) == ((), (both,))
    assert "Nothing on file speaks for it." in bottom_line(CLAIM, [both])
    assert "Nothing on file speaks against it." in bottom_line(other, [both])


# The bottom lines of the review of the evidence, in a few words each. A change here has to be a change of the evidence.
@pytest.mark.parametrize(("identity", "verdict"), {
    "arthritis": "What speaks for it is weak: it is not shown",
    "b12-safety": "Nothing on file bears it out: it must not be stated as a fact",
    "dual-effect": "it is not supported and must not be stated as a fact",
    "energy": "Nothing on file bears it out: it must not be stated as a fact",
    "hard-to-treat": "What speaks for it is weak: it is not shown",
    "homeopathy-general": "it is not supported and must not be stated as a fact",
    "immunity": "More certain entries point neither way: it is not shown",
    "legal": "Nothing on file bears it out: it must not be stated as a fact",
    "lymph": "it is not supported and must not be stated as a fact",
    "mechanism": "it is not settled",
    "neuropathy": "What speaks for it is weak: it is not shown",
    "next-day-reaction": "It is supported by 2 entries of moderate or high certainty",
    "prolonged-stimulation": "More certain entries point neither way: it is not shown",
    "relief-1-2-sessions": "It may be called possible, not shown",
    "safety": "it is not supported and must not be stated as a fact",
    "sleep": "it is not supported and must not be stated as a fact",
    "trigger-point-pain": "More certain entries point neither way: it is not shown",
}.items())
def test_what_stands_for_each_claim(identity, verdict):
    assert verdict in bottom_line(knowledge.claims()[identity], knowledge.evidence().values())


def test_only_a_common_reaction_may_be_said_to_come():
    assert [claim.id for claim in knowledge.claims().values() if claim.may_be_promised] == ["next-day-reaction"]


@pytest.mark.parametrize(("identity", "claim", "direction"), [
    ("kim-2016-pharmacopuncture-80523", "safety", "against"),  # four pneumothoraces
    ("kmd-2022-37490", "safety", "against"),
    ("kmd-2022-37490", "next-day-reaction", "for"),
    ("chiu-2011-im-mecobalamin-lbp", "trigger-point-pain", "for"),
    ("chiu-2011-im-mecobalamin-lbp", "b12-safety", "none"),  # a trial of efficacy, too small for rare harm
    ("yu-2025-b12-acupoint-dn-meta", "safety", "none"),
    ("pach-2011-disci-rhus", "homeopathy-general", "against"),
    ("pach-2011-disci-rhus", "trigger-point-pain", "none"),  # better than nothing, no better than saline
])
def test_a_result_stands_on_the_side_of_what_it_says(identity, claim, direction):
    assert knowledge.evidence()[identity].directions[claim] == direction


def test_a_stronger_finding_for_it_never_hides_the_one_against_it():
    found = findings_about(CLAIM, [finding("a", "for", "high"), finding("b", "against", "very_low")])
    assert strongest(CLAIM, found, "against").id == "b"
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


def test_no_design_on_file_is_said_in_capitals_alone():
    said = [design_in_words(one.design) for one in knowledge.evidence().values()]

    assert not [one for one in said if one.split(" ")[0].isupper()]
    assert design_in_words("SR (student)") == "systematic review (student)"
