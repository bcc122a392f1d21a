"""No file breaks the intake: whatever is flipped or cut, and whatever a mapping says, there is a report or a sentence."""

import json
import random
import shutil
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.intake import findings, mapping, read, suggestion
from journeys.vocabulary import dictionary
from tests.intake.deliveries import cases
from tests.intake.test_reach import cell, ods, row, xlsb
from tests.intake.test_workbooks import book

WORDS = dictionary.load()
FORMATS = ("csv", "parquet", "xlsx", "ods", "xlsb", "zip")
BOOKS = ("xlsx", "ods", "xlsb")


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, Path]:
    """The good delivery in every format; the file to be spoilt by format."""
    place = tmp_path_factory.mktemp("originals")
    cases.make({}, place / "csv")
    cases.make({"remove": ["journey.csv"]}, place / "parquet")
    with duckdb.connect() as connection:
        file = cases.GOOD / "journey.csv"
        connection.execute(f"copy (from read_csv('{file}')) to '{place}/parquet/journey.parquet'")
    book(place / "book.xlsx")
    with zipfile.ZipFile(place / "packed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(cases.GOOD.glob("*.csv")):
            packed.write(file, file.name)
    return {
        "csv": place / "csv" / "journey.csv", "parquet": place / "parquet" / "journey.parquet", "xlsx": place / "book.xlsx",
        "zip": place / "packed.zip", "ods": ods(place / "book.ods", row(*map(cell, "abc"))),
        "xlsb": xlsb(place / "book.xlsb", *((1, i, "abc"[i]) for i in range(3))),
    }  # fmt: skip


def spoilt(content: bytes, seed: int) -> bytes:
    """Some bytes flipped, swapped for telling ones, or the end cut off."""
    draw, made = random.Random(seed), bytearray(content)
    for _ in range(draw.randint(1, 12)):
        made[draw.randrange(len(made))] = draw.choice([0, 10, 13, 34, 44, 255, draw.randrange(256)])
    return bytes(made[: draw.randrange(1, len(made))] if draw.random() < 0.2 else made)


def spoil(originals: dict[str, Path], form: str, seed: int, place: Path) -> Path:
    """A delivery whose file of one format is spoilt; inside a workbook every other time, so that the zip still opens."""
    file = originals[form]
    target = place / file.name if form in (*BOOKS, "zip") else shutil.copytree(file.parent, place / "d") / file.name
    if form in BOOKS and seed % 2:
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
            chosen = random.Random(seed).choice(
                [name for name in old.namelist() if name.startswith(("xl/", "content"))]
            )
            for name in old.namelist():
                new.writestr(name, spoilt(old.read(name), seed) if name == chosen else old.read(name))
        return target
    target.write_bytes(spoilt(file.read_bytes(), seed))
    return target if form in (*BOOKS, "zip") else target.parent


def read_in_words(path: Path, work: Path, words: Path | None = None) -> str:
    """The report of a check, in words; the sentence of a ValueError."""
    with read.connected(work) as connection:
        try:
            return findings.text(read.read([path], connection, mapping=words))
        except ValueError as error:
            return str(error)


@pytest.mark.parametrize("form", FORMATS)
def test_a_spoilt_file_gives_a_report(originals, tmp_path, form):
    for seed in range(4):
        place = tmp_path / str(seed)
        place.mkdir()
        assert read_in_words(spoil(originals, form, seed, place), place)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_many_spoilt_files_give_reports(originals, tmp_path, form):
    for seed in range(4, 14):
        place = tmp_path / str(seed)
        place.mkdir()
        path = spoil(originals, form, seed, place)
        assert read_in_words(path, place)
        assert suggestion.suggest([path])
        shutil.rmtree(place)


PLAIN = st.one_of(
    st.text(max_size=8),
    st.integers(-5, 99),
    st.booleans(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dates().map(str),
)
NAMES = st.sampled_from(
    [
        *WORDS.tables,
        "columns",
        "fixed",
        "values",
        "unpivot",
        "sheet",
        "name",
        "value",
        "journey_id",
        "gender",
        "referred_on",
        "item",
        "score",
    ]
)
SWITCHES = ("decimal_ids", "date_order", "leading_zeros", "empty")
TREES = st.recursive(PLAIN, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8)
MAPPINGS = st.fixed_dictionaries({}, optional={"tables": TREES, **dict.fromkeys(SWITCHES, PLAIN), "else": PLAIN})


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {as_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=MAPPINGS)
def test_any_mapping_is_taken_or_refused_in_a_sentence(tmp_path, given):
    path = tmp_path / "mapping.toml"
    path.write_text("\n".join(f"{name} = {as_toml(value)}" for name, value in given.items()), encoding="utf-8")
    try:
        assert set(mapping.load(path, WORDS)) == set(WORDS.tables)
    except ValueError as error:
        assert str(error).startswith(f"mapping {path}")


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=MAPPINGS)
def test_a_delivery_is_read_with_any_mapping(tmp_path, given):
    work = Path(
        tempfile.mkdtemp(dir=tmp_path)
    )  # Hypothesis seeds `random` anew for each example, so a drawn name may come twice
    path = work / "mapping.toml"
    path.write_text("\n".join(f"{name} = {as_toml(value)}" for name, value in given.items()), encoding="utf-8")
    assert read_in_words(cases.GOOD, work, path)
