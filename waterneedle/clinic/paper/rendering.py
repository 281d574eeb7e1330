"""A Typst template and values in, the bytes of a PDF out: the same bytes for the same values.

A template is a file of ours below `waterneedle/clinic/`. Values reach it as JSON, as data: no text of a person is ever read as
markup. It sees no file outside of that folder, no network, no clock, and no fonts but the vendored ones.
"""
from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from waterneedle.clinic.paper.printable import printable

ROOMS = Path(__file__).parent.parent
FONTS = Path(__file__).parent / "fonts"
_one_at_a_time = threading.Lock()


def render(template: Path, values: Mapping[str, Any]) -> bytes:
    """`template` filled in with `values`, as a tagged PDF (PDF/UA-1, for screen readers too).

    `values` is anything that can be written as JSON. A character that no font here has is shown by its number, such as
    [U+1F600]: nothing is left out without a sign of it. Raises ValueError for a template outside of the clinic's rooms, and
    `typst.TypstError` for one that is wrong.
    """
    import typst  # late: slow, and few processes print

    template = template.resolve()
    if not template.is_relative_to(ROOMS):
        raise ValueError(f"a template is a file below {ROOMS}, got {template}")
    said = msgspec.json.encode(printable(msgspec.to_builtins(dict(values))), order="deterministic").decode()
    # Typst keeps what it has laid out before; two at once would hold twice of it for nothing.
    with _one_at_a_time:
        return typst.compile(
            template, root=ROOMS, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"values": said},
            format="pdf", pdf_standards=["ua-1"], timestamp=0, package_path=NOWHERE, package_cache_path=NOWHERE)


# No package is found here, and a folder that cannot be made takes none from the network.
NOWHERE = Path("/dev/null/packages")


@functools.cache
def _fonts() -> Any:
    import typst  # late: as above

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
