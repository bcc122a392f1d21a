"""What only the reader's browser can do: one script, and calls to it."""

import json
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

SCRIPT = (Path(__file__).parent / "assets" / "browser.js").read_text(encoding="utf-8")


def is_there() -> bool:
    """Whether a browser asks; in tests none does."""
    return st.context.url is not None


def begin() -> None:
    """Bring the script into the page; it does nothing by itself."""
    _run(SCRIPT)


def complete_address(lacks: str, query: str, whole: str) -> None:
    """Put `query` into an address that lacks parameters starting with `lacks`, without a new step in the history; `whole` into a bare one."""
    _call("complete", lacks, query, whole)


def press_when_drawn(key: str) -> None:
    """Press the button in this container once a figure has been drawn, then go to the panel that the address names."""
    _call("pressWhenDrawn", key)


def visit(where: str) -> None:
    """Go to a page of ours, given as a reference from the page that is open, and to the panel that it names."""
    _call("visit", where)


def begin_at(stops: Sequence[str]) -> None:
    """Begin a meeting at the panel that its link names behind the #, which no server is told, instead of at the stop that the address shows."""
    _call("beginAt", *stops)


def rename(page: str) -> None:
    """Go to this page instead of the one that the address names, with all else that it says; the address is replaced, so that Back leads back."""
    _call("rename", page)


def _call(what: str, *values: str) -> None:
    _run(f"(window.journeys ??= []).push({_literal([what, *values])});")


def _literal(values: list[str]) -> str:
    """A JavaScript literal that cannot end the script that it stands in."""
    return json.dumps(values).replace("<", "\\u003c")


def _run(script: str) -> None:
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
