"""The Data page: hand a delivery over, see what the check says and what would change, then load it. Off unless configuration allows it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import streamlit as st

from journeys.intake import handover, template
from journeys.intake.handover import Checked, Handed, UploadError, Wanted
from journeys.intake.rules import CONSEQUENCE
from journeys.screen import address, answers, html
from journeys.screen.sections import handed_change, handed_questions
from journeys.screen.session import Kept
from journeys.store.work import LoadError, check_place, explained, workplace
from journeys.words.tables import Table

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[3]
DICTIONARY = ROOT / "data" / "README.md"
ROOM = 1  # megabytes that a request has beside its file
MEGABYTES = handover.MAX_MEGABYTES + ROOM
SWITCH = f"{handover.ALLOW}=1 STREAMLIT_SERVER_MAX_UPLOAD_SIZE={MEGABYTES} streamlit run dashboard.py"
POWERSHELL = f"$env:{handover.ALLOW}=1; $env:STREAMLIT_SERVER_MAX_UPLOAD_SIZE={MEGABYTES}; streamlit run dashboard.py"
OFF = (
    "Handing deliveries over in the browser is **switched off**, and that is how it comes: everybody who can open this page could load data, "
    "so the dashboard takes no files at all.\n\nThe person who runs it can switch it on, where only people who may load deliveries can reach "
    "it, by starting it with this one command:"
)
COMMANDS = "python -m journeys check DELIVERY --report findings.xlsx\npython -m journeys load DELIVERY --dry-run\npython -m journeys load DELIVERY"
TOO_SMALL = f"Deliveries may be handed over, but the server takes files of {{}} MB at most. Start it with `{SWITCH}` to take {handover.MAX_MEGABYTES} MB."
HELP = (
    "A zip, an Excel workbook with a sheet for each table, or the CSV or Parquet files of one delivery together. A mapping file (.toml) for the "
    "service's own headers may go with them. Files are kept only while they are checked or loaded, then removed."
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Seen:
    """One check of just these files, taken in just this way."""

    files: tuple[str, ...]
    wanted: Wanted
    checked: Checked


SEEN: Kept[Seen | None] = Kept("upload_checked", None)
SAID = Kept("upload_said", "")
TURN = Kept("upload_turn", 0)


def data_page() -> None:
    """The page, or, where it is off, who can switch it on and how."""
    if not handover.is_allowed():
        _off()
        return
    said = SAID.get()
    SAID.forget()
    if said:
        news = " Every page shows the new data from now on." if said.startswith("Loaded") else ""
        st.success(html.plain(said + news), icon=":material/check_circle:")
    files = _handed()
    if files:
        _checked_and_loaded(files)


def _off() -> None:
    with st.container(border=True, key="panel-upload-off"):
        st.header("Hand a delivery over", anchor="upload")
        st.info(OFF, icon=":material/lock:")
        st.code(SWITCH, language=None, wrap_lines=True)
        html.foot(["On Windows (PowerShell):"])
        st.code(POWERSHELL, language=None, wrap_lines=True)
        html.foot(["Without it, deliveries are checked and loaded on the command line:"])
        st.code(COMMANDS, language=None, wrap_lines=True)
        _to_take()


def _to_take() -> None:
    """What a service needs to make a delivery."""
    with st.container(horizontal=True, key="tools-upload"):
        st.download_button(
            "Empty workbook to fill in (xlsx)", _template, "delivery.xlsx", XLSX, key="upload-template", on_click="ignore",
            icon=":material/download:", type="tertiary",
        )  # fmt: skip
        st.download_button(
            "Data dictionary (md)", DICTIONARY.read_bytes, "data-dictionary.md", "text/markdown", key="upload-dictionary",
            on_click="ignore", icon=":material/download:", type="tertiary",
        )  # fmt: skip


def _template() -> bytes:
    with TemporaryDirectory(prefix="journeys-template-") as place:
        file = Path(place) / "delivery.xlsx"
        template.write(file)
        return file.read_bytes()


def _handed() -> list[Handed]:
    """The files that were handed over; the server takes as many megabytes as it was started for."""
    most = min(handover.MAX_MEGABYTES, st.get_option("server.maxUploadSize") - ROOM)
    with st.container(border=True, key="panel-upload"):
        st.header("Hand a delivery over", anchor="upload")
        if most < handover.MAX_MEGABYTES:
            st.warning(html.plain(TOO_SMALL.format(max(most, 0))), icon=":material/warning:")
        given = st.file_uploader(
            "Delivery", [suffix.lstrip(".") for suffix in handover.ACCEPTED], accept_multiple_files=True,
            key=f"upload-{TURN.get()}", max_upload_size=max(most, 1),
        )  # fmt: skip
        html.foot([HELP])
        _to_take()
    return [Handed(file.name, file.getvalue()) for file in given or []]


def _checked_and_loaded(files: list[Handed]) -> None:
    try:
        base = handover.mapping_of(files)
        wanted = Wanted(handed_questions.mapping(base), _is_latest_wins())
        checked = _checked(files, wanted)
    except UploadError as error:
        st.error(html.plain(str(error)), icon=":material/error:")
        return
    _found(checked, wanted.mapping)
    handed_questions.draw(checked.questions, wanted.mapping)
    is_meant = handed_change.draw(checked)
    _load(files, wanted, checked, is_meant)


LATEST = "upload-latest-wins"
IS_LATEST = Kept(LATEST, False)


def _is_latest_wins() -> bool:
    return bool(IS_LATEST.get())


def _checked(files: list[Handed], wanted: Wanted) -> Checked:
    """The check of just these files, made once in a session. Raises UploadError."""
    names = tuple(f"{file.name} {len(file.content)} {hash(file.content)}" for file in files)
    seen = SEEN.get()
    if seen and (seen.files, seen.wanted) == (names, wanted):
        return seen.checked
    with st.spinner("Checking the delivery. Nothing is loaded yet."):
        found = _in_place(lambda place: handover.check(files, wanted, place))
    SEEN.keep(Seen(names, wanted, found))
    return found


def _in_place(work: Callable[[Path], T]) -> T:
    """Work with a private folder in the store's own, which the next start sweeps should this server be killed. Raises UploadError."""
    try:
        with explained(check_place()), workplace(check_place()) as place:
            return work(place)
    except LoadError as error:
        raise UploadError(str(error)) from error


# --- what was found ---------------------------------------------------------------------------------------------------


def _found(checked: Checked, mapping: str) -> None:
    with st.container(border=True, key="panel-upload-found"):
        st.header("What the check found", anchor="upload-found")
        html.answer(_verdict(checked))
        rows = tuple(
            (f["file"], f["table"] or "not a table", *(f"{f[n]:,}" for n in ("rows_read", "rows_good", "rows_refused")))
            for f in checked.files
        )
        html.table(Table(("File", "Table", "Rows read", "Good", "Refused"), rows, 2, ()), "Files of the delivery")
        if any(broken.rule == "service_in_two_deliveries" for broken in checked.broken) or _is_latest_wins():
            st.checkbox("Several deliveries of one service are one: later ones win, journey by journey", key=LATEST)
        for broken in checked.broken:
            _finding(broken, [one for one in checked.switches if one.rule == broken.rule], mapping)
        _visible(checked)
        _reports(checked)


def _verdict(checked: Checked) -> str:
    if checked.is_refused_whole:
        return "Refused whole: nothing of this delivery can be loaded until what is named below is mended."
    if not checked.is_clean:
        return f"{checked.n_refused:,} of {checked.n_read:,} rows are refused. Mend them, or load only the good rows."
    notes = sum(broken.n for broken in checked.broken)
    return f"All {checked.n_read:,} rows are good" + (
        f", with {notes:,} {'note' if notes == 1 else 'notes'}." if notes else "."
    )


def _finding(broken: handover.Broken, switches: list[handover.Switch], mapping: str) -> None:
    words, mend, is_refusal = handover.rule_words(broken.rule)
    with st.expander(
        f"{'' if is_refusal else 'Note: '}{html.plain(words)} ({broken.n:,})",
        expanded=is_refusal and broken.rule != CONSEQUENCE,
    ):
        html.show(html.bullets(broken.examples))
        if broken.n_findings > len(broken.examples):
            st.markdown(
                f"and {broken.n_findings - len(broken.examples):,} more, all of them in the file of every finding below"
            )
        st.markdown(f"**To mend it:** {html.plain(mend)}")
        handed_questions.offer(switches, mapping)


def _visible(checked: Checked) -> None:
    """Free texts for a person to read: a bare name cannot be told by its pattern."""
    if checked.visible:
        with st.expander(
            f"Read these words: everyone who opens the dashboard will see them ({len(checked.visible):,})"
        ):
            html.show(html.bullets(checked.visible))


def _reports(checked: Checked) -> None:
    with st.container(horizontal=True, key="tools-upload-found"):
        found = (("xlsx", checked.report_xlsx, XLSX), ("csv", checked.report_csv, "text/csv"))
        for kind, content, mime in found if checked.broken else ():
            st.download_button(
                html.plain(f"Every finding as {kind.upper()}"), content, f"findings.{kind}", mime, key=f"report-{kind}",
                on_click="ignore", icon=":material/download:", type="tertiary",
            )  # fmt: skip
        if checked.services:
            st.download_button(
                "What is due: later readings, ends, confirmations (CSV)", checked.due_csv, "due.csv", "text/csv", key="upload-due",
                on_click="ignore", icon=":material/download:", type="tertiary",
            )  # fmt: skip


# --- the load ---------------------------------------------------------------------------------------------------------


def _load(files: list[Handed], wanted: Wanted, checked: Checked, is_meant: bool) -> None:
    if checked.comparison is None:
        return
    accept = checked.is_clean or st.checkbox(
        f"Load the good rows and leave the {checked.n_refused:,} refused ones out", key="upload-accept"
    )
    is_ready = accept and (is_meant or not checked.stops)
    if st.button(
        "Load this delivery", type="primary", icon=":material/upload:", disabled=not is_ready, key="upload-load"
    ):
        _loaded(files, wanted, not checked.is_clean, is_meant)


def _loaded(files: list[Handed], wanted: Wanted, accept: bool, is_meant: bool) -> None:
    try:
        with st.spinner("Loading. The dashboard goes on answering from the data it has."):
            said = _in_place(lambda place: handover.load(files, wanted, place, accept_valid=accept, is_meant=is_meant))
    except UploadError as error:
        st.error(html.plain(str(error)), icon=":material/error:")
        return
    SAID.keep(said)
    TURN.keep(TURN.get() + 1)
    SEEN.forget()
    handed_questions.forget()
    answers.move_on()
    st.query_params.pop(address.STORE, None)  # this reader knows that the data are new
    st.rerun()
