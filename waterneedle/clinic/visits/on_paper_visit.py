"""A signed visit on paper, for a colleague and for the patient: the values of `note.typ` and `for_patient.typ`.

Both are made from the document as it was signed; what came later (amendments, what was seen afterwards) stands below it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic import paper
from waterneedle.clinic.outbox.reaching import language_of
from waterneedle.clinic.patients.models import PregnancyStatus
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.visits import ours
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.cosigning import amendments_of, countersignature_of
from waterneedle.clinic.visits.models import Amendment, ProofMethod, Refusal, Signature, Status, Strike, Visit
from waterneedle.clinic.visits.models_after import Outcome, Reaction, ReactionEntry
from waterneedle.clinic.visits.on_paper import (
    fluids_in_words,
    how_in_words,
    legend_of,
    letters_of,
    person,
    seen_in_words,
    site_in_words,
)
from waterneedle.clinic.visits.picture import picture
from waterneedle.clinic.visits.reactions import entry_in_words
from waterneedle.clinic.visits.refusing import refusals_of
from waterneedle.clinic.visits.signing import as_signed
from waterneedle.clinic.web import words
from waterneedle.safety.issues import in_language

NOTE, FOR_PATIENT = (Path(__file__).with_name(name) for name in ("note.typ", "for_patient.typ"))
_IN = (Status.GIVEN, Status.STOPPED)


def note_pdf(signature: Signature) -> bytes:
    """For a colleague, in the language of who prints it."""
    return paper.render(NOTE, note_values(signature))


def patient_pdf(signature: Signature) -> bytes:
    """For the patient, in the patient's language."""
    with translation.override(language_of(signature.visit.patient)):
        return paper.render(FOR_PATIENT, patient_values(signature))


# --- for a colleague


def note_values(signature: Signature) -> dict[str, Any]:
    visit, says = signature.visit, as_signed(signature)
    letters, (struck, on_each_page) = letters_of(says), _struck(visit)
    title = _("Visit of %(day)s") % {"day": words.day(visit.day)}
    foot = (on_each_page, title, person(visit.patient))
    return {
        "title": title,
        "language": get_language() or "en",
        "struck": struck,
        "lead": " · ".join(part for part in (visit.clinic.name, _practitioner(visit)) if part),
        "foot": " · ".join(part for part in foot if part),  # on each page
        "facts": _facts(visit, says),
        "given_heading": _("Injections"),
        **_mixtures(says, letters),
        "given_head": [_("No."), pgettext("injection", "Place"), _("What"), _("How"), pgettext("injection", "Noted")],
        "given": [_row(one, says, letters) for one in says["injections"]],
        "wasted": [[pgettext("fluid", "Wasted"), wasted]] if (wasted := _wasted(says, letters)) else [],
        **_picture(visit, says),
        "answers_heading": _("Warnings that were answered"),
        "answers": [[rule_in_words(one["rule"]), one["note"]] for one in says["reasons"]],
        "after_heading": _("Afterwards"),
        "after": [*_watched(visit), *_reactions(visit)],
        "signed": _signed(signature, says),
        "amendments_heading": pgettext("visit", "Amendments"),
        "amendments": [_amendment(one) for one in visit.amendments.order_by("made_at", "pk")],
    }


def _picture(visit: Visit, says: dict[str, Any]) -> dict[str, str]:
    drawn, unseen = picture(visit, [one for one in says["injections"] if one["status"] in _IN])
    foot = _("The dots are a guide: the place is the one in words.")
    if unseen:
        said = _("Without a dot, for none of the four sides shows the place: %(numbers)s.")
        foot = f"{foot} {said % {'numbers': words.listed(unseen)}}"
    return {
        "picture": drawn,
        "picture_said": _("The body from four sides, each injection by its number"),
        "picture_foot": foot,
    }


def _facts(visit: Visit, says: dict[str, Any]) -> list[list[str]]:
    pain = [_score(_("before"), says["pain_before"]), _score(_("afterwards"), says["pain_after"])]
    rows = [
        [_("Patient"), person(visit.patient)],
        [_("Written down later; happened"), _both(visit) if says["happened_at"] else ""],
        [_("Why today"), says["why"]],
        [_("Treated for"), says["indication"]],
        [_("Pain from 0 to 10"), words.described(pain)],
        [_("Asked before"), _today(says["today"])],
        [_("Note"), says["note"]],
        [_("Barred by the check"), barred(says) if says["deviation_why"] else ""],
        [_("Given although barred, because"), says["deviation_why"]],
    ]
    return [[name, value] for name, value in rows if value]


def _both(visit: Visit) -> str:
    """When it was, and when it was written down."""
    return _("%(happened)s, written down %(written)s") % {
        "happened": words.moment(visit.happened_at), "written": words.moment(visit.made_at)}


def _score(when: str, score: int | None) -> str:
    return "" if score is None else f"{when} {score}"


def _today(said: dict[str, Any] | None) -> str:
    if said is None:
        return ""
    asked = {
        "identity_confirmed": _("name and date of birth said"), "new_medicines": _("new medicine or blood thinner"),
        "fever_or_infection": _("fever or infection"), "reacted_last": _("reaction to the last injection"),
        "eaten": _("has eaten"), "lying_down": _("is lying down"),
    }
    parts = [f"{word}: {_('yes') if said[name] else _('no')}" for name, word in asked.items() if said[name] is not None]
    parts += [said["reacted_how"]] if said["reacted_how"] else []
    parts += [f"{_('pregnancy')}: {_pregnancy(said)}"] if said["pregnancy"] else []
    return words.told(parts)


def _pregnancy(said: dict[str, Any]) -> str:
    status = str(PregnancyStatus(said["pregnancy"]).label)
    if said["pregnancy_weeks"] is None:
        return status
    return _("%(said)s, week %(weeks)s") % {"said": status, "weeks": words.number(Decimal(said["pregnancy_weeks"]))}


def _row(one: dict[str, Any], says: dict[str, Any], letters: dict[str, str]) -> list[str]:
    return [
        str(one["seq"]), site_in_words(one), fluids_in_words(one, says, letters), how_in_words(one),
        words.described((_when(one, says), seen_in_words(one, fully=True))),
    ]


def _wasted(says: dict[str, Any], letters: dict[str, str]) -> str:
    """What was drawn up and went into nobody: what was left in each syringe, and those that were put down unused."""
    left = [fluids_in_words(_of(one, ml), says, letters) for one in says["syringes"] if (ml := _left_ml(one, says)) > 0]
    unused = says | {"syringes": says.get("wasted", [])}
    put_down = [fluids_in_words(_of(one, _drawn_ml(one)), unused) for one in unused["syringes"]]
    return "\n".join([*left, *(_("%(what)s, put down unused") % {"what": what} for what in put_down)])


def _of(syringe: dict[str, Any], ml: Decimal) -> dict[str, Any]:
    return {"syringe": syringe["code"], "volume_ml": ml, "status": Status.GIVEN}


def _left_ml(syringe: dict[str, Any], says: dict[str, Any]) -> Decimal:
    taken = (one["volume_ml"] for one in says["injections"] if one["syringe"] == syringe["code"] and one["status"] in _IN)
    return _drawn_ml(syringe) - sum(Decimal(ml) for ml in taken if ml is not None)


def _drawn_ml(syringe: dict[str, Any]) -> Decimal:
    return sum((Decimal(fill["volume_ml"]) for fill in syringe["fills"]), Decimal(0))


def _when(one: dict[str, Any], says: dict[str, Any]) -> str:
    """When it went in; with its day where that is not the day of the visit, which may go on after midnight."""
    at = words.clock_on(_moment(one["given_at"]), datetime.date.fromisoformat(says["day"]))
    if not one.get("charted_at"):
        return at
    afterwards = words.moment(_moment(one["charted_at"]), short=True)
    return _("%(when)s, written down %(afterwards)s") % {"when": at, "afterwards": afterwards}


def barred(says: dict[str, Any], *, by_place: bool = False) -> str:
    """What the check said no to, as it stood at the signature, with the numbers of the injections; `by_place` with where they
    were, for who has no list of them beside it."""
    found = [one for one in says["assessment"]["issues"] if one["severity"] == "block"]
    where = {str(one["seq"]): site_in_words(one) for one in says["injections"]} if by_place else {}
    named = ((rule_in_words(one["rule"]), words.listed([where.get(seq, seq) for seq in one["injections"]])) for one in found)
    return words.told(f"{rule} ({these})" if these else rule for rule, these in named)


def rule_in_words(rule: str) -> str:
    """The title of a rule in the reader's language."""
    known = knowledge.rules().get(rule)
    return in_language(known.title, get_language() or "en", {}) if known else ours.title(rule) or rule


def _watched(visit: Visit) -> list[list[str]]:
    rows = list(visit.observations.filter(removed_at=None).select_related("ended_by").order_by("pk"))
    open_still = [
        [_("Observed"), _("from %(began)s, until %(until)s; nobody has ended it yet") % {
            "began": words.clock_on(one.began_at, visit.day), "until": words.clock_on(one.until, visit.day)}]
        for one in rows if not one.ended_at
    ]
    return open_still + [
        [_("Observed"), _("from %(began)s to %(ended)s, ended by %(who)s") % {
            "began": words.clock_on(one.began_at, visit.day), "ended": words.clock_on(one.ended_at, visit.day),
            "who": one.ended_by}]
        for one in rows if one.ended_at
    ]


def _reactions(visit: Visit) -> list[list[str]]:
    rows = Reaction.objects.filter(clinic_id=visit.clinic_id, visit=visit).order_by("began_at", "pk")
    return [[_began(one, visit), _entries(one, one.entries.order_by("at", "pk"))] for one in rows]


def _began(one: Reaction, visit: Visit) -> str:
    is_same = one.began_at.astimezone(visit.clinic.tzinfo).date() == visit.day
    return _("Reaction at %(clock)s") % {"clock": words.clock(one.began_at) if is_same else words.moment(one.began_at)}


def _entries(one: Reaction, entries: Iterable[ReactionEntry]) -> str:
    return "\n".join(f"{words.clock_on(entry.at, one.began_at)} {entry_in_words(entry)}" for entry in entries)


def _signed(signature: Signature, says: dict[str, Any]) -> list[list[str]]:
    state = _("as it was signed") if says["is_intact"] else _("THIS IS NOT AS IT WAS SIGNED")
    return [
        [_("Signed"), f"{signature.signed_name}, {words.moment(signature.signed_at)}"],
        [_("Identity proved by"), str(ProofMethod(says["proved_by"]).label)],
        *_countersigned(signature),
        [_("Proof"), f"{state}\nSHA-256 {_in_groups(signature.hash)}"],
    ]


def _in_groups(digest: str) -> str:
    """A digest that a line can break: a column is narrower than one."""
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))


def _countersigned(signature: Signature) -> list[list[str]]:
    """Of a student's visit: who has refused to countersign it, and who has countersigned it, or that nobody has."""
    if signature.supervisor is None:
        return []
    refusals = refusals_of(signature.visit, amendments_of(signature.visit))
    rows = [[_("Countersignature refused"), _refused(one)] for one in refusals]
    row = countersignature_of(signature.visit)
    if row is not None:
        return [*rows, [_("Countersigned"), f"{row.signed_name}, {words.moment(row.signed_at)}\n{row.note}".strip()]]
    if refusals and refusals[-1].answer is None:
        return [*rows, [_("Countersigned"), _("no")]]
    return [*rows, [_("Countersigned"), _("not yet: %(who)s answers for it") % {"who": signature.supervisor}]]


def _refused(one: Refusal) -> str:
    """By whom, when and why, and when the student has answered it; the answer itself stands among the amendments."""
    answered = _("answered %(when)s") % {"when": words.moment(one.answer.made_at)} if one.answer else ""
    return "\n".join(part for part in (f"{one.signed_name}, {words.moment(one.signed_at)}", one.why, answered) if part)


def _amendment(one: Amendment, closed: str = "") -> list[str]:
    return [f"{words.moment(one.made_at)}\n{one.signed_name}", closed or one.text]


# --- for the patient


def patient_values(signature: Signature) -> dict[str, Any]:
    visit, says = signature.visit, as_signed(signature)
    title = _("What was injected on %(day)s") % {"day": words.day(visit.day)}
    closed = in_place_of_the_fluid(visit)
    letters = {} if closed else letters_of(says)
    language = get_language() or "en"
    advice = {one.level: in_language(one.text, language, {}) for one in knowledge.level_advice().values()}
    reacted, has_died = _reacted(visit, says, closed)
    after_reaction = _after_a_reaction(advice["urgent"]) if reacted and not has_died else []
    return {
        "title": title,
        "language": language,
        "lead": " · ".join(part for part in (visit.clinic.name, _practitioner(visit)) if part),
        "foot": f"{title} · {person(visit.patient)}",
        "facts": [row for row in ([_("Patient"), person(visit.patient)], [_("Treated for"), says["indication"]]) if row[1]],
        "head": [_("No."), pgettext("injection", "Place"), _("What and how much")],
        "given": [
            [str(one["seq"]), site_in_words(one), closed or fluids_in_words(one, says, letters)]
            for one in says["injections"]
            if one["status"] in _IN
        ],
        **_mixtures(says, letters),
        "none": _("Nothing was injected."),
        **_picture(visit, says),
        "reacted_heading": _("A reaction at the clinic"),
        "reacted": reacted,
        "amendments_heading": _("Added later"),
        # An amendment is free words: it may name the fluid, so that of a closed visit only when and by whom is told.
        "amendments": [_amendment(one, closed) for one in visit.amendments.order_by("made_at", "pk")],
        "after_reaction": after_reaction,
        "advice": [
            *after_reaction,
            [_("A bruise or soreness"), advice["self_care"]],
            [_("When it is an emergency"), advice["emergency"]],
        ],
    }


def _reacted(visit: Visit, says: dict[str, Any], closed: str) -> tuple[list[list[str]], bool]:
    """What happened to the patient and what was done, and whether they died. Free words may name the fluid: a closed visit leaves
    them out."""
    rows = Reaction.objects.filter(clinic_id=visit.clinic_id, visit=visit).that_were().order_by("began_at", "pk")
    told, has_died = [], False
    for one in rows:
        entries = list(one.entries.order_by("at", "pk"))
        has_died |= any(each.kind == ReactionEntry.END and each.said == Outcome.DIED for each in entries)
        shown = [each for each in entries if not closed or each.kind != ReactionEntry.NOTE]
        told.append([_began(one, visit), _entries(one, shown) or _("What it was is not on record.")])
    seen = [(site_in_words(one), one["reaction"]) for one in says["injections"] if one["status"] in _IN and one["reaction"]]
    return told + [[site, reaction] for site, reaction in seen if not closed], has_died


def _after_a_reaction(urgent: str) -> list[list[str]]:
    return [
        [_("After the reaction"), _("Whoever gives you an injection or a medicine next has to know of it: show this paper.")],
        [_("If it comes back or gets worse"), urgent],
    ]


# --- both


def _mixtures(says: dict[str, Any], letters: dict[str, str]) -> dict[str, Any]:
    return {
        "mixtures": legend_of(says, letters),
        "mixtures_said": _("A letter is a mixture; behind it stands how much of each of its fluids went in, in their order."),
    }


def _practitioner(visit: Visit) -> str:
    row: Practitioner | None = visit.practitioner
    return str(row) if row else ""


def _struck(visit: Visit) -> tuple[str, str]:
    """What heads the note of a visit that is struck, or is said to stand on the wrong patient, and the word of each page."""
    row = Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit).first()
    if row is None:
        return "", ""
    if row.struck_at is None:  # why is said once it is certain: it may name another patient
        said = _("Somebody says that this visit stands on the wrong patient. It is not decided yet.")
        return said, pgettext("visit", "in doubt")
    return _("Struck: charted on the wrong patient (%(why)s)") % {"why": row.why}, pgettext("visit", "struck")


def _moment(said: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(said) if said else None

