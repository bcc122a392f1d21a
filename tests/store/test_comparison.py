"""Nothing is replaced in silence: what a load would change, and what stops it unless it is meant."""

from contextlib import closing

import pytest
import small

from journeys.store import build, codes, comparison
from journeys.store.comparison import Held, Incoming
from journeys.store.folder import current_version
from journeys.store.opened import open_store

KINDS = frozenset(("goals", "outcomes"))


def held(n=100, first="2022-01", last="2023-12", records=KINDS):
    return Held("North", first, last, records, n)


def stops(before, after, rows=(100, 100), replaces=None, retired=None):
    incoming = Incoming({"north": after}, replaces or {}, {"north": rows})
    before = before if isinstance(before, dict) else {"north": before}
    return comparison.compare(before, dict.fromkeys(before, 100), incoming, retired or {}).stops


# --- the rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (held(89), "lose more than a tenth of its journeys; 89 would be left"),
        (held(first="2022-02"), "begin in February 2022, not in January 2022"),
        (held(last="2023-11"), "end in November 2023, not in December 2023"),
        (held(records=frozenset(("goals",))), "no longer record outcomes"),
    ],
)
def test_a_loss_stops_the_load_and_is_named(after, said):
    (found,) = stops(held(), after)
    assert found.startswith("north: it would") and said in found


@pytest.mark.parametrize(
    "after", [held(90), held(500), held(first="2021-12"), held(last="2024-01"), held(records=KINDS | {"contacts"})]
)
def test_what_loses_nothing_goes_on(after):
    assert stops(held(), after) == ()


@pytest.mark.parametrize(("n_good", "is_stopped"), [(100, False), (95, False), (94, True)])
def test_more_than_a_twentieth_refused_stops(n_good, is_stopped):
    assert bool(stops(held(), held(), (100, n_good))) is is_stopped


def test_a_new_service_stops_nothing_unless_much_of_it_is_refused():
    assert stops({}, held(1)) == ()
    assert "94 of 100" not in str(stops({}, held(1), (100, 94))) and "6 of 100" in str(stops({}, held(1), (100, 94)))


def test_a_service_whose_own_row_is_refused_is_told():
    incoming = Incoming({}, {}, {"north": (50, 0)})
    found = comparison.compare({"north": held()}, {"north": 100}, incoming, {})
    assert "none of its 50 rows can be loaded" in found.stops[0]


def test_a_service_that_replaces_others_is_measured_against_their_sum():
    before = {"old": held(60, first="2021-01"), "older": held(60, last="2024-06")}
    replaces = {"north": ("old", "older")}
    assert stops(before, held(108, "2021-01", "2024-06"), replaces=replaces) == ()
    found = " ".join(stops(before, held(107, "2021-02", "2024-05"), replaces=replaces))
    assert "107 would be left" in found and "February 2021" in found and "May 2024" in found


def test_a_service_that_was_retired_would_count_twice():
    assert "replaced by south" in stops({}, held(), retired={"north": "south"})[0]


def test_the_exact_number_that_is_held_is_nowhere_in_the_words():
    incoming = Incoming({"north": held(25)}, {}, {"north": (25, 25)})
    found = comparison.compare({"north": held(402)}, {"north": 400}, incoming, {})
    said = comparison.text(found)
    assert "402" not in said + repr(found) and "about 400 journeys" in said and "25 journeys" in said
    hidden = comparison.compare({"north": held(6)}, {"north": None}, incoming, {})
    assert "[c] hidden" in comparison.text(hidden)


# --- loads ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(store_of_north):
    return store_of_north


@pytest.fixture
def newest(tmp_path):
    """The last quarter alone: what silently replaced five years once."""
    return small.whole(tmp_path / "newest", 4, first=36, data_from="2022-02-01")


def n_journeys(store):
    with closing(open_store(store)) as opened:
        return opened._run("select count(*) as n from journey", {})[0]["n"]


def test_a_quarter_does_not_replace_the_history(store, newest):
    was = current_version(store)
    found = build.load([newest], store)
    assert not found.is_done and found.version is None and "--confirm" in found.note
    assert len(found.comparison.stops) == 2
    assert current_version(store) == was and n_journeys(store) == 40


def test_what_is_meant_is_done(store, newest):
    assert build.load([newest], store, is_meant=True).is_done
    assert n_journeys(store) == 4


@pytest.mark.parametrize(("says", "n"), [(True, 4), (False, 40)])
def test_a_person_at_a_terminal_is_asked_with_the_comparison(store, newest, says, n):
    asked = []
    found = build.load([newest], store, ask=lambda compared: asked.append(compared) or says)
    assert found.is_done is says and asked == [found.comparison]
    assert n_journeys(store) == n


def test_nobody_waits_for_the_answer_and_a_load_in_between_is_seen(store, newest, tmp_path):
    other = small.whole(tmp_path / "other", 50)

    def ask(compared):
        assert build.load([other], store, wait_seconds=1).is_done
        return True

    with pytest.raises(build.LoadError, match="Another load changed the store meanwhile"):
        build.load([newest], store, ask=ask)
    assert n_journeys(store) == 50


def test_a_dry_run_compares_and_changes_nothing(store, newest, tmp_path):
    before = {file.name: file.read_bytes() for file in store.iterdir() if file.is_file()}
    found = build.load([newest], store, is_dry=True)
    assert not found.is_done and found.comparison == build.load([newest], store).comparison
    longer = build.load([small.whole(tmp_path / "longer", 60)], store, is_dry=True)
    assert longer.is_done and longer.version is None and longer.comparison.changes[0].n_journeys == 60
    assert {file.name: file.read_bytes() for file in store.iterdir() if file.is_file()} == before


def test_a_service_that_stops_recording_stops(store, tmp_path):
    made = small.journeys(40)
    alone = small.write(tmp_path / "alone", service=[small.service()], journey=made, goal=small.goals(made))
    assert build.load([alone], store).comparison.stops == ("north: it would no longer record outcomes",)


def test_accept_valid_does_not_replace_many_by_few(store, tmp_path):
    made = small.journeys(60)
    bad = [row | {"referral_source": "the moon"} for row in made[:15]] + made[15:]
    delivery = small.write(
        tmp_path / "bad", service=[small.service()], journey=bad, goal=small.goals(made), outcome=small.outcomes(made)
    )
    found = build.load([delivery], store, accept_valid=True)
    assert "more than a twentieth of its rows are refused: 45 of 181" in str(found.comparison.stops)
    assert n_journeys(store) == 40
    assert build.load([delivery], store, accept_valid=True, is_meant=True).is_done


def test_other_services_stay_and_are_counted(store, tmp_path):
    found = build.load([small.whole(tmp_path / "south", 10, "south")], store)
    assert found.is_done and found.comparison.n_kept == 1
    assert n_journeys(store) == 50
    assert "1 other service stays as it is" in comparison.text(found.comparison)


# --- mergers and new names --------------------------------------------------------------------------------------------


def test_a_service_that_continues_others_retires_them(store, tmp_path):
    build.load([small.whole(tmp_path / "south", 30, "south", prefix="s")], store)
    few = small.whole(tmp_path / "few", 60, "both", replaces="north south")
    assert "60 would be left" in build.load([few], store).comparison.stops[0]
    merged = small.whole(tmp_path / "merged", 70, "both", replaces="north south")
    found = build.load([merged], store)
    assert found.is_done and "Retired, because another continues them: north, south" in found.note
    with closing(open_store(store)) as opened:
        assert list(opened.lists.services) == ["both"]
    again = build.load([tmp_path / "north"], store)
    assert "north: it was replaced by both" in again.comparison.stops[0]
    assert build.load([merged], store).note.startswith("Nothing to do")


def test_a_service_that_came_back_is_retired_again(store, tmp_path):
    """The delivery that retires it is one that the store holds already, and yet not nothing to do: the journeys would stay counted twice."""
    merged = small.whole(tmp_path / "merged", 60, "both", replaces="north")
    build.load([merged], store)
    assert build.load([tmp_path / "north"], store, is_meant=True).version
    assert "60 would be left" in build.load([merged], store).comparison.stops[0]
    found = build.load([merged], store, is_meant=True)
    assert found.version and "Retired, because another continues them: north" in found.note
    with closing(open_store(store)) as opened:
        assert list(opened.lists.services) == ["both"]
    assert build.load([merged], store).note.startswith("Nothing to do")


def test_a_replaced_service_in_the_delivery_itself_is_refused(store, tmp_path):
    made = small.journeys(40, "both")
    rows = [small.service("both", replaces="north"), small.service("north")]
    both = small.write(tmp_path / "both", service=rows, journey=[*made, *small.journeys(40)])
    with pytest.raises(build.LoadError, match="north is in the delivery and replaced by it too"):
        build.load([both], store)


def test_a_replaced_service_that_is_not_held_is_noted(store, tmp_path):
    found = build.load([small.whole(tmp_path / "new", 45, "new", replaces="nowhere")], store)
    assert "`replaces` names nowhere, which the store does not hold" in found.comparison.notes


# --- codes that look alike --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"service_id": "North"}, r"Service codes differ.*'North' and 'north'"),
        ({"service_id": "south", "commissioner_code": "q1"}, r"Commissioner codes differ.*'Q1' and 'q1'"),
    ],
)
def test_codes_that_nobody_can_tell_apart_are_refused(store, tmp_path, described, said):
    with pytest.raises(build.LoadError, match=said):
        build.load([small.whole(tmp_path / "alike", 10, **described)], store)


def test_a_dash_of_another_kind_makes_no_other_service():
    said = codes.refusal("Service codes", ["north-mh", "north\u2011mh", "south"])
    assert said and said.startswith("Service codes differ in capitals, dashes") and "'north\\u2011mh'" in said
    assert codes.refusal("Service codes", ["north-mh", "north mh", "north_mh"]) is None


def test_a_code_with_an_unseen_letter_does_not_come_in(store, tmp_path):
    """The intake refuses it before it could stand beside the code that looks the same."""
    found = build.load([small.whole(tmp_path / "alike", 10, service_id="nor\u200bth")], store)
    assert not found.is_done
    assert found.report.n_refused > 0


def test_a_new_spelling_can_replace_the_old_one(store, tmp_path):
    assert build.load([small.whole(tmp_path / "alike", 40, "North", replaces="north")], store).is_done


def test_one_commissioner_with_two_codes_is_noted(store, tmp_path):
    found = build.load([small.whole(tmp_path / "south", 10, "south", commissioner_code="Q2")], store)
    assert found.is_done
    assert found.comparison.notes == ("services of NHS One carry different commissioner codes: Q1, Q2",)


# --- dates ------------------------------------------------------------------------------------------------------------


def test_a_month_of_a_few_days_is_told(store, tmp_path):
    short = small.whole(tmp_path / "short", 50, data_from="2021-12-27", data_to="2024-01-07")
    found = build.load([short], store)
    assert found.is_done
    assert [note.partition(", so")[0] for note in found.comparison.notes] == [
        "north: the data cover only 5 days of December 2021", "north: the data cover only 7 days of January 2024",
    ]  # fmt: skip
    whole = small.whole(tmp_path / "whole", 50, data_from="2021-12-24", data_to="2024-01-08")
    assert build.load([whole], store).comparison.notes == ()
