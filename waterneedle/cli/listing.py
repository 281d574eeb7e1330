"""What the listing commands share: facts with their sources written out, search by words, tables and pages."""
from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec

from waterneedle import knowledge
from waterneedle.cli import output
from waterneedle.safety.names import MOST_OFFERED, plain

T = TypeVar("T")

_LONGEST_UNBROKEN = 24  # letters of a name that is kept on one line if it fits
_SHORT_FORMS = {"Cpr": "CPR", "Ndc": "NDC", "Gtin": "GTIN"}
_SHORTEST_INSIDE = 4  # letters of a word that may also be found inside a longer one


def told(value: Any) -> Any:
    """`value` as JSON has it: what is on file and nothing else, each citation with the title and address of its source."""
    if isinstance(value, knowledge.Citation):
        return told_citation(value)
    if isinstance(value, msgspec.Struct):
        on_file = msgspec.to_builtins(value)  # leaves out what was not seen
        pairs = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        return {name: told(getattr(value, field)) for field, name in pairs if name in on_file}
    if isinstance(value, Mapping):
        return {key: told(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [told(one) for one in value]
    return value


def told_citation(citation: knowledge.Citation) -> dict[str, Any]:
    source = knowledge.sources()[citation.source]
    found = {"id": source.id, "title": source.title, "locator": citation.locator, "address": source.address,
             "certainty": source.certainty, "read": source.read}
    return {name: value for name, value in found.items() if value is not None}


def matching(wanted: str, facts: Mapping[str, T], words_of: Callable[[T], Iterable[str]]) -> list[T]:
    """The facts in whose words every word of `wanted` begins some word; case, tones and accents do not count."""
    asked = plain(wanted).split()
    return [fact for fact in facts.values() if asked and _has_all(asked, plain_words(words_of(fact)))]


def found(
    kind: str, wanted: str, facts: Mapping[str, T], words_of: Callable[[T], Iterable[str]], *, also: Iterable[str] = ()
) -> list[T]:
    """All facts where nothing is wanted, the one with that id, else those described by the words. Refuses where there are none.

    `also` are names, beside the ids, that may have been meant.
    """
    if not wanted:
        return list(facts.values())
    if wanted in facts:
        return [facts[wanted]]
    return matching(wanted, facts, words_of) or nothing_found(kind, wanted, [*facts, *also])


def plain_words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for part in _pieces(text) for word in plain(part).split()]


def _pieces(text: str) -> Iterable[str]:
    # `plain` reads the beginning of a long text only.
    return (text[start:start + 150] for start in range(0, len(text), 150)) if len(text) > 150 else (text,)


def _has_all(asked: Iterable[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(one) or _is_inside(one, word) for word in words) for one in asked)


def _is_inside(asked: str, word: str) -> bool:
    return asked in word and (not asked.isascii() or len(asked) > _SHORTEST_INSIDE)


def nothing_found(kind: str, wanted: str, known: Iterable[str], near: Iterable[str] = ()) -> NoReturn:
    """Refuse `wanted` in one sentence, with what was perhaps meant."""
    offered = list(near) or perhaps(wanted, known)
    shown = " ".join(wanted.split())[:60]
    hint = f"perhaps {', '.join(offered)}" if offered else "without a name all are listed"
    output.refuse(f"no {kind} on file is called or described by {shown!r}; {hint}")


def perhaps(wanted: str, known: Iterable[str]) -> list[str]:
    """The known names nearest to `wanted`, as a whole, else by one of their words."""
    names = list(dict.fromkeys(known))
    by_plain = {plain(name): name for name in names}
    if near := difflib.get_close_matches(plain(wanted), by_plain, MOST_OFFERED, 0.6):
        return [by_plain[name] for name in near]
    by_word = {word: name for name in reversed(names) for word in plain(name).split()}
    near = [word for one in plain(wanted).split() for word in difflib.get_close_matches(one, by_word, MOST_OFFERED, 0.7)]
    return list(dict.fromkeys(by_word[word] for word in near))[:MOST_OFFERED]


def as_text(wanted: Sequence[str]) -> str:
    """The words after a command as one text: `st 36` is as good as `ST36`."""
    return " ".join(wanted).strip()


def print_list(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """A table whose cells are shown as they stand on file, with nothing in them read as style.

    Codes and ids in the first column stay whole, so that they can be copied.
    """
    # late: slow (rich), and of no use for --json
    from rich.table import Column
    from rich.text import Text

    shown = [[None if cell in (None, "") else Text(str(cell)) for cell in row] for row in rows]
    heads = [Column(name, overflow="fold") for name in columns]
    heads[0].width = _width_of_ids(columns[0], [str(row[0]) for row in shown])
    output.print_table(heads, shown, title=title)


def _width_of_ids(head: str, cells: Sequence[str]) -> int | None:
    """The width at which no id is broken; None for a column of sentences."""
    lines = [line for cell in cells for line in cell.splitlines()]
    if not lines or all(" " in cell.partition("\n")[0] for cell in cells):
        return None
    return max(*(len(word) for line in (head, *lines) for word in line.split()), min(max(map(len, lines)), _LONGEST_UNBROKEN))


def print_facts(rows: Iterable[tuple[str, Any]]) -> None:
    """Names and values under each other; an unknown value is shown as –."""
    # late: slow (rich), and of no use for --json
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, "dim"), Text("–" if value in (None, "") else str(value)))
    output.console().print(table)


def say(text: str = "", style: str = "") -> None:
    """Write `text` as it stands, wrapped to the terminal."""
    # late: slow (rich), and of no use for --json
    from rich.text import Text

    output.console().print(Text(text, style))


def print_page(title: str, fact: Mapping[str, Any], unknown: Iterable[str] = ()) -> None:
    """Everything in `fact` (as `told` gives it): single values first, then its tables, what is unknown, its sources."""
    say(title, "bold")
    simple = {name: value for name, value in fact.items() if not _is_table(value)}
    print_facts((in_words(name), in_one_cell(value)) for name, value in simple.items())
    for name, value in fact.items():
        if _is_table(value) and name != "sources":
            print_rows(in_words(name), value)
    missing = [in_words(name).lower() for name in unknown]
    if missing:
        say(f"Not on file: {', '.join(missing)}.")
    print_sources(fact.get("sources", ()))


def print_rows(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    shown = [[in_one_cell(row.get(name)) for name in columns] for row in rows]
    print_list([in_words(name) for name in columns], shown, title=title)


def print_sources(sources: Iterable[Mapping[str, Any]]) -> None:
    say("Sources", "bold")
    for source in sources:
        parts = [source["title"], source.get("locator"), f"{certainty(source['certainty'])}, read: {source['read']}"]
        output.print_source(f"• {'; '.join(part for part in parts if part)}", source.get("address"), before="; ")


def certainty(word: str) -> str:
    return {"label": "drug label", "rule": "law or regulator", "judgement": "our judgement"}.get(
        word, f"{word.replace('_', ' ')} certainty")


def in_words(name: str) -> str:
    """A field's name as a heading: `volume_ml` as `Volume mL`."""
    words = name.replace("_", " ").replace("-", " ")
    for unit, written in ((" ml", " mL"), (" pct", " %")):
        words = words.removesuffix(unit) + written if words.endswith(unit) else words
    first, space, rest = (words[:1].upper() + words[1:]).partition(" ")
    return f"{_SHORT_FORMS.get(first, first)}{space}{rest}"


def in_one_cell(value: Any) -> str | None:
    """A value in few words: yes and no, none for an empty list, English where there are three languages."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        if "en" in value:
            return str(value["en"])
        if "title" in value and "read" in value:
            return str(value["id"])
        return ", ".join(f"{in_words(str(key)).lower()} {in_one_cell(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(in_one_cell(one)) for one in value) or "none"
    return str(value)


def unknown_fields(fact: msgspec.Struct) -> list[str]:
    """The fields that may be unknown and are: not seen, which is not the same as none."""
    return [name for name in fact.__struct_fields__ if getattr(fact, name) is None]


def _is_table(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], Mapping)


def words_argument(facts: Callable[[], Iterable[str]]) -> Any:
    """The words after a listing command, completed with the ids of `facts`."""
    return output.fact_argument("wanted", facts, nargs=-1, metavar="[NAME|WORDS]...")
