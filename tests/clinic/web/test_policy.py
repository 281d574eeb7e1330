"""What may run on a page: the policy that is kept says what the library would have put together."""
from __future__ import annotations

import pytest
from csp.decorators import csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

from waterneedle.clinic.web.middleware import Policy

HEADER = "Content-Security-Policy"


def directives(answer: HttpResponse) -> dict[str, set[str]]:
    return {one.split()[0]: set(one.split()[1:]) for one in answer.headers[HEADER].split(";")}


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<script nonce='{request.csp_nonce}'></script>")


def without_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing to run")


with_camera = csp_update({"media-src": ["blob:"]})(plain)


@pytest.mark.parametrize("view", [plain, without_script, with_camera])
def test_the_policy_is_that_of_the_library(rf, view):
    ours, theirs = (around(view)(rf.get("/")) for around in (Policy, CSPMiddleware))
    said, wanted = directives(ours), directives(theirs)
    nonces = [{one for one in of.pop("script-src") if one.startswith("'nonce-")} for of in (said, wanted)]

    assert said == wanted
    assert [len(one) for one in nonces] == [1, 1] if view is not without_script else [0, 0]


def test_each_answer_has_a_nonce_of_its_own_which_its_page_names(rf):
    answers = [Policy(plain)(rf.get("/")) for _ in range(2)]

    assert answers[0].headers[HEADER] != answers[1].headers[HEADER]
    for one in answers:
        named = one.content.decode().split("'")[1]
        assert f"'nonce-{named}'" in one.headers[HEADER]
