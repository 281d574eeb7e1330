"""Forms as a browser finds them on a page, and how they are filled in: for tests that try every form there is."""
from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TEXT = ("text", "search", "")
_ORDINARY = {"date": "2026-12-01", "time": "10:00", "datetime-local": "2026-12-01T10:00", "number": "1", "email": "a@example.org",
             "tel": "+1 206 555 0100", "url": "https://example.org/", "password": "a quiet needle in clear water"}


@dataclass
class Field:
    name: str
    kind: str  # of the input; textarea, select
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def takes_text(self) -> bool:
        """Whether a person may type anything here. An amount is typed too, but is a number (`kind` decimal)."""
        return self.kind in (*TEXT, "textarea")


@dataclass
class Form:
    address: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def filled(self, text: str | None = None, *, numbers: bool = False) -> dict[str, list[str]]:
        """Everything as somebody would fill it in, and `text` wherever text goes; with `numbers` where numbers go too."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            if text is not None and (one.takes_text or (numbers and one.kind in ("decimal", "number", "date"))):
                found[one.name] = [text]
            elif one.kind in ("checkbox", "radio"):
                found.setdefault(one.name, [one.value or "on"])  # of several the first
            elif one.kind == "select":
                found[one.name] = [one.value or next((option for option in one.options if option), "")]
            elif one.kind == "decimal":
                found[one.name] = [one.value or "1"]
            else:
                found[one.name] = [one.value or _ORDINARY.get(one.kind, "something")]
        return found


class Page(HTMLParser):
    """The forms of a page, and everything on it that a hostile text may have become."""

    def __init__(self, address: str, content: str) -> None:
        super().__init__()
        self.address, self.forms, self.tags, self.handlers = address, [], set(), []
        self._open: list[Form] = []
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        said = {name: value or "" for name, value in attrs}
        self.handlers += [name for name in said if name.startswith("on")]
        if tag == "form":
            action = urlsplit(urljoin(self.address, said.get("action", "")))
            self._open.append(Form(f"{action.path}?{action.query}".rstrip("?"), said.get("method", "get").lower()))
            self.forms.append(self._open[-1])
        elif tag == "option" and self._select is not None:
            self._select.options.append(said.get("value", ""))
            if "selected" in said:
                self._select.value = said.get("value", "")
        elif self._open and said.get("name") and tag in ("input", "select", "textarea"):
            kind = said.get("type", "text") if tag == "input" else tag
            if kind == "text" and said.get("inputmode") in ("decimal", "numeric"):
                kind = "decimal"
            made = Field(said["name"], kind, said.get("value", ""))
            self._open[-1].fields.append(made)
            self._select = made if tag == "select" else None
            self._area = made if tag == "textarea" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self._open.pop()
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.removeprefix("\n")
