"""How long what was injected stays at the point, as published: times of peak, half-lives, what is lost in urine."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Identifier, Positive, Route, Sources, Text

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]


class PeakTime(Fact, kw_only=True):
    """Time from injection to the highest plasma level."""

    route: Route
    tmax_h: Positive
    dose_mcg: Positive | None = None
    note: str | None = None
    citation: Citation


class PlasmaHalfLife(Fact, kw_only=True):
    """Half-life in plasma: of what is bound to protein, or of the unbound part that goes into urine."""

    pool: Literal["bound", "unbound"]
    half_life_h: Positive
    note: str | None = None
    citation: Citation


class SiteHalfLife(Fact, kw_only=True):
    """Time in which half of a dose was seen to leave the place of injection."""

    route: Route
    half_life_h: Positive
    citation: Citation


class WidenedRoute(Fact, kw_only=True):
    """A route nobody has measured, taken like another one, with both ends of the band moved apart by a factor."""

    route: Route
    like: Route
    factor: Annotated[float, msgspec.Meta(ge=1)]
    note: str
    citation: Citation


class UrinaryLoss(Fact, kw_only=True):
    """Share of a dose found in urine: lowest and highest figure (twice the same where one was printed)."""

    dose_mcg: Positive
    lost: tuple[Fraction, Fraction]
    within_h: Positive | None = None
    citation: Citation


class Kinetics(Fact, kw_only=True):
    """What was published about one form of a substance, or about a needle left in (`retained_min`)."""

    id: Identifier
    substance: Identifier | None = None
    peaks: tuple[PeakTime, ...] = ()
    plasma_half_lives: tuple[PlasmaHalfLife, ...] = ()
    site_half_lives: tuple[SiteHalfLife, ...] = ()
    widened: tuple[WidenedRoute, ...] = ()
    urinary_losses: tuple[UrinaryLoss, ...] = ()
    retained_min: tuple[Positive, Positive] | None = None
    not_found: tuple[str, ...] = ()
    text: Text
    sources: Sources
