"""A photograph is kept without where, when and with what it was taken; what is no picture is refused, and a badge stays whole."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, PngImagePlugin

from waterneedle.clinic.training import photographs
from waterneedle.clinic.training.forms import BringForm

WHERE, CAMERA = b"Harbor Street", "Acme Camera"


def taken(kind: str, *, turned: bool = False) -> bytes:
    """A picture of 30 x 20 pixels, red on its left side, with all that a camera and a program write into it."""
    picture = Image.new("RGB", (30, 20), "white")
    picture.paste("red", (0, 0, 15, 20))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = CAMERA
    exif[ExifTags.Base.Orientation] = 6 if turned else 1  # 6: to be turned clockwise by a quarter
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (47.0, 36.0, 0.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", WHERE.decode())
    more = {"pnginfo": text} if kind == "PNG" else {"comment": WHERE, "xmp": b"<x>" + WHERE + b"</x>"}
    made = io.BytesIO()
    picture.save(made, kind, exif=exif, **more)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_but_the_picture_is_kept(kind):
    content = taken(kind)
    assert WHERE in content and CAMERA.encode() in content

    kept = photographs.bare(content)
    shown = Image.open(io.BytesIO(kept))

    assert WHERE not in kept and CAMERA.encode() not in kept and not dict(shown.getexif())
    assert (shown.format, shown.size) == (kind, (30, 20))
    before = Image.open(io.BytesIO(content)).convert("RGB").tobytes()
    apart = [abs(one - other) for one, other in zip(before, shown.convert("RGB").tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 4  # of 255


def test_a_picture_that_was_held_otherwise_stands_upright():
    shown = Image.open(io.BytesIO(photographs.bare(taken("JPEG", turned=True)))).convert("RGB")

    assert shown.size == (20, 30)
    top, bottom = shown.getpixel((10, 2)), shown.getpixel((10, 27))
    assert top[1] < 60 and bottom[1] > 200  # what was red on the left is on top


CUT_OFF = taken("JPEG")[:300], taken("PNG")[:80]


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"", *CUT_OFF])
def test_what_cannot_be_read_is_refused(content):
    with pytest.raises(photographs.NoPicture):
        photographs.bare(content)


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(photographs, "MOST_PIXELS", 30 * 20 - 1)
    with pytest.raises(photographs.NoPicture):
        photographs.bare(taken("PNG"))


def test_what_is_handed_in_is_kept_bare_and_what_cannot_be_read_is_said_beside_its_field(clinic):
    for content, is_kept in ((taken("JPEG"), True), (taken("JPEG")[:300], False)):
        form = BringForm({}, {"file": SimpleUploadedFile("paper.jpg", content)}, clinic=clinic)
        form.is_valid()
        assert ("file" in form.errors) is not is_kept
        if is_kept:
            assert form.cleaned_data["file"][1:] == ("image/jpeg", photographs.bare(content))
