"""Facts are read strictly: everything wrong with them comes back at once, with its file and key."""
import subprocess
import sys

import pytest

from waterneedle import knowledge
from waterneedle.knowledge import sections, store
from waterneedle.knowledge.files import fact_files, read
from waterneedle.knowledge.sections import Problem

SOURCE = """id = "book"
title = "A book"
certainty = "low"
read = "original"
read_on = 2026-11-22
isbn = "1"
"""
KNEE = """id = "knee"
body_part = "knee"
names = ["knee"]
sources = [{ source = "book" }]
"""


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def problems(root):
    return read(root)[1]


def test_a_sound_folder_is_read(folder):
    library, found = read(folder(sources__book_dot_toml=SOURCE, regions__knee_dot_toml=KNEE))
    assert found == ()
    assert library["regions"]["knee"].names == ("knee",)


def test_small_records_may_stand_in_one_list(folder):
    many = "".join(f"[[region]]\n{KNEE.replace('knee', name)}" for name in ("knee", "foot"))
    assert list(read(folder(regions_dot_toml=many))[0]["regions"]) == ["knee", "foot"]


@pytest.mark.parametrize(("text", "key", "said"), [
    (KNEE + "nmaes = []\n", "knee", "unknown field `nmaes`"),
    (KNEE.replace('sources = [{ source = "book" }]\n', ""), "knee", "missing required field `sources`"),
    (KNEE.replace('[{ source = "book" }]', "[]"), "knee", "length >= 1 - at `$.sources`"),
    (KNEE.replace('body_part = "knee"', 'body_part = "tail"'), "knee", "Invalid enum value 'tail'"),
    (KNEE.replace('["knee"]', "3"), "knee", "`$.names`"),
    (KNEE.replace('id = "knee"', 'id = "The Knee"'), "The Knee", "`$.id`"),
    (KNEE.replace('id = "knee"\n', ""), "", "missing required field `id`"),
    ("id = ", "", "Invalid value"),
    (KNEE + 'id = "knee"\n', "", "Cannot overwrite a value"),
])
def test_a_record_that_is_not_right_is_a_problem_at_its_key(folder, text, key, said):
    (problem,) = problems(folder(regions__knee_dot_toml=text))
    assert (problem.file, problem.key) == ("regions/knee.toml", key)
    assert said in problem.text


def test_an_id_that_stands_twice_is_a_problem(folder):
    found = problems(folder(regions__a_dot_toml=KNEE, regions__b_dot_toml=KNEE))
    assert found == (Problem("regions/b.toml", "knee", "stands twice"),)


def test_a_file_of_no_known_kind_is_a_problem(folder):
    assert problems(folder(recipes_dot_toml="a = 1")) == (Problem("recipes.toml", "", "no kind of fact has this name"),)


def test_a_file_that_is_not_utf_8_is_a_problem(folder):
    root = folder(regions__knee_dot_toml="")
    (root / "regions" / "knee.toml").write_bytes(b"id = \"\xff\"")
    (problem,) = problems(root)
    assert (problem.file, "codec" in problem.text) == ("regions/knee.toml", True)


@pytest.mark.parametrize(("text", "key", "said"), [
    ("id,term,kind\npatella,patella,bone\n", None, None),
    ("id,term,kind\npatella,patella,wood\n", "line 2", "Invalid enum value 'wood'"),
    ("id,term,kind\npatella,,bone\n", "line 2", "missing required field `term`"),
    ('id,term,kind\npatella,"patella,bone\n', "", "unexpected end of data"),
])
def test_a_table_is_read_as_strictly(folder, text, key, said):
    found = problems(folder(landmarks_dot_csv=text))
    if key is None:
        assert found == ()
        return
    (problem,) = found
    assert (problem.file, problem.key) == ("landmarks.csv", key)
    assert said in problem.text


def test_a_cell_of_a_point_that_is_no_number_is_a_problem_at_its_line(folder):
    lines = (sections.ROOT / "points" / "HT.csv").read_text(encoding="utf-8").splitlines()
    broken = "\n".join([lines[0], lines[1].replace(",2,", ",two,")]) + "\n"
    (problem,) = problems(folder(points__HT_dot_csv=broken))
    assert (problem.file, problem.key) == ("points/HT.csv", "line 2")


def test_a_table_of_what_is_kept_in_toml_is_a_problem(folder):
    assert problems(folder(regions_dot_csv="id\nknee\n")) == (Problem("regions.csv", "", "this kind of fact is kept in TOML"),)


def test_every_problem_comes_back_at_once(folder):
    root = folder(regions__a_dot_toml=KNEE + "x = 1\n", regions__b_dot_toml="id = ", landmarks_dot_csv="id,term,kind\na,b,c\n")
    assert [problem.file for problem in problems(root)] == ["landmarks.csv", "regions/a.toml", "regions/b.toml"]


def test_a_problem_reads_as_file_key_and_text():
    assert str(Problem("regions/a.toml", "knee", "stands twice")) == "regions/a.toml: knee: stands twice"
    assert str(Problem("regions/a.toml", "", "Invalid value")) == "regions/a.toml: Invalid value"


def test_the_same_files_have_the_same_version(folder):
    root = folder(regions__knee_dot_toml=KNEE)
    assert store.digest(root) == store.digest(root)


@pytest.mark.parametrize("change", [
    {"regions__knee_dot_toml": KNEE + "# a comment counts too\n"},
    {"regions__foot_dot_toml": KNEE.replace("knee", "foot")},
])
def test_a_changed_file_changes_the_version(folder, change):
    before = store.digest(folder(regions__knee_dot_toml=KNEE))
    assert store.digest(folder(**change)) != before


def test_the_version_names_its_hash():
    assert knowledge.version().startswith("sha256:")
    assert len(knowledge.version()) == len("sha256:") + 16


def test_the_files_come_in_a_fixed_order():
    assert fact_files() == sorted(fact_files())


def test_all_facts_can_be_read():
    assert read()[1] == ()


MANY_FIRST_READERS = """
import sys, threading
sys.setswitchinterval(1e-6)
from waterneedle.knowledge import store
from waterneedle.knowledge.sections import BY_NAME
start = threading.Barrier(16)
def read():
    start.wait()
    for name in BY_NAME:
        store.section(name)
threads = [threading.Thread(target=read) for _ in range(16)]
for one in threads: one.start()
for one in threads: one.join()
"""


def test_many_threads_read_the_facts_first_and_the_process_lives():
    """A server that has just started answers many at once; without a lock msgspec ends it in every run of this."""
    assert subprocess.run([sys.executable, "-c", MANY_FIRST_READERS], timeout=120).returncode == 0
