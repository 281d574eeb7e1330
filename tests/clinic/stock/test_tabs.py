"""The pages of the shelf stand side by side, for who may open them."""
from __future__ import annotations

import pytest
from django.urls import reverse


@pytest.mark.parametrize("name", ["shelf", "kits", "temperatures", "suppliers"])
def test_each_page_names_the_others_and_itself(name, alice, clinic, client_of):
    answer = client_of(alice).get(reverse(f"stock:{name}", kwargs={"clinic": clinic.slug}))

    tabs = answer.context["tabs"]
    assert [one["url"].rstrip("/").rpartition("/")[2] for one in tabs][1:] == ["kits", "temperatures", "suppliers"]
    assert [one["url"] for one in tabs if one["current"]] == [answer.request["PATH_INFO"]]
    assert 'aria-current="page"' in answer.content.decode()


def test_who_only_reads_sees_what_they_may_open(instructor, clinic, client_of):
    answer = client_of(instructor).get(reverse("stock:shelf", kwargs={"clinic": clinic.slug}))

    assert len(answer.context["tabs"]) == 2
