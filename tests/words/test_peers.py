"""What the table of small figures says: a finding of at most 14 words, one precision a column, and no rank."""

from dataclasses import replace

from journeys.answer.released import NotAlike, Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import peers
from journeys.words.peers import Measure


def share(labels, numerator, denominator=100, **more):
    rate = numerator / denominator
    values = {"numerator": numerator, "denominator": denominator, "rate": rate, "low": rate - 0.05, "high": rate + 0.05}
    return Row(labels, "shown", **values, **more)


def released(by, *rows, not_alike=()):
    disclosure = {"k": 8, "base": 5}
    return Released(
        "climbed", "journeys", "proportion", Selection(), "", by, (), "2026-03", disclosure, rows, not_alike=not_alike
    )


def measure(*rows, not_alike=()):
    of_time = released(("service", "quarter"))
    return Measure(
        metrics.get("climbed"), released(("service",), *rows, not_alike=not_alike), share({}, 30), "quarter", of_time,
        released(("quarter",)), {},
    )  # fmt: skip


def ratio(code, low, high):
    return share({"service": code}, 20, expected=30.0, ratio=(low + high) / 2, ratio_low=low, ratio_high=high)


def names(_, code):
    return code.upper()


def placed(code, position):
    return share({"service": code}, 20, funnel={"position": position})


def test_the_heading_counts_measures_and_names_no_service():
    one = measure(placed("a", "above998"), placed("b", "above95"))
    none = measure(placed("a", "within"), placed("b", "below95"))
    three = measure(placed("a", "above998"), placed("b", "above95"), placed("c", "within"))
    assert peers.heading([three, one, none]) == "On 2 of 3 measures one service or another lies beyond chance"
    assert peers.heading([three, one]) == "On each of the 2 measures one service or another lies beyond chance"
    assert peers.heading([measure(share({"service": "a"}, 20))]) == "No services can be compared on these measures"
    assert peers.heading([none]) == "No service lies beyond chance on these measures"
    assert peers.finding([three, none]) == "Beyond chance: climbed at least one rung: 1 higher of 3 compared."


def test_of_two_services_it_is_said_that_they_differ_and_not_which_way():
    """One of two always lies above both together and the other below: "1 higher and 1 lower of 2 compared" said nothing."""
    one = measure(placed("a", "above998"), placed("b", "below95"))
    none = measure(placed("a", "within"), placed("b", "below95"))
    assert peers.heading([one, none]) == "On 1 of 2 measures the two services compared differ beyond chance"
    assert peers.heading([one]) == "The two services compared differ beyond chance on this measure"
    assert peers.finding([one, none]) == "Beyond chance: climbed at least one rung: the two compared differ."


def test_a_service_stands_below_or_above_what_is_expected_only_for_certain():
    low, high, unsure = measure(ratio("a", 0.6, 0.9)), measure(ratio("a", 1.1, 1.4)), measure(ratio("a", 0.8, 1.001))
    assert peers.standing([low, low], "a") == "Below expected for clients like its own on both measures"
    assert peers.standing([low, high, unsure], "a") == "Below expected for clients like its own on 1, above on 1 of 3"
    assert peers.standing([unsure], "a").startswith("As expected for clients like its own on the one measure compared")
    assert peers.standing([measure(share({"service": "a"}, 20))], "a").startswith("Too little is known")
    unknown = measure(share({"service": "a"}, 20))
    assert (
        peers.standing([unsure, unsure, unknown], "a")
        == "As expected for clients like its own on both measures compared"
    )
    assert (
        peers.standing([low, unsure, unknown], "a")
        == "Below expected for clients like its own on 1 of 2 measures compared"
    )
    assert peers.standing([low, high, unknown], "a").endswith("on 1, above on 1 of 2")
    for found in ([low] * 6, [low] * 6 + [unknown], [unsure] * 6, [measure(share({"service": "a"}, 20))]):
        assert len(peers.standing(found, "a").split()) <= 14


def test_what_a_service_does_not_record_is_not_called_too_few():
    unrecorded, few = (measure(Row({"service": "a"}, state)) for state in ("not_recorded", "hidden"))
    assert peers.standing([unrecorded] * 4, "a") == (
        "Nothing to compare, for it does not record what these measures count"
    )
    assert peers.why_nothing_expected([unrecorded] * 4, "a") == "Where there is none, the service does not record it."
    assert peers.standing([unrecorded, few], "a") == (
        "It does not record what 1 of 2 measures count; the rest cannot be compared"
    )
    apart = measure(share({"service": "a"}, 20), not_alike=(NotAlike({"service": "a"}, "seen through less"),))
    assert peers.why_nothing_expected([unrecorded, few, apart], "a") == (
        "Where there is none, the service does not record it; it is not compared for what it records; or "
        "too few people like them are measured, here or elsewhere."
    )
    assert peers.standing([few], "a").startswith("Too little is known")
    assert peers.why_nothing_expected([measure(ratio("a", 0.6, 0.9))], "a") == ""


def test_a_measure_of_some_people_never_says_that_it_is_of_everyone():
    everyone = measure(share({"service": "a"}, 20))
    rows = {base: {None: share({}, 20)} for base in ("working_age", "all")}
    young = replace(everyone.services, selection=Selection(cohort={"age_band": "25-34"}))
    of_all, of_some = replace(everyone, bases=rows), replace(everyone, services=young, bases=rows)
    assert peers.head_words(of_all, names) == "everyone referred; higher is better"
    assert peers.beside_bases(of_all, None) == "working age 20%; everyone 20%"
    assert peers.head_words(of_some, names) == "those referred, age at referral: 25-34; higher is better"
    assert peers.beside_bases(of_some, None) == "working age 20%; in work or not 20%"
    women = replace(everyone.services, selection=Selection(cohort={"gender": "female"}, base="out_of_work"))
    said = peers.beside_bases(replace(everyone, services=women, bases=rows), None)
    assert said == "working age 20%; any age, in work or not 20%", "“all of these” would be those out of work"


def test_a_figure_stands_beside_all_services_and_what_is_expected():
    said = peers.one_service([measure(ratio("a", 0.6, 0.9))], "a")
    assert said == "climbed at least one rung 20% (all services 30%, expected of clients like its own 30%)"


def test_what_is_hidden_says_its_bound_and_what_is_not_recorded_says_so():
    few = Row({"service": "a"}, "hidden", why="few", denominator=200, at_most=0.035)
    assert peers.figure_words(few, 0) == "[c] under 4%"
    unbounded = [Row({"service": "a"}, "hidden", why=why, denominator=15) for why in ("few", "most")]
    assert [peers.figure_words(row, 0) for row in unbounded] == ["[c] too few", "[c] all but a few"]
    assert peers.figure_words(Row({"service": "a"}, "not_recorded"), 0) == "[x] not recorded by this service"


def test_who_is_not_compared_is_said_once_with_the_measures():
    apart = (NotAlike({"service": "b"}, "seen through less"),)
    one = measure(share({"service": "a"}, 20), share({"service": "b"}, 20), not_alike=apart)
    assert (
        peers.apart_words([one], names)
        == "◇ Not compared with the others, for what they record: B on “climbed at least one rung”."
    )
    assert peers.not_compared([one], "b").startswith("◇ Not compared with the others on “climbed at least one rung”")
    assert peers.not_compared([one], "a") == ""
    assert peers.apart_words([measure(share({"service": "a"}, 20))], names) == ""
    many = measure(
        *(share({"service": code}, 20) for code in "abcdefghijk"),
        not_alike=tuple(NotAlike({"service": code}, "seen through less") for code in "bcdefghij"),
    )
    assert peers.apart_words([many], names) == (
        "◇ Not compared with the others, for what they record: 9 services on “climbed at least one rung”."
    )
    early = measure(*(Row({"service": code}, "too_early") for code in "ab"), not_alike=apart)
    assert peers.apart_words([early], names) == "", "nothing is drawn that could stand apart"


def test_a_series_in_words_has_its_ends_and_its_gaps():
    rows = [share({"quarter": "2024-Q1"}, 10), Row({"quarter": "2024-Q2"}, "hidden"), share({"quarter": "2024-Q3"}, 20)]
    assert peers.series_words(rows, "quarter") == "By quarter: Jan–Mar 2024 10% to Jul–Sep 2024 20%; 1 [c]"
    assert peers.series_words(rows[1:2], "quarter") == "By quarter: no complete figure; 1 [c]"


def test_where_no_service_can_be_compared_none_is_said_to_lie_where_chance_could_put_it():
    alone = [measure(share({"service": "a"}, 20))]
    assert peers.heading(alone) == peers.NONE_COMPARED and peers.finding(alone) == ""
    within = [measure(share({"service": "a"}, 20, funnel={"position": "within"}))]
    assert peers.finding(within) == "Each lies where chance alone could put it, or is not compared."


def test_other_bases_have_the_precision_of_their_measure():
    """ "Working age 2.9%; everyone 2.6%" stood below 3%."""
    one = measure(share({"service": "a"}, 20))
    large = share({}, 20).but(numerator=52, denominator=2_000, rate=0.026)
    beside = replace(one, bases={base: {None: large} for base in ("working_age", "all")})
    assert peers.beside_bases(beside, None) == "working age 3%; everyone 3%"
