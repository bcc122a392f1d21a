"""Good deliveries changed at random: what is loaded is exactly what was handed over, or the change is found where it was made."""

import random

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.intake import findings
from journeys.intake import read as intake
from journeys.vocabulary import dictionary
from tests.intake.deliveries import cases

WORDS = dictionary.load()
GOOD = cases.good_tables()
FILES = tuple(GOOD)
few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
pytestmark = pytest.mark.slow


def read(tables: cases.Tables, folder, *, encoding="utf-8", delimiter=",", newline="\n"):
    """The findings and everything loaded, of these tables written in this way."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for file, rows in tables.items():
        words = cases.as_csv(rows, delimiter).replace("\n", newline)
        (folder / file).write_bytes(words.encode(encoding))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = intake.read([folder], connection)
        loaded = {}
        for table in WORDS.tables.values():
            names = ", ".join(f'"{name}"' for name in table.columns)
            loaded[table.name] = connection.execute(
                f"select {names} from delivery.{table.name} order by row_number"
            ).fetchall()
        return [f for f in report if findings.RULES[f.rule].is_refusal], loaded


def copy() -> cases.Tables:
    return {file: [list(row) for row in rows] for file, rows in GOOD.items()}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    found, loaded = read(GOOD, tmp_path_factory.mktemp("good"))
    assert not found
    return loaded


@few
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    seed=st.integers(0, 1000),
)
def test_another_way_of_writing_loads_exactly(tmp_path, baseline, encoding, delimiter, newline, seed):
    tables, shuffled = copy(), random.Random(seed)
    for file, rows in tables.items():
        order = shuffled.sample(range(len(rows[0])), len(rows[0]))
        tables[file] = [[row[place] for place in order] for row in rows]
    found, loaded = read(tables, tmp_path / "d", encoding=encoding, delimiter=delimiter, newline=newline)
    assert found == [] and loaded == baseline


@few
@given(data=st.data())
def test_a_dropped_column_is_found_or_empty(tmp_path, baseline, data):
    file = data.draw(st.sampled_from(FILES))
    column = data.draw(st.sampled_from(GOOD[file][0]))
    tables, place = copy(), GOOD[file][0].index(column)
    tables[file] = [row[:place] + row[place + 1 :] for row in tables[file]]
    found, loaded = read(tables, tmp_path / "d")
    table = WORDS.tables[file.removesuffix(".csv")]
    if table.columns[column].required:
        assert [(f.file, f.column, f.rule) for f in found] == [(file, column, "column_missing")]
        return
    elsewhere = {(f.file, f.rule) for f in found}
    if column == "status_on":
        assert elsewhere == {("goal.csv", "status_date_missing")}
    elif column == "employment_status":
        assert elsewhere == {("outcome.csv", "job_kept_not_employed")}
    else:
        place = list(table.columns).index(column)
        empty = False if table.columns[column].default == "no" else None
        expected = [(*row[:place], empty, *row[place + 1 :]) for row in baseline[table.name]]
        assert found == [] and loaded == {**baseline, table.name: expected}


CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "1", "yes", "99", "-1", "2023-06-15", "15/06/2023", "2023-02-30", "north", "J-1", "total"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    st.dates().map(str),
    st.integers(-5, 130).map(str),
)


@settings(few, max_examples=30)
@given(data=st.data(), value=CELLS)
def test_a_changed_cell_is_loaded_or_found_at_its_place(tmp_path, baseline, data, value):
    file = data.draw(st.sampled_from(FILES))
    row = data.draw(st.integers(2, len(GOOD[file])))
    place = data.draw(st.integers(0, len(GOOD[file][0]) - 1))
    tables = copy()
    tables[file][row - 1][place] = value
    found, loaded = read(tables, tmp_path / "d")
    table, column = WORDS.tables[file.removesuffix(".csv")], GOOD[file][0][place]
    if not found:
        at = list(table.columns).index(column)
        for name, rows in loaded.items():
            changed = [
                (number, i)
                for number, (old, new) in enumerate(zip(baseline[name], rows, strict=True))
                for i in range(len(old))
                if old[i] != new[i]
            ]
            assert changed in ([], [(row - 2, at)] if name == table.name else [])
    elif table.is_child or table.name == "service_change":
        assert {f.file for f in found} == {file}
        assert all(
            f.row in (row, None) or f.rule in ("key_repeated", "dates_mixed", "main_reason_repeated") for f in found
        )
    else:
        assert all(f.file == file or f.rule in CONSEQUENCES for f in found)


CONSEQUENCES = {
    "parent_refused",
    "service_unknown",
    "journey_unknown",
    "before_referral",
    "after_data_to",
    "referred_outside_period",
    "job_kept_not_employed",
}


@few
@given(data=st.data())
def test_a_repeated_row_is_found_where_the_table_has_a_key(tmp_path, baseline, data):
    file = data.draw(st.sampled_from(FILES))
    row = data.draw(st.integers(2, len(GOOD[file])))
    tables = copy()
    tables[file].append(list(tables[file][row - 1]))
    found, loaded = read(tables, tmp_path / "d")
    table = WORDS.tables[file.removesuffix(".csv")]
    if table.key:
        rules = {(f.file, f.row, f.rule) for f in found}
        assert (file, len(GOOD[file]) + 1, "key_repeated") in rules
        assert {number for _, number, _ in rules} == {len(GOOD[file]) + 1}
        assert loaded == baseline
    else:
        assert found == []
        assert len(loaded[table.name]) == len(baseline[table.name]) + 1


@few
@given(data=st.data())
def test_swapped_dates_are_found_or_loaded_as_they_stand(tmp_path, baseline, data):
    dated = [file for file in FILES if sum("_on" in name for name in GOOD[file][0]) > 1]
    file = data.draw(st.sampled_from(dated))
    row = data.draw(st.integers(2, len(GOOD[file])))
    places = [place for place, name in enumerate(GOOD[file][0]) if name.endswith("_on")]
    first, second = data.draw(st.permutations(places))[:2]
    tables = copy()
    cells = tables[file][row - 1]
    is_same = cells[first] == cells[second]
    cells[first], cells[second] = cells[second], cells[first]
    found, loaded = read(tables, tmp_path / "d")
    if is_same:
        assert found == [] and loaded == baseline
    elif not found:
        assert loaded != baseline
    else:
        assert any(f.file == file and f.row == row for f in found) or file == "journey.csv"
