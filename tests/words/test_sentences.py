"""Sentences: one careful, grammatical sentence for every metric, shape, breakdown and state."""

import re
from dataclasses import replace

import pytest

from journeys.answer.released import Row
from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import differences, sentences
from tests.answers_by_hand import NAMES, STATES, bounded, released

SLUGS = tuple(metrics.catalogue())
BROKEN = re.compile(r"[{}]|\bNone\b|\bnan\b|  |\(\)|\s[.,;]|\.\.|;\.|\bof of\b|\band and\b|\b(\w{3,}) \1\b")
HIDDEN = "Too few people here, or too few left out; choose something wider."


def broken(text):
    """What is wrong with a sentence, for the message of the test; empty when nothing is."""
    found = BROKEN.search(text)
    if found:
        return f"{found[0]!r} in {text}"
    is_whole = text.endswith(".") and (text[:1].isupper() or text[:1].isdigit())
    return "" if is_whole else f"start or end of {text}"


def breakdowns(slug):
    wanted = (
        (),
        ("service",),
        ("quarter",),
        ("month",),
        ("financial_year",),
        ("age_band",),
        ("start_rung",),
        ("model",),
        ("service", "quarter"),
    )
    return [by for by in wanted if not set(by) & set(metrics.get(slug).labels)]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_answer_has_a_grammatical_sentence(slug):
    metric = metrics.get(slug)
    others = (Selection(base="out_of_work", within=24), Selection(service="service-1"))
    for by in breakdowns(slug):
        for state in ("mixed", "hidden") if len(by) > 1 else STATES:
            answer = released(slug, by, state)
            texts = [sentences.sentence(answer, metric, NAMES)]
            if len(by) < 2:
                texts += [sentences.sentence(replace(answer, selection=other), metric, NAMES) for other in others]
            assert not any(map(broken, texts)), (by, state, texts)
    assert not broken(sentences.alt(answer, metric, NAMES))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_answer_says_who_is_counted_and_who_is_left_out(slug):
    metric = metrics.get(slug)
    answer = released(slug)
    footnote = sentences.footnote(answer, metric)
    assert not broken(footnote)
    assert "Counts under 8 are hidden [c]" in footnote and "nearest 5" in footnote and "SYNTHETIC" in footnote
    assert not broken(sentences.left_out_words(answer))


@pytest.mark.parametrize("slug", SLUGS)
def test_association_is_never_worded_as_effect(slug):
    metric = metrics.get(slug)
    for by in breakdowns(slug):
        text = sentences.sentence(released(slug, by), metric, NAMES).lower()
        assert not re.search(r"because of|thanks to|led to|caused|effect|impact|resulted|best|worst|rank", text)


@pytest.mark.parametrize("slug", SLUGS)
def test_services_are_never_named_in_a_sentence_about_them_all(slug):
    if slug == "doors":  # whose own labels are services: it says where people went, not how services did
        return
    text = sentences.sentence(released(slug, ("service",)), metrics.get(slug), NAMES)
    assert not re.search(r"Service [A-D]\b", text)


def answer_of(slug, selection=None, left_out=None, **values):
    """One row without labels."""
    whole = released(slug, selection=selection)
    row = Row({}, values.pop("state", "shown"), **values)
    return replace(whole, rows=(row,), left_out=left_out or {})


def share(numerator, denominator):
    found = proportions.proportion(numerator, denominator)
    return {
        "numerator": numerator, "denominator": denominator, "rate": found.rate, "low": found.low, "high": found.high
    }  # fmt: skip


def said(slug, *args, **values):
    return sentences.sentence(answer_of(slug, *args, **values), metrics.get(slug), NAMES)


def test_a_share_with_its_base_its_time_its_interval_and_who_is_too_early():
    text = said("found_work", Selection(base="out_of_work"), {"too_early": 90, "not_recorded": 40}, **share(15, 240))
    assert text == (
        "Of those referred in April 2022 to March 2026 (people out of work at referral; with 12 months or more since referral), about 15 "
        "of about 240 referrals (6%, likely 4% to 10%) found work within 12 months; for about 90 more it is too early to say."
    )


def test_the_too_early_are_not_promised_where_they_may_not_count():
    left = {"too_early": 90, "no_work_goal": 500}
    assert "too early" not in said("work_goal_moved", None, left, **share(40, 240))


def test_a_share_of_fewer_than_twenty_is_said_in_counts():
    text = said("found_work", **share(10, 15))
    assert (
        "about 10 of about 15 referrals found work" in text
        and "%" not in text
        and text.endswith("too few for a percentage.")
    )


def test_one_decimal_from_a_denominator_of_a_thousand():
    assert sentences.percent(0.0443, 995) == "4%"
    assert sentences.percent(0.0443, 1000) == "4.4%"
    assert "(2.0%, likely 1.4% to 2.8%)" in said("found_work", **share(30, 1500))


@pytest.mark.parametrize(
    ("why", "denominator", "words"),
    [
        ("few", 240, "fewer than 8 of about 240 referrals (under 3%) found work"),
        ("few", 1500, "fewer than 8 of about 1,500 referrals (under 0.5%) found work"),
        ("few", 400, "fewer than 8 of about 400 referrals (under 1.8%) found work"),
        ("few", 15, "fewer than 8 of about 15 referrals found work"),
        ("most", 240, "all but a few of about 240 referrals (over 97%) found work"),
        ("most", 1500, "all but a few of about 1,500 referrals (over 99.5%) found work"),
    ],
)
def test_a_hidden_numerator_is_said_with_its_reason_and_its_bound(why, denominator, words):
    answer = answer_of("found_work", state="hidden", why=why, denominator=denominator)
    answer = replace(answer, rows=(bounded(answer.rows[0]),))
    assert words in sentences.sentence(answer, metrics.get("found_work"), NAMES)


def test_hidden_not_recorded_and_too_early_have_their_own_words():
    assert said("found_work", state="hidden") == HIDDEN
    why = sentences.hidden_words()
    assert why == "Hidden: too few people, or too few left out.", "what is wider stands below it and is not said twice"
    assert "not the same as none" in said("found_work", state="not_recorded")
    assert said("found_work", state="too_early").startswith("Too early to say")
    assert sentences.sentence(replace(released("paths"), rows=()), metrics.get("paths"), NAMES) == HIDDEN


def test_only_what_is_missing_is_said_to_be_not_recorded():
    def of(metric, service, *seen):
        rows = [Row({"stage": str(i)}, "not_recorded", records=r, partly=p) for i, (r, p) in enumerate(seen)]
        answer = replace(released("stages"), metric=metric, selection=Selection(service=service), rows=tuple(rows))
        return sentences.sentence(answer, metrics.get(metric), NAMES)

    linked, contacts = "what people were linked to", "contacts"  # of one service or of many in the store: nobody here
    assert of("stages", "a", (("activities",), ())).startswith(f"This service does not record {contacts}; ")
    assert of("stages", None, ((), ("contacts",))).startswith(f"No service here records {linked}; ")
    assert of("stages", "a", ((), ())).startswith(f"This service does not record {contacts} or {linked}; ")
    together = f"both {contacts} and {linked} in this period; "
    assert of("stages", None, ((), ("contacts", "activities"))).startswith(f"No service here recorded {together}")
    assert of("engaged", "a", ((), ("contacts",))).startswith("This service did not record contacts in this period; ")


def test_counts():
    assert said("referrals", count=1250) == "About 1,250 referrals were made in April 2022 to March 2026."
    assert said("people_referred", Selection(period="2024/25", service="service-1"), count=1100) == (
        "About 1,100 people were referred in financial year 2024/25 to Service B."
    )


def test_movement_says_all_three_ways():
    rows = tuple(
        Row({"movement": code}, "shown", **share(n, 500)) for code, n in (("up", 210), ("same", 260), ("back", 30))
    )
    text = sentences.sentence(replace(released("spiral_movement"), rows=rows), metrics.get("spiral_movement"), NAMES)
    assert text == (
        "Of those referred in April 2022 to March 2026 (observed for at least three months; about 500 referrals), about 210 (42%) "
        "moved up, about 260 (52%) stayed on the same rung and about 30 (6%) moved back."
    )


def test_the_largest_labels_are_named_and_the_hidden_counted():
    text = sentences.sentence(released("referral_reasons", state="mixed"), metrics.get("referral_reasons"), NAMES)
    assert "in the largest groups about " in text and "fewer than 8 in 1 of 10 groups" in text


def test_services_are_counted_against_chance():
    text = sentences.sentence(released("found_work", ("service",)), metrics.get("found_work"), NAMES)
    assert "across 4 services, between " in text and text.endswith("none is higher or lower than expected by chance.")


def test_over_time_says_the_latest_complete_period_and_the_signals():
    answer = released("climbed", ("quarter",))
    rows = [*answer.rows[:-1], replace(answer.rows[-1], complete=False, spc=None)]
    text = sentences.sentence(replace(answer, rows=tuple(rows)), metrics.get("climbed"), NAMES)
    assert text.startswith("Of those referred in October to December 2025 (") and "usual variation" in text


def test_paired_change_says_pairs_interval_and_direction():
    text = sentences.sentence(released("wellbeing_change"), metrics.get("wellbeing_change"), NAMES)
    assert "Wellbeing (SWEMWBS): of about 60 pairs of readings, about 30 improved" in text
    assert "from 18.5 to 19.8, a change of +1.3 (likely +0.5 to +2.1)" in text
    few = Row({"tool": "ons4", "item": "anxiety"}, "shown", pairs=20, improved=10, same=None, worse=None, mean_first=5.0,
              mean_latest=4.2, mean_change=-0.8, low=-1.5, high=-0.1)  # fmt: skip
    text = sentences.sentence(
        replace(released("wellbeing_change"), rows=(few,)), metrics.get("wellbeing_change"), NAMES
    )
    assert (
        "early figure" in text and "lower is better" in text and "−0.8" in text and "too few to show got worse" in text
    )


def test_a_footnote_keeps_the_first_letter_of_a_service_and_says_nothing_twice():
    answer = replace(
        released("wellbeing_change"), words="Ostermere Neighbours, all time", selection=Selection(service="o")
    )
    footnote = sentences.footnote(answer, metrics.get("wellbeing_change"))
    assert ": Ostermere Neighbours" in footnote
    assert footnote.count("part of any rise would have come without help") == 1
    assert "Wellbeing (SWEMWBS) 23.6" in footnote


def test_swemwbs_carries_its_notice():
    notice = "© NHS Health Scotland, University of Warwick and University of Edinburgh, 2008"
    assert notice in sentences.footnote(released("wellbeing_change"), metrics.get("wellbeing_change"))
    assert notice not in sentences.footnote(released("found_work"), metrics.get("found_work"))


def test_left_out():
    answer = replace(released("found_work"), left_out={"not_recorded": 540, "too_early": None})
    text = sentences.left_out_words(answer)
    assert text == (
        "Left out: about 540 referrals of services that do not record this and an undisclosed number of referrals for which it is too early "
        "to say."
    )
    assert sentences.left_out_words(replace(answer, left_out={})) == "Nobody is left out."


def test_marks_are_five_and_stand_for_states():
    assert list(sentences.MARKS) == ["[c]", "[x]", "[low]", "[early]", "[z]"]
    assert sentences.mark(Row({}, "not_applicable"), "proportion") == "[z]"
    assert [sentences.mark(released("found_work", state=s).rows[0], "proportion") for s in ("few", "not_recorded", "low", "early", "shown")] == [
        "[c]", "[x]", "[low]", "[early]", "",
    ]  # fmt: skip


def test_why_a_chart_has_no_limits():
    quarters = released("climbed", ("quarter",))
    short = replace(quarters, rows=quarters.rows[:4], spc_note="too_few_points")
    assert sentences.spc_words(short) == (
        "No control limits: they need 13 complete quarters with a figure, and there are 4."
    )
    assert sentences.spc_words(quarters) == ""
    assert sentences.spc_words(replace(short, rows=quarters.rows[:1])) == "", "one alone is no chart"
    for note in ("too_many_hidden", "ripening", "not_enough_variation"):
        assert not broken(sentences.spc_words(replace(short, spc_note=note)))


def compared(*counts, **other):
    """A pair of shares of Climbed, from (numerator, denominator) each."""
    sides = [answer_of("climbed", **(share(*one) if one else other)) for one in counts]
    return differences.difference_sentence(differences.Pair(metrics.get("climbed"), *sides), NAMES, "women", "men")


def test_a_difference_is_clear_or_not_and_never_an_effect():
    clear = compared((90, 200), (50, 200))
    assert "20 percentage points higher" in clear and "does not say why" in clear and not broken(clear)
    same = compared((90, 200), (85, 200))
    assert "no clear difference" in same and not broken(same)
    assert compared((90, 200), None, state="hidden").startswith("The two cannot be compared: too few")


def test_the_spiral_in_words():
    text = sentences.spiral_sentence(
        released("spiral_start"), released("spiral_now"), released("spiral_movement"), NAMES
    )
    assert (
        "moved up" in text
        and "On “starting out” stood 25% at referral, by employment status alone" in text
        and not broken(text)
    )
    hidden = sentences.spiral_sentence(
        *(released(f"spiral_{s}", state="hidden") for s in ("start", "now", "movement")), NAMES
    )
    assert hidden == HIDDEN


def test_both_ends_of_the_spiral_have_one_precision():
    ends = [
        replace(
            released(f"spiral_{name}"),
            rows=tuple(Row({"rung": code}, "shown", **share(n, 980)) for code, n in shares),
        )
        for name, shares in (("start", (("starting_out", 825), ("in_work", 15))), ("now", (("starting_out", 410),)))
    ]
    text = sentences.spiral_sentence(*ends, released("spiral_movement"), NAMES)
    assert "stood 84.2% at referral, by employment status alone; 41.8% stand there now" in text


def test_labels_keep_their_capitals_where_they_are_names():
    assert [sentences.lowered(n) for n in ("GP", "Jobcentre Plus", "Social isolation", "April 2024")] == [
        "GP", "Jobcentre Plus", "social isolation", "April 2024",
    ]  # fmt: skip
    assert sentences.listed(["a (1,250)", "b", "c"]) == "a (1,250), b and c"
    assert sentences.listed(["a, then b", "c", "d"]) == "a, then b; c; and d"
    assert sentences.listed(["a", "b and c"]) == "a, and b and c"
    assert sentences.listed(["a, b and c", "d"]) == "a, b and c; and d"
    assert sentences.listed(["a and b (c and d)", "e", "f"], "or") == "a and b (c and d), e or f"
    assert sentences.listed(["“a and b”", "c"]) == "“a and b” and c"


def a_few(row):
    hidden = Row(row.labels, "hidden", why="few", denominator=40, complete=True)
    return bounded(hidden)


@pytest.mark.parametrize("unit", ["quarter", "financial_year"])
def test_of_a_period_alone_what_is_hidden_is_said_once(unit):
    """ "...; all but a few in the only one quarters" followed what had said it of this quarter."""
    metric = metrics.get("found_work")
    answer = released("found_work", (unit,))
    one = replace(answer, rows=(a_few(answer.rows[0]),))
    words = sentences.sentence(one, metric, NAMES)
    assert words.count("fewer than 8") == 1 and "the only one" not in words and not broken(words)


def test_of_one_group_it_is_not_said_in_how_many():
    metric = metrics.get("goals_set")
    answer = released("goals_set")
    one = replace(answer, rows=(a_few(answer.rows[0]),))
    words = sentences.sentence(one, metric, NAMES)
    assert words == "No group here can be shown in figures: fewer than 8.", '"in the only one" read oddly'


def test_of_a_part_of_contacts_or_goals_it_is_said_how_many_those_are():
    """ "1,580 of about 13,205 of those by telephone" read as a part of a part."""
    for slug, words in (("missed_contacts", "of those"), ("goals_achieved", "of those on")):
        said = sentences.sentence(released(slug), metrics.get(slug), NAMES)
        assert f" {words} " not in said.replace("Of the goals of those referred", ""), said
