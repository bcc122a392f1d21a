"""A panel: one metric from one released answer, with heading, sentence, figure, table, definition, who is left out, download and link."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.files import csv
from journeys.screen import address, answers, html, meeting
from journeys.store.opened import Store
from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import BREAKDOWNS, COHORT_DIMENSIONS, MOST_COHORT, Selection
from journeys.words import sentences, tables

PLOT = {
    "showSendToCloud": False,
    "displaylogo": False,
    "displayModeBar": "hover",
    "scrollZoom": False,
    "modeBarButtons": [["toImage"]],
}
CONTENTS = "contents"
CARDS = 170  # pixels of the cards above a figure on three bases
PICTURES = {"PNG": {"format": "png", "scale": 3}, "SVG": {"format": "svg", "scale": 1}}
MOST_LINES = 4
SERVICE_QUARTER = ("service", "quarter")
SPLITS = ((), ("quarter",), ("financial_year",), ("month",), ("service",), SERVICE_QUARTER, *(
    (d,) for d in BREAKDOWNS if d not in (*PERIOD_UNITS, "service")))  # fmt: skip
JUDGEMENT = {"higher": "Higher is better.", "lower": "Lower is better.", "none": "No judgement is made of high or low."}

Figure = Callable[..., object]


@dataclass(frozen=True)
class Panel:
    """What one panel shows: a metric and those shown with it, how they are split, drawn and said."""

    metric: str
    by: tuple[str, ...] = ()
    figure: Figure | None = None
    also: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    case_mix: bool = False
    can_split: bool = True
    says: Callable[..., str] | None = None

    @property
    def key(self) -> str:
        """What tells this panel from the others of a page, also in the address."""
        return "-".join((self.metric, *self.by))


def panel(
    metric: str,
    selection: Selection,
    by: Sequence[str] = (),
    figure: Figure | None = None,
    *,
    also: Sequence[str] = (),
    title: str = "",
    note: str = "",
    case_mix: bool = False,
    can_split: bool = True,
) -> None:
    """One metric of the selection, split by `by`; a reader may split it otherwise unless `figure` or `also` is given.

    `figure` draws it (default: what suits the labels: over_time, bars, grid, change or waiting). It is called with the release, the
    releases of `also` (metrics asked of the same selection), and by name with those of names, metric, direction, changes, segments, spc_note
    that it declares. `title` replaces the metric's own in the heading, `note` is a sentence before the figure. A panel is a fragment:
    what is changed inside it redraws it alone.
    """
    can_split = can_split and not figure and not also
    _in_turn(Panel(metric, tuple(by), figure, tuple(also), title, note, case_mix, can_split), selection)


def spiral(selection: Selection) -> None:
    """The positive upward spiral: where people stood at referral, where they stand now, and who moved."""
    also = ("spiral_now", "spiral_flow", "spiral_movement")
    title = "The positive upward spiral"
    _in_turn(Panel("spiral_start", (), figures.spiral, also, title, can_split=False, says=_spiral_words), selection)


def _spiral_words(asked: Sequence[Released], names: Callable[[str, str], str]) -> str:
    start, now, _, movement = asked
    return sentences.spiral_sentence(start, now, movement, names)


def start_contents(is_wanted: bool) -> None:
    """The place at the top of a long page that lists its panels as they are drawn."""
    st.session_state[CONTENTS] = st.container(horizontal=True, key="contents", gap="xsmall") if is_wanted else None
    if is_wanted:
        with st.session_state[CONTENTS]:
            st.html("<p>On this page</p>")


def _in_turn(what: Panel, selection: Selection) -> None:
    words = what.title or metrics.get(what.metric).title
    words += f" by {sentences.listed(map(sentences.dimension_words, what.by))}" if what.by else ""
    _list(what.key, words)
    if meeting.is_turn():
        _panel(what, selection)


def _list(key: str, words: str) -> None:
    if st.session_state[CONTENTS] is not None:
        st.session_state[CONTENTS].html(html.link_to(key, words))


@st.fragment
def _panel(what: Panel, selection: Selection) -> None:
    address.follow()
    store, metric, key = answers.store(), metrics.get(what.metric), what.key
    with st.container(border=True, key=f"panel-{key}"):
        place, choices, beside = meeting.stage()
        with choices:
            by = _split(key, metric, what.by) if what.can_split and not address.is_presenting() else what.by
        asked = [
            answers.ask(m, selection, by, case_mix=what.case_mix and m == what.metric)
            for m in (what.metric, *what.also)
        ]
        with place:
            heading(metric, selection, by, what.title, key, store)
            html.answer(_sentence(what, asked, metric, store))
            if what.note:
                st.markdown(what.note)
        if not _is_drawable(asked):
            with choices:
                wider(selection, key)
        with beside:
            _tabs(asked, metric, what.figure or figure_of(asked[0]), key, store)
        with meeting.below(place):
            foot(asked[0], metric)
        tools(asked, metric, selection, key, store)


def _sentence(what: Panel, asked: Sequence[Released], metric: Metric, store: Store) -> str:
    if what.says:
        return what.says(asked, store.lists.name)
    return sentences.sentence(asked[0], metric, store.lists.name)


def heading(metric: Metric, selection: Selection, by: tuple[str, ...], title: str, key: str, store: Store) -> None:
    """What is shown, and of whom."""
    words = title or metric.title
    words += f" within {selection.within} months" if metric.has_within else ""
    words += f": {BASES[selection.base].people}"
    words += f", by {sentences.listed(sentences.dimension_words(d) for d in by)}" if by else ""
    st.header(words, anchor=key)


def _split(key: str, metric: Metric, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The reader's own split of this panel, kept in the address."""
    options = [s for s in SPLITS if not set(s) & set(metric.labels)]
    options = options if usual in options else [usual, *options]
    wanted = address.split(key)
    chosen = usual if wanted is None else tuple(d for d in wanted.split(",") if d)
    chosen = chosen if chosen in options else usual
    widget = f"split-{key}"
    st.session_state[widget] = chosen
    with st.container(key=f"split-of-{key}"):
        st.selectbox(
            "Split by",
            options,
            format_func=lambda s: (
                sentences.upper_first(sentences.listed(map(sentences.dimension_words, s))) or "No split"
            ),
            key=widget,
            on_change=lambda: _keep_split(key, widget, usual),
            width=260,
        )
    return chosen


def _keep_split(key: str, widget: str, usual: tuple[str, ...]) -> None:
    chosen = st.session_state[widget]
    address.set_split(key, None if chosen == usual else ",".join(chosen))


def figure_of(released: Released) -> Figure | None:
    """The figure that suits an answer's labels; None when a table says it better."""
    if released.shape == "change":
        return figures.change
    if released.shape == "waiting":
        return figures.waiting
    labels = (*released.by, *released.own)
    lines = {tuple(v for n, v in row.labels.items() if n not in PERIOD_UNITS) for row in released.rows}
    if any(d in ("quarter", "month") for d in released.by) and len(lines) <= MOST_LINES:
        return figures.over_time
    return {0: figures.bars, 1: figures.bars, 2: figures.grid}.get(len(labels))


def _tabs(
    asked: Sequence[Released], metric: Metric, figure: Figure | None, key: str, store: Store, room: int = meeting.ROOM
) -> None:
    names = store.lists.name
    picture, table, definition = st.tabs(["Figure", "Table", "Definition"])
    with picture:
        draw(asked, metric, figure, key, store, room)
    with table:
        for released in asked:
            one = metrics.get(released.metric)
            shown = tables.table(released, one, names, dictionary.load().titles)
            html.table(shown, f"{one.title}: {released.words}")
    with definition:
        define(metric)


def draw(
    asked: Sequence[Released], metric: Metric, figure: Figure | None, key: str, store: Store, room: int = meeting.ROOM
) -> None:
    """The figure of these answers with its text alternative; where its labels are choices, a click narrows to one."""
    if figure is None or not _is_drawable(asked):
        st.markdown(
            "Too many labels for a picture: see the table." if figure is None else "There is no figure to draw here."
        )
        return
    wanted = inspect.signature(figure).parameters
    drawn = figure(*_given(wanted, asked), **_options(wanted, asked[0], metric, key, store))
    widget = f"figure-{key}"
    can_narrow = _narrowed(asked[0], "") is not None and not address.is_presenting()
    if can_narrow:  # what Streamlit would set in the browser, which draws a figure once more for each
        drawn.update_layout(clickmode="event+select", dragmode="pan", hovermode="closest")
    choosing = {"on_select": lambda: _narrow(asked[0], widget), "selection_mode": "points"} if can_narrow else {}
    plot(drawn, key, sentences.alt(asked[0], metric, store.lists.name), room, **choosing)
    if can_narrow:
        html.hint("Press a bar or a point to choose it for the whole page.")


def plot(drawn, key: str, alt: str, room: int = meeting.ROOM, **more) -> None:
    """A figure with its text alternative, saved under its panel's name; in meeting mode scaled to the room there is."""
    if address.is_presenting():
        meeting.enlarge(drawn, room)
    file = {"toImageButtonOptions": {**PICTURES[st.session_state.get(f"format-{key}", "PNG")], "filename": key}}
    st.plotly_chart(drawn, key=f"figure-{key}", width="stretch", config=PLOT | file, alt=alt, **more)


def most_rows() -> int | None:
    """How many rows a figure may have: as many as a projector has room for, otherwise as many as the figure likes."""
    return meeting.ROWS if address.is_presenting() else None


def _options(wanted: Mapping, released: Released, metric: Metric, key: str, store: Store) -> dict[str, object]:
    """What a figure asks for by name; the switch for segments is drawn only for a figure that has them."""
    known = {
        "names": lambda: store.lists.name,
        "metric": lambda: metric,
        "direction": lambda: metric.direction,
        "changes": lambda: _changes(released, store),
        "segments": lambda: _has_segments(released, key, store),
        "spc_note": lambda: released.spc_note,
        "most": most_rows,
    }
    return {name: value() for name, value in known.items() if name in wanted}


def _narrow(released: Released, widget: str) -> None:
    """A click on a service, a period or a group of people chooses it for the whole page."""
    points = st.session_state[widget]["selection"]["points"]
    code = points[0].get("customdata") if points else None
    code = code[0] if isinstance(code, list) else code
    narrowed = _narrowed(released, code) if code else None
    if narrowed:  # the figure may stand on its metric's own base; the reader's choice of people stays
        address.choose(narrowed.but(base=st.session_state[address.CHOSEN].base))


def _narrowed(released: Released, code: str) -> Selection | None:
    """The selection narrowed to one label of a figure; None where its labels are not choices of the selection."""
    chosen = released.selection
    if len(released.by) != 1 or released.own:
        return None
    (dimension,) = released.by
    if dimension in PERIOD_UNITS:
        return chosen.but(period=code or chosen.period)
    if dimension in ("service", "commissioner"):
        return chosen.but(**{dimension: code or None})
    if dimension in COHORT_DIMENSIONS and (dimension in chosen.cohort or len(chosen.cohort) < MOST_COHORT):
        return chosen.but(cohort={**chosen.cohort, dimension: code} if code else chosen.cohort)
    return None


def _is_drawable(asked: Sequence[Released]) -> bool:
    return any(row.is_shown for released in asked for row in released.rows)


def _given(wanted: Mapping, asked: Sequence[Released]) -> list:
    return [list(asked)] if next(iter(wanted)) == "releases" else list(asked)


def _changes(released: Released, store: Store) -> tuple:
    where = store.lists.where(released.selection)
    return tuple(change for change in store.changes if change.service_id in where)


def _has_segments(released: Released, key: str, store: Store) -> bool:
    """Whether the reader wants limits to start anew at a service's dated change."""
    is_over_time = any(d in ("month", "quarter") for d in released.by)
    if not is_over_time or not _changes(released, store) or address.is_presenting():
        return False
    return st.toggle("New limits after each service change", key=f"segments-{key}")


def wider(selection: Selection, key: str) -> None:
    """Choose something wider, in one click."""
    steps = selection.wider()
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"wider-{key}"):
        st.markdown("Choose something wider:")
        for i, step in enumerate(steps):
            st.button(
                sentences.upper_first(_step_words(selection, step)),
                key=f"wider-{key}-{i}",
                on_click=address.choose,
                args=(step,),
            )


def _step_words(now: Selection, then: Selection) -> str:
    """What a wider selection changes."""
    lists = answers.store().lists
    if now.period != then.period:
        return "all periods"
    if (now.service, now.commissioner) != (then.service, then.commissioner):
        return "all services"
    if now.base != then.base:
        return BASES[then.base].people
    gone = next(d for d in now.cohort if d not in then.cohort)
    return f"not only {lists.name(gone, now.cohort[gone]).lower()}"


def define(metric: Metric) -> None:
    """The definition of a metric, as its file says it."""
    lines = [
        ("Why it matters", metric.why),
        ("Counted", metric.numerator),
        ("Out of", metric.denominator),
        ("Unit", metric.unit),
        ("Direction", JUDGEMENT[metric.direction]),
        ("Careful", metric.caution),
    ]
    st.html(
        "<dl class='definition'>" + "".join(f"<dt>{k}</dt><dd>{html.text(v)}</dd>" for k, v in lines if v) + "</dl>"
    )


def foot(released: Released, metric: Metric) -> None:
    """Who is counted, who is left out, and the marks that occur, in words."""
    marks = dict.fromkeys(m for row in released.rows if (m := sentences.mark(row, released.shape)))
    lines = [sentences.left_out_words(released, metric), sentences.spc_words(released)]
    lines += [] if address.is_presenting() else [sentences.footnote(released, metric)]
    lines += [" · ".join(f"{m} {sentences.MARKS[m]}" for m in marks)] if marks else []
    html.foot(lines)


def tools(asked: Sequence[Released], metric: Metric, selection: Selection, key: str, store: Store) -> None:
    """Download, link, and what to do about hidden counts; nothing in meeting mode."""
    if address.is_presenting():
        return
    names = store.lists.name
    hidden = any(row.state == "hidden" for row in asked[0].rows) and any(row.is_shown for row in asked[0].rows)
    with st.container(horizontal=True, key=f"tools-{key}"):
        st.download_button(
            "Download CSV",
            data=lambda: "\r\n".join(csv.answer(one, metrics.get(one.metric), names) for one in asked).encode(
                "utf-8-sig"
            ),
            file_name=file_name(asked[0]),
            mime="text/csv",
            on_click="ignore",
            key=f"csv-{key}",
            icon=":material/download:",
            type="tertiary",
        )
        if _is_drawable(asked):
            picture_box(key)
        link_box(link(selection, store.version, key), key)
        if hidden and selection.wider():
            with st.popover(
                "Some counts are hidden", icon=":material/visibility_off:", type="tertiary", key=f"hidden-{key}"
            ):
                st.markdown(sentences.hidden_words(asked[0]))
                wider(selection, key)


def picture_box(key: str) -> None:
    """A button that opens the choice of format and saves the figure of a panel."""
    with st.popover("Picture", icon=":material/image:", type="tertiary", key=f"picture-{key}"):
        st.segmented_control("Format of the picture", PICTURES, default="PNG", required=True, key=f"format-{key}")
        html.save_button(key)


def link_box(address_of_panel: str, key: str, what: str = "the same view") -> None:
    """A button that shows the link to a panel, to copy."""
    with st.popover("Copy link", icon=":material/link:", type="tertiary", key=f"link-{key}"):
        st.markdown(f"This address opens {what}:")
        st.code(address_of_panel, language=None, wrap_lines=True)


def table_tools(
    shown: tables.Table,
    key: str,
    selection: Selection,
    said: Sequence[str] = (),
    *,
    has_figure: bool = False,
    anchor: str = "",
) -> None:
    """The same for a panel whose table is no metric's: CSV with what `said` tells of it, its picture if it has one, and its link."""
    if address.is_presenting():
        return
    store = answers.store()
    lines = [*said, f"Data to {store.as_of}", f"Store version: {store.version}", store.rule.words]
    lines += [csv.SYNTHETIC] * store.is_synthetic
    with st.container(horizontal=True, key=f"tools-{key}"):
        st.download_button(
            "Download CSV", data=lambda: csv.table(shown, lines).encode("utf-8-sig"), file_name=f"{key}.csv", mime="text/csv",
            on_click="ignore", key=f"csv-{key}", icon=":material/download:", type="tertiary",
        )  # fmt: skip
        if has_figure:
            picture_box(key)
        link_box(link(selection, store.version, anchor or key), key)


def link(selection: Selection, version: str, panel_key: str = "") -> str:
    """The address of this page with the selection, and of one panel on it."""
    here = urlsplit(st.context.url or "")
    looks = {address.SPLIT: st.query_params.get_all(address.SPLIT)} if address.SPLIT in st.query_params else {}
    query = urlencode({**address.query_of(selection, version), **looks}, doseq=True)
    return f"{here.scheme}://{here.netloc}{here.path}?{query}" + (f"#{panel_key}" if panel_key else "")


def file_name(released: Released) -> str:
    """A file name that says metric, split and selection."""
    chosen = released.selection
    parts = [
        released.metric,
        *released.by,
        chosen.period.replace("/", "-"),
        chosen.service or chosen.commissioner or "all-services",
    ]
    parts += [chosen.base, *chosen.cohort.values()]
    return "_".join(parts) + ".csv"


def three_bases(metric: str, selection: Selection, by: Sequence[str] = ()) -> None:
    """A panel of a metric on its own base (unless the reader chose one), with the rate on all three bases above: the base changes what a rate means."""
    _list(metric, f"{metrics.get(metric).title} on three bases")
    if meeting.is_turn():
        _three_bases(metric, selection, tuple(by))


@st.fragment
def _three_bases(slug: str, selection: Selection, by: tuple[str, ...]) -> None:
    address.follow()
    store, metric, key = answers.store(), metrics.get(slug), slug
    chosen = metric.on_its_base(selection)
    with st.container(border=True, key=f"panel-{key}"):
        st.header(f"{metric.title} within {selection.within} months, on three bases", anchor=key)
        for column, base in zip(st.columns(len(BASES)), BASES, strict=True):
            with column:
                on_base = answers.ask(slug, selection.but(base=base))
                words = sentences.unit_words(metric.unit, selection)
                html.base_card(on_base.rows[0], BASES[base].people, words, base == chosen.base)
        place, choices, beside = meeting.stage()
        with place:
            html.answer(sentences.sentence(answers.ask(slug, chosen), metric, store.lists.name))
        with choices:
            released = answers.ask(slug, chosen, by if address.is_presenting() else _split(key, metric, by))
            if not _is_drawable([released]):
                wider(chosen, key)
        with beside:
            _tabs([released], metric, figure_of(released), key, store, meeting.ROOM - CARDS)
        with meeting.below(place):
            foot(released, metric)
        tools([released, *(answers.ask(slug, selection.but(base=b)) for b in BASES)], metric, chosen, key, store)
