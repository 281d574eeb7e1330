"""The surface of the body: where a point lies, in words."""
from __future__ import annotations

from waterneedle.body.phrases import region_in_words
from waterneedle.body.words import place_in_words

__all__ = ["place_in_words", "region_in_words"]
