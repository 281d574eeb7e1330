"""A photograph of a certificate, kept without what the camera wrote into it: where and when it was taken, and with what."""

from __future__ import annotations

import io

MOST_PIXELS = 50_000_000  # what a telephone takes; a small file may unpack to far more


class NoPicture(ValueError):
    """Not a picture that can be read, or one of too many pixels."""


def bare(content: bytes) -> bytes:
    """The same picture, a PNG or a JPEG, and nothing else; upright, where the camera was held otherwise. Raises NoPicture."""
    # late: slow, and only for who brings a certificate
    from PIL import ExifTags, Image, ImageOps

    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture
            picture.load()
            is_turned = picture.getexif().get(ExifTags.Base.Orientation, 1) != 1
            shown = ImageOps.exif_transpose(picture) if is_turned else picture
            shown.info = {}
            # A JPEG that is packed anew loses sharpness: only where it is turned.
            how = {"quality": 95 if is_turned else "keep"} if picture.format == "JPEG" else {}
            shown.save(made, picture.format, **how)
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as problem:
        raise NoPicture from problem
    return made.getvalue()
