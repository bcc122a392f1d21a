"""The Data page: off unless allowed; the check of the command line; exact for the uploader's own rows, released for the store's; then the load."""

import csv
import io
import os
import re
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journeys.intake import handover
from journeys.intake.handover import Handed, UploadError
from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import current_version

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
NHS_NUMBER = "943 476 5919"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A small delivery of two services, by file name."""
    folder = tmp_path_factory.mktemp("handed") / "delivery"
    lives.write(folder, journeys=300, services=2, seed=3)
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.csv"))}


@pytest.fixture
def allowed(monkeypatch, tmp_path):
    """Uploads allowed, a store and a temporary folder of their own."""
    for name in ("handed", "home"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("JOURNEYS_ALLOW_UPLOAD", "1")
    monkeypatch.setenv("JOURNEYS_STORE", str(tmp_path / "home" / "store"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "handed"))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def files(tables):
    return [Handed(name, content) for name, content in tables.items()]


def broken(tables):
    """The same with a gender that no dictionary knows."""
    return {**tables, "journey.csv": tables["journey.csv"].replace(b"female", b"robot", 1)}


def left_behind(place):
    return sorted(path.name for path in (place / "handed").glob(f"{handover.PREFIX}*"))


# --- the switch -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "is_on"), [(None, False), ("", False), ("0", False), ("yes", False), ("1", True)])
def test_off_unless_the_variable_is_1(value, is_on):
    settings = {} if value is None else {"JOURNEYS_ALLOW_UPLOAD": value}
    assert handover.is_allowed(settings) is is_on
    assert not handover.is_allowed(settings | {"JOURNEYS_ENGINE": "spark"})


def test_nothing_is_checked_or_loaded_while_it_is_off(allowed, monkeypatch, tables):
    monkeypatch.delenv("JOURNEYS_ALLOW_UPLOAD")
    for work in (handover.check, handover.load):
        with pytest.raises(UploadError, match="JOURNEYS_ALLOW_UPLOAD is not 1"):
            work(files(tables))


# --- the check --------------------------------------------------------------------------------------------------------


def test_loose_files_make_one_delivery(allowed, tables):
    checked = handover.check(files(tables))
    assert checked.is_clean and not checked.is_refused_whole and checked.is_synthetic
    n_lines = sum(content.decode().rstrip("\n").count("\n") for content in tables.values())
    assert checked.n_read == n_lines
    assert sum(service.n_journeys for service in checked.services) == 300
    assert left_behind(allowed) == []


def test_a_zip_and_a_mapping_are_taken(allowed, tables):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in tables.items():
            archive.writestr(name, content.replace(b"employment_status", b"job situation", 1))
    words = b'[tables.journey.columns]\nemployment_status = "job situation"\n'
    checked = handover.check([Handed("delivery.zip", packed.getvalue()), Handed("ours.toml", words)])
    assert len(checked.services) == 2


def test_findings_come_with_their_rule_and_the_whole_report(allowed, tables):
    checked = handover.check(files(broken(tables)))
    assert not checked.is_clean and {b.rule: b.n for b in checked.broken}["code_unknown"] == 1
    assert any("'robot'" in example for b in checked.broken for example in b.examples)
    rows = list(csv.DictReader(io.StringIO(checked.report_csv.decode())))
    assert len(rows) == sum(b.n_findings for b in checked.broken)
    assert zipfile.is_zipfile(io.BytesIO(checked.report_xlsx))


def test_identifying_data_are_refused_whole_and_printed_nowhere(allowed, tables):
    named = tables["journey.csv"].decode().splitlines()
    content = "\n".join([f"{named[0]},note", *(f"{line},{NHS_NUMBER}" for line in named[1:])]).encode()
    checked = handover.check(files({**tables, "journey.csv": content}))
    assert checked.is_refused_whole and checked.services == ()
    assert NHS_NUMBER not in str(checked.broken) and NHS_NUMBER.encode() not in checked.report_csv
    with pytest.raises(UploadError, match="refused whole"):
        handover.load(files({**tables, "journey.csv": content}), accept_valid=True)
    assert left_behind(allowed) == []


@pytest.mark.parametrize(
    ("handed", "words"),
    [
        ([], "Nothing cannot be read"),
        ([Handed("a.exe", b"")], "a.exe cannot be read: hand over .zip, .csv"),
        ([Handed("a.csv", b"x"), Handed("A.csv", b"y")], "Two files have the same name"),
        ([Handed("a.toml", b""), Handed("b.toml", b"")], "two mapping files"),
    ],
)
def test_what_is_no_delivery_is_refused_in_words(allowed, handed, words):
    with pytest.raises(UploadError, match=words):
        handover.check(handed)


def test_a_mapping_that_is_wrong_is_said_in_words(allowed, tables):
    with pytest.raises(UploadError) as refused:
        handover.check([*files(tables), Handed("ours.toml", b"[tables.nowhere.columns]\nx = 'y'\n")])
    assert "mapping ours.toml" in str(refused.value) and "nowhere" in str(refused.value)
    assert handover.PREFIX not in str(refused.value) and "Traceback" not in str(refused.value)


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(allowed, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("journey.csv", b"0" * 100_000)
    monkeypatch.setattr(handover, "MAX_UNPACKED_BYTES", 50_000)
    with pytest.raises(UploadError, match="unpacks to more than"):
        handover.check([Handed("small.zip", packed.getvalue())])
    assert left_behind(allowed) == []


def test_files_lie_in_a_private_folder_whatever_they_are_called(allowed):
    with handover._kept([Handed("../../outside.csv", b"a\n"), Handed("..\\other.csv", b"b\n")]) as (
        folder,
        deliveries,
    ):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert sorted(p.name for p in deliveries[0].iterdir()) == ["other.csv", "outside.csv"]
        assert deliveries[0].parent == folder
    assert not folder.exists()


def test_what_a_killed_server_left_is_removed_by_the_next_upload(allowed):
    old, new = (allowed / "handed" / f"{handover.PREFIX}{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    with handover._kept([Handed("a.csv", b"a\n")]):
        assert not old.exists() and new.exists()


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(tables, tmp_path_factory):
    """A folder with a store, and its key, that holds the delivery."""
    place = tmp_path_factory.mktemp("loaded")
    (place / "delivery").mkdir()
    for name, content in tables.items():
        (place / "delivery" / name).write_bytes(content)
    build.load([place / "delivery"], place / "home" / "store")
    return place / "home"


@pytest.fixture
def store(allowed, loaded):
    """A copy of that store, of the test's own."""
    return shutil.copytree(loaded, allowed / "home", dirs_exist_ok=True) / "store"


def page():
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=SECONDS).run()
    return at.switch_page("pages/14_Data.py").run()


def hand_over(at, tables):
    at.file_uploader[0].set_value([(name, content, "text/csv") for name, content in tables.items()])
    return at.run()


def words(at):
    return " ".join([*(e.value for e in at.markdown), *(e.proto.body for e in at.get("html"))])


def test_switched_off_the_page_is_in_the_menu_and_says_how_it_is_switched_on(store, monkeypatch):
    monkeypatch.delenv("JOURNEYS_ALLOW_UPLOAD")
    at = page()
    assert not at.exception and not at.file_uploader
    assert "switched off" in at.info[0].value
    assert at.code[0].value == (
        "JOURNEYS_ALLOW_UPLOAD=1 STREAMLIT_SERVER_MAX_UPLOAD_SIZE=501 streamlit run dashboard.py"
    )
    assert at.code[1].value == (
        "$env:JOURNEYS_ALLOW_UPLOAD=1; $env:STREAMLIT_SERVER_MAX_UPLOAD_SIZE=501; streamlit run dashboard.py"
    )
    assert "Data" in [link.proto.label for link in at.sidebar.get("page_link")]


def test_switched_on_it_is_in_the_menu(store):
    left = store / "work-1-abcdef" / "delivery-x"  # by a load that was killed
    left.mkdir(parents=True)
    at = page()
    assert not left.parent.exists()
    assert not at.exception and len(at.file_uploader) == 1
    assert "Data" in [link.proto.label for link in at.sidebar.get("page_link")]


def test_a_delivery_is_checked_previewed_and_loaded_and_seen_without_a_restart(store, tables):
    was = current_version(store)
    at = hand_over(page(), broken(tables))
    assert not at.exception
    assert [h.value for h in at.header] == [
        "Hand a delivery over",
        "What the check found",
        "Did you mean",
        "What loading it would change",
    ]
    assert at.button(key="upload-load").disabled
    assert current_version(store) == was
    at.checkbox(key="upload-accept").check().run()
    assert at.button(key="upload-load").disabled  # in the small service that is more than a twentieth
    at.checkbox(key="upload-meant").check().run()
    at.button(key="upload-load").click().run()
    assert not at.exception
    assert at.success[0].value.startswith("Loaded 2 services as version 000002") and "Every page" in at.success[0].value
    assert current_version(store) != was
    assert at.session_state["store_version"] == current_version(store)


def test_what_the_store_holds_is_released_and_what_is_handed_over_is_exact(store, tables):
    journeys = tables["journey.csv"].decode().splitlines(keepends=True)
    kept = len(journeys) - 2  # the header, and one journey fewer
    ids = journeys[-1].split(",")[0].encode()
    fewer = {
        name: b"".join(line for line in content.splitlines(keepends=True) if ids not in line)
        for name, content in tables.items()
    }
    at = hand_over(page(), fewer)
    checked = at.session_state["upload_checked"].checked
    assert sum(service.n_journeys for service in checked.services) == kept
    shown = words(at)
    for service in checked.services:
        assert f"{service.n_journeys:,} journeys" in shown
    assert "About 2" in shown and "2 services replaced." in shown


def test_the_same_delivery_again_changes_nothing(store, tables):
    was = current_version(store)
    at = hand_over(page(), tables)
    at.button(key="upload-load").click().run()
    assert not at.exception
    assert not at.error and "Nothing to do" in at.success[0].value
    assert current_version(store) == was


# --- did you mean -----------------------------------------------------------------------------------------------------


def in_their_words(tables):
    """Our delivery with a header and a value of the service's own."""
    content = tables["journey.csv"].replace(b"gender", b"Sex", 1).replace(b"voluntary_sector", b"Vol sector group")
    assert b"Vol sector group" in content
    return {**tables, "journey.csv": content}


def question(at, words):
    return next(box for box in at.selectbox if words in box.label)


def test_unknown_names_and_values_are_asked_about_and_the_answers_are_applied_and_kept(store, tables):
    at = hand_over(page(), in_their_words(tables))
    assert not at.exception
    assert question(at, "Sex").value == "gender"
    asked = question(at, "Vol sector group")
    assert "referral\\_source" in asked.label and "rows" in asked.label
    asked.select("voluntary_sector")
    next(button for button in at.button if button.label.startswith("Check again")).click().run()
    assert not at.exception
    checked = at.session_state["upload_checked"].checked
    assert checked.is_clean and checked.questions == ()
    mapping = at.session_state["upload_mapping"]
    assert 'gender = "Sex"' in mapping and '"Vol sector group" = "voluntary_sector"' in mapping
    assert not at.button(key="upload-load").disabled


def test_what_is_left_open_is_not_asked_again(store, tables):
    at = hand_over(page(), broken(tables))
    question(at, "robot").select("\x00leave")
    next(button for button in at.button if button.label.startswith("Check again")).click().run()
    assert not at.exception
    assert not any("robot" in box.label for box in at.selectbox)
    assert not at.session_state["upload_checked"].checked.is_clean


def month_first(content):
    """Every ISO date of a table written month first."""
    return re.sub(rb"\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b", rb"\2/\3/\1", content)


def test_what_a_switch_mends_is_mended_by_one_press_and_kept_in_the_mapping(store, tables):
    at = hand_over(page(), {**tables, "contact.csv": month_first(tables["contact.csv"])})
    assert at.session_state["upload_checked"].checked.is_refused_whole
    at.button(key="upload-switch-dates_month_first").click().run()
    assert not at.exception
    assert at.session_state["upload_checked"].checked.is_clean
    assert at.session_state["upload_mapping"] == '[tables.contact]\ndate_order = "month_first"\n'
    assert not at.button(key="upload-load").disabled


def test_a_switch_for_many_tables_lists_them(store, tables):
    at = hand_over(page(), {name: month_first(content) for name, content in tables.items()})
    said = at.button(key="upload-switch-dates_month_first").label
    assert said.count(" and ") == 1 and said.startswith("Read the dates of Services, Journeys, "), said


def test_what_is_new_is_not_said_to_be_lost_from_what_is_held(store, tables):
    lines = tables["journey.csv"].splitlines(keepends=True)
    cut = {
        "service.csv": tables["service.csv"].replace(b"wrenborough", b"newborough"),
        "journey.csv": b"".join(lines).replace(b"wrenborough", b"newborough").replace(b"female", b"robot"),
    }
    at = hand_over(page(), cut)
    (said,) = [error.value for error in at.error if "Stopped" in error.value]
    assert "Not held" in words(at) and "leave much of the delivery out" in said


# --- what would be lost -----------------------------------------------------------------------------------------------


def half(tables):
    """Every second journey alone: the rest of the history is not in it."""
    lines = tables["journey.csv"].splitlines(keepends=True)
    return {"service.csv": tables["service.csv"], "journey.csv": b"".join(lines[:1] + lines[1::2])}


def test_a_delivery_that_would_lose_what_is_held_must_be_meant(store, tables):
    was = current_version(store)
    at = hand_over(page(), half(tables))
    assert not at.exception
    assert any("Stopped" in error.value for error in at.error)
    assert "lose more than a tenth of its journeys" in words(at) and "no longer record" in words(at)
    assert at.button(key="upload-load").disabled
    at.checkbox(key="upload-meant").check().run()
    at.button(key="upload-load").click().run()
    assert not at.exception and at.success[0].value.startswith("Loaded 2 services")
    assert current_version(store) != was


def test_the_command_stops_even_where_the_page_was_left_open(store, tables):
    with pytest.raises(UploadError, match="Nothing was loaded: what is held would be lost"):
        handover.load(files(half(tables)))


def test_what_a_service_needs_can_be_taken(store):
    at = page()
    kept = {button.key: button for button in at.get("download_button")}
    assert {"upload-template", "upload-dictionary"} <= set(kept)


def test_a_server_that_takes_less_says_how_to_start_it(store, monkeypatch):
    at = page()
    assert "STREAMLIT\\_SERVER" in at.warning[0].value and "0 MB at most" in at.warning[0].value
