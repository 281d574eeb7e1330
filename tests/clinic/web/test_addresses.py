"""Addresses are those that Django makes, for every route of the clinic, whatever was asked for before."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, reverse, set_script_prefix

from waterneedle.clinic.web.addresses import address

CLINICS = ("harbor", "oak-street")


def routes() -> list[tuple[str, tuple[str, ...]]]:
    """Every route that takes nothing but a clinic and UUIDs, with what it takes."""
    found = []
    for room, (prefix, resolver) in get_resolver().namespace_dict.items():
        for name, ways in resolver.reverse_dict.lists():
            taken = {*ways[0][0][0][1], *(["clinic"] if "<clinic>" in prefix else [])}
            converters = ways[0][3]
            known = all(one == "clinic" or type(converters.get(one)).__name__ == "UUIDConverter" for one in taken)
            if isinstance(name, str) and known:
                found.append((f"{room}:{name}", tuple(taken)))
    return found


def test_an_address_is_the_one_that_django_makes() -> None:
    asked = routes()
    assert len(asked) > 100
    for route, taken in asked:
        for clinic in CLINICS:
            where = {name: clinic if name == "clinic" else uuid4() for name in taken}
            assert address(route, **where) == reverse(route, kwargs=where)


def test_what_is_no_uuid_is_part_of_the_address_that_is_kept() -> None:
    assert address("patients:patients", clinic="harbor") != address("patients:patients", clinic="oak-street")
    inside = UUID(int=(1 << 127) + 1)  # a number that stands for a UUID while an address is looked up
    asked = {"clinic": "harbor", "patient": inside, "visit": UUID(int=5)}
    assert address("visits:visit", **asked) == reverse("visits:visit", kwargs=asked)


def test_where_there_is_no_route_it_is_said() -> None:
    with pytest.raises(NoReverseMatch):
        address("patients:nothing", clinic="harbor")
    with pytest.raises(NoReverseMatch):
        address("visits:visit", clinic="harbor")


def test_below_a_prefix() -> None:
    plain = address("patients:patients", clinic="harbor")
    set_script_prefix("/below/")
    try:
        assert address("patients:patients", clinic="harbor") == f"/below{plain}"
    finally:
        set_script_prefix("/")


def test_the_tag_of_a_template() -> None:
    one = uuid4()
    shown = Template('{% url "patients:patient" clinic=clinic patient=one %} {% url "no:route" as none %}[{{ none }}]')
    assert shown.render(Context({"clinic": "harbor", "one": one})) == f"/c/harbor/patients/{one}/ []"
    with pytest.raises(NoReverseMatch):
        Template('{% url "no:route" %}').render(Context())
