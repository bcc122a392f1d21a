"""A recipe of a board pack: which panels in which order, and a reader's own titles, commentary and actions.

Own words stand in this file and in the pack that is made of it: never in the store, an address or a log.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS, MOST_BREAKDOWNS

TITLE = "Social prescribing: board pack"
# what fits on a slide and is still read
LONGEST = {"title": 90, "commentary": 600, "action": 150}
MOST_ACTIONS = 6
MOST_PANELS = 60


@dataclass(frozen=True)
class Panel:
    """One metric of the pack, how it is broken down, and what its reader says about it."""

    metric: str
    by: tuple[str, ...] = ()
    title: str = ""
    commentary: str = ""
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """The panels of a pack in their order, under one title."""

    panels: tuple[Panel, ...]
    title: str = TITLE


def read(path: Path) -> Recipe:
    """The recipe that a TOML file holds; ValueError says what is wrong and where."""
    try:
        held = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ValueError(f"recipe {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"recipe {path} is no text in UTF-8: save it as that") from None
    except RecursionError:
        raise ValueError(f"recipe {path} is no recipe: its lists are too deep to be read") from None
    except ValueError as error:
        raise ValueError(f"recipe {path} is no TOML: {error}") from None
    try:
        return _recipe(held)
    except ValueError as error:
        raise ValueError(f"recipe {path}: {error}") from None


def text(recipe: Recipe) -> str:
    """The recipe as TOML, which `read` reads back the same."""
    lines = [f"title = {_quoted(recipe.title)}"]
    for panel in recipe.panels:
        lines += ["", "[[panels]]", f"metric = {_quoted(panel.metric)}"]
        lines += [f"{name} = {_quoted(value)}" for name, value in _given(panel)]
    return "\n".join(lines) + "\n"


def identifying(recipe: Recipe, kind_of: Callable[[str], str | None]) -> str:
    """Which own words hold what looks like identifying data, in one sentence with field and kind and never the words; empty where none do.

    `kind_of` gives the kind of identifier that a text holds: a delivery's own test, which this room does not know.
    """
    found = [f"{where} ({kind})" for where, words in _own_words(recipe) if (kind := kind_of(words))]
    if not found:
        return ""
    return f"What looks like identifying data stands in {'; in '.join(found)}. Take it out: a pack says nothing about a person."


def _own_words(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Each text of the reader's own, and where it stands."""
    yield "the title of the pack", recipe.title
    for i, panel in enumerate(recipe.panels, 1):
        yield f"the title of panel {i}", panel.title
        yield f"the commentary of panel {i}", panel.commentary
        for n, action in enumerate(panel.actions, 1):
            yield f"action {n} of panel {i}", action


def _given(panel: Panel) -> list[tuple[str, Any]]:
    held = {"by": panel.by, "title": panel.title, "commentary": panel.commentary, "actions": panel.actions}
    return [(name, value) for name, value in held.items() if value]


def _quoted(value: str | tuple[str, ...]) -> str:
    """Strings and lists of strings are written alike in JSON and TOML."""
    return json.dumps(value, ensure_ascii=False)


def _recipe(held: Mapping[str, Any]) -> Recipe:
    _only(held, ("title", "panels"), "")
    panels = held.get("panels", [])
    if not isinstance(panels, list) or not 1 <= len(panels) <= MOST_PANELS:
        raise ValueError(f"write 1 to {MOST_PANELS} panels, each under [[panels]]")
    return Recipe(
        tuple(_panel(one, f"panel {i}") for i, one in enumerate(panels, 1)), _text(held, "title", "the pack") or TITLE
    )


def _panel(held: object, where: str) -> Panel:
    if not isinstance(held, dict):
        raise ValueError(f"{where}: write it under [[panels]]")
    _only(held, ("metric", "by", "title", "commentary", "actions"), f"{where}: ")
    by = _texts(held, "by", where, MOST_BREAKDOWNS)
    if unknown := [name for name in by if name not in BREAKDOWNS]:
        raise ValueError(f"{where}: unknown breakdown {unknown[0]!r}: allowed are {', '.join(BREAKDOWNS)}")
    metric = metrics.get(_metric(held, where))
    if twice := [name for i, name in enumerate(by) if name in (*by[:i], *metric.labels)]:
        raise ValueError(f"{where}: {metric.slug} is by {twice[0]} already: choose another breakdown")
    actions = tuple(filter(None, _texts(held, "actions", where, MOST_ACTIONS)))
    return Panel(
        metric.slug, by, _text(held, "title", where), _text(held, "commentary", where), actions
    )  # fmt: skip


def _metric(held: Mapping[str, Any], where: str) -> str:
    slug = held.get("metric")
    if not isinstance(slug, str):
        raise ValueError(f'{where}: name its metric, such as metric = "referrals"')
    try:
        return metrics.get(slug).slug
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _only(held: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    if unknown := [name for name in held if name not in allowed]:
        raise ValueError(f"{where}unknown {unknown[0]!r}: allowed are {', '.join(allowed)}")


def _text(held: Mapping[str, Any], name: str, where: str) -> str:
    return _fits(held.get(name, ""), name, f"{where}: {name}")


def _texts(held: Mapping[str, Any], name: str, where: str, most: int) -> tuple[str, ...]:
    given = held.get(name, [])
    if not isinstance(given, list) or len(given) > most:
        raise ValueError(f"{where}: {name} is a list of at most {most} texts")
    return tuple(_fits(one, "action", f"{where}: {name}") for one in given)


def _fits(text: object, kind: str, where: str) -> str:
    if not isinstance(text, str):
        raise ValueError(f"{where} is not a text in quotation marks")
    shown = " ".join(text.split())
    if not shown.isprintable():
        raise ValueError(f"{where} holds characters that cannot be seen")
    if len(shown) > LONGEST[kind]:
        raise ValueError(f"{where} has {len(shown)} characters: at most {LONGEST[kind]} fit on a slide")
    return shown
