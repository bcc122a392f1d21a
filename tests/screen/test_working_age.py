"""People of working age stand beside everyone wherever work is shown: a service for older people is not judged on work."""

import ast
from pathlib import Path

import pytest

from journeys.vocabulary import metrics

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "pages", ROOT / "journeys" / "screen" / "sections"]
# what shows the bases by itself, or puts working age beside in a panel of its own
WITH_BASES = {"three_bases", "working_age_beside"}
# a panel whose own base is not everybody: people out of work, or on the metric's own base
NARROWED = {"out_of_work", "on_its_base"}
# counted apart from work: a step before it, or the curves beside `time_to_work`, which has its bases below
BEFORE_WORK = {"time_to_stepping_stone", "stepping_stone", "training_or_education", "volunteering", "work_experience"}


def about_work():
    """Metrics that tell who works: by their words, or by a rung or an outcome that can be work."""
    for slug, metric in metrics.catalogue().items():
        words = f"{metric.title} {metric.numerator} {metric.says}".lower()
        is_told = any(word in words.split() for word in ("work", "job", "jobs"))
        if (is_told or {"rung", "outcome", "movement", "path"} & set(metric.labels)) and slug not in BEFORE_WORK:
            yield slug


def panels_in(source):
    """Slug and call of every panel that a page or a section shows."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"panel", "Panel", *WITH_BASES} and isinstance(node.args[0].value, str):
                yield node.args[0].value, name, node


def has_working_age(name, call):
    given = {word.arg for word in call.keywords}
    narrowed = {ast.unparse(arg.func).rpartition(".")[2] for arg in call.args if isinstance(arg, ast.Call)}
    return name in WITH_BASES or bool(given & {"has_ages", "has_bases"}) or bool(narrowed & NARROWED)


def without_working_age(source, beside=()):
    about = set(about_work())
    return [
        slug
        for slug, name, call in panels_in(source)
        if slug in about and slug not in beside and not has_working_age(name, call)
    ]


@pytest.mark.parametrize("page", sorted(p.name for place in PLACES for p in place.glob("*.py")))
def test_every_panel_about_work_has_working_age_beside_it(page):
    source = next(p for place in PLACES for p in place.glob(page)).read_text(encoding="utf-8")
    assert without_working_age(source) == []


def test_a_panel_about_work_without_working_age_is_found():
    assert without_working_age('screen.panel("outcome_events", chosen)\nscreen.panel("referrals", chosen)') == [
        "outcome_events"
    ]
    assert without_working_age('screen.panel("found_work", screen.out_of_work(chosen))') == []


def test_what_is_about_work_is_known_by_its_words():
    assert {"found_work", "first_jobs", "spiral_movement", "outcome_events", "paths"} <= set(about_work())
    assert "referrals" not in set(about_work())


def test_a_verdict_on_services_is_not_said_twice_of_people_of_working_age(page):
    """ "The two services compared differ more than expected by chance" stood in the heading and again below it."""
    said = " ".join(one.proto.body for one in page("Upward_spiral").get("html"))
    assert "People of working age: the same.</p>" in said
    assert "People of working age: climbed" not in said and "People of working age: moved up: the" not in said
