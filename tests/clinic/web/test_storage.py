"""No script keeps anything in the browser: what is of patients would stay on a tablet that is lost."""

from __future__ import annotations

import re
from pathlib import Path

import waterneedle

ROOT = Path(waterneedle.__file__).parent
KEEPS = re.compile(r"\b(localStorage|sessionStorage|indexedDB|caches|cookieStore|storage\.getDirectory|document\.cookie)\b")


def test_no_script_keeps_anything():
    ours = [one for one in ROOT.rglob("*.js") if not {"vendor", "vendored"} & set(one.parts) and one.name != "service_worker.js"]
    assert len(ours) > 20
    assert [one.name for one in ours if KEEPS.search(one.read_text(encoding="utf-8"))] == []


def test_what_is_kept_for_a_lost_connection_is_of_nobody(client, db):
    told = client.get("/sw.js").content.decode()
    kept = re.findall(r'"(/[^"]*)"', told.partition("]")[0])

    assert "/offline/" in kept and not [one for one in kept if one.startswith("/c/")]
    assert all(one.startswith("/static/") or one == "/offline/" for one in kept)
