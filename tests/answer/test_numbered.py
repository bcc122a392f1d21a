"""Counts by the numbers that rows hold, added up to blocks, are those by block; and they are made once for every choice of place, time and class of people."""

import contextlib
import random
from dataclasses import replace
from itertools import product

import pytest

from journeys.answer import alike, ask, case_mix, columns, exact, left_out, numbered, protect, remembered
from journeys.answer.exact import Reading
from journeys.answer.finer import BASE, MONTH, QUARTER, SPAN, YEAR, Finer, within
from journeys.answer.guard import Axis, cut
from journeys.answer.query import CLASS, PLACE
from journeys.answer.question import Question
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.horizons import WITHIN
from journeys.vocabulary.selection import CODED, Selection
from tests.behind_by_hand import exact as told_exactly

METRICS = (
    "referrals",
    "people_referred",
    "found_work",
    "time_to_work",
    "spiral_start",
    "spiral_now",
    "spiral_flow",
    "spiral_after",
    "completeness",
    "stages",
    "first_contact_wait",
    "missed_contacts",
)
BREAKDOWNS = (
    (),
    ("service",),
    ("quarter",),
    ("service", "financial_year"),
    ("employment_status",),
    ("gender", "age_band"),
    ("referral_source", "month"),
)
OF_DIMENSIONS = (
    ("gender",),
    ("age_band",),
    ("main_reason",),
    ("work_goal", "quarter"),
    ("imd_quintile", "month"),
    ("commissioner", "ethnic_group"),
    ("long_term_conditions", "gender"),
    ("employment_status", "referral_source"),
)


@pytest.fixture(scope="module")
def store(generated):
    return open_store(generated)


def watched(store):
    """Where answers come from, with no counts by number yet, and the SQL of those that are made."""
    asked = []

    def run(sql, *more):
        asked.append(sql)
        return store._run_in_columns(sql, *more)

    return replace(store._source, run_in_columns=remembered.columns(run)), asked


def by_block(source, question, monkeypatch):
    """The same where nothing is counted by number."""
    with monkeypatch.context() as patched:
        patched.setattr(numbered.Numbered, "can", lambda self, sql: False)
        return read(source, question)


def read(source, question, *more):
    """All that is exact of an answer, told plainly."""
    return told_exactly(exact.read(source, question, *more), question)


def selections(lists):
    calendar = lists.calendar
    service, commissioner = next(iter(lists.services)), next(iter(lists.commissioners))
    yield Selection()
    yield Selection(period=calendar.units("financial_year", "all")[1], base="working_age")
    yield Selection(service=service, cohort={"gender": "female"})
    yield Selection(commissioner=commissioner, period=calendar.units("quarter", "all")[2])
    yield Selection(base="out_of_work", cohort={"age_band": "25-34", "gender": "female"})
    yield Selection(service=service, base="working_age", cohort={"employment_status": "student"})


@pytest.mark.parametrize(
    ("most", "n_rows", "is_by_base"),
    [(numbered.MOST, 500, False), (100, 500, False), (100, 1 << 40, True)],
    ids=["by both numbers", "by services and months alone, where these are few", "by services, months and base"],
)
def test_they_are_the_counts_by_block(store, monkeypatch, most, n_rows, is_by_base):
    monkeypatch.setattr(numbered, "MOST", most)
    source, draw, used = replace(store._source, n_rows=n_rows), random.Random(5), set()
    by_base = 0
    assert set(source.numbers) == {PLACE, CLASS, *((name,) for name in CODED)}
    in_words = replace(source, numbers={})
    for slug in METRICS:
        for selection in selections(store.lists):
            by = draw.choice(BREAKDOWNS)
            question = Question(metrics.get(slug), selection, by, store.lists)
            used.add((slug, Reading(source, question).numbered.can(question.metric.sql)))
            by_base += BASE in Reading(source, question).numbered._mine(question.metric.sql)
            one = read(source, question)
            assert one == by_block(source, question, monkeypatch), (slug, selection, by)
            if "selected_" not in question.metric.sql:  # journeys also say in words what events hold as numbers
                assert one == read(in_words, question), (slug, selection, by)
    assert {("referrals", True), ("found_work", True), ("missed_contacts", True)} <= used
    assert bool(by_base) is is_by_base, by_base


@pytest.mark.parametrize("place", [SPAN, YEAR, QUARTER], ids=" ".join)
def test_by_cuts_that_are_finer_than_what_is_chosen_they_are_the_counts_by_block(store, monkeypatch, place):
    """Of a large store what is chosen of people is added up from quarters, bases and values: these count what the blocks themselves do."""
    monkeypatch.setattr(numbered, "MOST_BY_SPAN", numbered.MOST_BY_SPAN if place == SPAN else 0)
    monkeypatch.setattr(numbered, "MANY_LOOKS", 1 if place == YEAR else 99)
    monkeypatch.setattr(numbered, "MOST", 100)
    source, used = replace(store._source, n_rows=1 << 40), set()
    quarter = store.lists.calendar.last_four[0]
    given = [*selections(store.lists), Selection(period="last-4-quarters"), Selection(cohort={"gender": "male"}),
             Selection(period=quarter, cohort={"imd_quintile": "1"}, base="working_age")]  # fmt: skip
    draw = random.Random(8)
    for slug, by in product(METRICS, OF_DIMENSIONS):
        selection = draw.choice(given)
        if set(by) & set(metrics.get(slug).labels):
            continue
        question = Question(metrics.get(slug), selection, by, store.lists)
        used.update(Reading(source, question).numbered._mine(question.metric.sql))
        assert read(source, question) == by_block(source, question, monkeypatch), (slug, selection, by)
        assert protect.rows(source, question) == protect.rows(store._source, question), (slug, selection, by)
    assert used >= {BASE, CLASS, MONTH, ("gender",), ("referral_source",), place}
    assert not used & ({SPAN, YEAR} - {place})


def test_years_of_each_service_are_told_apart_where_a_select_takes_many_looks(store, monkeypatch):
    """A horizon of its own is a look at all rows; of others quarters of all services are enough."""
    monkeypatch.setattr(numbered, "MOST_BY_SPAN", 0)
    service = Selection(service=next(iter(store.lists.services)))
    source = replace(store._source, n_rows=1 << 40)
    for slug, place in (("spiral_after", YEAR), ("spiral_start", QUARTER)):
        question = Question(metrics.get(slug), Selection(), ("gender",), store.lists)
        assert Reading(source, question).numbered._mine(question.metric.sql)[0] == place
        of_one = replace(question, selection=service)
        assert (YEAR in Reading(source, of_one).numbered._mine(question.metric.sql)) is (place == YEAR)


def test_a_cut_is_finer_where_none_of_its_blocks_is_parted():
    pairs = [("a", "2024-04"), ("a", "2024-05"), ("b", "2024-04"), ("b", "2024-07"), ("c", "2024-07")]
    finer = Finer(frozenset(pairs[:-1]))  # c does not record what is counted
    numbers = {PLACE: {pair: i for i, pair in enumerate(pairs)}}
    by = {key: finer.cut(key, numbers) for key in (MONTH, QUARTER, SPAN, YEAR)}
    assert {key: len(one.holders) for key, one in by.items()} == {MONTH: 4, QUARTER: 3, SPAN: 4, YEAR: 3}

    def finest(*sets):
        chosen = cut(Axis(PLACE, (), {(): tuple(map(frozenset, sets))}))
        return [key for key, one in by.items() if within(chosen, one) is not None]

    assert finest(pairs[:3]) == [MONTH, QUARTER, SPAN]  # a quarter of all who record
    assert finest(pairs[:2], pairs[:4]) == [SPAN, YEAR]  # a service, and all
    assert finest(pairs[2:3]) == [SPAN]  # a quarter of a service, which has others
    assert finest([pairs[0], pairs[2]]) == [MONTH]
    assert finest(pairs[3:]) == [MONTH, QUARTER, SPAN] and finest(pairs[:1]) == []
    assert (
        within(cut(Axis(PLACE, (), {(): (frozenset(pairs[:2]),)})), by[SPAN])[by[SPAN].block_of["c", "2024-07"]] is None
    )


def test_a_base_is_what_a_choice_of_classes_covers_or_it_is_not_told_by_bases(store, monkeypatch):
    """Of many journeys: by base where a base is chosen or nothing of classes, by the classes themselves where more is; and where the store holds a class that is in no base."""
    monkeypatch.setattr(numbered, "MOST", 100)  # so that the classes themselves are many
    source = replace(store._source, n_rows=1 << 40)

    def numbers(source, selection, by=()):
        question = Question(metrics.get("spiral_start"), selection, by, store.lists)
        return Reading(source, question).numbered._mine(question.metric.sql)

    service = next(iter(store.lists.services))
    for base, where in product(("all", "working_age", "out_of_work"), ({}, {"service": service})):
        assert numbers(source, Selection(base=base, **where)) == (PLACE, BASE)
        assert BASE in numbers(source, Selection(base=base, **where), ("gender",))
    assert BASE not in numbers(source, Selection(cohort={"age_band": "25-34"}))
    assert BASE not in numbers(source, Selection(), ("start_rung",))
    assert BASE not in numbers(source, Selection(cohort={"age_band": "25-34"}), ("gender",))
    other = {CLASS: {**source.numbers[CLASS], ("16-24", "of nobody knows"): 900}}
    unknown = replace(source, numbers={**source.numbers, **other})
    assert BASE not in numbers(unknown, Selection()) and BASE not in numbers(unknown, Selection(), ("gender",))


def test_many_journeys_by_other_choices_are_counted_by_what_is_chosen(store):
    """By so many numbers a scan of them takes longer than the question itself."""
    question = Question(metrics.get("spiral_start"), Selection(), ("gender", "quarter"), store.lists)
    few, many = (Reading(replace(store._source, n_rows=n), question).numbered for n in (500, 1 << 40))
    assert few._mine(question.metric.sql) == (PLACE,)
    assert many._mine(question.metric.sql) == (SPAN, BASE, ("gender",))
    three = Selection(cohort={"imd_quintile": "1", "long_term_conditions": "0"})
    question = Question(metrics.get("spiral_start"), three, ("gender", "quarter"), store.lists)
    many = Reading(replace(store._source, n_rows=1 << 40), question).numbered
    assert many._mine(question.metric.sql) == ((PLACE,) if many._n((PLACE,), question.metric.sql) <= 20_000 else ())


def test_who_is_left_out_is_counted_alike_in_a_column_for_each_reason(store):
    for slug, selection in product(("found_work", "goals_achieved", "time_to_work"), selections(store.lists)):
        question = Question(metrics.get(slug), selection, (), store.lists)
        source, asked = store._source, []
        looked_at = replace(
            source,
            run=lambda sql, *more, asked=asked: asked.append(sql) or store._run(sql, *more),
            run_in_columns=lambda sql, *more, asked=asked: asked.append(sql) or store._run_in_columns(sql, *more),
        )
        found = left_out.left_out(looked_at, question)
        assert "everybody" in asked[0]
        counting = left_out._counting(question.metric, question.metric.left_out)
        whole = Question(counting, question.selection, (), store.lists, is_of_everyone=True)
        counts = read(source, whole)["counts"][()]
        assert set(found) <= {own[0] for own in counts}
        wide = read(source, whole, left_out._in_columns(question.metric.left_out))
        assert wide["counts"][()] == counts


def test_strata_in_numbers_are_those_in_words(store):
    for slug, selection in (("found_work", Selection()), ("climbed", Selection(base="out_of_work", within=6))):
        question = Question(metrics.get(slug), selection, ("service",), store.lists)
        asked = []
        source = replace(
            store._source, run=lambda sql, values, asked=asked: asked.append(sql) or store._run(sql, values)
        )
        found = [case_mix.rates(one, question, question.cells) for one in (source, replace(source, numbers={}))]
        assert found[0] == found[1]
        assert None not in found[0].values()
        assert ["ascii(" in sql for sql in asked] == [True, False]


@pytest.mark.parametrize(
    "of_student", [None, 7], ids=["of a service that was carried over", "that another class has, too"]
)
def test_classes_are_not_found_by_a_number_that_does_not_tell(store, monkeypatch, of_student):
    told = [("16-24", "employed", 7), ("16-24", "student", of_student), ("16-24", "student", 8)]
    rows = [dict(zip((*CLASS, "number"), one, strict=True)) for one in told]
    monkeypatch.setattr(store, "_run", lambda sql, values: rows)
    assert store._numbers_of(CLASS, "class_of_people") == {}
    monkeypatch.setattr(store, "_run", lambda sql, values: rows[::2])
    assert store._numbers_of(CLASS, "class_of_people") == {("16-24", "employed"): 7, ("16-24", "student"): 8}


def test_other_choices_of_place_time_and_class_count_nothing_again(store):
    source, asked = watched(store)
    for by in ((), ("service",), ("month",), ("commissioner", "quarter"), ("age_band", "service")):
        for selection in selections(store.lists):
            if "gender" not in selection.cohort:
                Reading(source, Question(metrics.get("found_work"), selection, by, store.lists)).by_block()
    assert len(asked) == 1  # by both, whatever is chosen


def test_what_is_counted_beforehand_is_what_questions_are_made_of(store):
    """Of every metric over tables that hold the numbers, and of who is left out: whatever is chosen of places, time and classes, no SQL by number is left to run."""
    source, asked = watched(store)
    for count in ask.beforehand(source, store.lists):
        count()
    beforehand = len(asked)
    assert len(set(asked)) == beforehand > 100
    draw = random.Random(9)
    for metric in metrics.catalogue().values():
        for selection in selections(store.lists):
            if "gender" not in selection.cohort:
                chosen = selection.but(within=draw.choice(WITHIN))
                with contextlib.suppress(ValueError):  # about people out of work alone
                    ask.ask(
                        source, Question(metric, chosen, draw.choice(((), ("service",), ("age_band",))), store.lists)
                    )
    # but for choices under a second name, which are asked once more as such
    assert [sql for sql in asked[beforehand:] if "axis_" not in sql and "as denominators" not in sql] == []


@pytest.mark.slow
def test_of_a_large_store_breakdowns_by_people_are_counted_beforehand_too(store):
    """Of every metric by each dimension of people, for every place and period by quarters: no SQL is left but of people behind small counts."""
    source, asked = watched(store)
    source = replace(source, n_rows=1 << 40)
    counts = list(ask.beforehand(source, store.lists))
    assert len(counts) > len(list(ask.beforehand(store._source, store.lists))) + 300
    for count in counts:
        count()
    beforehand, n = len(asked), 0
    given = [Selection(), Selection(period=store.lists.calendar.units("financial_year", "all")[1], base="working_age")]
    given += [Selection(period=store.lists.calendar.last_four[0], service=next(iter(store.lists.services)))]
    for metric, by in product(metrics.catalogue().values(), ask.OF_PEOPLE):
        # a metric that counts some statuses alone is counted by class where a base is chosen, when it is asked
        for selection in given if by not in metric.labels and not metric.only else ():
            with contextlib.suppress(ValueError):  # about people out of work alone
                exact.read(source, Question(metric, selection, (by,), store.lists))
                n += 1
    assert n > 1_000
    assert asked[beforehand:] == []


def test_a_table_that_holds_no_number_is_counted_by_block(store):
    """As those of events were in stores of before."""
    question = Question(metrics.get("contacts"), Selection(), ("service",), store.lists)
    source = store._source
    assert Reading(source, question).numbered.can(question.metric.sql)
    bare = tuple(name for name in source.columns["contact"] if name != "service_month")
    before = replace(source, columns={**source.columns, "contact": bare})
    numbered = Reading(before, question).numbered
    assert not numbered.can(question.metric.sql)
    assert numbered.can("select count(*) from selected")
    assert read(before, question) == read(source, question)
    by_gender = Question(metrics.get("referrals"), Selection(), ("gender",), store.lists)  # nothing that is numbered
    assert not Reading(store._source, by_gender).numbered.can(by_gender.metric.sql)


@pytest.mark.parametrize(("slug", "is_of_few_days"), [("paths", False), ("time_to_work", True)])
def test_paths_and_curves_by_day_are_added_up_here_where_journeys_or_services_are_few(
    store, monkeypatch, slug, is_of_few_days
):
    """Of many journeys by services, months and base alone; of many of these, too, only what is few by them, as days in a store as small as this."""
    question, source = Question(metrics.get(slug), Selection(), (), store.lists), store._source
    assert source.n_rows == store._run("select count(*) as n from journey", {})[0]["n"]

    def numbers(n_rows):
        return Reading(replace(source, n_rows=n_rows), question).numbered._mine(question.metric.sql)

    assert numbers(source.n_rows) == numbers(numbered.MOST_TRIED) == (PLACE, CLASS)
    assert numbers(numbered.MOST_TRIED + 1) == numbers(1 << 40) == (PLACE, BASE)
    monkeypatch.setattr(numbered, "FEW_NUMBERS", 10)
    assert numbers(1 << 40) == ((PLACE, BASE) if is_of_few_days else (QUARTER, CLASS))


def test_numbers_that_lie_far_apart_are_too_many(store):
    """Each number up to the highest takes a place, whether it is one or not."""
    question = Question(metrics.get("referrals"), Selection(), ("service",), store.lists)
    far = {PLACE: {element: 100_000 * i for i, element in enumerate(store._source.numbers[PLACE])}}
    assert not Reading(replace(store._source, numbers=far), question).numbered.can(question.metric.sql)


def test_what_turns_out_to_be_too_many_rows_is_counted_by_block_and_not_tried_again(store, monkeypatch):
    monkeypatch.setattr(columns, "MOST_ROWS", 3)
    monkeypatch.setattr(columns, "MOST_ROWS_OF_PEOPLE", 3)
    source, asked = watched(store)
    for slug in ("referrals", "time_to_work", "spiral_now", "people_referred"):
        question = Question(metrics.get(slug), Selection(), ("service",), store.lists)
        kept = [read(source, question) for _ in range(2)]
        assert kept[0] == kept[1] == read(store._source, question)
    assert len(set(asked)) == len(asked) >= 4


def questions(store, chosen, breakdowns=BREAKDOWNS):
    """Of metrics each breakdown, each of another selection in turn."""
    given = selections(store.lists)
    for slug, by in product(chosen, breakdowns):
        one = next(given, None)
        if one is None:
            given = selections(store.lists)
            one = next(given)
        yield Question(metrics.get(slug), one, by, store.lists)


CURVES = [slug for slug, one in metrics.catalogue().items() if one.shape == "waiting"]


@pytest.mark.parametrize("n_rows", [500, 1 << 40], ids=["few journeys", "many journeys"])
def test_curves_are_the_same_by_day_and_by_number(store, n_rows):
    """Of many journeys they are made of days by services, months and base alone."""
    source, used, n_days = replace(store._source, n_rows=n_rows), set(), 0
    by_block = replace(source, numbers={})
    for question in questions(store, CURVES):
        used.add(Reading(source, question).numbered.can(question.metric.sql))
        one, other = read(source, question), read(by_block, question)
        assert one == other, (question.metric.slug, question.by, question.selection)
        n_days += sum(map(len, other["curves"]))
    assert True in used and n_days > 1_000


def of_before(source):
    """As of a version whose rows have no number, and do not say how much of a person they are."""
    columns = {table: tuple(name for name in names if name != "sixtieths") for table, names in source.columns.items()}
    return replace(source, numbers={}, columns=columns)


OF_PEOPLE = [slug for slug, one in metrics.catalogue().items() if one.unit == "people"]


@pytest.mark.parametrize("is_numbered", [True, False], ids=["by numbers", "of a store of before"])
def test_people_with_several_rows_are_as_many_as_the_database_counts(store, is_numbered):
    """In every region that the answer and its guard look at, also where these are more than the bits of one number."""
    source = store._source if is_numbered else of_before(store._source)
    assert source.is_here
    by_database = replace(source, is_here=False)
    n_regions, found = [], 0
    chosen = OF_PEOPLE if is_numbered else ["people_referred"]
    for question in questions(store, chosen, (*BREAKDOWNS, ("service", "month"))):
        one, other = Reading(source, question), Reading(by_database, question)
        assert one._counted_people() is not None and other._counted_people() is None
        several = [sorted(reading._of_several(), key=str) for reading in (one, other)]
        assert several[0] == several[1], (question.metric.slug, question.by, question.selection)
        assert read(source, question) == read(by_database, question)
        n_regions.append(len(one.blocks.regions))
        found += len(several[0])
    assert found > 200 and max(n_regions) > 2 * columns.AREAS and min(n_regions) == 1


def test_people_with_several_rows_are_looked_for_once_for_every_place_time_and_class(store):
    source, asked = watched(store)
    ran = []
    source = replace(source, run=lambda sql, values: ran.append(sql) or store._run(sql, values))
    for question in questions(store, ["people_referred"], ((), ("service",), ("service", "month"), ("age_band",))):
        if "gender" not in question.selection.cohort:
            Reading(source, question).of_people()
    assert len([sql for sql in asked if "client" in sql.split("from")[0]]) == 1
    assert ran == []


def test_whose_a_row_is_does_not_travel_from_a_machine_that_answers_for_this_one(store):
    source, asked = watched(store)
    for question in questions(store, OF_PEOPLE):
        exact.read(replace(source, is_here=False), question)
    assert asked and [sql for sql in asked if "client" in sql.split("from")[0]] == []


def test_counts_that_were_forgotten_are_made_anew(store):
    made = []
    engine = store._engine
    table, engine.table = engine.table, lambda *asked: made.append(asked[0]) or table(*asked)
    try:
        answers = []
        store.forget_counts()  # of other tests
        for _ in range(2):
            answers += [store.ask("found_work", Selection(), ("service",)) for _ in range(2)]
            store.forget_counts()
    finally:
        del engine.table
    assert all(answer == answers[0] for answer in answers)
    assert len(made) > 1 and made[: len(made) // 2] == made[len(made) // 2 :]


@pytest.mark.parametrize("slug", [slug for slug, one in metrics.catalogue().items() if one.unit != "people"])
def test_what_changes_are_weighed_by_is_what_all_rows_say(store, slug):
    """Rows up to the first that says how many stand behind a cell say what all of them do; of parts that each have their own number it takes all."""
    metric = metrics.get(slug)
    for selection in (Selection(), Selection(cohort={"gender": "female"}, base="out_of_work")):
        question = Question(metric, selection, ("service", "quarter"), store.lists)
        unsure = protect.sized(store._source, question, is_sure=False).unsure
        of_cell: dict = {}
        for row in protect.rows(store._source, question):
            if metric.horizon != "months" or row.labels["months"] == "3":
                of_cell.setdefault(tuple(row.labels[d] for d in question.by), []).append(alike.size_of(row))
        add = sum if metric.shape == "count" else max
        sizes = [{cell: add(of_cell.get(cell, [0])) for cell in question.cells}]
        for is_sure in (True, False):  # of paths a cell may have no row at all
            sized = protect.sized(store._source, question, is_sure=is_sure).of
            assert set(sized) == set(question.cells) or slug == "paths"
            sizes.append(dict.fromkeys(question.cells, 0) | sized)
        assert sizes[0] == sizes[1]
        assert {cell: n for cell, n in sizes[0].items() if cell not in unsure} == {
            cell: n for cell, n in sizes[2].items() if cell not in unsure
        }
        assert all(sizes[0][cell] <= sizes[2][cell] for cell in unsure)
