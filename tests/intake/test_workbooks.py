"""Workbooks as people make them, and files made to cost: found before anything is opened, in a sentence."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from journeys.intake import apart, read, suggestion
from journeys.intake.files import limits
from tests.intake.deliveries import cases

ROOT = Path(__file__).resolve().parents[2]


def book(path: Path, change=None) -> Path:
    """The good delivery as a workbook; `change(sheet, book)` may do something to the sheet of journeys."""
    with xlsxwriter.Workbook(path) as made:
        for name, rows in cases.good_tables().items():
            sheet = made.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if change and name == "journey.csv":
                change(sheet, made)
    return path


def found(path: Path, work: Path) -> dict[str, str]:
    """What was expected by rule, of the first finding of each."""
    with read.connected(work) as connection:
        return {count.rule.name: count.examples[0].expected for count in read.read([path], connection).summary()}


def merged(sheet, made):
    sheet.merge_range("C2:C4", "north")


def hidden(sheet, made):
    sheet.set_row(2, None, None, {"hidden": True})


def hidden_column(sheet, made):
    sheet.set_column("J:K", None, None, {"hidden": True})
    sheet.set_column("Z:ZZ", None, None, {"hidden": True})  # all that is not used, as people hide it


def hidden_sheet(sheet, made):
    sheet.hide()


def merged_note(sheet, made):
    sheet.merge_range("A7:F7", "Printed by the case system")


def far(sheet, made):
    sheet.write("XFD1048576", " x ")


def unstored(sheet, made):
    sheet.write_formula("I2", "=F2+1", None, "")


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        (merged, "cells_merged", "C2:C4"),
        (hidden, "rows_hidden", "1 hidden or filtered"),
        (hidden_column, "columns_hidden", "2 hidden columns were read: gender, ethnic_group"),
        (hidden_sheet, "sheet_hidden", "this one is hidden"),
        (merged_note, "rows_below", "row 7"),
        (far, "cell_far", "XFD1048576"),
    ],
)
def test_what_a_sheet_tells_beyond_its_values(tmp_path, change, rule, words):
    rules = found(book(tmp_path / "b.xlsx", change), tmp_path)
    assert list(rules) == [rule] and words in rules[rule]


def test_a_sheet_without_any_cell_is_named_where_it_bears_the_name_of_a_table(tmp_path):
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name, rows in cases.good_tables().items():
            sheet = made.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate(rows if name != "activity.csv" else ()):
                sheet.write_row(number, 0, row)
        made.add_worksheet("Sheet9")
    with read.connected(tmp_path) as connection:
        report = read.read([path], connection)
        assert [(f.file, f.rule) for f in report] == [("b.xlsx [activity]", "file_empty")]


def test_a_formula_without_a_stored_value_is_refused_and_one_that_gives_an_empty_text_is_not(tmp_path):
    path = book(tmp_path / "b.xlsx", unstored)
    rules = found(path, tmp_path)
    assert list(rules) == ["formula_unstored"] and "I2" in rules["formula_unstored"]
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "c.xlsx", "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member).replace(b'<c r="I2"><f>', b'<c r="I2" t="str"><f>'))
    assert found(tmp_path / "c.xlsx", tmp_path) == {}


def test_a_zip_of_many_members_and_one_that_unpacks_to_very_much_are_refused_unopened(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for number in range(limits.MAX_MEMBERS + 1):
            packed.writestr(f"{number}.csv", "")
    assert "files in a zip" in found(tmp_path / "many.zip", tmp_path)["too_large"]
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("journey.csv", b"0" * (limits.MAX_RATIO_FROM + 1))
    monkeypatch.setattr(zipfile.ZipFile, "extractall", None)
    assert "times its size" in found(tmp_path / "bomb.zip", tmp_path)["too_large"]


def test_more_columns_than_anything_needs_are_refused(tmp_path):
    header = ",".join(f"x{i}" for i in range(limits.MAX_COLUMNS + 1))
    folder = cases.make({"write": {"contact.csv": f"{header}\n"}}, tmp_path / "d")
    assert "columns" in found(folder, tmp_path)["too_large"]


def test_a_name_with_unseen_letters_is_refused_and_not_printed_raw(tmp_path):
    folder = cases.make({"write": {"no\u202ete.csv": "a\n"}}, tmp_path / "d")
    with read.connected(tmp_path) as connection:
        report = read.read([folder], connection)
        assert "name_wrong" in report.by_rule and not any("\u202e" in str(finding) for finding in report)


def test_questions_and_nested_names_as_headers_are_suggested(tmp_path):
    folder = cases.make({"remove": ["journey.csv"]}, tmp_path / "d")
    header = "Case/Case reference;Client code (not their name);Which service?;When was the person referred?;Who made the referral?;Needs/Loneliness;Needs/Work"
    (folder / "Form export.csv").write_text(f"{header}\nJ-1;c1;north;2023-05-02;GP;1;0\n", encoding="utf-8")
    (folder / "referral_reason.csv").unlink()
    words = suggestion.suggest([folder])
    assert 'sheet = "Form export"' in words
    for line in (
        'journey_id = "Case/Case reference"', 'client_ref = "Client code (not their name)"', 'service_id = "Which service?"',
        'referred_on = "When was the person referred?"', 'referral_source = "Who made the referral?"', '"Needs/Work" = "employment"',
    ):  # fmt: skip
        assert line in words
    assert "Form export.csv looks like it" in found(folder, tmp_path)["table_missing"]


# --- the process apart ------------------------------------------------------------------------------------------------


def command(*arguments: str, **settings) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "journeys", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, **settings
    )


def test_the_command_line_reads_in_a_process_with_limits_and_prints_as_ever(tmp_path):
    done = command("check", cases.make({}, tmp_path / "d"))
    assert done.returncode == 0 and "No findings." in done.stdout and done.stderr == ""
    assert "These words will be visible" in done.stdout and "North Valley Links" in done.stdout


def test_a_process_that_breaks_ends_with_a_sentence(tmp_path, monkeypatch):
    breaking = tmp_path / "breaking"
    breaking.write_text("#!/bin/sh\nkill -ABRT $$\n")
    breaking.chmod(0o700)
    monkeypatch.setattr(apart.sys, "executable", str(breaking))
    status, words = apart.run("check", [])
    assert status == 1 and "could not be read within" in words


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_the_limit_of_memory_holds():
    words = "from journeys.intake import apart; apart.MAX_BYTES = 512 << 20; apart.limit(); bytearray(2 << 30)"
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "MemoryError" in done.stderr
