"""The certificate as a picture that holds its badge, and as a sheet of paper with a QR code of its public page."""

from __future__ import annotations

import io
import json
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from waterneedle.clinic.paper import render
from waterneedle.clinic.training import badge
from waterneedle.clinic.training.models import IssuedCertificate
from waterneedle.clinic.web.words import day, number

FONTS = Path(__file__).parent.parent / "paper" / "fonts"
SIDE_PX = 600
PAPER, INK, WATER, QUIET = (250, 249, 246), (28, 32, 36), (43, 108, 138), (91, 101, 112)


def address(certificate: IssuedCertificate) -> str:
    """Its public page."""
    return settings.PUBLIC_URL + reverse("training_verify", kwargs={"code": certificate.code})


def picture(certificate: IssuedCertificate) -> bytes:
    """A PNG with the badge inside, as Open Badges 3.0 bakes one. It shows course and clinic; the badge names the holder."""
    # late: slow (Pillow and openbadgeslib)
    from openbadgeslib.baking import ITXT_KEYWORD_OB3, bake_png
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (SIDE_PX, SIDE_PX), PAPER)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 30, 570, 570), outline=WATER, width=6)
    draw.ellipse((46, 46, 554, 554), outline=QUIET, width=1)
    draw.polygon([(300, 92), (262, 168), (338, 168)], fill=WATER)  # a drop
    draw.pieslice((262, 130, 338, 206), 0, 180, fill=WATER)
    draw.line((300, 206, 300, 250), fill=INK, width=4)
    _centred(draw, 268, certificate.enrolment.course.title, ImageFont.truetype(str(FONTS / "waterneedle-sans-bold.ttf"), 34), INK)
    _centred(draw, 430, certificate.clinic.name, ImageFont.truetype(str(FONTS / "waterneedle-sans-regular.ttf"), 24), QUIET)
    held = io.BytesIO()
    image.save(held, format="PNG", optimize=True)
    return bake_png(held.getvalue(), certificate.badge, keyword=ITXT_KEYWORD_OB3)


def sheet(certificate: IssuedCertificate, language: str) -> bytes:
    """The certificate in PDF. Course and hours are those that were signed: the course itself may have been changed since."""
    # late: only where one is printed
    import segno

    paper = certificate.paper
    signed = json.loads(badge.json_of(certificate.badge))["credentialSubject"]
    code = io.BytesIO()
    segno.make(address(certificate), error="m").save(code, kind="svg", border=2, scale=4)
    facts = [
        [_("Training course"), signed["achievement"]["name"]],
        [_("Made for the law of"), certificate.place_name],
        [_("Number"), paper.number],
        [_("Certified on"), day(paper.certified_on)],
        [_("Good until"), day(paper.expires) if paper.expires else _("no end is named")],
        [_("Instructor"), certificate.issued_by.name],
    ]
    return render(Path(__file__).with_name("certificate.typ"), {
        "title": _("Certificate"), "language": language, "foot": f"{certificate.clinic.name} · {paper.number}",
        "clinic": certificate.clinic.name, "lead": _("This certifies that"), "holder": certificate.holder,
        "has": _("has completed the course below, of %(hours)s hours, and was seen to master what it asks.") % {
            "hours": number(signed["creditsEarned"])},
        "facts": facts, "qr": code.getvalue().decode(), "qr_said": _("QR code of the public page of this certificate"),
        "how": _("Whether it is in force now is said at this address and nowhere else:"), "address": address(certificate)})


def _centred(draw: object, top: int, text: str, font: object, colour: tuple[int, int, int]) -> None:
    """Words in at most four lines, in the middle."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= 400:  # type: ignore[attr-defined]
            lines[-1] = longer
        else:
            lines.append(word)
    for place, line in enumerate(lines[:4]):
        draw.text((SIDE_PX / 2, top + place * font.size * 1.2), line, font=font, fill=colour, anchor="ma")  # type: ignore[attr-defined]
