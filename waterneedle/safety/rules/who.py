"""Who injects: licence, certificate, training and supervision, on that day, in that jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.knowledge import Text
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Reading

_PROFESSIONS = {
    "acupuncturist": Text(en="acupuncturist", es="acupuntura", zh_hans="针灸师"),
    "physician": Text(en="physician", es="medicina", zh_hans="医师"),
    "naturopath": Text(en="naturopath", es="naturopatía", zh_hans="自然疗法医师"),
    "nurse": Text(en="nurse", es="enfermería", zh_hans="护士"),
    "heilpraktiker": Text(en="Heilpraktiker"),
    "korean_medicine_doctor": Text(en="doctor of Korean medicine", es="medicina coreana", zh_hans="韩医师"),
    "other": Text(en="other", es="otra", zh_hans="其他"),
}


def jurisdiction(plan: Reading) -> Iterator[Raised]:
    """The law of the place is known, and allows this therapy on this day."""
    code = plan.plan.jurisdiction
    if code is None:
        yield issue("jurisdiction", "missing", missing=["jurisdiction"])
    elif plan.jurisdiction is None:
        yield issue("jurisdiction", "not_on_file", code=code[:20])
    elif plan.period is None:
        yield issue("jurisdiction", "no_period", place=plan.jurisdiction.name, on=plan.on)
    elif plan.period.injection_permitted is None:
        yield issue("jurisdiction", "unsettled", place=plan.jurisdiction.name)
    elif not plan.period.injection_permitted:
        yield issue("jurisdiction", "not_permitted", place=plan.jurisdiction.name)


def profession(plan: Reading) -> Iterator[Raised]:
    """The practitioner belongs to a profession that the law of the place names."""
    who = plan.plan.practitioner
    if who is None or who.profession is None:
        yield issue("profession", "missing", missing=["practitioner.profession" if who else "practitioner"])
    elif who.profession == "student":
        if not who.supervised_by or not who.supervised_by.strip():
            yield issue("profession", "unsupervised", missing=["practitioner.supervised_by"])
        else:
            yield issue("profession", "supervised", supervisor=who.supervised_by[:60])
    elif plan.period and plan.period.professions is not None and who.profession not in plan.period.professions:
        case = "own_law" if who.profession in parameter("profession", "own_law") else "not_named"
        yield issue("profession", case, profession=_PROFESSIONS[who.profession], place=plan.jurisdiction.name)


def practitioner_license(plan: Reading) -> Iterator[Raised]:
    """The licence is in force on the day of the visit."""
    who = plan.plan.practitioner
    if who is None or who.profession == "student":
        return
    if who.license_expires is None:
        yield issue("practitioner_license", "missing", missing=["practitioner.license_expires"])
    elif who.license_expires < plan.on:
        yield issue("practitioner_license", "expired", expired=who.license_expires)


def certificate(plan: Reading) -> Iterator[Raised]:
    """Somebody has certified that this person can inject, and the certificate is in force."""
    who = plan.plan.practitioner
    if who is None or who.profession in ("student", "physician"):
        return
    if who.certified_on is None:
        yield issue("certificate", "missing", missing=["practitioner.certified_on"])
    elif who.certified_on > plan.on:
        yield issue("certificate", "future", certified=who.certified_on)
    if who.certificate_expires is not None and who.certificate_expires < plan.on:
        yield issue("certificate", "expired", expired=who.certificate_expires)


def training(plan: Reading) -> Iterator[Raised]:
    """The hours that the law of the place asks for are on record."""
    who, period = plan.plan.practitioner, plan.period
    if who is None or period is None or who.profession not in (period.professions or ("acupuncturist",)):
        return
    for field in ("training_hours", "hands_on_hours", "emergency_training_hours"):
        needed, had = getattr(period, field), getattr(who, field)
        if not needed:
            continue
        if had is None:
            case = "included" if _is_included(plan, field) else "unknown"
            yield issue(
                "training",
                case,
                missing=[f"practitioner.{field}"],
                cause=case,
                kind=_HOURS[field],
                needed=needed,
                place=plan.jurisdiction.name,
            )
        elif had < needed:
            yield issue(
                "training", "short", cause=field, kind=_HOURS[field], needed=needed, had=had, place=plan.jurisdiction.name
            )


_HOURS = {
    "training_hours": Text(en="training", es="de formación", zh_hans="培训"),
    "hands_on_hours": Text(en="hands-on", es="prácticas", zh_hans="实操"),
    "emergency_training_hours": Text(en="emergency training", es="de emergencias", zh_hans="急救培训"),
}


def _is_included(plan: Reading, field: str) -> bool:
    # The emergency hours are part of a course whose total is on record and certified: not itemised, yet not unknown.
    who, period = plan.plan.practitioner, plan.period
    return bool(
        field == "emergency_training_hours"
        and period.emergency_training_counts_in_total
        and who.certified_on
        and who.training_hours is not None
        and who.training_hours >= (period.training_hours or 0)
    )


def resuscitation(plan: Reading) -> Iterator[Raised]:
    """A current resuscitation card where the law of the place asks for one."""
    who, period = plan.plan.practitioner, plan.period
    if who is None or period is None or not period.cpr_required:
        return
    if who.cpr_expires is None:
        yield issue("resuscitation", "missing", missing=["practitioner.cpr_expires"], place=plan.jurisdiction.name)
    elif who.cpr_expires < plan.on:
        yield issue("resuscitation", "expired", expired=who.cpr_expires, place=plan.jurisdiction.name)


def emergency_kit(plan: Reading) -> Iterator[Raised]:
    """Epinephrine that is in date; on hand at all where the law asks for it."""
    kit = plan.plan.emergency_kit
    expires = kit and kit.epinephrine_expires
    if expires is not None and expires < plan.on:
        yield issue("emergency_kit", "expired", expired=expires)
    elif expires is None and any("bee_venom" in fluid.classes for _, fluid in plan.contents):
        yield issue("emergency_kit", "venom", missing=["emergency_kit.epinephrine_expires"])
    elif expires is None and plan.period is not None and plan.period.emergency_kit == "required":
        yield issue("emergency_kit", "missing", missing=["emergency_kit.epinephrine_expires"], place=plan.jurisdiction.name)
