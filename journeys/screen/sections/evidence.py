"""The Evidence page: this data beside the published figures, one figure for each unit and metric, and what is kept apart."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import address, answers, drawing, html, meeting, panel_parts, take_away
from journeys.screen.folds import fold
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import evidence
from journeys.words.evidence import Match, Published
from journeys.words.phrases import listed, lowered, upper_first
from journeys.words.tables import Table

LIST = "Published figures, and what they give when worked again"
FIT = "Published figures and the released answers of the invented services made after them"
SYNTHETIC = (
    "**This data is a synthetic sample, and it was made to fit these very figures.** That it lies near them shows only that the "
    "fitting worked. It is no evidence that the figures, or anything else here, are true of real services."
)
FITTED = "This sample was made to fit these very figures: that it lies near them is no evidence."
BARS = "Bars: 95% intervals of the printed counts; a pale one is an upper bound."
READ_WITH_CARE = (
    "Evaluations count clients, this data referrals, over different times and out of different bases, so ours are said beside the published "
    "figures and not drawn on their axis. No order of services is meant. Bars show 95% intervals, worked out here from the printed counts; a "
    "pale bar is an upper bound."
)


def evidence_panels(chosen: Selection) -> None:
    """Every metric that published figures may stand beside, then those kept apart, then the whole list."""
    if not address.is_presenting():
        if answers.store().is_synthetic:
            st.warning(SYNTHETIC, icon=":material/science:")
        st.markdown(READ_WITH_CARE)
    for metric, rows in evidence.comparisons().items():
        if meeting.is_turn(f"evidence-{metric}"):
            _comparison(metric, rows, chosen)
    if meeting.is_turn():
        _apart(chosen)
    if meeting.is_turn("evidence-list"):
        _everything(chosen)
    if answers.store().is_synthetic and meeting.is_turn():
        _fit()


@st.fragment
def _comparison(slug: str, rows: Sequence[Published], chosen: Selection) -> None:
    """Our answers in words, each on the base that comes nearest, over the published figures of the same thing, on an axis of their own unit."""
    asked = [(near, answers.ask(slug, near.selection(chosen))) for near in evidence.matches(rows)]
    key, digits = f"evidence-{slug}", evidence.precision(asked, rows)
    with st.container(border=True, key=f"panel-{key}"):
        place, _, beside = meeting.stage()
        words, more = evidence.sentence(asked, rows, answers.store().lists.name), evidence.others(asked, rows)
        with place:
            title = evidence.COUNTED[rows[0].metric] + ": here and as published"
            found = evidence.headline(asked, rows)
            st.header(html.plain(found), anchor=key)
            html.show(html.tag("p", title, class_="subtitle"))
            html.answer(words)
            if more:
                html.show(html.bullets(more))
        is_drawable = any(row.share is not None for row in rows)
        with beside:
            called = ["Figure"] if is_drawable else []
            *pictures, table, definition = panel_parts.places([one for _, one in asked], called)
        words, drawn = " ".join((words, *more)), None
        if is_drawable:
            with pictures[0]:
                drawn = _picture(rows, key, words, digits)
        shown = _table([evidence.our_table_row(r, n, digits) for n, r in asked], rows)
        with table:
            html.table(
                shown,
                f"{metrics.get(slug).title}: this data ({asked[0][1].unit}) and the published figures",
                is_wordy=True,
            )
        with definition:
            panel_parts.define(metrics.get(slug))
        with meeting.below(place):
            if not address.is_presenting():
                html.folded("How the bases differ", html.bullets(evidence.basis_lines(rows)))
            _foot(asked, is_drawn=drawn is not None)
        source = f"Published: {evidence.REPORT}, as printed."
        picture_of = take_away.Picture(drawn, found, f"{title}. {words}", "", (), source) if drawn is not None else None
        _tools(shown, key, asked, chosen, picture_of)


def _picture(rows: Sequence[Published], key: str, words: str, digits: int) -> Any:
    """The published figures alone: they count clients, ours journeys, and one axis takes one unit."""
    drawn = figures.evidence(evidence.points(rows), evidence.axis_unit(row.unit for row in rows), digits)
    return drawing.plot(drawn, key, f"{words} The table has every figure.")


def _table(ours: Sequence[tuple[str, ...]], rows: Sequence[Published]) -> Table:
    return Table(evidence.HEADER, (*ours, *(evidence.table_row(row) for row in rows)), 1, ())


def _foot(asked: Sequence[tuple[Match, Released]], *, is_drawn: bool) -> None:
    """Whose figures they are; in a meeting, which shows a panel alone, also what the page says above them all."""
    if address.is_presenting():
        html.foot([*[FITTED] * answers.store().is_synthetic, *[BARS] * is_drawn, f"Published: {evidence.REPORT}."])
        return
    released = asked[0][1]
    where = released.words.split(",")[0]
    html.foot(
        [
            f"This data: {where}, as chosen; base and months are those of the published figure, whatever else is chosen.",
            f"Published: {evidence.REPORT}, as printed.",
        ]
    )


def _tools(
    shown: Table,
    key: str,
    asked: Sequence[tuple[Match, Released]],
    chosen: Selection,
    shown_as: take_away.Picture | None = None,
) -> None:
    said = [
        *(f"Published: {title}" for title in evidence.sources(evidence.published())),
        *(f"This data: {released.words}" for _, released in asked),
    ]
    take_away.of_table(shown, key, chosen, said, shown_as=shown_as)


@st.fragment
def _apart(chosen: Selection) -> None:
    """Figures in units that nothing here is counted in."""
    with st.container(border=True, key="panel-evidence-apart"):
        st.header("Published in other units: not beside ours", anchor="evidence-apart")
        html.answer(
            "A share of goals or of issues is not a share of people, a rank is no share, and a trial asks another question. These are listed, and drawn "
            "beside nothing."
        )
        html.folded("Which they are", html.bullets(_apart_words(row, chosen) for row in evidence.apart()))
        if not address.is_presenting():
            html.foot([f"Looked for, and found in no print that can be cited: {listed(evidence.stays_out())}."])


def _apart_words(row: Published, chosen: Selection) -> html.Html:
    check, printed = evidence.check(row), row.printed and f"printed as {row.printed}"
    said = "; ".join(words for words in (check, "" if "printed" in check else printed) if words)
    title = f"{row.service}, {lowered(evidence.COUNTED[row.metric])} (unit: {row.unit})"
    return html.join((html.tag("strong", title), f": {said}. {_rank(row, chosen)}{evidence.nearest_words(row)}"))


def _rank(row: Published, chosen: Selection) -> str:
    """The rank here beside a printed rank."""
    if row.unit != "ranks":
        return ""
    store, near = answers.store(), evidence.match(row)
    words = evidence.rank_words(row, answers.ask(near.metric, near.selection(chosen)), store.lists.name)
    return f"{upper_first(words)}. " if words else ""


@st.fragment
def _everything(chosen: Selection) -> None:
    with st.container(border=True, key="panel-evidence-list"):
        st.header("Every published figure, as printed", anchor="evidence-list")
        rows = evidence.published()
        off = sum(evidence.is_off(row) for row in rows)
        html.answer(
            f"{len(rows)} figures. Worked again from the printed counts, {off} does not give the printed percentage."
        )
        shown = _table((), rows)
        with fold("The list") as is_open:
            if is_open:
                html.table(shown, LIST, is_wordy=True, is_whole=True)
        if not address.is_presenting():
            html.foot([f"Where they are printed: {'; '.join(evidence.sources(rows))}."])
        _tools(shown, "evidence-list", (), chosen)


@st.fragment
def _fit() -> None:
    """How near the sample lies to what it was fitted to; only for synthetic stores."""
    store = answers.store()
    rows = [
        evidence.fit_row(row, answers.ask(evidence.match(row).metric, selection))
        for row, selection in evidence.fitted(store.lists.services)
    ]
    if not rows:
        return
    with st.container(border=True, key="panel-evidence-fit"):
        st.header("How the synthetic sample fits the published figures", anchor="evidence-fit")
        html.answer(
            "Each invented service was made after a published one. This is a check of the sample, not of the evidence."
        )
        with fold("The comparison") as is_open:
            if is_open:
                html.table(Table(evidence.FIT_HEADER, tuple(rows), 1, ()), FIT, is_wordy=True)
        html.foot(
            [
                "The whole of the sample, whatever is chosen. Its figures are released answers: small counts hidden, the rest rounded."
            ]
        )
