"""The median line of the skin: on the midline exactly, all around, and from the mouth over the crown to the mouth."""
import numpy as np
import pytest

from waterneedle.body import fit, mesh
from waterneedle.body.midline import midline
from waterneedle.body.surface import Surface

BODIES = {
    "thin woman": fit.fit("female", 40, 160, 50),
    "heavy man": fit.fit("male", 50, 185, 110),
    "child": fit.fit("female", 8, 128, 26),
}


@pytest.fixture(params=BODIES)
def surface(request):
    return Surface(mesh.vertices(BODIES[request.param].coefficients), mesh.faces())


def test_the_midline_is_at_zero_and_on_the_skin(surface):
    line = midline(surface)

    assert np.all(line.xyz[:, 0] == 0)
    for length in np.linspace(0, line.lengths[-1], 40):
        spot = line.at(length)
        assert surface.at(spot.face, spot.barycentric) == pytest.approx(spot.xyz, abs=1e-9)


def test_the_midline_goes_over_the_crown_to_the_back_and_comes_up_the_front(surface):
    places = midline(surface).xyz
    crown, lowest = places[:, 1].argmax(), places[:, 1].argmin()

    assert crown < lowest
    back, front = places[crown:lowest], places[lowest:]
    middle = (places[crown, 1] + places[lowest, 1]) / 2
    assert back[np.abs(back[:, 1] - middle).argmin(), 2] < front[np.abs(front[:, 1] - middle).argmin(), 2]
    assert places[0] == pytest.approx(places[-1])
