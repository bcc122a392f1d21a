"""The figure of a panel: which one suits an answer, what it draws from, and what pressing one of its labels chooses."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from journeys import figures
from journeys.answer.released import Released, Row
from journeys.screen import address, answers, comparators, html, meeting, session, tour
from journeys.screen.once import Once
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import PERIOD_UNITS, ServiceChange, people_words
from journeys.vocabulary.selection import COHORT_DIMENSIONS, MOST_COHORT, Selection
from journeys.words import sentences
from journeys.words.phrases import month_of
from journeys.words.shares import digits_of

PLOT = {"showSendToCloud": False, "displaylogo": False, "displayModeBar": False, "scrollZoom": False}
MOST_LINES = 4
AS_DOTS = ("service", "commissioner", *COHORT_DIMENSIONS)  # peers of each other, with all together

Figure = Callable[..., Any]  # of the room of figures
_DRAWN: Once[tuple[tuple[Released, ...], figures.Drawn]] = Once(1000)


@dataclass(frozen=True)
class Given:
    """What a figure may draw from: the answers, the names of codes, and how the reader wants to see them."""

    asked: tuple[Released, ...]
    names: Callable[[str, str], str]
    direction: str
    changes: tuple[ServiceChange, ...]
    has_segments: bool
    has_new_limits: bool
    most: int | None
    chosen: frozenset[str] = frozenset()
    whole_asked: tuple[Released, ...] = ()  # with the rows of all screens, where they go on
    reach: float = 0

    @property
    def beside(self) -> figures.Beside:
        """What stands beside the first answer."""
        return comparators.of(self.first)

    @property
    def ticks(self) -> figures.Beside:
        """What each row of the first answer stands beside; all together are a line."""
        found = self.beside
        is_line = bool(self.first.by) and found.answer is not None and not found.answer.by
        return figures.NOTHING if is_line else found

    @property
    def besides(self) -> tuple[figures.Beside, ...]:
        """What stands beside each answer."""
        return tuple(map(comparators.of, self.asked))

    @property
    def whole(self) -> Row | None:
        """All together, where the answer is a share by one breakdown of more than one label."""
        first = self.first
        if first.shape != "proportion" or first.own or len(first.by) != 1 or len(first.rows) < 2:
            return None
        return answers.ask(first.metric, first.selection).rows[0]

    def extent(self, *more: Row | None) -> figures.Extent:
        """Where the figure goes on, how far its axis goes and the decimals of the rows of all its screens, as in the words beside it."""
        rows = (*(row for one in self.whole_asked for row in one.rows), *filter(None, more))
        return figures.Extent(self.reach, digits_of(rows) if self.whole_asked else None)

    @property
    def working_age(self) -> Released | None:
        """The last answer for people of working age, where it is for everyone."""
        last = self.asked[-1]
        is_all = last.selection.base == "all"
        return answers.ask(last.metric, last.selection.but(base="working_age")) if is_all else None

    @property
    def first(self) -> Released:
        return self.asked[0]


# figures that take more than one answer and the names of codes
_HANDED: Mapping[Figure, Callable[[Given], Any]] = {
    figures.bars: lambda g: figures.bars(g.first, g.names, most=g.most, beside=g.beside, extent=g.extent()),
    figures.dots: lambda g: figures.dots(
        g.first,
        g.names,
        whole=g.whole,
        chosen=g.chosen,
        most=g.most,
        beside=g.ticks,
        extent=g.extent(g.whole),
    ),
    figures.change: lambda g: figures.change(g.first, g.names, most=g.most, beside=g.beside),
    figures.grid: lambda g: figures.grid(
        g.first, g.names, beside=g.beside, chosen=g.chosen, every=g.whole_asked[0].rows if g.whole_asked else ()
    ),
    figures.after_months: lambda g: figures.after_months(g.first, g.names, g.beside),
    figures.over_time: lambda g: figures.over_time(
        g.first, g.names, g.direction, g.changes, g.has_segments, g.has_new_limits, g.beside
    ),
    figures.compare: lambda g: figures.compare(
        g.asked[0],
        g.asked[1],
        g.names,
        *(_people(one, g.names) for one in g.asked[:2]),
        most=g.most,
        besides=g.besides,
        extent=g.extent(),
    ),
    figures.strips: lambda g: figures.strips(g.first, g.names, most=g.most, beside=g.beside),
    figures.parts: lambda g: figures.parts(g.asked, g.names, g.beside),
    figures.spiral: lambda g: figures.spiral(
        g.asked[0], g.asked[1], g.asked[2], g.asked[3], g.names, g.working_age, g.besides[3], is_wide=meeting.is_wide()
    ),
    figures.waiting: lambda g: figures.waiting(g.asked, g.names, g.besides),
}

GRID, LINE, LOWEST = (
    400,
    25,
    32,
)  # pixels of all lines of a grid on a projector, of a line of a name, and of a line of the grid
OF_ALL = (figures.compare, figures.parts, figures.waiting)  # figures that draw every answer that they are handed
# how many rows of a figure are read on a projector; the others follow on the next screen
FIT: Mapping[Figure, int] = {
    figures.bars: meeting.ROWS,
    figures.dots: meeting.ROWS,
    figures.compare: 5,
    figures.change: 4,
}
# what one more line of a row's name takes, of a row with one
MORE: Mapping[Figure, float] = {figures.bars: 0.45, figures.dots: 0.45, figures.compare: 0.26}


def _people(released: Released, names: Callable[[str, str], str]) -> str:
    return sentences.upper_first(people_words(released.selection, names))


def on_two_bases(figure: Figure | None, asked: Sequence[Released]) -> Figure | None:
    """The figure of one metric on two bases; a figure of the first alone where the second may not be shown or has no place in it."""
    one_label = len((*asked[0].by, *asked[0].own)) == 1
    if len(asked) > 1 and is_drawable(asked[1:]) and one_label and figure in (figures.bars, figures.dots):
        return figures.compare
    return figure


def figure_of(released: Released) -> Figure | None:
    """The figure that suits an answer's labels; None when a table says it better."""
    if released.shape == "change":
        return figures.change
    if released.shape == "waiting":
        return figures.waiting
    labels = (*released.by, *released.own)
    if len(released.by) == 1 and released.by[0] in AS_DOTS and released.shape == "proportion" and not released.own:
        return figures.dots
    lines = {tuple(v for n, v in row.labels.items() if n not in PERIOD_UNITS) for row in released.rows}
    if _is_over_time(released) and len(lines) <= MOST_LINES:
        return figures.over_time
    if _is_over_time(released) and len(labels) == 2:
        return figures.strips
    by_labels: Mapping[int, Figure] = {0: figures.bars, 1: figures.bars, 2: figures.grid}
    return by_labels.get(len(labels))


def _is_over_time(released: Released) -> bool:
    """Whether an answer is a series; one period alone is a bar, which has its interval and begins at 0."""
    return any(len({row.labels[d] for row in released.rows}) > 1 for d in ("quarter", "month") if d in released.by)


def is_drawable(asked: Sequence[Released]) -> bool:
    """Whether there is anything to draw."""
    return any(row.is_shown for released in asked for row in released.rows)


def draw(
    asked: Sequence[Released],
    figure: Figure | None,
    key: str,
    chosen: frozenset[str] = frozenset(),
) -> Any:
    """The figure of these answers with its text alternative, which is given back; where its labels are choices, a press narrows to one.

    What is `chosen` stands out among its peers. None where there is no picture of so many labels.
    """
    if figure is None:
        st.markdown("Too many labels for a picture: see the table.")
        return None
    whole, (asked, goes_on) = asked, on_this_screen(asked, figure)
    given = replace(_given(asked, figure, key), chosen=chosen, whole_asked=tuple(whole) if goes_on else ())
    is_choice = _is_choice(given.first) and not address.is_presenting()
    _, drawn = _DRAWN.get(_looks(given, figure), lambda: (given.asked, _drawn(given, figure, is_choice)))
    alt = _alt(given, figure)
    if not is_choice:
        _put(drawn, key, alt)
        html.hint(goes_on)
        return drawn
    widget = f"figure-{key}"
    _put(drawn, key, alt, on_select=lambda: _narrow(given.first, widget), selection_mode="points")
    dimension = given.first.by[0]  # of points on a line it is not plain what one of them is
    what = f"that {sentences.dimension_words(dimension)}" if dimension in PERIOD_UNITS else "it"
    html.hint(f"Press one to choose {what}.")
    return drawn


def _looks(given: Given, figure: Figure) -> Hashable:
    """All that a figure depends on. Answers are told apart as things, since the same question gives the same thing; the figure keeps
    them, so that no other can take the place of one."""
    of = (figure.func, figure.args, *figure.keywords.items()) if isinstance(figure, partial) else figure
    looks = given.changes, given.has_segments, given.has_new_limits, given.most, given.chosen
    return of, tuple(map(id, given.asked)), given.direction, looks, meeting.is_wide(), address.is_only()


def _drawn(given: Given, figure: Figure, is_choice: bool) -> figures.Drawn:
    if given.whole_asked and figure in (figures.bars, figures.dots, figures.compare):
        given = replace(given, reach=reach(_HANDED[figure](replace(given, asked=given.whole_asked, most=None))))
    drawn = _HANDED[figure](given) if figure in _HANDED else figure(given.first, given.names)
    if given.chosen:
        drawn = figures.highlighted(drawn, given.chosen, is_elsewhere=bool(given.whole_asked))
    if is_choice:  # what Streamlit would set in the browser, which draws a figure once more for each
        drawn.update_layout(clickmode="event+select", dragmode="pan", hovermode="closest")
    return _sized(drawn, meeting.ROOM)


def reach(every: Any) -> float:
    """How far the axis of a figure with the rows of all its screens goes, so that bars are as long on each."""
    axis = every.layout.xaxis
    return axis.tickvals[-1] if axis.tickvals and axis.range[0] == 0 else 0


def _alt(given: Given, figure: Figure) -> str:
    if figure is figures.spiral:
        start, now, _, movement = given.asked[:4]
        return sentences.spiral_alt(start, now, movement, given.names)
    return sentences.alt(given.first, metrics.get(given.first.metric), given.names)


def _given(asked: Sequence[Released], figure: Figure, key: str) -> Given:
    store, first = answers.store(), asked[0]
    changes = changes_of(first.selection)
    has_segments = figure is figures.over_time and bool(changes) and _wants_segments(first, key)
    direction = metrics.get(first.metric).direction
    has_new_limits = figure is figures.over_time and _wants_new_limits(first, direction, changes, has_segments, key)
    return Given(tuple(asked), store.lists.name, direction, changes, has_segments, has_new_limits, most_rows())


def changes_of(selection: Selection) -> tuple[ServiceChange, ...]:
    """The dated changes of the services that are chosen."""
    store = answers.store()
    where = store.lists.where(selection)
    return tuple(change for change in store.changes if change.service_id in where)


def _wants_segments(released: Released, key: str) -> bool:
    """Whether the reader wants limits to start anew at a service's dated change; asked only where there are limits."""
    if not any(row.spc for row in released.rows) or address.is_presenting():
        return False
    return st.toggle("New limits after each service change", key=f"segments-{key}")


def _wants_new_limits(
    released: Released, direction: str, changes: Sequence[ServiceChange], has_segments: bool, key: str
) -> bool:
    """Whether the reader wants limits to start anew where a lasting shift began; offered once 13 complete points follow, never done unasked."""
    since = None if address.is_presenting() else figures.new_limits_from(released, direction, changes, has_segments)
    if since is None:
        return False
    words = f"New limits from {answers.store().lists.name('month', month_of(since))}"
    return st.toggle(html.plain(words), key=f"new-limits-{key}")


def on_this_screen(asked: Sequence[Released], figure: Figure) -> tuple[Sequence[Released], str]:
    """In a meeting the answers with those of their rows that are on the screen that is shown, and how it goes on; a page shows all."""
    first = asked[0]
    labels = (*first.by, *first.own)
    fit = FIT.get(figure, 0)
    if address.is_presenting() and figure is figures.grid and len(labels) == 2:
        return _lines_on_this_screen(asked)
    if not address.is_presenting() or not fit or len(labels) != 1 + (first.shape == "change"):
        return asked, ""
    rows = figures.ordered(first, labels)
    heights = [1 + MORE.get(figure, 0) * (figures.n_lines(row, labels, answers.store().lists.name) - 1) for row in rows]
    there, goes_on = tour.on_this_screen(rows, heights, fit)
    on_it = [row.labels for row in there]
    return [replace(one, rows=tuple(row for row in one.rows if row.labels in on_it)) for one in asked], goes_on


def _lines_on_this_screen(asked: Sequence[Released]) -> tuple[Sequence[Released], str]:
    """The same of the lines of a grid."""
    down = figures.down_of(asked[0])
    codes = list(dict.fromkeys(row.labels[down] for row in asked[0].rows))
    names = [answers.store().lists.name(down, code) for code in codes]
    heights = [max(LOWEST, LINE * -(-len(name) // figures.SIDE)) for name in names]
    there, goes_on = tour.on_this_screen(codes, heights, GRID)
    return [replace(one, rows=tuple(row for row in one.rows if row.labels[down] in there)) for one in asked], goes_on


def most_rows() -> int | None:
    """How many rows a figure may have: as many as a projector has room for, otherwise as many as the figure likes."""
    return meeting.ROWS if address.is_presenting() else None


def plot(drawn: Any, key: str, alt: str, room: int = meeting.ROOM) -> figures.Drawn:
    """A figure with its text alternative, which is given back; on a projector scaled to the room there is."""
    return _put(_sized(drawn, room), key, alt, room)


def _sized(drawn: Any, room: int) -> figures.Drawn:
    if meeting.is_wide():
        meeting.enlarge(drawn, room)
    return figures.Drawn(drawn, is_bare=not meeting.is_wide())


def _put(drawn: figures.Drawn, key: str, alt: str, room: int = meeting.ROOM, **more: Any) -> figures.Drawn:
    if meeting.is_wide():
        html.tall(f"figure-{key}", room)
    else:
        html.whole_on_paper(key, drawn.tall)
        html.without_spare(key, drawn.spare)
    html.key(drawn.key)
    st.plotly_chart(drawn, key=f"figure-{key}", width="stretch", config=PLOT, alt=alt, **more)
    html.feet(drawn.feet)
    return drawn


def _narrow(released: Released, widget: str) -> None:
    """A press on a service, a period or a group of people chooses it for the whole page."""
    points = session.shown(widget)["selection"]["points"]
    code = points[0].get("customdata") if points else None
    code = code[0] if isinstance(code, list) else code
    narrowed = _narrowed(released, code) if code else None
    if narrowed:  # the figure may stand on its metric's own base; the reader's choice of people stays
        address.choose(narrowed.but(base=session.CHOSEN.get().base))


def _is_choice(released: Released) -> bool:
    """Whether a press on one of the labels would choose something else than is chosen."""
    codes = dict.fromkeys(row.labels[released.by[0]] for row in released.rows) if released.by else ()
    return any(_narrowed(released, code) not in (None, released.selection) for code in codes)


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
