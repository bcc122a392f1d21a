"""What a page asked the last time is asked ahead, of the new selection; it changes no answer and gets in nobody's way."""

import threading

import pytest

from journeys.screen import ahead
from journeys.screen.ahead import Pages
from journeys.store.opened import StoreError
from journeys.vocabulary.selection import Selection

ALL = Selection(period="2023/24")
QUESTIONS = (("referrals", (), False), ("found_work", ("quarter",), False), ("engaged", ("service",), True))


def run(pages, chosen, former=None, ask=None, questions=QUESTIONS, title="Outcomes", opened=()):
    """One run of a page that asks these questions of its selection, and one of a wider period."""
    page = pages.begin((title, *opened), chosen, former, ask)
    for metric, by, case_mix in questions:
        page.add((metric, chosen, by, case_mix))
    page.add(("found_work", chosen.but(period="all"), (), False))
    return page


def done(pages):
    for thread in pages._working:
        thread.join(20)
        assert not thread.is_alive()


def test_the_next_selection_is_asked_what_the_last_one_was():
    pages, asked = Pages(), []
    first = run(pages, ALL, ask=asked.append)
    assert asked == []  # nothing is known of the page yet
    chosen = Selection(period="2024/25", within=24)
    run(pages, chosen, first, asked.append)
    done(pages)
    expected = [(metric, chosen, by, case_mix) for metric, by, case_mix in QUESTIONS]
    assert sorted(asked, key=str) == sorted([*expected, ("found_work", chosen.but(period="all"), (), False)], key=str)


def test_another_page_or_another_sort_of_place_is_not_asked_that():
    pages, asked = Pages(), []
    first = run(pages, ALL, ask=asked.append)
    second = run(pages, ALL, first, asked.append, title="Goals")
    run(pages, Selection(service="a"), second, asked.append)
    done(pages)
    assert asked == []


def test_a_page_of_closed_headings_is_not_asked_what_stands_behind_them():
    pages, asked = Pages(), []
    more = (*QUESTIONS, ("climbed", (), False), ("goals_set", (), False))
    first = run(pages, ALL, ask=asked.append, questions=more, opened=("fold-more",))
    second = run(pages, ALL.but(within=24), first, asked.append)
    assert asked == []
    run(pages, ALL.but(within=6), second, asked.append)
    done(pages)
    assert {metric for metric, *_ in asked} == {metric for metric, *_ in QUESTIONS}


def test_other_places_are_not_asked_for():
    pages, asked = Pages(), []
    page = pages.begin(("Service",), Selection(service="a"), None, None)
    page.add(("referrals", Selection(service="a"), (), False))
    page.add(("referrals", Selection(), (), False))  # all services
    page.add(("referrals", Selection(commissioner="c"), (), False))  # that of this service
    run(pages, Selection(service="b"), page, asked.append, title="Service")
    done(pages)
    assert {one[1] for one in asked} == {Selection(service="b"), Selection()}


def test_a_run_that_was_broken_off_is_not_learned_from():
    pages, asked = Pages(), []
    first = run(pages, ALL)
    other = ALL.but(period="2024/25")
    broken = pages.begin(("Outcomes",), other, first, None)
    broken.add(("referrals", other, (), False))
    run(pages, ALL, broken, asked.append)
    done(pages)
    assert len(asked) == 4


def test_the_rest_of_a_page_goes_on_with_its_first_look():
    pages, asked, gate = Pages(), [], threading.Event()
    first = run(pages, ALL)
    look = pages.begin(
        ("Outcomes",), ALL.but(within=24), first, lambda question: asked.append(question) or gate.wait(20)
    )
    look.add(("referrals", ALL.but(within=24), (), False))
    rest = run(pages, ALL.but(within=24), look, asked.append)
    assert rest is look and not look.is_over
    gate.set()
    done(pages)
    assert len(asked) == len(set(asked)) == 4
    assert len(rest.asked) == 4


def test_a_reader_who_moves_on_is_not_asked_for_any_more():
    pages, asked, gate = Pages(), [], threading.Event()

    def ask(question):
        asked.append(question)
        gate.wait(20)

    first = run(pages, ALL)
    second = run(pages, ALL.but(period="2024/25"), first, ask)
    pages.begin(("Outcomes",), ALL, second, None)
    gate.set()
    done(pages)
    assert len(asked) <= 1


def test_one_page_is_asked_ahead_at_a_time():
    pages, gate, mine, others = Pages(), threading.Event(), [], []
    first = run(pages, ALL)
    second = run(pages, ALL.but(period="2024/25"), first, lambda question: mine.append(question) or gate.wait(20))
    working = pages._working
    run(pages, ALL.but(period="2022/23"), None, others.append)
    assert pages._working is working and others == []
    assert not second.is_over
    gate.set()
    done(pages)
    assert len(mine) == 4


@pytest.mark.parametrize(
    "error", [ValueError("no such choice"), StoreError("busy", "The server is busy."), OSError("a disk")]
)
def test_what_goes_wrong_is_left_to_the_panel(error):
    pages, asked = Pages(), []

    def ask(question):
        asked.append(question)
        raise error

    run(pages, ALL.but(within=24), run(pages, ALL), ask)
    done(pages)
    assert len(asked) == 4


def test_forms_and_questions_are_kept_in_bounds(monkeypatch):
    monkeypatch.setattr(ahead, "MOST_FORMS", 5)
    monkeypatch.setattr(ahead, "MOST_ASKED", 10)
    pages, former = Pages(), None
    for number in range(20):
        former = pages.begin(f"page {number}", ALL, former, None)
        for one in range(20):
            former.add((f"metric {one}", ALL, (), False))
    assert len(pages._learned) <= 5
    assert all(len(one) <= 10 for one in pages._learned.values())
