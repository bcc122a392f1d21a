"""The command line: what each command prints, its exit status, and what an error says."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from journeys.__main__ import PROG, main, parser
from journeys.store.opened import current_version, open_store
from journeys.vocabulary.metrics import catalogue

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [
    "sample",
    "check",
    "load",
    "remove",
    "forget",
    "rollback",
    "publish",
    "status",
    "metrics",
    "ask",
    "pack",
    "template",
]
SHAPES = {
    "count": ["count"],
    "proportion": ["numerator", "denominator", "rate", "low", "high"],
    "waiting": ["months", "at_risk", "events", "competing", "censored", "incidence", "low", "high"],
    "change": [
        "journeys", "first", "pairs", "improved", "same", "worse", "mean_first", "mean_latest", "mean_change", "sd_change", "low", "high",
    ],
}  # fmt: skip
SPC = ["mean", "lower", "upper", "signal", "direction"]
FUNNEL = ["centre", "low95", "high95", "low998", "high998", "position"]
CASE_MIX = ["expected", "ratio", "ratio_low", "ratio_high"]


@pytest.fixture(scope="module")
def place(sample, tmp_path_factory):
    """A small synthetic delivery and a store of it, and a delivery with a bad row."""
    place = tmp_path_factory.mktemp("commands")
    sample(place, 1_500)
    bad = shutil.copytree(place / "delivery", place / "bad")
    journeys = (bad / "journey.csv").read_text(encoding="utf-8").splitlines()
    journeys[5] = journeys[5].replace(",2", ",the moon 2", 1)
    (bad / "journey.csv").write_text("\n".join(journeys) + "\n", encoding="utf-8")
    return place


@pytest.fixture
def run(place, monkeypatch, capsys):
    """Run one command on the store in this process; gives (exit status, output, errors)."""
    monkeypatch.setenv("JOURNEYS_STORE", str(place / "store"))
    monkeypatch.delenv("JOURNEYS_KEY", raising=False)

    def run(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = stop.code
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def answer(run):
    """What `ask --format json` prints, parsed."""

    def answer(*arguments):
        status, out, errors = run("ask", *arguments, "--format", "json")
        assert (status, errors) == (0, "")
        return json.loads(out)

    return answer


def outside(*arguments, **settings):
    """Run one command as a process of its own, in a pipe."""
    environment = {k: v for k, v in os.environ.items() if k not in ("JOURNEYS_KEY", "JOURNEYS_STORE")}
    return subprocess.run(
        [sys.executable, "-m", "journeys", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env=environment | {k: str(v) for k, v in settings.items()}, check=False,
    )  # fmt: skip


# --- help and wrong use -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    status, out, errors = run(command, "--help")
    assert (status, errors) == (0, "")
    assert out.startswith(f"usage: {PROG} {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_is_for(command):
    subs = next(action for action in parser()._actions if action.dest == "command")
    options = [action for action in subs.choices[command]._actions if action.option_strings]
    assert all(action.help for action in options)


def test_help_lists_the_commands(run):
    status, out, _ = run("--help")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines() if line.startswith("    ") and line[4] != " "] == COMMANDS


WRONG = {
    "no command": ([], "COMMAND"),
    "unknown command": (["askk"], "invalid choice: 'askk'"),
    "unknown option": (["status", "--colour"], "--colour"),
    "unknown metric": (["ask", "found_wrok"], "found_wrok"),
    "unknown period": (["ask", "referrals", "--period", "2024-Q5"], "2024-Q5"),
    "period outside the data": (["ask", "referrals", "--period", "1999/00"], "1999/00"),
    "unknown service": (["ask", "referrals", "--service", "nowhere"], "nowhere"),
    "unknown commissioner": (["ask", "referrals", "--commissioner", "nobody"], "nobody"),
    "service and commissioner": (["ask", "referrals", "--service", "a", "--commissioner", "b"], "not allowed with"),
    "unknown cohort": (["ask", "referrals", "--cohort", "height=tall"], "height"),
    "unknown code": (["ask", "referrals", "--cohort", "gender=purple"], "purple"),
    "cohort without value": (["ask", "referrals", "--cohort", "gender"], "DIMENSION=VALUE"),
    "cohort twice": (["ask", "referrals", "--cohort", "gender=male", "--cohort", "gender=female"], "twice"),
    "four cohorts": (
        ["ask", "referrals", *(f"--cohort={c}" for c in ("gender=male", "age_band=75+", "imd_quintile=1", "ethnic_group=white"))],
        "at most 3",
    ),
    "unknown breakdown": (["ask", "referrals", "--by", "planet"], "planet"),
    "three breakdowns": (["ask", "referrals", "--by", "gender", "--by", "age_band", "--by", "service"], "at most 2"),
    "breakdown twice": (["ask", "referrals", "--by", "gender", "--by", "gender"], "gender"),
    "unknown base": (["ask", "referrals", "--base", "young"], "young"),
    "unknown horizon": (["ask", "found_work", "--within", "7"], "7"),
    "case mix of a count": (["ask", "referrals", "--case-mix", "--by", "service"], "proportion"),
    "unknown format": (["ask", "referrals", "--format", "xml"], "xml"),
    "no delivery": (["check", "/nowhere/at/all"], "/nowhere/at/all"),
    "no delivery to load": (["load", "/nowhere/at/all"], "Give a folder, a zip or an Excel workbook"),
    "a file that is no delivery": (["check", __file__], "a folder, a .zip or a workbook"),
    "threshold too low": (["load", ROOT, "--k", "4"], "5 is the lowest allowed"),
    "threshold of nothing": (["load", ROOT, "--k", "0"], "5 is the lowest allowed"),
    "no rounding": (["load", ROOT, "--rounding", "0"], "1 or more"),
    "report in no folder": (["check", ROOT, "--report", "/nowhere/at/all.csv"], "in a folder that is there"),
    "no mapping": (["check", ROOT / "data", "--mapping", "/nowhere.toml"], "/nowhere.toml"),
    "no journeys": (["sample", "/tmp/never-made", "--journeys", "0"], "journeys is 0"),
    "template that is no workbook": (["template", "template.csv"], ".xlsx"),
    "pack that is neither": (["pack", "pack.docx"], ".html or .pdf"),
    "pack in no folder": (["pack", "/nowhere/pack.xlsx"], "a folder that is there"),
    "template in no folder": (["template", "/nowhere/empty.xlsx"], "a folder that is there"),
    "no recipe": (["pack", "pack.html", "--recipe", "/nowhere.toml"], "/nowhere.toml"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_status_2_and_says_what_was_wrong(run, arguments, said):
    status, out, errors = run(*arguments)
    assert (status, out) == (2, "")
    assert said in errors
    assert f"{PROG}" in errors
    assert "Traceback" not in errors


def test_a_recipe_that_points_to_a_person_makes_no_pack(run, place, tmp_path):
    file = tmp_path / "board.toml"
    file.write_text('[[panels]]\nmetric = "referrals"\ncommentary = "Thanks to 943 476 5919"\n', encoding="utf-8")
    status, out, errors = run("pack", tmp_path / "board.html", "--recipe", file, "--store", place / "store")
    assert (status, out) == (2, "") and not (tmp_path / "board.html").exists()
    assert "the commentary of panel 1 (NHS number)" in errors and "943" not in errors


def test_a_wrong_choice_names_what_is_allowed(run):
    _, _, errors = run("ask", "referrals", "--by", "planet")
    assert "allowed are" in errors
    assert "age_band" in errors
    _, _, errors = run("ask", "found_wrok")
    assert "found_work" in errors


# --- data at fault ----------------------------------------------------------------------------------------------------

NEED_A_STORE = [["status"], ["ask", "referrals"], ["rollback"], ["pack", "pack.pptx"]]


@pytest.mark.parametrize("arguments", NEED_A_STORE, ids=lambda a: a[0])
def test_no_store_is_status_1_and_says_how_to_make_one(run, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    status, out, errors = run(*arguments, "--store", tmp_path / "nowhere")
    assert (status, out) == (1, "")
    assert f"There is no store in {tmp_path / 'nowhere'}: load a delivery first" in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [*NEED_A_STORE, ["load"]], ids=lambda a: a[0])
def test_a_damaged_store_is_status_1_and_says_how_to_mend_it(run, place, tmp_path, arguments):
    store = shutil.copytree(place / "store", tmp_path / "store")
    file = store / f"journeys-{current_version(store)}.duckdb"
    file.write_bytes(file.read_bytes()[:9_000])
    arguments = ["load", place / "delivery"] if arguments == ["load"] else arguments
    status, out, errors = run(*arguments, "--store", store)
    assert (status, out) == (1, "")
    assert "no earlier version" in errors if arguments == ["rollback"] else "rollback" in errors
    assert errors.count("\n") == 1


def test_a_store_of_another_layout_is_status_1(run, place, tmp_path):
    store = shutil.copytree(place / "store", tmp_path / "store")
    writing = duckdb.connect(str(store / f"journeys-{current_version(store)}.duckdb"))
    writing.execute("update about set value = '0' where name = 'schema'")
    writing.close()
    status, _, errors = run("ask", "referrals", "--store", store)
    assert status == 1
    assert "load all deliveries again" in errors


def test_check_prints_a_table_then_findings_with_how_to_mend_them_and_reports_them_all(run, place, tmp_path):
    status, out, errors = run("check", place / "bad", "--report", tmp_path / "report.csv")
    assert (status, errors) == (1, "")
    assert out.splitlines()[0].split() == ["file", "rows", "good", "refused"]
    assert "journey.csv, row 6" in out
    assert "To mend:" in out
    with open(tmp_path / "report.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == ["file", "row", "column", "value", "rule", "expected"]
    assert ("journey.csv", "6") in {(row["file"], row["row"]) for row in found}


def test_check_of_a_good_delivery_is_status_0_and_loads_nothing(run, place):
    before = sorted(os.listdir(place / "store"))
    status, out, errors = run("check", place / "delivery")
    assert (status, errors) == (0, "")
    assert "No findings." in out
    assert sorted(os.listdir(place / "store")) == before


def test_check_suggests_a_mapping(run, place):
    status, out, _ = run("check", place / "delivery", "--suggest-mapping")
    assert status == 0
    assert out.strip()


def test_load_refuses_bad_rows_unless_told_and_keeps_them_in_the_report(run, place, tmp_path):
    store, report = tmp_path / "store", tmp_path / "report.csv"
    status, out, errors = run("load", place / "bad", "--store", store)
    assert status == 1
    assert "To mend:" in out
    assert "Nothing was loaded" in errors
    assert not (store / "CURRENT").exists()
    status, out, errors = run(
        "load", place / "bad", "--store", store, "--accept-valid", "--report", report, "--k", "10"
    )
    assert (status, errors) == (0, "")
    assert out.splitlines()[-1].startswith("Loaded 8 services as version 000001-")
    assert ",6," in report.read_text(encoding="utf-8")
    status, out, _ = run("status", "--store", store, "--format", "json")
    found = json.loads(out)
    assert found["loads"][0]["rows_refused"] >= 1
    assert found["disclosure"] == {"k": 10, "base": 5}


# --- what a load changes, and what leaves the store -------------------------------------------------------------------


@pytest.fixture
def mine(place, tmp_path):
    """A copy of the store to change, with its key."""
    shutil.copy(place / "store.key", tmp_path / "store.key")
    return shutil.copytree(place / "store", tmp_path / "store")


@pytest.fixture
def few(place, tmp_path):
    """A part of one service's journeys, as somebody hands over who sends the newest alone."""
    lines = (place / "delivery" / "journey.csv").read_text(encoding="utf-8").splitlines()
    service = (place / "delivery" / "service.csv").read_text(encoding="utf-8").splitlines()
    chosen = service[1].split(",")[0].strip('"')
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "service.csv").write_text("\n".join(service[:2]) + "\n", encoding="utf-8")
    mine = [line for line in lines[1:] if chosen in line]
    (tmp_path / "few" / "journey.csv").write_text("\n".join([lines[0], *mine[:12]]) + "\n", encoding="utf-8")
    return tmp_path / "few"


def test_load_stops_with_the_comparison_unless_it_is_meant(run, mine, few):
    was = current_version(mine)
    status, out, errors = run("load", few, "--store", mine)
    assert status == 1
    assert "What this load changes" in out and "7 other services stay as they are" in out
    assert [line.split()[0] for line in out.splitlines() if "would" in line] == ["STOP", "STOP"]
    assert errors == "Nothing was loaded: what is held would be lost, as said above. Say --confirm if it is meant.\n"
    assert current_version(mine) == was
    status, out, errors = run("load", few, "--store", mine, "--confirm")
    assert (status, errors) == (0, "")
    assert "12 journeys" in out and current_version(mine) != was


def test_a_dry_run_shows_the_same_table_and_changes_nothing(run, mine, few):
    before = sorted(os.listdir(mine)), current_version(mine)
    status, out, errors = run("load", few, "--store", mine, "--dry-run")
    assert status == 1 and errors == "Nothing was changed (--dry-run): it would stop without --confirm.\n"
    assert "STOP" in out and "12 journeys" in out
    assert (sorted(os.listdir(mine)), current_version(mine)) >= before
    assert current_version(mine) == before[1]


@pytest.mark.parametrize(("said", "status"), [("yes\n", 0), ("no\n", 1), ("", 1)])
def test_a_person_at_a_terminal_is_asked(run, mine, few, monkeypatch, said, status):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(said))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    done, out, errors = run("load", few, "--store", mine)
    assert done == status
    assert out.count("What this load changes") == 1 and "Type yes if this is meant" in errors


def test_a_load_in_json_has_the_check_the_questions_and_the_comparison(run, mine, few):
    status, out, errors = run("load", few, "--store", mine, "--dry-run", "--format", "json")
    told = json.loads(out)
    assert (status, errors, list(told)) == (
        1, "", ["checked", "questions", "comparison", "stops", "is_done", "note"],
    )  # fmt: skip
    assert (
        told["checked"]["is_clean"] and told["comparison"]["changes"][0]["n_journeys"] == 12 and len(told["stops"]) == 2
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("JOURNEYS_KEY", "short", "set a longer one"), ("JOURNEYS_KEY_FILE", "none.key", "put the key there")],
)
def test_a_client_key_that_cannot_be_used_is_said_in_words(run, place, tmp_path, monkeypatch, name, value, said):
    monkeypatch.delenv("JOURNEYS_KEY", raising=False)
    monkeypatch.setenv(name, value)
    status, out, errors = run("load", place / "delivery", "--store", tmp_path / "store")
    assert (status, out) == (2, "") and said in errors and "Traceback" not in errors


def test_remove_and_forget_say_what_they_did_and_never_who(run, mine, place, tmp_path):
    with (place / "delivery" / "service.csv").open(encoding="utf-8", newline="") as file:
        services = list(csv.DictReader(file))
    with (place / "delivery" / "journey.csv").open(encoding="utf-8", newline="") as file:
        journey = next(row for row in csv.DictReader(file) if row["service_id"] == services[1]["service_id"])
    status, out, errors = run("remove", services[0]["service_id"], "--store", mine)
    assert (status, errors) == (0, "")
    assert out.startswith(f"Removed {services[0]['service_id']}: version 000002-")
    refs = tmp_path / "refs.csv"
    refs.write_text(f"service_id,client_ref\n{journey['service_id']},{journey['client_ref']}\n", encoding="utf-8")
    status, out, errors = run("forget", refs, "--store", mine)
    assert (status, errors) == (0, "")
    assert "on the list of those whom every later load leaves out" in out and journey["client_ref"] not in out
    assert not out.startswith("0 journeys")
    status, words, _ = run("status", "--store", mine)
    assert f"remove {services[0]['service_id']}" in words and "forget" in words
    status, out, _ = run("forget", refs, "--undo", "--store", mine)
    assert (status, out.partition(".")[0]) == (0, "The person was on the list and is off it")
    assert run("remove", "nowhere", "--store", mine)[0] == 2
    assert run("forget", tmp_path / "no.csv", "--store", mine)[0] == 2
    refs.write_text(f'service_id,client_ref\n{journey["service_id"]},"{journey["client_ref"]}\n', encoding="utf-8")
    status, out, errors = run("forget", refs, "--store", mine)
    assert (status, out) == (1, "")
    assert "row 2: a quotation mark is not closed" in errors and journey["client_ref"] not in errors


# --- answers ----------------------------------------------------------------------------------------------------------


def one_of_each_shape():
    found = {}
    for slug, metric in catalogue().items():
        if not metric.labels or metric.shape in ("waiting", "change"):
            found.setdefault(metric.shape, slug)
    return found


@pytest.mark.parametrize(("shape", "metric"), one_of_each_shape().items())
def test_json_has_exactly_the_keys_of_its_shape(answer, shape, metric):
    told = answer(metric)
    assert list(told) == ["metric", "unit", "shape", "selection", "as_of", "disclosure", "rows", "left_out"]
    assert (told["metric"], told["shape"]) == (metric, shape)
    assert told["disclosure"] == {"k": 8, "base": 5}
    assert told["as_of"] == "2026-03"
    for row in told["rows"]:
        assert [key for key in row if key not in ("why", "at_most", "at_least", "spc", "funnel")] == [
            "labels",
            "state",
            "complete",
            "records",
            "partly",
            *SHAPES[shape],
        ]
        assert row["state"] in ("shown", "hidden", "not_recorded", "too_early", "not_applicable")
        if row["state"] != "shown":
            assert {row[key] for key in SHAPES[shape] if key not in ("months", "denominator")} == {None}
        assert ("at_most" in row or "at_least" in row) == ("why" in row)
        assert ("why" in row) == (row["state"] == "hidden" and row.get("denominator") is not None)


@pytest.mark.parametrize("metric", catalogue())
def test_every_metric_answers_in_json(answer, metric):
    told = answer(metric)
    own = catalogue()[metric].labels
    assert told["rows"] or own == ("path",)
    assert all(
        tuple(row["labels"]) == (own or (("months",) if told["shape"] == "waiting" else ())) for row in told["rows"]
    )
    assert set(told["left_out"]) == set(catalogue()[metric].left_out)
    if not own and told["shape"] != "waiting":
        assert len(told["rows"]) == 1


def test_the_selection_is_told_in_words_and_as_given(answer):
    told = answer(
        "found_work", "--period", "2023/24", "--commissioner", "SYN01", "--cohort", "gender=female", "--base", "out_of_work",
        "--within", "6",
    )["selection"]  # fmt: skip
    assert next(iter(told)) == "words"
    given = {key: value for key, value in told.items() if key != "words"}
    assert given == {
        "period": "2023/24", "service": None, "commissioner": "SYN01", "cohort": {"gender": "female"}, "base": "out_of_work",
        "within": 6,
    }  # fmt: skip
    assert "within 6 months" in told["words"]


def test_a_breakdown_has_every_label_of_its_list_in_order(answer):
    assert [row["labels"]["age_band"] for row in answer("referrals", "--by", "age_band")["rows"]] == [
        "0-15", "16-24", "25-34", "35-49", "50-64", "65-74", "75+", "unknown",
    ]  # fmt: skip
    rows = answer("referrals", "--by", "gender", "--by", "model")["rows"]
    assert list(rows[0]["labels"]) == ["gender", "model"]
    assert len(rows) == len({tuple(row["labels"].values()) for row in rows}) == 6 * 4


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_charts_over_time_have_control_limits_or_say_why_not(answer, unit):
    for metric in ("referrals", "found_work"):
        told = answer(metric, "--by", unit)
        limits = [row["spc"] for row in told["rows"] if row.get("spc")]
        assert bool(limits) != ("spc_note" in told)
        assert all(list(one) == SPC for one in limits)
        assert {one["signal"] for one in limits} <= {"none", "outside", "shift", "trend", "two_of_three"}
        assert all(row["state"] == "shown" for row in told["rows"] if "spc" in row)


@pytest.mark.parametrize("dimension", ["service", "commissioner", "model"])
def test_comparisons_have_funnel_limits(answer, dimension):
    rows = [row for row in answer("contact_within_28_days", "--by", dimension)["rows"] if row["state"] == "shown"]
    assert rows
    positions = {"within", "above95", "above998", "below95", "below998"}
    assert all(
        list(row["funnel"]) == FUNNEL and row["funnel"]["position"] in positions for row in rows if "funnel" in row
    )
    assert any("funnel" in row for row in rows)


def test_case_mix_adds_what_was_expected(answer):
    rows = answer("contact_within_28_days", "--by", "service", "--case-mix")["rows"]
    assert all(set(CASE_MIX) <= set(row) for row in rows)
    shown = [row for row in rows if row["ratio"] is not None]
    assert all(row["ratio_low"] <= row["ratio"] <= row["ratio_high"] for row in shown)
    assert not set(CASE_MIX) & set(answer("contact_within_28_days", "--by", "service")["rows"][0])


def test_the_answer_is_that_of_the_python_interface(answer, place):
    store = open_store(place / "store")
    try:
        assert answer("found_work", "--by", "service") == json.loads(
            json.dumps(store.ask("found_work", by=("service",)).to_json())
        )
    finally:
        store.close()


@pytest.mark.parametrize("metric", ["referrals", "found_work", "time_to_work", "wellbeing_change"])
@pytest.mark.parametrize("by", ["service", "quarter"])
def test_a_frame_has_what_the_rows_have(answer, place, metric, by):
    store = open_store(place / "store")
    try:
        frame = store.ask(metric, by=(by,)).frame()
    finally:
        store.close()
    rows = answer(metric, "--by", by)["rows"]
    assert len(frame) == len(rows) and rows
    for (_, cells), row in zip(frame.iterrows(), rows, strict=True):
        told = {name: value for name, value in row.items() if name != "labels"} | row["labels"]
        assert set(told) <= set(frame.columns)
        assert all(cells[name] == value for name, value in told.items() if isinstance(value, str | int | bool))


@pytest.mark.parametrize("metric", ["referrals", "found_work", "time_to_work", "wellbeing_change", "paths"])
def test_over_time_rows_have_limits_or_the_answer_says_why_not(answer, metric):
    told = answer(metric, "--by", "quarter")
    limits = [row["spc"] for row in told["rows"] if row.get("spc")]
    assert bool(limits) != (
        told.get("spc_note") in ("too_few_points", "too_many_hidden", "ripening", "not_enough_variation")
    )


def test_csv_and_text_tell_the_same_rows(run):
    status, out, _ = run("ask", "found_work", "--by", "service", "--format", "csv")
    assert status == 0
    rows = [*csv.DictReader(line for line in io.StringIO(out) if not line.startswith("#"))]
    assert len(rows) == 8 and any(row["rate"] for row in rows)
    status, out, _ = run("ask", "found_work", "--by", "service")
    assert status == 0
    told = {line[: line.index("  ")]: line.replace(",", "").split() for line in out.splitlines() if "  " in line}
    for row in rows:
        cells = told[row["service_name"]]
        assert row["denominator"] in cells or row["mark"] in cells
        assert row["numerator"] in cells or row["mark"] in cells
    assert "Counts under 8 are hidden [c]; others are rounded to the nearest 5" in out
    assert "[c] hidden: too few people" in out and "[z]" not in out, "the marks that stand in the table"
    assert "SYNTHETIC data" in out and "Data to March 2026" in out and catalogue()["found_work"].caution in out


def test_metrics_lists_every_metric_with_its_definition(run):
    status, out, _ = run("metrics", "--format", "json")
    assert status == 0
    told = json.loads(out)
    assert [metric["slug"] for metric in told] == list(catalogue())
    assert all(metric["why"] and metric["numerator"] for metric in told)
    status, out, _ = run("metrics")
    assert all(f"{slug}: " in out for slug in catalogue())


def test_status_in_words_and_as_json(run, place):
    status, out, _ = run("status", "--format", "json")
    found = json.loads(out)
    assert status == 0
    assert list(found) == [
        "version", "as_of", "periods", "disclosure", "is_synthetic", "key_fingerprint", "services", "loads",
    ]  # fmt: skip
    assert list(found["services"][0]) == ["service_id", "name", "commissioner", "first", "last", "journeys"]
    assert list(found["loads"][0]) == [
        "loaded_at", "version", "what", "files", "services", "rows_read", "rows_refused", "findings",
    ]  # fmt: skip
    _, words, _ = run("status")
    for said in (
        "SYNTHETIC",
        "Counts under 8",
        found["loads"][0]["files"]["journey.csv"],
        found["services"][0]["service_id"],
    ):
        assert said in words
    assert (place / "store.key").read_text(encoding="ascii") not in words


def test_publish_says_what_it_wrote_and_answers_from_there(run, place, tmp_path):
    version, to = current_version(place / "store"), tmp_path / "copy"
    assert run("publish", "--to", to) == (0, f"Version {version} is published in {to}.\n", "")
    assert run("ask", "referrals", "--store", to) == run("ask", "referrals")
    status, _, errors = run("publish", "--to", place / "store")
    assert status == 1 and "holds a store" in errors
    assert run("publish")[0] == 2


def test_rollback_says_where_the_store_points(run, place, tmp_path):
    store = shutil.copytree(place / "store", tmp_path / "store")
    first = current_version(store)
    writing = duckdb.connect(
        str(shutil.copy(store / f"journeys-{first}.duckdb", store / "journeys-000002-abcdef.duckdb"))
    )
    writing.execute("update about set value = ? where name = 'previous'", [first])
    writing.close()
    (store / "CURRENT").write_text("000002-abcdef", encoding="utf-8")
    assert run("rollback", "--store", store) == (0, f"The store points to version {first} again.\n", "")
    assert current_version(store) == first


def test_sample_writes_a_delivery_that_loads(run, tmp_path):
    status, out, errors = run(
        "sample", tmp_path / "delivery", "--journeys", "40", "--services", "2", "--format", "parquet"
    )
    assert (status, errors) == (0, "")
    assert "no row describes a real person" in out
    assert run("check", tmp_path / "delivery")[0] == 0
    status, _, errors = run("sample", tmp_path)
    assert status == 2
    assert "new or empty" in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves its archive open
@pytest.mark.parametrize("command", ["template", "pack"])
def test_a_workbook_that_cannot_be_written_is_said_in_words(run, tmp_path, command):
    """The writer of workbooks has an error of its own for it."""
    (tmp_path / "full.xlsx").symlink_to("/dev/full")
    status, _, said = run(command, tmp_path / "full.xlsx")
    assert status == 1 and "cannot be used" in said


def test_template_writes_a_workbook(run, tmp_path):
    status, _, errors = run("template", tmp_path / "empty.xlsx")
    assert (status, errors) == (0, "")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert "journey" in book.sheetnames
    book.close()


# --- as a process of its own ------------------------------------------------------------------------------------------


def test_a_process_is_quiet_in_a_pipe_and_leaves_nothing_open(place, tmp_path):
    """No progress, and no word of a database that was left open (the driver would complain at the end)."""
    store = shutil.copytree(place / "store", tmp_path / "store")
    loaded = outside("load", place / "delivery", JOURNEYS_STORE=store, JOURNEYS_KEY="another key, for a while")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert "as version 000002-" in loaded.stdout
    refused = outside("load", place / "bad", JOURNEYS_STORE=store, JOURNEYS_KEY="another key, for a while")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "\r" not in loaded.stdout + refused.stdout


def test_a_process_answers_with_its_status(place):
    told = outside("ask", "found_work", "--format", "json", JOURNEYS_STORE=place / "store")
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout)["metric"] == "found_work"
    wrong = outside("ask", "found_work", "--by", "planet", JOURNEYS_STORE=place / "store")
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)


@pytest.mark.skipif(os.name != "posix", reason="a pipe of the shell")
def test_a_reader_that_goes_away_is_no_error():
    command = f'"{sys.executable}" -m journeys metrics --format json'
    told = subprocess.run(f"{command} | head -1", shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.stdout, told.stderr) == ("[\n", "")
