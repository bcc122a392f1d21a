"""The Data page: hand a delivery over, see what the check says and what would change, then load it. Off unless configuration allows it."""

import streamlit as st

from journeys.answer.released import Row
from journeys.intake import handover
from journeys.intake.handover import Checked, Handed, UploadError
from journeys.screen import address, answers, html
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from journeys.words.tables import Table

CHECKED, SAID, TURN = "upload_checked", "upload_said", "upload_turn"
FEWER = 0.8  # of the journeys that the store holds
OFF = (
    "Handing deliveries over in the browser is **switched off**, and that is how it comes: everybody who can open this page could load data.\n\n"
    "The person who runs the dashboard can switch it on, where only people who may load deliveries can reach it: start the dashboard with the "
    f'environment variable `{handover.ALLOW}=1`, or put `{handover.ALLOW} = "1"` into `.streamlit/secrets.toml`, and start it again.\n\n'
    "Without it, deliveries are checked and loaded on the command line:"
)
COMMANDS = "python -m journeys check DELIVERY --report findings.xlsx\npython -m journeys load DELIVERY"
HELP = (
    "A zip, an Excel workbook with a sheet for each table, or the CSV or Parquet files of one delivery together. A mapping file (.toml) for the "
    "service's own headers may go with them. Files are kept only while they are checked or loaded, then removed."
)


def data_page() -> None:
    """The page, or, where it is off, who can switch it on and how."""
    if not handover.is_allowed():
        st.info(OFF, icon=":material/lock:")
        st.code(COMMANDS, language=None)
        return
    said = st.session_state.pop(SAID, None)
    if said:
        news = " Every page shows the new data from now on." if said.startswith("Loaded") else ""
        st.success(html.plain(said + news), icon=":material/check_circle:")
    files = _handed()
    if files:
        checked = _checked(files)
        if checked:
            _found(checked)
            _would_change(checked)
            _load(files, checked)


def _handed() -> list[Handed]:
    with st.container(border=True, key="panel-upload"):
        st.header("Hand a delivery over", anchor="upload")
        given = st.file_uploader(
            "Delivery", [suffix.lstrip(".") for suffix in handover.ACCEPTED], accept_multiple_files=True,
            key=f"upload-{st.session_state.get(TURN, 0)}", max_upload_size=handover.MAX_MEGABYTES,
        )  # fmt: skip
        html.foot([HELP])
    return [Handed(file.name, file.getvalue()) for file in given or []]


def _checked(files: list[Handed]) -> Checked | None:
    """The check of just these files, made once in a session."""
    known = st.session_state.get(CHECKED)
    if known and known[0] == files:
        return known[1]
    try:
        with st.spinner("Checking the delivery. Nothing is loaded yet."):
            found = handover.check(files)
    except UploadError as error:
        st.error(html.plain(str(error)), icon=":material/error:")
        return None
    st.session_state[CHECKED] = (files, found)
    return found


def _found(checked: Checked) -> None:
    with st.container(border=True, key="panel-upload-found"):
        st.header("What the check found", anchor="upload-found")
        html.answer(_verdict(checked))
        rows = tuple(
            (f["file"], f["table"] or "not a table", *(f"{f[n]:,}" for n in ("rows_read", "rows_good", "rows_refused")))
            for f in checked.files
        )
        html.table(Table(("File", "Table", "Rows read", "Good", "Refused"), rows, 2, ()), "Files of the delivery")
        for broken in checked.broken:
            _finding(broken)
        if checked.broken:
            _reports(checked)  # fmt: skip


def _verdict(checked: Checked) -> str:
    if checked.is_refused_whole:
        return "Refused whole: nothing of this delivery can be loaded until what is named below is mended."
    if not checked.is_clean:
        return f"{checked.n_refused:,} of {checked.n_read:,} rows are refused. Mend them, or load only the good rows."
    notes = sum(broken.n for broken in checked.broken)
    return f"All {checked.n_read:,} rows are good" + (
        f", with {notes:,} {'note' if notes == 1 else 'notes'}." if notes else "."
    )


def _finding(broken: handover.Broken) -> None:
    words, mend, is_refusal = handover.rule_words(broken.rule)
    with st.expander(f"{'' if is_refusal else 'Note: '}{html.plain(words)} ({broken.n:,})", expanded=is_refusal):
        html.show(html.bullets(broken.examples))
        if broken.n > len(broken.examples):
            st.markdown(f"and {broken.n - len(broken.examples):,} more, all of them in the report")
        st.markdown(f"**To mend it:** {html.plain(mend)}")


def _reports(checked: Checked) -> None:
    with st.container(horizontal=True, key="tools-upload-found"):
        for kind, content, mime in (
            ("xlsx", checked.report_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("csv", checked.report_csv, "text/csv"),
        ):
            st.download_button(
                html.plain(f"Every finding as {kind.upper()}"), content, f"findings.{kind}", mime, key=f"report-{kind}", on_click="ignore",
                icon=":material/download:", type="tertiary",
            )  # fmt: skip


def _would_change(checked: Checked) -> None:
    """What a load would do to the store: the delivery's own numbers are exact, those of the store are released ones."""
    if not checked.services:
        return
    store = answers.store()
    now = answers.ask("referrals", Selection(), ("service",))
    counts = {row.labels["service"]: row for row in now.rows}
    with st.container(border=True, key="panel-upload-change"):
        st.header("What loading it would change", anchor="upload-change")
        others = [s for s in store.lists.services if s not in {one.service_id for one in checked.services}]
        html.answer(_change_words(checked, counts, len(others)))
        rows = tuple(_change_row(service, counts.get(service.service_id)) for service in checked.services)
        header = (
            "Service",
            "In the store now",
            "Months now",
            "In this delivery",
            "Months after",
            "Rows in all tables",
            "What happens",
        )
        html.table(Table(header, rows, 1, ()), "Services of this delivery, before and after", is_wordy=True)
        html.foot(
            [
                "In this delivery: the good rows, counted exactly. In the store: released counts, rounded, small ones hidden."
            ]
        )
        fewer = _fewer(checked, counts)
        if fewer:
            st.warning(
                f"Much smaller than what the store holds: {html.plain(', '.join(fewer))}. A delivery replaces everything that a service delivered before, so hand over its whole history.",
                icon=":material/warning:",
            )
        if store.is_synthetic and not checked.is_synthetic and others:
            st.warning(
                f"The store holds {len(others)} synthetic services, which stay beside these. For real data, start with a store of its own: set `JOURNEYS_STORE` to an empty folder.",
                icon=":material/science:",
            )  # fmt: skip


def _fewer(checked: Checked, counts: dict[str, Row]) -> list[str]:
    """Services that would lose much of what the store holds: perhaps only the newest months were handed over."""
    return [
        service.name
        for service in checked.services
        if (row := counts.get(service.service_id)) and row.is_shown and service.n_journeys < FEWER * row.count
    ]


def _change_words(checked: Checked, counts: dict[str, Row], n_others: int) -> str:
    new = sum(service.service_id not in counts for service in checked.services)
    replaced = len(checked.services) - new
    parts = [f"{new} new {_services(new)}"] * bool(new) + [f"{replaced} {_services(replaced)} replaced"] * bool(
        replaced
    )
    kept = (
        f"; the {n_others} other {_services(n_others)} in the store {'stays as it is' if n_others == 1 else 'stay as they are'}"
        if n_others
        else ""
    )
    return f"{' and '.join(parts)}{kept}."


def _services(n: int) -> str:
    return "service" if n == 1 else "services"


def _change_row(service: handover.ServiceRows, row: Row | None) -> tuple[str, ...]:
    months = f"{in_words(service.first_month)} to {in_words(service.last_month)}"
    mine = (f"{service.n_journeys:,} journeys", months, f"{service.n_rows:,}")
    if row is None:
        return service.name, "not there", "–", *mine, "new"
    there = answers.store().lists.services[service.service_id]
    now = f"{sentences.amount(row.count)} journeys" if row.is_shown else "[c] hidden"
    return service.name, now, f"{in_words(there.first_month)} to {in_words(there.last_month)}", *mine, "replaced"


def _load(files: list[Handed], checked: Checked) -> None:
    if checked.is_refused_whole or not checked.services:
        return
    accept = False
    if not checked.is_clean:
        accept = st.checkbox(
            f"Load the good rows and leave the {checked.n_refused:,} refused ones out", key="upload-accept"
        )
    if st.button(
        "Load this delivery",
        type="primary",
        icon=":material/upload:",
        disabled=not (checked.is_clean or accept),
        key="upload-load",
    ):
        _loaded(files, accept)


def _loaded(files: list[Handed], accept: bool) -> None:
    try:
        with st.spinner("Loading. The dashboard goes on answering from the data it has."):
            said = handover.load(files, accept_valid=accept)
    except UploadError as error:
        st.error(html.plain(str(error)), icon=":material/error:")
        return
    st.session_state[SAID] = said
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state.pop(CHECKED, None)
    st.query_params.pop(address.STORE, None)  # this reader knows that the data are new
    st.rerun()
