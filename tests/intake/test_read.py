"""The intake beyond single cells: formats, several deliveries, workbooks, zips, and what the store is given."""

import csv
import datetime
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from journeys.intake import read
from journeys.intake.identifiers import WITHHELD
from journeys.vocabulary import dictionary
from tests.intake.deliveries import cases

TABLES = tuple(dictionary.load().tables)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        yield connection


def loaded(connection) -> dict[str, list[tuple]]:
    """Everything that the store is given."""
    return {t: connection.execute(f"from delivery.{t} order by row_number").fetchall() for t in TABLES}


def rules_of(report) -> set[str]:
    return {count.rule.name for count in report.summary()}


def write_workbook(path: Path, tables: cases.Tables, **options) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell) if cell else None
    return path


def write_parquet(folder: Path, connection) -> Path:
    folder.mkdir()
    for file in cases.GOOD.glob("*.csv"):
        connection.execute(f"copy (from read_csv('{file}')) to '{folder / file.stem}.parquet'")
    return folder


def test_the_store_gets_exactly_the_columns_of_the_dictionary(connection):
    read.read([cases.GOOD], connection)
    children = dictionary.load().child_tables
    types = {
        "text": "VARCHAR",
        "code": "VARCHAR",
        "date": "DATE",
        "flag": "BOOLEAN",
        "integer": "INTEGER",
        "number": "DOUBLE",
    }
    for table in dictionary.load().tables.values():
        described = [row[:2] for row in connection.execute(f"describe delivery.{table.name}").fetchall()]
        expected = [(column.name, types[column.type]) for column in table.columns.values()]
        expected += [(f"has_{child}", "BOOLEAN") for child in children] if table.name == "service" else []
        expected += [("row_number", "BIGINT"), ("delivery", "INTEGER")]
        assert described == [*expected, ("journey_row", "BIGINT")] if table.is_child else described == expected
    left = connection.execute("select table_name from duckdb_tables() where database_name = 'delivery'").fetchall()
    assert {name for (name,) in left} == {*TABLES, "rows_read"}


def test_every_format_gives_the_same_rows(connection, tmp_path):
    read.read([cases.GOOD], connection)
    expected = loaded(connection)
    zipped = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", cases.GOOD))
    nested = Path(shutil.make_archive(str(tmp_path / "nested"), "zip", cases.GOOD.parent, cases.GOOD.name))
    book = write_workbook(tmp_path / "book.xlsx", cases.good_tables())
    inside = tmp_path / "inside"
    inside.mkdir()
    shutil.copy(book, inside)
    for path in (zipped, nested, book, inside, write_parquet(tmp_path / "parquet", connection)):
        report = read.read([path], connection)
        assert report.is_clean, list(report)
        assert loaded(connection) == expected, path.name


def test_one_delivery_may_mix_formats(connection, tmp_path):
    read.read([cases.GOOD], connection)
    expected = loaded(connection)
    mixed = write_parquet(tmp_path / "mixed", connection)
    tables = cases.good_tables()
    for name in ("goal", "service"):
        (mixed / f"{name}.parquet").unlink()
        write_workbook(mixed / f"{name}.xlsx", {"Sheet1": tables[f"{name}.csv"]})
    (mixed / "contact.parquet").unlink()
    shutil.copy(cases.GOOD / "contact.csv", mixed)
    report = read.read([mixed], connection)
    assert report.is_clean and loaded(connection) == expected
    assert "goal.xlsx [Sheet1]" in {file.file for file in report.files}


def test_a_missing_table_is_not_an_empty_one(connection, tmp_path):
    folder = cases.make({"remove": ["goal.csv", "measure.csv"]}, tmp_path / "d")
    read.read([folder], connection)
    flags = "has_goal, has_measure, has_contact, has_service_change"
    assert connection.execute(f"select distinct {flags} from delivery.service").fetchall() == [
        (False, False, True, True)
    ]


def test_only_good_rows_are_given_and_the_others_keep_their_numbers(connection, tmp_path):
    folder = cases.make({"set": {"contact.csv 3 contact_on": "soon"}}, tmp_path / "d")
    report = read.read([folder], connection)
    contacts = next(file for file in report.files if file.table == "contact")
    assert (contacts.rows_read, contacts.rows_good, contacts.rows_refused) == (3, 2, 1)
    assert report.n_refused == 1 and not report.is_refused_whole
    assert connection.execute("select row_number from delivery.contact order by 1").fetchall() == [(1,), (3,)]


def test_nothing_is_given_when_a_file_is_refused_whole(connection, tmp_path):
    folder = cases.make({"set": {"contact.csv 3 journey_id": "943 476 5919"}}, tmp_path / "d")
    report = read.read([folder], connection)
    assert report.is_refused_whole and all(not rows for rows in loaded(connection).values())
    contacts = next(file for file in report.files if file.table == "contact")
    assert (contacts.rows_read, contacts.rows_good, contacts.rows_refused) == (3, 0, 3)


def test_numbers_flags_and_times_of_parquet(connection, tmp_path):
    folder = cases.make({"remove": ["outcome.csv"]}, tmp_path / "d")
    rows = "('north', 'J-2', 'training', timestamp '2023-10-01 00:00:00', 12.0), "
    rows += "('north', 'J-2', 'training', timestamp '2023-10-01 00:00:00', 'inf'::double), "
    rows += "('north', 'J-2', 'training', timestamp '2023-10-01 09:30:00', 1e300)"
    connection.execute(
        f"copy (from (values {rows}) as t(service_id, journey_id, outcome, started_on, hours_per_week)) "
        f"to '{folder}/outcome.parquet'"
    )
    report = read.read([folder], connection)
    assert [(f.row, f.column, f.rule) for f in report] == [
        (3, "hours_per_week", "number_wrong"),
        (4, "started_on", "times_dropped"),
        (4, "hours_per_week", "number_wrong"),
    ]
    good = connection.execute("select started_on::varchar, hours_per_week from delivery.outcome").fetchall()
    assert good == [("2023-10-01", 12.0)]


def test_parquet_with_lists_is_unreadable(connection, tmp_path):
    folder = cases.make({"remove": ["goal.csv"]}, tmp_path / "d")
    connection.execute(f"copy (select 'north' as service_id, ['J-1'] as journey_id) to '{folder}/goal.parquet'")
    report = read.read([folder], connection)
    assert report.is_refused_whole and rules_of(report) == {"unreadable"}


# --- several deliveries ---


def test_two_deliveries_are_read_together_and_stay_apart(connection, tmp_path):
    other = {
        "service.csv": "service_id,service_name,commissioner_code,commissioner_name,model,data_from,data_to,records_goals,"
        "records_outcomes\nwest,West Links,QAB,West Board,light,01/04/2023,30/06/2024,no,no\n",
        "journey.csv": "journey_id,client_ref,service_id,referred_on,referral_source\nJ-1,c01,west,01/05/2023,gp\n"
        "J-2,c02,north,01/06/2023,gp\n",
    }
    folder = tmp_path / "west"
    folder.mkdir()
    for name, words in other.items():
        (folder / name).write_text(words, encoding="utf-8")
    report = read.read([cases.GOOD, folder], connection)
    found = [(f.file, f.row, f.column, f.rule) for f in report]
    assert found == [("west/journey.csv", 3, "service_id", "service_unknown")]
    assert connection.execute("select count(*), count(distinct row_number) from delivery.journey").fetchall() == [
        (5, 5)
    ]
    assert connection.execute("select service_id, has_goal from delivery.service order by 1").fetchall() == [
        ("north", True),
        ("south", True),
        ("west", False),
    ]


def test_a_service_in_two_deliveries_is_refused_in_the_second(connection, tmp_path):
    second = cases.make({"remove": ["measure.csv"]}, tmp_path / "second")
    report = read.read([cases.GOOD, second], connection)
    refused = [f for f in report if f.rule == "service_in_two_deliveries"]
    assert [(f.file, f.row, f.value) for f in refused] == [
        ("second/service.csv", 2, "north"),
        ("second/service.csv", 3, "south"),
    ]
    assert {f.file.split("/")[0] for f in report} == {"second"}
    assert connection.execute("select count(*) from delivery.journey").fetchall() == [(4,)]


def test_records_are_complete_until_a_month_after_the_day_of_the_load_at_most(connection):
    """The good delivery has records until 2024-09-30 and 2024-06-30."""
    last = datetime.date(2024, 9, 30)
    assert read.read([cases.GOOD], connection, today=last).is_clean
    assert read.read([cases.GOOD], connection, today=last - datetime.timedelta(days=31)).is_clean
    report = read.read([cases.GOOD], connection, today=last - datetime.timedelta(days=32))
    found = [(f.row, f.column, f.value) for f in report if f.rule == "data_to_future"]
    assert found == [(2, "data_to", "2024-09-30")]


# --- workbooks ---


def test_serial_dates_and_numbers_of_workbooks(connection, tmp_path):
    book = tmp_path / "numbers.xlsx"
    tables = cases.good_tables()
    days = {2: datetime.date(2023, 5, 11), 3: datetime.datetime(2023, 6, 5), 4: 45082.0}
    with xlsxwriter.Workbook(book) as made:
        date_format = made.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in tables.items():
            sheet = made.add_worksheet(name.removesuffix(".csv").upper())
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
                if name == "contact.csv" and number + 1 in days:
                    day = days[number + 1]
                    if isinstance(day, float):
                        sheet.write_number(number, 2, day)
                    else:
                        sheet.write_datetime(number, 2, day, date_format)
            if name == "journey.csv":
                sheet.write_number(3, 8, 44.0)
                sheet.write_number(3, 9, 1)
                sheet.write_boolean(9, 20, False)
                sheet.write_blank(50, 30, None, date_format)
    report = read.read([book], connection)
    assert {f.rule for f in report} <= {"column_unknown"}
    days = connection.execute("select contact_on::varchar from delivery.contact order by row_number").fetchall()
    assert [day for (day,) in days] == ["2023-05-11", "2023-06-05", "2023-06-05"]
    row = "select age_at_referral, gender from delivery.journey where row_number = 3"
    assert connection.execute(row).fetchall() == [(44, "male")]


def test_serial_dates_of_a_workbook_that_counts_from_1904(connection, tmp_path):
    tables = {"contact.csv": [["service_id", "journey_id", "contact_on", "kind"], ["north", "J-1", "43620", "video"]]}
    folder = cases.make({"remove": ["contact.csv"]}, tmp_path / "old")
    write_workbook(folder / "contact.xlsx", tables, date_1904=True)
    assert read.read([folder], connection).is_clean
    assert connection.execute("select contact_on::varchar from delivery.contact").fetchall() == [("2023-06-05",)]


def test_real_dates_beside_dates_as_text_are_mixed(connection, tmp_path):
    """What Excel does to British dates on an American machine: some become (wrong) dates, the rest stay text."""
    folder = cases.make({"remove": ["contact.csv"]}, tmp_path / "d")
    with xlsxwriter.Workbook(folder / "contact.xlsx") as book:
        sheet = book.add_worksheet("contact")
        sheet.write_row(0, 0, ["service_id", "journey_id", "contact_on", "kind"])
        sheet.write_row(1, 0, ["north", "J-1", "13/05/2023", "video"])
        sheet.write_row(2, 0, ["north", "J-1", "", "video"])
        day = datetime.date(2023, 6, 5)
        sheet.write_datetime(2, 2, day, book.add_format({"num_format": "mm/dd/yyyy"}))
    report = read.read([folder], connection)
    assert [(f.row, f.rule) for f in report] == [(2, "dates_mixed")] and report.n_refused == 2


def test_a_formula_that_failed_is_found_not_taken_for_empty(connection, tmp_path):
    folder = cases.make({"remove": ["journey.csv"]}, tmp_path / "d")
    with xlsxwriter.Workbook(folder / "journey.xlsx") as book:
        book.add_worksheet("Notes")
        sheet = book.add_worksheet("journey")
        for number, row in enumerate(cases.good_tables()["journey.csv"], start=2):
            sheet.write_row(number, 1, row)
        sheet.write_formula(5, 9, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 2, "=NA()", None, "#N/A")
    report = read.read([folder], connection)
    assert [(f.row, f.column, f.value, f.rule) for f in report] == [
        (6, "client_ref", "#N/A", "formula_error"),
        (6, "age_at_referral", "#DIV/0!", "formula_error"),
    ]


def test_identifying_data_in_a_hidden_sheet_refuses_the_workbook(connection, tmp_path):
    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in cases.good_tables().items():
            sheet = book.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        hidden = book.add_worksheet("Lookup")
        hidden.write_row(0, 0, ["ref", "nr"])
        hidden.write_row(1, 0, ["c01", 9434765919])
        hidden.hide()
    report = read.read([path], connection)
    assert report.is_refused_whole
    assert [(f.file, f.column, f.value) for f in report if f.rule == "identifying_value"] == [
        ("hidden.xlsx [Lookup]", "nr", None)
    ]


def test_dates_of_birth_in_a_column_of_the_dictionary(connection, tmp_path):
    rows = [["service_id", "journey_id", "contact_on", "kind"]]
    rows += [["north", "J-1", f"19{50 + n}-03-0{1 + n % 9}", "video"] for n in range(12)]
    folder = cases.make({"write": {"contact.csv": cases.as_csv(rows)}}, tmp_path / "d")
    report = read.read([folder], connection)
    assert [(f.file, f.column, f.expected) for f in report if f.rule == "identifying_value"] == [
        ("contact.csv", "contact_on", "no date of birth in any row; 12 rows have one")
    ]
    assert not any("1951" in str(f) for f in report)


# --- tables that are not where they are looked for ---


def test_tables_in_a_folder_or_zip_beside_the_others_are_said_not_to_be_read(connection, tmp_path):
    folder = cases.make({}, tmp_path / "d")
    (folder / "events").mkdir()
    for name in ("contact.csv", "measure.csv"):
        (folder / name).rename(folder / "events" / name)
    (folder / "pictures").mkdir()
    with zipfile.ZipFile(folder / "rest.zip", "w") as packed:
        packed.write(folder / "goal.csv", "goal.csv")
    found = [(f.file, f.rule, f.expected.partition("; ")[2]) for f in read.read([folder], connection)]
    assert found == [
        ("events", "tables_within", "2 files in this folder were not read"),
        ("pictures", "file_unknown", ""),
        ("rest.zip", "tables_within", "what is in this zip was not read"),
    ]


def test_a_zip_that_writes_its_folders_with_backslashes_is_to_be_unpacked(connection, tmp_path):
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        for path in cases.GOOD.glob("*.csv"):
            member = zipfile.ZipInfo("x")
            member.filename = f"Q1\\{path.name}"
            packed.writestr(member, path.read_bytes())
    report = read.read([tmp_path / "d.zip"], connection)
    assert [f.rule for f in report] == ["unreadable"] and "unpack it" in report.first(1)[0].expected


# --- references that look random ---


def random_references(tmp_path, place: int) -> Path:
    """200 journeys whose references (journey_id: 0, client_ref: 1) are six letters and digits, two of them like a postcode."""
    header = cases.good_tables()["journey.csv"][0]
    rows = [[f"J-{n}", f"client-{n}", "north", "2023-05-02", "gp", *[""] * 9] for n in range(200)]
    for n, row in enumerate(rows):
        row[place] = f"{n:03x}f{n % 7}a"
    rows[9][place], rows[10][place] = "e123ab", "s651ab"
    children = ["referral_reason", "goal", "contact", "activity", "outcome", "measure"]
    case = {"remove": [f"{t}.csv" for t in children], "write": {"journey.csv": cases.as_csv([header, *rows, rows[9]])}}
    return cases.make(case, tmp_path / "d")


@pytest.mark.parametrize("place", [0, 1])
def test_random_references_that_happen_to_look_like_postcodes_are_no_alarm_and_not_printed(connection, tmp_path, place):
    report = read.read([random_references(tmp_path, place)], connection)
    value = WITHHELD if place == 0 else "J-9"
    found = [(f.rule, f.row, f.value) for f in report if f.rule != "table_absent"]
    assert found == [("key_repeated", 202, value), ("dates_one_month", None, None)]  # all were referred on one day


def test_one_postcode_among_references_of_another_kind_is_an_alarm(connection, tmp_path):
    folder = random_references(tmp_path, 0)
    words = (folder / "journey.csv").read_text(encoding="utf-8").replace("client-50", "s651ab")
    (folder / "journey.csv").write_text(words, encoding="utf-8")
    report = read.read([folder], connection)
    assert [(f.rule, f.column) for f in report] == [("identifying_value", "client_ref")]


def test_the_first_sheet_of_a_workbook_named_after_a_table_stands_for_it(connection, tmp_path):
    folder = cases.make({"remove": ["goal.csv"]}, tmp_path / "d")
    write_workbook(folder / "goal.xlsx", {"Tabelle1": cases.good_tables()["goal.csv"], "Notes": [["some words"]]})
    report = read.read([folder], connection)
    assert report.is_clean and not list(report)
    assert connection.execute("select count(*) from delivery.goal").fetchall() == [(3,)]


def test_names_with_the_letters_of_a_pattern(connection, tmp_path):
    folder = write_parquet(tmp_path / "plain", connection).rename(tmp_path / "it's [north] *?")
    shutil.copy(cases.GOOD / "contact.csv", folder)
    (folder / "contact.parquet").unlink()
    assert read.read([folder], connection).is_clean
    assert connection.execute("select count(*) from delivery.contact").fetchall() == [(3,)]


def test_deliveries_of_the_same_name_are_told_apart(connection, tmp_path):
    first = cases.make({}, tmp_path / "a" / "delivery")
    second = cases.make({"remove": ["goal.csv"]}, tmp_path / "b" / "delivery")
    report = read.read([first, second], connection)
    assert len({file.file for file in report.files}) == 9 + 8


# --- zips ---


def test_broken_locked_and_outward_zips_are_refused(connection, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 nothing more")
    outward = tmp_path / "outward.zip"
    with zipfile.ZipFile(outward, "w") as archive:
        archive.writestr("../service.csv", "service_id\n")
    locked = tmp_path / "locked.zip"
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("service.csv", "service_id\n")
    words = bytearray(locked.read_bytes())
    words[words.index(b"PK\x01\x02") + 8] |= 1  # the flag that says encrypted, in the central directory
    locked.write_bytes(words)
    for path in (broken, outward, locked):
        report = read.read([path], connection)
        assert report.is_refused_whole and rules_of(report) == {"unreadable"}, path.name


def test_what_systems_leave_in_folders_and_zips_is_passed_over(connection, tmp_path):
    folder = cases.make({"write": {".DS_Store": "x", "Thumbs.db": "x", "~$journey.xlsx": "x"}}, tmp_path / "d")
    (folder / "__MACOSX").mkdir()
    report = read.read([folder], connection)
    assert report.is_clean and not list(report)


# --- wrong use ---


def test_a_path_that_is_no_delivery_is_an_error(connection, tmp_path):
    with pytest.raises(ValueError, match="there is no delivery at"):
        read.read([tmp_path / "nowhere"], connection)
    file = tmp_path / "journey.csv"
    file.write_text("journey_id\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is no delivery"):
        read.read([file], connection)


def test_the_connection_is_left_as_it_was(connection):
    connection.execute("set preserve_insertion_order = false")
    read.read([cases.GOOD], connection)
    assert connection.execute("select current_setting('preserve_insertion_order')").fetchall() == [(False,)]


def test_progress_goes_from_nothing_to_done(connection):
    shares = []
    read.read([cases.GOOD], connection, progress=lambda share, doing: shares.append(share))
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0


def test_large_text_with_quotes_and_without_are_read_alike(connection, tmp_path):
    """Rows beyond one batch, once by DuckDB and once by the csv module."""
    header = ["service_id", "journey_id", "contact_on", "kind", "minutes"]
    rows = [header, *(["north", "J-1", "2023-05-11", "video", str(n % 90)] for n in range(45_000))]
    rows[30_001][3] = "letter"
    plain = cases.as_csv(rows)
    quoted = plain.replace("video", '"video"')
    for number, words in enumerate((plain, quoted)):
        folder = cases.make({"write": {"contact.csv": words}}, tmp_path / f"d{number}")
        report = read.read([folder], connection)
        found = [(f.row, f.column, f.value) for f in report if f.rule == "code_unknown"]
        assert found == [(30_002, "kind", "letter")]
        assert connection.execute("select count(*), max(row_number) from delivery.contact").fetchall() == [
            (44_999, 45_000)
        ]


def test_a_delivery_in_a_folder_with_an_apostrophe_is_read(tmp_path):
    place = tmp_path / "O'Brien's [1]"
    with read.connected(cases.make({}, place / "work")) as connection:
        assert read.read([cases.make({}, place / "delivery")], connection).is_clean


def typed_parquet(folder: Path, connection, tables: cases.Tables) -> Path:
    """A delivery as programs write it: every column that can be is of its own type, flags stay words."""
    folder.mkdir()
    for name, rows in tables.items():
        (folder / name).write_text(cases.as_csv(rows), encoding="utf-8")
        columns = dictionary.load().tables[name.removesuffix(".csv")].columns
        types = {"date": "date", "integer": "bigint", "number": "double"}
        cells = ", ".join(f'"{c}"::{types.get(columns[c].type, "varchar")} as "{c}"' for c in rows[0])
        source = f"read_csv('{folder / name}', all_varchar = true)"
        connection.execute(f"copy (select {cells} from {source}) to '{folder / name[:-4]}.parquet'")
        (folder / name).unlink()
    return folder


BROKEN = {
    "journey.csv 2 age_at_referral": "400",
    "journey.csv 4 closed_on": "2021-01-01",
    "contact.csv 2 kind": "letter",
    "contact.csv 3 journey_id": "J-99",
    "contact.csv 4 contact_on": "2031-01-01",
    "measure.csv 2 score": "3.5",
}


def tables_of(folder: Path) -> cases.Tables:
    files = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))}
    return {name: list(csv.reader(words.splitlines())) for name, words in files.items()}


def test_text_and_types_give_the_same_rows_and_the_same_findings(connection, tmp_path):
    """What a column is kept as must not be seen: neither in good rows nor in what is said of the others."""
    case = {"set": BROKEN, "add_row": {"contact.csv": "north,J-2,2023-06-05,telephone,"}}
    folder = cases.make(case, tmp_path / "text")
    found = []
    for path in (folder, typed_parquet(tmp_path / "typed", connection, tables_of(folder))):
        report = read.read([path], connection)
        said = {(f.file.split(".")[0], f.row, f.column, f.value, f.rule, f.expected) for f in report}
        found.append((said, loaded(connection)))
    assert len(found[0][0]) >= len(BROKEN)
    assert found[0] == found[1]


def test_a_column_may_be_typed_in_one_delivery_and_text_in_another(connection, tmp_path):
    """Contacts of the first have real dates; those of the second are written day first, with a time that is left out."""
    good = cases.good_tables()
    typed = typed_parquet(tmp_path / "typed", connection, good)
    (tmp_path / "text").mkdir()
    for name, rows in good.items():
        told = [[cell.replace("north", "west").replace("south", "east") for cell in row] for row in rows]
        if name == "contact.csv":
            place = rows[0].index("contact_on")
            for row in told[1:]:
                row[place] = "/".join(reversed(row[place].split("-"))) + " 09:30"
        (tmp_path / "text" / name).write_text(cases.as_csv(told), encoding="utf-8")
    for paths in ([typed, tmp_path / "text"], [tmp_path / "text", typed]):
        read.read(paths, connection)
        rows = "select delivery, journey_id, contact_on, kind, minutes from delivery.contact order by row_number"
        found = connection.execute(rows).fetchall()
        first, second = ([row[1:] for row in found if row[0] == n] for n in (0, 1))
        assert first == second and len(first) == len(good["contact.csv"]) - 1


def test_an_identifier_among_unknown_references_is_found_in_a_typed_file(connection, tmp_path):
    """References that the journey table has were looked at there; the others are looked at where they stand."""
    folder = cases.make({"set": {"contact.csv 3 journey_id": "943 476 5919"}}, tmp_path / "d")
    typed = typed_parquet(tmp_path / "typed", connection, tables_of(folder))
    assert {f.rule for f in read.read([typed], connection)} == {"identifying_value"}


def test_a_mark_before_what_is_no_utf8_is_no_part_of_the_first_header(tmp_path, connection):
    folder = cases.make({}, tmp_path / "d")
    words = (folder / "service.csv").read_text(encoding="utf-8").replace("North", "Caf\u00e9 North", 1)
    (folder / "service.csv").write_bytes(b"\xef\xbb\xbf" + words.encode("cp1252"))
    report = read.read([folder], connection)
    assert report.by_rule == {"windows_1252": 1}
    names = connection.execute("select service_name from delivery.service").fetchall()
    assert any("Caf\u00e9 North" in name for (name,) in names)
