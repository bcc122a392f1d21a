"""Did you mean: what in a delivery the dictionary does not know, each with a choice; the answers make the mapping that is applied and can be kept."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from journeys.intake import questions
from journeys.intake.mapping import Switch
from journeys.intake.questions import HEADER, SHEET, Question
from journeys.screen import html
from journeys.screen.session import Kept
from journeys.vocabulary import dictionary
from journeys.words.phrases import listed, upper_first

MOST = 40  # choices on one page; the rest come after the first are answered
LEAVE, EMPTY = "\x00leave", ""
MAPPING = Kept("upload_mapping", "")
LEFT: Kept[frozenset] = Kept("upload_left", frozenset())
INTRO = (
    "These names and values are not in the data dictionary. Choose what each means, likeliest first where there is one; then check again. "
    "The answers make a mapping, which changes nothing in the files: keep it and hand it over with the next delivery."
)


def mapping(handed: str) -> str:
    """The mapping to apply: the one made of answers, else the one handed over among the files."""
    return MAPPING.get() or handed


def forget() -> None:
    """A delivery is done with: the next one has its own words."""
    MAPPING.forget()
    LEFT.forget()


def offer(switches: Sequence[Switch], words: str) -> None:
    """One press that reads the delivery as it was meant; the mapping keeps it."""
    if switches and st.button(
        html.plain(_switch_words(switches)), key=f"upload-switch-{switches[0].rule}", icon=":material/build:"
    ):
        MAPPING.keep(questions.mapping_switched(words, switches))
        st.rerun()


def _switch_words(switches: Sequence[Switch]) -> str:
    first = switches[0]
    if first.name == "date_order":
        tables = dictionary.load().tables
        titles = listed(dict.fromkeys(tables[str(one.table)].title for one in switches))
        return f"Read the dates of {titles} month first: 01/31/2024 is 31 January"
    if first.name == "decimal_ids":
        return "Read references such as 10001.0 as 10001"
    if first.name == "leading_zeros":
        return f"Read references with their zeros in front: {first.value} digits"
    said = dict.fromkeys(word for one in switches if isinstance(one.value, tuple) for word in one.value)
    return f"Read these as empty: {', '.join(said)}"


def draw(asked: Sequence[Question], words: str) -> None:
    """The questions with their choices, and the mapping to keep."""
    open_questions = [question for question in asked if _key(question) not in LEFT.get()]
    if not (open_questions or asked or MAPPING.get()):
        return
    with st.container(border=True, key="panel-upload-questions"):
        st.header("Did you mean", anchor="upload-questions")
        if open_questions:
            _form(open_questions, words)
        else:
            html.answer(_answered_words(len(asked)))
        _to_keep()


def _answered_words(n_left: int) -> str:
    applied = "The mapping made of your answers is applied" if MAPPING.get() else "No mapping is applied"
    if not n_left:
        return f"{applied}; every name and value is known."
    return f"{applied}; {n_left:,} {'name or value stays' if n_left == 1 else 'names and values stay'} unknown, as you chose."


def _form(asked: Sequence[Question], words: str) -> None:
    html.answer(INTRO)
    with st.form("upload-answers", border=False):
        chosen = []
        for file, group in groupby(asked[:MOST], key=lambda question: question.file):
            html.hint(file)
            chosen += [(question, _choice(question)) for question in group]
        if len(asked) > MOST:
            html.foot([f"And {len(asked) - MOST:,} more, once these are answered."])
        if st.form_submit_button("Check again with these answers", type="primary", icon=":material/refresh:"):
            _answered(chosen, words)


def _choice(question: Question) -> str:
    options = _options(question)
    index = list(options).index(question.likeliest) if question.likeliest in options else 0
    label = html.plain(_label(question))
    return st.selectbox(
        label, list(options), index, format_func=options.__getitem__, key=f"upload-answer-{_key(question)}"
    )


def _label(question: Question) -> str:
    if question.kind == SHEET:
        return f"The sheet or file {question.given} holds"
    if question.kind == HEADER:
        return f"The column {question.given} of {question.table} is"
    rows = "" if question.n_rows is None else f" ({question.n_rows:,} {'row' if question.n_rows == 1 else 'rows'})"
    return f"{question.given}{rows} in {question.column} means"


def _options(question: Question) -> dict[str, str]:
    """Every choice with its words, the one that changes nothing first."""
    tables = dictionary.load().tables
    if question.kind == SHEET:
        return {LEAVE: "No table of ours: leave it out"} | {name: tables[name].title for name in question.choices}
    if question.kind == HEADER:
        columns = tables[question.table].columns
        return {LEAVE: "None of ours: leave it out"} | {
            name: f"{name}: {columns[name].meaning}" if name in columns else upper_first(questions.row_words(name))
            for name in question.choices
        }
    codes = tables[question.table].columns[str(question.column)].codes
    return {LEAVE: "I do not know: leave it refused", EMPTY: "Not recorded: leave it empty"} | {
        c.code: c.label for c in codes
    }


def _key(question: Question) -> str:
    return "-".join((question.kind, question.file, question.table, str(question.column), question.given))


def _answered(chosen: Sequence[tuple[Question, str]], words: str) -> None:
    """Apply the answers: the page checks again with the new mapping."""
    LEFT.keep(LEFT.get() | {_key(question) for question, answer in chosen if answer == LEAVE})
    given = [(question, answer) for question, answer in chosen if answer != LEAVE]
    if given:
        MAPPING.keep(questions.mapping_with(words, given))
    st.rerun()


def _to_keep() -> None:
    if not (MAPPING.get() or LEFT.get()):
        return
    with st.container(horizontal=True, key="tools-upload-questions"):
        if MAPPING.get():
            st.download_button(
                "Keep the answers (mapping.toml)", MAPPING.get(), "mapping.toml", "application/toml", key="upload-mapping-keep",
                on_click="ignore", icon=":material/download:", type="tertiary",
            )  # fmt: skip
        if st.button("Start again without them", key="upload-mapping-drop", type="tertiary", icon=":material/undo:"):
            forget()
            st.rerun()
