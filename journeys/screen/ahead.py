"""A page asks its questions one after another, as its panels are drawn. What this page asked the last time is asked ahead of it,
of the new selection, so that one question is worked out while the answer to another is drawn.

It decides nothing: a question that is not asked ahead is asked by its panel, and one that no panel asks is an answer like any other.
Only one page is asked ahead at a time, because more would only take turns on the same processors.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from journeys.vocabulary.calendar import kind
from journeys.vocabulary.selection import Selection

Asked = tuple[str, Selection, tuple[str, ...], bool]  # metric, selection, breakdown, case mix
Learned = tuple[str, tuple, tuple[str, ...], bool]  # the same with what its selection changes of the page's
Form = tuple
MOST_FORMS, MOST_ASKED = 300, 150

_WHERE = ("service", "commissioner")
# of a form the page and the sort of place: looked at where nobody has chosen the rest there yet
N_PLACE = 1 + len(_WHERE)


@dataclass
class Page:
    """What one run of a page has asked so far; `is_over` when the reader has moved on."""

    form: Form
    chosen: Selection
    asked: dict[Asked, None] = field(default_factory=dict)
    is_over: bool = False

    def add(self, asked: Asked) -> None:
        if len(self.asked) < MOST_ASKED:
            self.asked[asked] = None


class Pages:
    """What pages asked the last time, by page and by the form of the selection: other panels are there for a service than for all."""

    def __init__(self) -> None:
        self._learned: OrderedDict[Form, tuple[Learned, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self._working: list[threading.Thread] = []

    def begin(
        self,
        title: tuple[str, ...],
        chosen: Selection,
        former: Page | None,
        ask: Callable[[Asked], object] | None,
        at_once: int = 1,
    ) -> Page:
        """A run of a page begins, named by its title and what is open on it, after a former one of its session. What such a page asked is asked by `ask` (None: by nobody), so many questions at once, unless another page is being asked.

        A run of what was there already (the rest of a page after its first look) goes on with it.
        """
        page = Page((title, *_form(chosen)), chosen)
        if former is not None and (former.form, former.chosen) == (page.form, chosen):
            return former
        with self._lock:
            if former is not None:
                former.is_over = True
                self._learn(former)
            known = self._learned.get(page.form) or self._learned.get(page.form[:N_PLACE], ())
            if known and ask is not None and not any(one.is_alive() for one in self._working):
                self._working = _threads(page, [_of(one, chosen) for one in known], ask, at_once)
        return page

    def _learn(self, page: Page) -> None:
        """From a whole run: one that was broken off has asked less than the one before it."""
        found = tuple(one for one in (_learned(asked, page.chosen) for asked in list(page.asked)) if one is not None)
        if len(found) * 2 < len(self._learned.get(page.form, ())):
            return
        for form in (page.form, page.form[:N_PLACE]):
            self._learned[form] = found
            self._learned.move_to_end(form)
        while len(self._learned) > MOST_FORMS:
            self._learned.popitem(last=False)


def _threads(page: Page, questions: list[Asked], ask: Callable[[Asked], object], n: int) -> list[threading.Thread]:
    """Threads that ask these between them, until all are asked or the reader has moved on: as many as answers are worked out at the same time."""
    left: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    for one in questions:
        left.put(one)

    def work() -> None:
        # one that does not fit this selection, a store that went, a server that is busy: its panel says what there is to say
        with suppress(queue.Empty):
            while not page.is_over:
                one = left.get_nowait()
                with suppress(Exception):
                    ask(one)

    threads = [threading.Thread(target=work, name="ahead", daemon=True) for _ in range(n)]
    for thread in threads:
        thread.start()
    return threads


def _form(chosen: Selection) -> Form:
    """What decides which panels a page has, and how they ask."""
    where = tuple(getattr(chosen, name) is not None for name in _WHERE)
    return (*where, kind(chosen.period), chosen.base, tuple(chosen.cohort))


def _learned(asked: Asked, chosen: Selection) -> Learned | None:
    """A question with what its selection changes of the page's; None where it names another place, since of other places that will be another one."""
    metric, selection, by, case_mix = asked
    changed = {name: value for name, value in selection.given().items() if value != chosen.given()[name]}
    if any(changed.get(name) for name in _WHERE):
        return None
    return metric, tuple(changed.items()), by, case_mix


def _of(learned: Learned, chosen: Selection) -> Asked:
    metric, changed, by, case_mix = learned
    return metric, chosen.but(**dict(changed)), by, case_mix
