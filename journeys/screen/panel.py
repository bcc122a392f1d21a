"""A panel: one metric from one released answer, with heading, sentence, figure, table, definition, who is left out, download and link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from journeys import figures
from journeys.answer.coverage import are_same_people
from journeys.answer.released import Released, Row
from journeys.screen import address, answers, comparators, contents, counted, html, looks, meeting, panel_parts, peers
from journeys.screen.drawing import OF_ALL, Figure, figure_of, is_drawable, on_two_bases
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.calendar import ALL
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import literature, once, quality, sentences
from journeys.words.cohort import people_counted, whole_words
from journeys.words.finding import finding, finding_beside
from journeys.words.of_period import chosen_whole, finding_of_period
from journeys.words.phrases import Names, inside
from journeys.words.shapes import at_horizon, is_of_fields
from journeys.words.shares import digits_of, size_of

AGES = "working_age"


@dataclass(frozen=True)
class Panel:
    """What one panel shows: a metric and those shown with it, how they are split, drawn and said.

    `note` is a sentence before the figure, `published` names a finding of others that stands beside it, `has_bases` puts the rate on
    all three bases above it, `has_ages` puts people of working age beside everyone, `finds` says which of several answers the heading
    states (0: the first and the last), `case_mix` asks what may be expected of people like these, `out_of` names the share of whose people
    all that is counted are parts.
    """

    metric: str
    by: tuple[str, ...] = ()
    figure: Figure | None = None
    also: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    published: str = ""
    can_split: bool = True
    has_bases: bool = False
    has_ages: bool = False
    case_mix: bool = False
    out_of: str = ""
    finds: int = 0
    says: Callable[[Sequence[Released], Names], str] | None = None

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
    can_split: bool = True,
    **more: str | bool,
) -> None:
    """One metric of the selection, split by `by`; a reader may split it otherwise unless `figure` or `also` is given.

    `figure` draws it (default: what suits the labels: over_time, bars, grid, change or waiting) from the release and the
    releases of `also` (metrics asked of the same selection); `title` replaces the metric's own in the heading; what else may be given
    says Panel. A panel is a fragment: what is changed inside it redraws it alone.
    """
    can_split = can_split and not figure and not also
    in_turn(Panel(metric, tuple(by), figure, tuple(also), can_split=can_split, **more), selection)  # type: ignore[arg-type]


def three_bases(metric: str, selection: Selection, by: Sequence[str] = ()) -> None:
    """A panel of a metric on its own base (unless the reader chose one), with the rate on all three bases above: the base changes what a rate means."""
    in_turn(Panel(metric, tuple(by), has_bases=True), selection)


def spiral(selection: Selection) -> None:
    """The positive upward spiral: where people stood at referral, where they stand now, and who moved."""
    also = ("spiral_now", "spiral_flow", "spiral_movement")
    title = "The positive upward spiral"
    in_turn(
        Panel("spiral_start", (), figures.spiral, also, title, can_split=False, says=_spiral_words, finds=3), selection
    )


def _spiral_words(asked: Sequence[Released], names: Names) -> str:
    start, now, _, movement = asked
    return sentences.spiral_sentence(start, now, movement, names)


def in_turn(what: Panel, selection: Selection) -> None:
    """Draw a panel where it is its turn, and name it in the list of a long page."""
    title = what.title or metrics.get(what.metric).title
    words = title
    words += f" by {panel_parts.by_words(what.by)}" if what.by else ""
    contents.add(what.key, words)
    if what.can_split:
        looks.takes(what.key)
    selection = metrics.get(what.metric).on_its_base(selection) if what.has_bases else selection
    for metric in (what.metric, *what.also):
        asked = peers.among(selection, what.by, answers.store().lists).asked
        counted.add(metric, asked, what.by, title if metric == what.metric else "")
    if meeting.is_turn(what.key):
        _panel(what, selection)


@st.fragment
def _panel(what: Panel, selection: Selection) -> None:
    address.follow()
    metric, key = metrics.get(what.metric), what.key
    with st.container(border=True, key=f"panel-{key}"):
        above = None if address.is_presenting() else st.container(gap="small")
        place, choices, beside = meeting.stage()
        if what.has_bases:
            with above or place:
                said = _cards_above(what, metric, selection)
        with choices:
            by = panel_parts.split(key, metric, what.by) if what.can_split else what.by
        around = peers.among(selection, by, answers.store().lists)
        asked = [
            answers.ask(slug, around.asked, by, case_mix=what.case_mix and not i)
            for i, slug in enumerate((what.metric, *what.also))
        ]
        ages = _ages_beside(what, around.asked, by)
        whole = chosen_whole(asked[0], answers.ask)
        figure = on_two_bases(what.figure or figure_of(asked[0]), [asked[0], *ages])
        with place:
            if not what.has_bases:
                found, has_ages = _finding(what, asked, whole), bool(ages) and figure in OF_ALL
                said = panel_parts.heading(asked[what.finds], what.title, key, found=found, has_ages=has_ages)
            sentence = _sentence(what, asked, whole)
            # a heading about the whole has said no number of a sentence about a part, but why nothing is shown of either
            is_apart = (
                what.has_bases and bool(by) and not whole and any(row.is_shown or row.why for row in asked[0].rows)
            )
            html.answer(sentence if is_apart else once.below(said[0], sentence))
            _beside_the_sentence(what, asked, ages, around.chosen, whole, selection)
        if not is_drawable(asked):
            with choices:
                if what.can_split:
                    panel_parts.by_years(asked[0], key, what.by)
                panel_parts.wider(asked[0], selection, key)
        with beside:
            drawn = panel_parts.tabs([*asked, *ages], figure, key, around.chosen)
        with meeting.below(place):
            panel_parts.foot(asked[0], drawn, asked[what.finds])
        panel_parts.tools(asked + ages + _on_all_bases(what, selection), selection, key, drawn, said)


def _finding(what: Panel, asked: Sequence[Released], chosen: Released | None) -> str:
    """What the heading states, of the period that was chosen where the figure shows its parts, in the precision of all that the figure shows."""
    names, one = answers.store().lists.name, asked[what.finds]
    if chosen:
        return finding_of_period(chosen, metrics.get(one.metric), names, _digits(asked))
    if what.also and not what.finds:
        return sentences.finding_of_all(asked, names)
    whole = _whole(what, one)
    return sentences.finding(one, metrics.get(one.metric), names, _digits(asked), whole.rows[0] if whole else None)


def _whole(what: Panel, asked: Released) -> Released | None:
    """Of whom the counts of an answer are parts, where something says it."""
    return answers.ask(what.out_of, asked.selection) if what.out_of and not asked.by else None


def _digits(asked: Sequence[Released]) -> int:
    return digits_of(row for one in asked for row in one.rows)


def _digits_said(what: Panel, asked: Sequence[Released], chosen: Released | None) -> int:
    """The decimals of what is said below a heading: where it is about all that one of the cards is about, as precise as they are."""
    is_of_card = what.has_bases and (chosen or not asked[0].by)
    return _digits(_on_all_bases(what, asked[0].selection) if is_of_card else asked)


def _sentence(what: Panel, asked: Sequence[Released], chosen: Released | None) -> str:
    names = answers.store().lists.name
    if chosen:
        return sentences.sentence(chosen, metrics.get(chosen.metric), names, _digits_said(what, asked, chosen))
    if what.says:
        return what.says(asked, names)
    if what.also:
        return sentences.waits(asked, names)
    whole = _whole(what, asked[0])
    size = whole_words(whole, metrics.get(whole.metric), names) if whole else ""
    return sentences.sentence(asked[0], metrics.get(what.metric), names, _digits_said(what, asked, None), size)


def _ages_beside(what: Panel, selection: Selection, by: tuple[str, ...]) -> list[Released]:
    """The same of people of working age, where it is to stand beside everyone; a reader who chose a base, or an age of it, sees that alone."""
    is_asked = what.has_ages and selection.base == "all" and not are_same_people("all", AGES, selection.cohort)
    return [answers.ask(what.metric, selection.but(base=AGES), by)] if is_asked else []


def _of_ages(what: Panel, everyone: Released, aged: Released) -> str:
    """What was found of people of working age, in a few words."""
    names, whole = answers.store().lists.name, _whole(what, aged)
    metric = metrics.get(aged.metric)
    words = finding_beside(everyone, aged, metric, names, whole.rows[0] if whole else None)
    if words == finding(everyone, metric, names) and not any(map(str.isdigit, words)):
        words = "The same"  # a verdict without a number, which the heading has said
    return f"{sentences.upper_first(BASES[AGES].people)}: {inside(words, aged, names)}."


def _beside_the_sentence(
    what: Panel,
    asked: Sequence[Released],
    ages: Sequence[Released],
    chosen: frozenset[str],
    whole: Released | None,
    selection: Selection,
) -> None:
    """What is chosen among its peers or what it stands beside in words, people of working age, the panel's note, and what others have published."""
    if chosen:
        html.show(panel_parts.standing_out(asked[0], chosen, selection))
    elif said := _comparator(what, asked, whole):
        html.show(html.tag("p", said))
    is_known = any(row.is_shown or row.why for one in (*asked, *ages) for row in one.rows)
    for one in ages if is_known else ():  # else the sentence has said it of everybody
        html.show(html.tag("p", _of_ages(what, asked[0], one)))
    for note in filter(None, (what.note, _never_handed_over(what, asked[0]))):
        html.show(html.tag("p", note))
    if what.published:
        html.published(literature.findings()[what.published])


def _never_handed_over(what: Panel, asked: Released) -> str:
    """Of fields: which of them stand empty because services do not hand them over at all."""
    lists = answers.store().lists
    here = [lists.services[code] for code in lists.where(asked.selection)]
    months = lists.calendar.units("month", asked.selection.period)
    return quality.never_handed_over(here, months) if is_of_fields(metrics.get(what.metric)) else ""


def _comparator(what: Panel, asked: Sequence[Released], whole: Released | None) -> str:
    if what.also and not what.finds:
        return comparators.in_words_of_all(asked)
    is_known = any(
        row.is_shown for one in asked for row in one.rows
    )  # else what it stands beside is as precise as it likes
    digits = _digits_said(what, asked, whole) if is_known or what.has_bases else None
    said = comparators.in_words(whole or asked[what.finds], digits)
    cards = _on_all_bases(what, asked[0].selection)
    card = next((one for one in cards if one.selection.base == asked[0].selection.base), None)
    return "" if card and said == comparators.in_words(card, _digits(cards)) else said  # the card has it


def _cards_above(what: Panel, metric: Metric, opened: Selection) -> tuple[str, str]:
    """The heading, which is given back, and the rate on each base, the one that the figure below is about marked."""
    on_bases = {base: answers.ask(what.metric, opened.but(base=base)) for base in BASES}
    first, names = on_bases[opened.base], answers.store().lists.name
    digits = _digits(list(on_bases.values()))  # which stand beside each other, below the heading
    is_chosen = bool(what.by) and opened.period != ALL and first.rows[0].is_shown
    say = finding_of_period if is_chosen else sentences.finding
    found = say(first, metric, names, digits)
    said = panel_parts.heading(first, what.title, what.key, found=found)
    months = _months_of(first)
    columns = [st.container() for _ in BASES] if address.is_presenting() else st.columns(len(BASES))
    for column, (base, asked) in zip(columns, on_bases.items(), strict=True):
        with column:
            unit = sentences.unit_words(metric.unit, asked.selection)
            who = people_counted(metric, asked.selection, names)
            row, of = _card_row(asked, months), _out_of(asked, unit, months)
            beside = comparators.in_words(asked, digits)
            html.base_card(row, asked.shape, who, of, beside, digits, is_opening=base == opened.base)
    return said


def _months_of(first: Released) -> str | None:
    """Of a curve the months that its heading speaks of, which the cards beside it do, too."""
    said = at_horizon(first)[0]
    return said[0].labels.get("months") if said else None


def _out_of(asked: Released, unit: str, months: str | None) -> str:
    """Out of how many: the denominator; of a curve, all who were waiting on the first day, whatever months it is read at; of a count, what is counted."""
    if asked.shape == "count":
        return unit
    n = size_of(asked.rows[0])
    by = "" if months in (None, str(asked.selection.within)) else f" by {months} months"
    if n is None:  # of a curve whose first point is hidden, nothing that is released says it
        return f"estimated{by}; their number is hidden" if _is_seen_later(asked, months) else ""
    how = "out of" if asked.shape != "waiting" else f"estimated{by} for" if _card_row(asked, months).is_shown else "of"
    return f"{how} about {n:,} {unit}"


def _is_seen_later(asked: Released, months: str | None) -> bool:
    """Whether a curve is shown at these months, though not from its beginning."""
    return asked.shape == "waiting" and _card_row(asked, months).is_shown


def _card_row(asked: Released, months: str | None) -> Row:
    """The one row of an answer; of a curve, the row at these months."""
    at = [row for row in asked.rows if row.labels.get("months") == months]
    return at[0] if at else asked.rows[0]


def _on_all_bases(what: Panel, selection: Selection) -> list[Released]:
    return [answers.ask(what.metric, selection.but(base=base)) for base in BASES] if what.has_bases else []
