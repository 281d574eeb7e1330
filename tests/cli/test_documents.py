"""Documents in files and on standard input: one answer a document, one sentence for what is not valid, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from waterneedle.cli import documents
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import read

GOOD = b'{"hours_since_visit": 20, "symptoms": []}'
BAD = {
    "empty": b"",
    "blank": b"  \n\n",
    "not json": b"hello",
    "truncated": b'{"hours_since_visit": 20, "symptoms": [',
    "wrong type": b'{"hours_since_visit": "soon", "symptoms": []}',
    "unknown field": b'{"hours_since_visit": 20, "symptoms": [], "mood": 3}',
    "missing field": b'{"symptoms": []}',
    "NaN": b'{"hours_since_visit": NaN, "symptoms": []}',
    "Infinity": b'{"hours_since_visit": Infinity, "symptoms": []}',
    "1e400": b'{"hours_since_visit": 1e400, "symptoms": []}',
    "duplicate key": b'{"hours_since_visit": 1, "hours_since_visit": 2, "symptoms": []}',
    "deep nesting": b"[" * 200_000,
    "deep objects": b'{"symptoms":' * 100_000,
    "not UTF-8": b'{"hours_since_visit": 20, "symptoms": [], "free_text": "\xff"}',
    "lone surrogate": rb'{"hours_since_visit": 20, "symptoms": [], "free_text": "\ud800"}',
    "two documents": GOOD + b" " + GOOD,
    "array": b"[" + GOOD + b"]",
    "null": b"null",
    "huge number": b'{"hours_since_visit": ' + b"9" * 5000 + b', "symptoms": []}',
    "megabytes of nothing known": b'{"x": "' + b"a" * 5_000_000 + b'"}',
    "too large": b'{"x": "' + b"a" * (documents.LARGEST + 1) + b'"}',
}


@click.command()
@click.argument("path")
@click.option("--json", "as_json", is_flag=True)
def hours(path, as_json):
    """Answers a check-in with its hours; the status is 1 above 100 hours."""
    documents.run(
        path,
        lambda content: {"hours": read(content, CheckIn).hours_since_visit},
        lambda found: int(found["hours"] > 100),
        lambda found: click.echo(f"{found['hours']} h"),
        as_json,
    )


def stream(content):
    result = CliRunner().invoke(hours, ["-"], input=content)
    return [json.loads(line) for line in result.stdout.splitlines()], result


def a_file(tmp_path, content):
    path = tmp_path / "checkin.json"
    path.write_bytes(content)
    return CliRunner().invoke(hours, [str(path)])


def numbered(*values):
    return b"\n".join(b'{"hours_since_visit": %d, "symptoms": []}' % value for value in values)


def test_a_file_is_answered_with_its_status(tmp_path):
    assert a_file(tmp_path, numbered(20)).stdout == "20.0 h\n"
    assert a_file(tmp_path, numbered(200)).exit_code == 1


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_valid_is_one_sentence(tmp_path, name):
    result = a_file(tmp_path, BAD[name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 700 + len(str(tmp_path))
    assert isinstance(result.exception, SystemExit)


def test_the_sentence_names_the_field(tmp_path):
    content = b'{"hours_since_visit": 20, "symptoms": [{"name": "x", "severity": 11}]}'
    assert "symptoms[].severity: Expected `int` <= 10" in a_file(tmp_path, content).stderr.replace("symptoms[0]", "symptoms[]")


@pytest.mark.parametrize("path", ["/no/such/file", "/", "a\0b"])
def test_a_path_that_is_no_file_is_one_sentence(path):
    result = CliRunner().invoke(hours, [path])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_a_byte_order_mark_is_accepted(tmp_path):
    assert a_file(tmp_path, b"\xef\xbb\xbf" + GOOD).exit_code == 0
    assert stream(b"\xef\xbb\xbf" + GOOD)[0] == [{"hours": 20.0}]


def test_a_line_is_a_document():
    answers, result = stream(numbered(1, 2, 300))
    assert answers == [{"hours": 1.0}, {"hours": 2.0}, {"hours": 300.0}]
    assert result.exit_code == 1


def test_a_line_that_is_not_valid_is_answered_in_its_place():
    answers, result = stream(numbered(1) + b'\n\r\n{"symptoms": []}\n{oops\n' + numbered(2))
    assert [answer.get("hours") for answer in answers] == [1.0, None, None, 2.0]
    assert answers[1] == {"error": {"line": 3, "field": "hours_since_visit", "message": "required, and missing"}}
    assert answers[2]["error"]["line"] == 4
    assert (result.exit_code, result.stderr) == (2, "")


def test_a_document_over_several_lines_is_one():
    assert stream(b"\n" + json.dumps(json.loads(GOOD), indent=2).encode())[0] == [{"hours": 20.0}]


def test_a_document_over_several_lines_that_is_not_valid_is_one_error():
    answers, result = stream(b'{\n"hours_since_visit": -1,\n"symptoms": []}')
    assert [answer["error"]["field"] for answer in answers] == ["hours_since_visit"]
    assert result.exit_code == 2


def test_lines_behind_a_first_line_that_is_not_json_are_still_answered():
    answers, result = stream(b"{\n" + numbered(1, 2))
    assert ["error" in answer for answer in answers] == [True, False, False]
    assert result.exit_code == 2


@pytest.mark.parametrize("name", sorted(set(BAD) - {"empty", "blank"}))
def test_any_bad_line_is_one_error_and_the_stream_goes_on(name):
    answers, result = stream(numbered(1) + b"\n" + BAD[name] + b"\n" + numbered(2))
    assert [answer.get("hours") for answer in answers] == [1.0, None, 2.0]
    assert set(answers[1]["error"]) == {"line", "field", "message"}
    assert result.exit_code == 2


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_no_document_at_all_is_not_valid(content):
    answers, result = stream(content)
    assert (answers, result.exit_code) == ([], 2)
    assert "found none" in result.stderr


def test_a_line_is_answered_before_the_next_one_comes():
    command = [sys.executable, "-m", "waterneedle", "triage", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(2):
            process.stdin.write(GOOD + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["level"] == "none"
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_reader_that_goes_away_is_no_traceback():
    command = [sys.executable, "-m", "waterneedle", "triage", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        try:
            process.stdin.write((GOOD + b"\n") * 500)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
