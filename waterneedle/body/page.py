"""The chart's page of its own, and the files it is made of; `waterneedle body --open` serves them (`cli/body_page.py`).

The page runs under the policy that it asks for: scripts by nonce, no inline style, nothing from anywhere else.
"""
from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
FIELDS = ("sex", "age_years", "height_cm", "weight_kg", "measured")
STATIC, PACK = HERE / "static", HERE / "pack"
THREE = "vendored/three/three.module.min.js"
TYPES = {
    ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".bin": "application/octet-stream",
    ".svg": "image/svg+xml",
}
# What the page says beside the chart. Spanish and Chinese have not been reviewed.
WORDS = {
    "en": {"title": "Body", "person": "The person to draw", "sex": "Sex", "female": "female", "male": "male", "other": "other",
           "": "not on file", "age_years": "Age", "years": "years", "height_cm": "Height", "weight_kg": "Weight",
           "measured": "Measured", "draw": "Draw", "paper": "On paper",
           "script": "The chart needs JavaScript. <code>waterneedle body --csv</code> does not."},
    "es": {"title": "Cuerpo", "person": "La persona que se dibuja", "sex": "Sexo", "female": "femenino", "male": "masculino",
           "other": "otro", "": "no consta", "age_years": "Edad", "years": "años", "height_cm": "Estatura", "weight_kg": "Peso",
           "measured": "Medido", "draw": "Dibujar", "paper": "En papel",
           "script": "El dibujo necesita JavaScript. <code>waterneedle body --csv</code> no."},
    "zh-hans": {"title": "人体", "person": "要绘制的人", "sex": "性别", "female": "女", "male": "男", "other": "其他",
                "": "未记录", "age_years": "年龄", "years": "岁", "height_cm": "身高", "weight_kg": "体重", "measured": "实测",
                "draw": "绘制", "paper": "打印版",
                "script": "人体图需要 JavaScript。<code>waterneedle body --csv</code> 不需要。"},
}


def policy(nonce: str) -> str:
    """The content security policy under which the page and the chart run."""
    return (f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


def import_map(static: str = "/static/body/") -> str:
    """What the browser must know before the first module: where three.js is. The rest is imported by relative paths."""
    return json.dumps({"imports": {"three": f"{static}{THREE}"}})


def page(person: Mapping[str, str], nonce: str, codes: Sequence[str] = (), language: str = "en") -> str:
    """The page that draws `person`: `sex`, `age_years`, `height_cm`, `weight_kg` as they stand in its form.

    `measured` has its segments as `forearm=245,leg=400`, mm. With `codes` it has those points alone. `language` is one of
    `WORDS`; the chart takes its own words from the language of the page.
    """
    words = WORDS[language]
    # As page.js asks for it, so that what was loaded ahead is used.
    asked = {name: person.get(name, "") for name in FIELDS if name != "measured" or person.get(name)}
    lengths = html.escape(person.get("measured", ""), quote=True)
    hidden = f'<input type="hidden" name="measured" value="{lengths}">'
    measured = f"{hidden}<p>{words['measured']}: {lengths} mm</p>" if lengths else ""
    modules = "\n".join(f'<link rel="modulepreload" href="/static/body/{name}" nonce="{nonce}">'
                        for name in (THREE, *sorted(path.name for path in STATIC.glob("*.js"))))
    value = {name: html.escape(str(person.get(name, "")), quote=True) for name in ("age_years", "height_cm", "weight_kg")}
    sexes = "".join(f'<option value="{sex}"{" selected" if person.get("sex") == sex else ""}>{words[sex]}</option>'
                    for sex in ("female", "male", "other", ""))
    fields = "".join(
        f'<label>{words[name]} <input name="{name}" type="number" inputmode="decimal" min="{least}" max="{most}" step="any" '
        f'value="{value[name]}"><span>{unit}</span></label>'
        for name, unit, least, most in (
            ("age_years", words["years"], 0, 120), ("height_cm", "cm", 40, 260), ("weight_kg", "kg", 2, 400)))
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{words["title"]} · Waterneedle</title>
<link rel="icon" href="/static/body/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/body/page.css">
<link rel="stylesheet" href="/static/body/chart.css">
<link rel="preload" href="/chart.json?{html.escape(urlencode(asked))}" as="fetch" crossorigin>
<link rel="preload" href="/static/pack/body.bin" as="fetch" crossorigin>
<link rel="preload" href="/static/pack/body.json" as="fetch" crossorigin>
<script type="importmap" nonce="{nonce}">{import_map()}</script>
{modules}
<script type="module" src="/static/body/page.js" nonce="{nonce}"></script>
</head>
<body>
<header class="page-head">
<h1>{words["title"]}</h1>
<form id="person" class="page-person" aria-label="{words["person"]}">
<label>{words["sex"]} <select name="sex">{sexes}</select></label>{fields}{measured}
<button type="submit">{words["draw"]}</button>
<a id="paper" href="/sheet.svg?{html.escape(urlencode(asked))}" target="_blank" rel="noopener">{words["paper"]}</a>
</form>
</header>
<main id="chart" class="page-chart" data-codes="{html.escape(" ".join(codes), quote=True)}"></main>
<noscript><p class="page-note">{words["script"]}</p></noscript>
</body>
</html>
"""


def file_of(path: str) -> Path | None:
    """The file behind a path such as `/static/body/chart.js`; None for anything that is not one of the chart's own files."""
    for prefix, root in (("/static/body/", STATIC), ("/static/pack/", PACK)):
        found = (root / path.removeprefix(prefix)).resolve()
        if path.startswith(prefix) and found.is_relative_to(root) and found.is_file() and found.suffix in TYPES:
            return found
    return None
