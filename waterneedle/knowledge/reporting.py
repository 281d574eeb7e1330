"""Words of the systems in which adverse events are judged and reported."""

from typing import Literal

from waterneedle.knowledge.fact import Fact, Identifier, Sources, Text


class ReportTerm(Fact, kw_only=True):
    """A category, an outcome or a section of one system, as it names it; `criteria` are what a category asks, all of them."""

    id: Identifier
    system: Literal["who-umc", "fda-3500"]
    block: str | None = None  # of the form
    title: Text
    criteria: tuple[Text, ...] = ()
    sources: Sources
