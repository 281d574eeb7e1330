"""What papers of a visit share: people, places and injections, in words that are ready to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waterneedle.clinic.patients.models import Patient, Side
from waterneedle.clinic.visits.models import Route, Sensation, Skin, Status, Technique
from waterneedle.clinic.web import words


def person(patient: Patient) -> str:
    """Name and date of birth."""
    return words.described((patient.full_name, words.day(patient.birth_date)))


def site_in_words(one: Mapping[str, Any]) -> str:
    """A point by its three names, a muscle or a region, with its side; `one` has the fields of an injection."""
    place = words.place(one["point"] or one["muscle"] or one["region"])
    side = str(Side(one["side"]).label) if one["side"] else ""
    return words.described((place, one["level"], side))


def how_in_words(one: Mapping[str, Any]) -> str:
    """Needle, depth, angle and route; `one` has the fields of an injection."""
    needle = " × ".join(
        part for part in (f"{one['gauge']} G" if one["gauge"] else "", words.amount(_decimal(one["length_mm"]), "mm")) if part
    )
    depths = (words.amount(_decimal(one[name]), "mm") for name in ("depth_mm", "depth_max_mm"))
    depth = "–".join(part for part in depths if part)  # with the greatest, where the needle was moved
    angle = f"{one['angle_deg']}°" if one["angle_deg"] is not None else ""
    said = [
        _route_in_words(one),
        _("needle %(needle)s") % {"needle": needle} if needle else "",
        " ".join(part for part in (_("depth %(depth)s") % {"depth": depth} if depth else "", angle, one["direction"]) if part),
    ]
    return words.described(said)


def _route_in_words(one: Mapping[str, Any]) -> str:
    """The route, and where the fluid went where it has no name."""
    where = one.get("went_where") or ""  # not in what was signed before it could be said
    return ": ".join(part for part in (str(Route(one["route"]).label) if one["route"] else "", where) if part)


def seen_in_words(one: Mapping[str, Any], *, fully: bool = False) -> str:
    """Skin, aspiration, sensation and reaction, and why it was stopped or not done; `fully` says too what was looked at and found
    as it should be, which is not the same as not looked at."""
    skin_said = one["skin"] and (fully or one["skin"] != Skin.INTACT)
    said = [
        str(Technique.NEEDLE_ONLY.label) if one["technique"] == Technique.NEEDLE_ONLY else "",
        _("skin: %(said)s") % {"said": Skin(one["skin"]).label} if skin_said else "",
        _("blood on aspiration") if one["aspirated_blood"] else "",
        _("no blood on aspiration") if fully and one["aspirated_blood"] is False else "",
        str(Sensation(one["sensation"]).label) if one["sensation"] and one["sensation"] != Sensation.NONE else "",
        one["reaction"],
        f"{Status(one['status']).label}: {one['status_why']}" if one["status"] not in (Status.GIVEN, Status.PLANNED) else "",
        pgettext("injection", "only planned") if one["status"] == Status.PLANNED else "",
        _barred(one) if one["blocked"] else "",
    ]
    return words.described(said)


def _barred(one: Mapping[str, Any]) -> str:
    """That it was given although barred, with what was said of it then; of a stopped one its why stands there already."""
    why = one["status_why"] if one["status"] == Status.GIVEN else ""
    return ": ".join(part for part in (_("given although the check barred it"), why) if part)


def volume_in_words(value: Any) -> str:
    return words.amount(_decimal(value), "mL")


def letters_of(says: Mapping[str, Any]) -> dict[str, str]:
    """By the code of a syringe of a signed document the letter of its mixture, where several injections are of it: a paper says
    once what is in it. Of one fluid there is none: its name is as short as a letter with a legend."""
    mixtures, letters = {syringe["code"]: _mixed(syringe) for syringe in says["syringes"] if len(syringe["fills"]) > 1}, {}
    used = Counter(mixtures[one["syringe"]] for one in says["injections"] if one["syringe"] in mixtures)
    for mixture in (each for each, count in used.items() if count > 1):
        letters[mixture] = _letter(len(letters))
    return {code: letters[mixture] for code, mixture in mixtures.items() if mixture in letters}


def _mixed(syringe: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """What makes two syringes of one mixture: the same fluids of the same lots, in the same shares."""
    drawn_ml = [Fraction(fill["volume_ml"]) for fill in syringe["fills"]]
    shares = [str(ml / sum(drawn_ml)) for ml in drawn_ml]
    return tuple((fill["name"], fill["lot"], share) for fill, share in zip(syringe["fills"], shares, strict=True))


def _letter(number: int) -> str:
    return ascii_uppercase[number] if number < len(ascii_uppercase) else f"A{number}"


def legend_of(says: Mapping[str, Any], letters: Mapping[str, str]) -> list[list[str]]:
    """What each letter stands for: the mixture as it was drawn up, with its lots."""
    first = {letter: code for code, letter in reversed(letters.items())}
    fills = {syringe["code"]: syringe["fills"] for syringe in says["syringes"]}
    return [[letter, " + ".join(f"{volume_in_words(fill['volume_ml'])} {fill['name']} ({_lot(fill)})" for fill in fills[code])]
            for letter, code in sorted(first.items(), key=lambda pair: (len(pair[0]), pair[0]))]


def fluids_in_words(one: Mapping[str, Any], says: Mapping[str, Any], letters: Mapping[str, str] | None = None) -> str:
    """What went in, of an injection of a signed document: the fluid with its lot, and of a mixture how much of each; of a mixture
    that has one of the `letters` that, with the shares in the order of its legend."""
    if one["syringe"] is None:
        return _("needle only")
    fills = next(syringe["fills"] for syringe in says["syringes"] if syringe["code"] == one["syringe"])
    letter = (letters or {}).get(one["syringe"])
    volume_ml = _decimal(one["volume_ml"]) if one["status"] != Status.NOT_DONE else None  # what was planned did not go in
    nothing = one["status"] in (Status.STOPPED, Status.NOT_DONE) and volume_ml is None
    if len(fills) == 1 or volume_ml is None:
        whole = letter or " + ".join(f"{fill['name']} ({_lot(fill)})" for fill in fills)
        return f"{whole}: {_('nothing went in')}" if nothing else f"{volume_in_words(volume_ml)} {whole}".strip()
    drawn_ml = [Decimal(fill["volume_ml"]) for fill in fills]
    shares = [volume_in_words(volume_ml * ml / sum(drawn_ml)) for ml in drawn_ml]
    if letter:
        return f"{volume_in_words(volume_ml)} {letter}: {' + '.join(shares)}"
    parts = (f"{fill['name']} {share} ({_lot(fill)})" for fill, share in zip(fills, shares, strict=True))
    return f"{volume_in_words(volume_ml)}: {' + '.join(parts)}"


def _lot(fill: Mapping[str, Any]) -> str:
    return _("lot %(lot)s") % {"lot": fill["lot"]}


def _decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
