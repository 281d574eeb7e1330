"""What the rules ask of a body: its skin, joints, landmarks, cun, and the points that other points run from."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from waterneedle import knowledge
from waterneedle.body import landmarks, mesh, parts
from waterneedle.body.mesh import Array
from waterneedle.body.midline import midline
from waterneedle.body.surface import Patch, Section, Spot, Surface


@dataclass(frozen=True)
class Located:
    """A point, or one member of a group of points, on the left half or the midline."""

    spot: Spot
    member: str | None = None


Locator = Callable[["Body", knowledge.Point], Iterable[Located]]
T = TypeVar("T")


@dataclass(frozen=True)
class Body:
    """One figure. All answers are for the left half and the midline, in mm."""

    surface: Surface
    joints: Mapping[str, Array]
    locators: Mapping[str, Locator]  # by part of the body
    _located: dict[str, tuple[Located, ...]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _patches: dict[tuple[str, ...], Patch] = field(default_factory=dict)
    _once: dict[Callable[[Body], Any], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, coefficients: ArrayLike, locators: Mapping[str, Locator]) -> Body:
        return cls(Surface(mesh.vertices(coefficients), mesh.faces()), mesh.joints(coefficients), locators)

    @cached_property
    def landmarks(self) -> dict[str, Array]:
        """The places of the landmarks: `(n, 3)` array by id, with n = 1 for a spot and more for a course."""
        found = landmarks.picked()
        faces = np.concatenate([one.faces for one in found.values()])
        weights = np.concatenate([one.barycentric for one in found.values()])
        places = np.einsum("ni,nix->nx", weights, self.surface.vertices[self.surface.faces[faces]])
        ends = np.cumsum([len(one.faces) for one in found.values()])
        return dict(zip(found, np.split(places, ends[:-1]), strict=True))

    @cached_property
    def midline(self) -> Section:
        """The median line of the skin, from the upper lip over crown, back and front to the lower lip (`midline.py`)."""
        return midline(self.surface)

    def patch(self, *names: str) -> Patch:
        """The skin of some `parts`, of the left half."""
        if names not in self._patches:
            self._patches[names] = self.surface.patch(parts.faces_of(*names))
        return self._patches[names]

    def once(self, work: Callable[[Body], T]) -> T:
        """What `work` makes of this figure, made when it is first asked for: heights, frames, patches of a region."""
        if work not in self._once:
            self._once[work] = work(self)
        return self._once[work]

    def at(self, name: str) -> Array:
        """The place of a landmark that is a spot, or of a point."""
        if name in knowledge.points():
            return self.spot(name).xyz
        return self.landmarks[name][0]

    def picked(self, name: str) -> Spot:
        """The spot of a landmark that is one, as it was picked; of a course its first."""
        found = landmarks.picked()[name]
        return self.surface.spot(int(found.faces[0]), found.barycentric[0])

    def spot(self, code: str) -> Spot:
        """The spot of a point that is one."""
        [located] = self.located(code)
        return located.spot

    def located(self, code: str) -> tuple[Located, ...]:
        """A point, or the members of a group; worked out when first asked for, so that lines may run from point to point."""
        if code not in self._located:
            if code in self._open:
                raise ValueError(f"the places of {', '.join(self._open)} run in a circle")
            point = knowledge.points()[code]
            self._open.append(code)
            self._located[code] = tuple(self.locators[point.body_part](self, point))
            self._open.pop()
        return self._located[code]
