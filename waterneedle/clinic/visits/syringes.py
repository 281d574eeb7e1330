"""A syringe in hand: its printed label, and the syringe that a scanned label means.

The code of a label is the syringe's address in the database, so that no two labels of any day mean the same syringe. What stands
beside it in letters is short, and one of the visit alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle.clinic.paper import render
from waterneedle.clinic.visits.drafts import OfAnother, PutAway
from waterneedle.clinic.visits.models import Syringe, Visit
from waterneedle.clinic.web import words

_LABEL = Path(__file__).with_name("label.typ")


def meant_by(text: str, syringes: Iterable[Syringe], visit: Visit) -> Syringe | None:
    """The syringe of the visit that a scan or typed letters mean; None when it is the label of no syringe.

    Raises OfAnother for the label of a syringe of this clinic that was drawn up for somebody else, or on another day, and PutAway
    for one of this visit that was put down.
    """
    said = text.strip()
    found = next((one for one in syringes if one.code.casefold() == said.casefold() or said.casefold() == str(one.uid)), None)
    if found is not None or (uid := _uid(said)) is None:
        return found
    require_ours(uid, visit)
    return None


def require_ours(uid: UUID, visit: Visit) -> None:
    """Raises OfAnother, or PutAway, where `uid` is that of a syringe of this clinic which nothing is given from at this visit."""
    of = Syringe.objects.filter(clinic_id=visit.clinic_id, uid=uid).values_list("visit_id", flat=True).first()
    if of == visit.pk:
        raise PutAway("this syringe was put down")
    if of is not None:
        raise OfAnother("this syringe was drawn up for somebody else")


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def label_pdf(syringe: Syringe) -> bytes:
    """The label, for the printer: whose it is, what is in it, by whom and when drawn up, when to discard it, and its code."""
    patient = syringe.patient
    return render(_LABEL, {
        "title": _("Label of syringe %(code)s") % {"code": syringe.code},
        "language": get_language() or "en",
        "patient": patient.full_name,
        "born": _("born %(day)s") % {"day": words.day(patient.birth_date)} if patient.birth_date else _("birth date not known"),
        "contents": [
            f"{one.vial.lot.item.name} · {words.amount(one.volume_ml, 'mL')} · "
            + _("lot %(lot)s, vial %(vial)s") % {"lot": one.vial.lot.number, "vial": one.vial.code}
            for one in syringe.contents
        ],
        "drawn": _("drawn up %(when)s by %(who)s")
        % {"when": words.moment(syringe.drawn_at, short=True), "who": syringe.drawn_by.name},
        "discard": _("discard after %(when)s") % {"when": words.moment(syringe.discard_at, short=True)},
        "needle": _needle(syringe),
        "code": syringe.code,
        "barcode": barcode(str(syringe.uid)),
    })


def _needle(syringe: Syringe) -> str:
    parts = (f"{syringe.gauge}G" if syringe.gauge else "", words.amount(syringe.length_mm, "mm"), syringe.route)
    return " ".join(part for part in parts if part)


def barcode(text: str) -> str:
    """`text` as a DataMatrix, in SVG."""
    import zxingcpp  # late: a library of its own, and few pages print

    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix).to_svg(add_quiet_zones=False)
