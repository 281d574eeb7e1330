"""A table of patients as somebody else has written it: read, understood column by column, and checked row by row.

What is wrong with the file as a whole is one `Unreadable`; what is wrong with its rows comes back all at once. Nothing is
written here.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from waterneedle.clinic.patients.forms import PatientForm, has_control_signs
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.searching import plain

MOST_BYTES = 10_000_000
MOST_ROWS = 10_000  # in one file: so many are written in a few seconds, in which others wait
MOST_COLUMNS = 200
MOST_CELL = 10_000  # signs
_DELIMITERS = ",;\t|"
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_SAID = re.compile(r"sep=([,;\t|])(\r\n|\r|\n)", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')

# Fields by the words that stand above their columns in the exports of other programs and in tables people keep.
HEADINGS = {
    "given_name": "first name|firstname|given name|forename|nombre|nombres|名|名字",
    "family_name": "last name|lastname|surname|family name|apellido|apellidos|姓|姓氏",
    "full_name": "name|full name|patient|patient name|nombre completo|姓名",
    "preferred_name": "preferred name|nickname|known as|nombre preferido|昵称",
    "birth_date": "date of birth|birth date|birthdate|birthday|dob|born|fecha de nacimiento|nacimiento|出生日期|生日",
    "sex": "sex|gender|sexo|genero|性别",
    "language": "language|preferred language|idioma|lengua|语言",
    "needs_interpreter": "interpreter|needs interpreter|interprete|口译",
    "phone": "phone|telephone|mobile|cell|cell phone|mobile phone|phone number|home phone|telefono|movil|电话|手机",
    "email": "email|e mail|mail|email address|correo|correo electronico|邮箱|电子邮件",
    "address": "address|postal address|street|street address|direccion|domicilio|地址",
}
_FIELD_OF = {plain(word): name for name, words in HEADINGS.items() for word in words.split("|")}
FIELDS = tuple(HEADINGS)

_SEXES = {
    "female": "f|female|woman|w|mujer|femenino|女", "male": "m|male|man|hombre|masculino|男",
    "intersex": "x|i|intersex|intersexual", "unknown": "u|unknown|other|desconocido|未知"}
_LANGUAGES = {
    "en": "en|english|ingles|英语", "es": "es|spanish|espanol|castellano|西班牙语",
    "zh-hans": "zh|zh hans|chinese|mandarin|中文|汉语"}
_ANSWERS = {"true": "yes|y|true|1|si|是", "false": "no|n|false|0|否"}
_WORDS = {
    field: {plain(word): value for value, words in table.items() for word in words.split("|")}
    for field, table in {"sex": _SEXES, "language": _LANGUAGES, "needs_interpreter": _ANSWERS}.items()
}


class Unreadable(ValueError):
    """The file cannot be read at all; the text says why, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in the file; each row has its number there, the heading being line 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell or row, for who mends the file."""

    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the file understood: what a record takes, or what is wrong with it."""

    line: int
    values: dict[str, Any]
    problems: tuple[Problem, ...]


def read(content: bytes) -> Sheet:
    """The table in `content`: comma, semicolon, tab or bar between cells, in UTF-8 or UTF-16. Raises Unreadable."""
    text, delimiter = _with_delimiter(_decoded(content))
    rows, lines = [], csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            if any(len(cell) > MOST_CELL for cell in cells):
                raise Unreadable(_("Line %(line)d has a cell that is no cell: a quotation mark may be missing.") % {
                    "line": lines.line_num})
            if any(cell.strip() for cell in cells):
                rows.append((lines.line_num, tuple(cell.strip() for cell in cells)))
            if len(rows) > MOST_ROWS + 1:
                raise Unreadable(_("There are more than %(most)d rows: cut the file into smaller ones.") % {"most": MOST_ROWS})
    except csv.Error as error:
        raise Unreadable(_("Line %(line)d cannot be read as a table: %(error)s") % {
            "line": lines.line_num, "error": error}) from error
    if len(rows) < 2:
        raise Unreadable(_("There is no table here: a first line with the names of the columns, then one line a patient."))
    header = rows[0][1]
    if len(header) > MOST_COLUMNS:
        raise Unreadable(_("There are more than %(most)d columns.") % {"most": MOST_COLUMNS})
    return Sheet(header, tuple(rows[1:]))


def _with_delimiter(text: str) -> tuple[str, str]:
    """The table, and what stands between its cells: as its first line says to a spreadsheet (`sep=;`), else what stands most
    often between the headings. A comma inside of quotation marks is one of a heading."""
    if said := _SAID.match(text):
        return said[2] + text[said.end():], said[1]  # an empty line stays, for the numbers of the lines
    first = _LINE_ENDS.split(_QUOTED.sub("", text[:MOST_CELL].lstrip()), maxsplit=1)[0]
    return text, max(_DELIMITERS, key=first.count)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is a workbook. Save it as “CSV UTF-8” and choose that file."))
    code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(code)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(_("Line %(line)d is not UTF-8. Save the table as “CSV UTF-8” and choose that file.") % {
            "line": line}) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Unreadable(_("Line %(line)d holds a sign that is no text: this is no table.") % {"line": line})
    return text


def guess(header: Sequence[str]) -> tuple[str, ...]:
    """The field that each column is probably read as; empty for one that is left out. No field is taken twice."""
    taken: set[str] = set()
    guessed = []
    for word in header:
        name = _FIELD_OF.get(" ".join(re.split(r"[\W_]+", plain(word))).strip(), "")
        guessed.append("" if name in taken else name)
        taken.add(name)
    return tuple(guessed)


def guess_day_first(sheet: Sheet, columns: Sequence[str], otherwise: bool) -> bool:
    """Whether dates such as 4/3/1980 have the day first: what the first unmistakable one of the file says."""
    if "birth_date" not in columns:
        return otherwise
    place = list(columns).index("birth_date")
    for _line, cells in sheet.rows:
        if (found := _DATE.fullmatch(cells[place] if place < len(cells) else "")) and len(found[1]) <= 2:
            if int(found[1]) > 12:
                return True
            if int(found[2]) > 12:
                return False
    return otherwise


def understood(sheet: Sheet, columns: Sequence[str], *, day_first: bool) -> Iterator[Row]:
    """Every row with its values, or with everything that is wrong with it."""
    reader = _Reader(sheet.header, columns, day_first)
    for line, cells in sheet.rows:
        yield reader.row(line, cells)


def mistaken(columns: Sequence[str], header: Sequence[str]) -> list[str]:
    """What is wrong with the choice of columns; empty when rows can be read by it."""
    said = [_("Too many or too few columns are named.")] if len(columns) != len(header) else []
    chosen = [name for name in columns if name]
    said += [_("This is no field: %(name)s") % {"name": name} for name in chosen if name not in FIELDS]
    twice = {name for name in chosen if chosen.count(name) > 1}
    said += [_("Two columns are read as the same: %(name)s") % {"name": field_word(name)} for name in sorted(twice)]
    if not {"given_name", "full_name"} & set(chosen):
        said.append(_("Say which column has the given name, or the full name."))
    elif {"given_name", "full_name"} <= set(chosen):
        said.append(_("Choose the given name or the full name, not both."))
    return said


def field_word(name: str) -> str:
    return _("full name (family name, given name)") if name == "full_name" else str(Patient._meta.get_field(name).verbose_name)


# --- cells

_DATE = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})")


class _Reader:
    """Reads rows by the rules of the form in which people enter patients."""

    def __init__(self, header: Sequence[str], columns: Sequence[str], day_first: bool) -> None:
        self.header, self.day_first = header, day_first
        self.places = [(place, name) for place, name in enumerate(columns) if name]
        self.form = PatientForm()
        demographics = {name: self.form.fields[name] for name in PatientForm.Meta.fields}
        optional = {name: field for name, field in demographics.items() if not field.required}
        self.nothing: dict[str, Any] = {name: field.clean("") for name, field in optional.items()} | {"sex": "unknown"}

    def row(self, line: int, cells: Sequence[str]) -> Row:
        values, problems = dict(self.nothing), []
        if len(cells) > len(self.header):
            problems.append(Problem(line, "", _("There are more cells than columns.")))
        for place, name in self.places:
            cell = cells[place] if place < len(cells) else ""
            try:
                values |= self._names(cell) if name == "full_name" else {name: self._value(name, cell)}
            except ValidationError as error:
                problems.append(Problem(line, self.header[place], " ".join(error.messages)))
        return Row(line, values if not problems else {}, tuple(problems))

    def _names(self, cell: str) -> dict[str, str]:
        family, comma, given = cell.partition(",")
        if not comma:
            raise ValidationError(_("Family name and given name are told apart by a comma: Ruiz, Ana. Or use two columns."))
        return {"given_name": self._value("given_name", given.strip()), "family_name": self._value("family_name", family.strip())}

    def _value(self, name: str, cell: str) -> Any:
        if has_control_signs(cell):
            raise ValidationError(_("There is a sign in this that cannot be shown. Type it anew."))
        if cell[:1] in ("=", "@") or (cell[:1] in ("+", "-") and name != "phone"):
            raise ValidationError(_("This begins like a formula of a spreadsheet. Type it anew."))
        if name in _WORDS and cell:
            word = " ".join(re.split(r"[\W_]+", plain(cell))).strip()
            if word not in _WORDS[name]:
                raise ValidationError(_("“%(cell)s” is not understood.") % {"cell": cell[:40]})
            cell = _WORDS[name][word]
        if name == "birth_date" and cell:
            cell = self._day(cell).isoformat()
        if name == "sex":
            return cell or "unknown"
        value = self.form.fields[name].clean(cell)
        checked = getattr(self.form, f"clean_{name}", None)
        if checked is not None:
            self.form.cleaned_data = {name: value}
            value = checked()
        return value

    def _day(self, cell: str) -> datetime.date:
        found = _DATE.fullmatch(cell.split(" ")[0])  # some programs write midnight behind it
        if found and len(found[1]) == 4:
            year, month, day = found.groups()
        elif found and len(found[3]) == 4:
            (day, month) = found.group(1, 2) if self.day_first else found.group(2, 1)
            year = found[3]
        else:
            raise ValidationError(_("This is no date with a year of four digits, such as 1980-03-14."))
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError(_("There is no such day. Is the day before the month in this file?")) from None
