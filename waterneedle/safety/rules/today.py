"""The day itself: who lies there, what has just happened, what was not understood."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from waterneedle import knowledge
from waterneedle.safety import denials, names, phrases, relatives, shorthand
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.plan import NotUnderstood
from waterneedle.safety.reading import Known, Puncture, Reading
from waterneedle.safety.rules.pregnancy import may_be_pregnant

_NOT_EATEN = knowledge.Text(en="not eaten", es="en ayunas", zh_hans="未进食")
_NOT_LYING = knowledge.Text(en="not lying down", es="sin estar acostado", zh_hans="未平卧")
_NOTHING_LIKE = knowledge.Text(en="nothing like it is on file", es="no consta nada parecido", zh_hans="库中没有相近的名称")


def identity(plan: Reading) -> Iterator[Raised]:
    """The person on the table is the person in the chart."""
    today = plan.plan.today
    if today is not None and today.identity_confirmed is False:
        yield issue("identity", "not_confirmed")


def new_medicines(plan: Reading) -> Iterator[Raised]:
    """A medicine that is new since the list was made is put on the list first."""
    today = plan.plan.today
    if today is not None and today.new_medicines:
        yield issue("new_medicines", "new")


def fainting(plan: Reading) -> Iterator[Raised]:
    """Somebody who faints easily lies down and has eaten."""
    today = plan.plan.today
    prone = plan.with_condition("syncope_history", "needle_phobia")
    hungry, upright = today is not None and today.eaten is False, today is not None and today.lying_down is False
    if prone and (hungry or upright):
        yield issue(
            "fainting",
            "prone",
            condition=prone[0].text,
            what=tuple(word for word, said in ((_NOT_EATEN, hungry), (_NOT_LYING, upright)) if said),
        )
    elif prone:
        yield issue("fainting", "lie_down", condition=prone[0].text)
    elif hungry:
        yield issue("fainting", "hungry")


def just_happened(plan: Reading) -> Iterator[Raised]:
    """Chest pain, breathlessness, a faint: stop, and see to that first. A stopped injection is looked into before the next."""
    for known in plan.conditions or ():
        words = {word for one in _symptoms(known) for word in (one, *knowledge.vocabulary()[one].classes)}
        if words & set(parameter("just_happened", "alarms")):
            yield issue("just_happened", "symptom", at=plan.punctures, cause=known.text, symptom=known.text)
    stopped = [puncture for puncture in plan.punctures if puncture.injection.status == "stopped"]
    if stopped and any(puncture.is_planned for puncture in plan.punctures):
        yield issue("just_happened", "stopped", at=stopped)


def _symptoms(known: Known) -> set[str]:
    """The symptoms in what was said, but for those that name an illness: that is known, and not what has just happened."""
    if denials.says_only_no("condition", known.text) or denials.says_only_no("symptom", known.text):
        return set()  # "denies asthma, COPD or pneumothorax"
    parts = names.pieces(known.text) if known.concepts else (known.text,)
    own = (part for part in parts if not (known.concepts and names.concept("condition", part).ids))
    return {one for part in own for one in names.concept("symptom", part).ids}


def not_understood(plan: Reading) -> Iterator[Raised]:
    """What could not be placed is said, and where it could matter it is asked about."""
    stopped = {known.field: known for known in plan.stopped if known.words & set(parameter("not_understood", "still_matters"))}
    long_ago = {field for field, known in stopped.items() if _is_long_ago(known.text, plan.on.year)}
    for field, known in stopped.items():
        if field not in long_ago:
            yield issue("not_understood", "stopped", cause=known.text, value=known.text, missing=[field],
                        offered=_offered(_terms(known)))
    for missed in plan.not_understood:
        in_list = next((part for part in _NOT_UNDERSTOOD if part in missed.field), None)
        is_stopped = missed.field in stopped and set(missed.did_you_mean) <= set(_terms(stopped[missed.field]))
        if in_list is None or (is_stopped and missed.field not in long_ago):
            continue
        case = "said_not" if is_stopped else _case(plan, in_list, missed)
        yield issue(
            "not_understood",
            case,
            cause=f"{case} {missed.value}",
            value=missed.value,
            missing=[missed.field],
            offered=_offered(missed.did_you_mean) or [_NOTHING_LIKE],
        )
    for known in (*(plan.allergies or ()), *plan.taken, *(plan.conditions or ())):
        if known.concepts and not known.is_exact:
            yield issue(
                "not_understood",
                "respelled",
                cause=known.text,
                value=known.text,
                meant=[concept.named for concept in known.concepts],
            )


def _case(plan: Reading, in_list: str, missed: NotUnderstood) -> str:
    """How what could not be read is spoken of: in the record somebody else may be meant, or nothing but a denial."""
    if (kind := _OF_THE_PATIENT.get(in_list)) is None:
        return _NOT_UNDERSTOOD[in_list]
    if relatives.is_of_another(missed.value):
        near = names.concept(kind, missed.value).near
        words = {word for one in near for word in knowledge.vocabulary()[one].classes}
        if words & _PREGNANT and may_be_pregnant(plan) and not relatives.speaks_of_the_past(missed.value):
            return "pregnant_relative"
        return "inherited" if kind == "condition" and words & set(parameter("not_understood", "inherited")) else "another"
    said = shorthand.written_out(missed.value) if kind == "condition" else missed.value
    if denials.says_only_no(kind, said):
        return "said_not"
    if not phrases.is_denied(said):
        return "medication" if _FOR_THE_BLOOD.search(names.plain(missed.value)) else _NOT_UNDERSTOOD[in_list]
    return "denied" if missed.did_you_mean else "said_not" if kind == "condition" else _NOT_UNDERSTOOD[in_list]


def _terms(known: Known) -> tuple[str, ...]:
    return tuple(concept.term for concept in known.concepts)


def _offered(terms: Iterable[str]) -> list[knowledge.Text | str]:
    """What is perhaps meant, as the reader names it; a place or a product has one name for everybody."""
    return [_named().get(term, term) for term in terms]


@functools.cache
def _named() -> dict[str, knowledge.Text]:
    return {one.term: one.named for one in knowledge.vocabulary().values() if one.kind != "symptom"}


def _is_long_ago(text: str, year: int) -> bool:
    """Whether all that was said lies before last year: "stopped Coumadin 2019", but not "stopped 2019, restarted"."""
    years = [int(one) for one in _YEAR.findall(text)]
    return bool(years) and max(years) < year - 1 and not _AGAIN.search(text)


_PREGNANT = {"pregnancy", "possible_pregnancy"}
# A medicine of which nothing more is said, among the illnesses: "pastilla pa la sangre".
_FOR_THE_BLOOD = re.compile(
    r"\b(?:pills?|tab(?:let)?s?|meds?|medicines?|medications?|pastill\w*|medicin\w*|medicamentos?|remedios?|trat\w*)\b.*"
    r"\b(?:blood|sangre)\b|\bblood (?:pills?|tab\w*|med\w*)|治.{0,2}血.{0,2}药|(?<![压糖脂高])血药|药.{0,3}(?:稀释|薄|通)血")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_AGAIN = re.compile(r"restart|resum|again|since|reinici|retom|desde|otra vez|重新|再次|又", re.IGNORECASE)
_NOT_UNDERSTOOD = {
    ".site.": "site",
    ".product": "product",
    "patient.allergies": "allergy",
    "patient.medications": "medication",
    "patient.conditions": "condition",
}
_OF_THE_PATIENT = {"patient.allergies": "allergy", "patient.medications": "medication", "patient.conditions": "condition"}


def side(plan: Reading) -> Iterator[Raised]:
    """The side of a paired site is written down; a midline point has none. What stands twice may have been entered twice."""
    places: dict[tuple[str, str | None, str | None], list[Puncture]] = defaultdict(list)
    for puncture in plan.punctures:
        if puncture.place is None:
            continue
        is_midline = puncture.kind == "point" and knowledge.points()[puncture.place].side == "midline"
        if is_midline and puncture.side in ("left", "right", "bilateral"):
            yield issue("side", "midline", at=[puncture])
        elif puncture.kind != "region" and not is_midline and puncture.side in (None, "midline"):
            yield issue("side", "missing", at=[puncture], missing=[f"{puncture.field}.site.side"])
        if puncture.kind == "point" and puncture.side is not None:
            places[puncture.place, puncture.side, puncture.injection.site.level].append(puncture)
    for place, again in places.items():
        if len(again) > 1:
            yield issue("side", "again", at=again, cause=" ".join(filter(None, place)), count=len(again))


def first_dose(plan: Reading) -> Iterator[Raised]:
    """The first dose of a product is watched longer, where it is known to be the first."""
    if plan.plan.previous is None:
        return
    before = {
        identity_
        for one in plan.plan.previous
        for identity_ in (*names.product(one.product).ids, *names.substance(one.product).ids)
    }
    for puncture, fluid in plan.contents:
        ids = {one.id for one in fluid.substances} | ({fluid.product.id} if fluid.product else set())
        if ids and not ids & before:
            yield issue("first_dose", "first", at=[puncture], cause=fluid.name, product=fluid.name)
