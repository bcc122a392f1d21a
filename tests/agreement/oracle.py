"""A second answer to every metric, in plain loops over the rows of a delivery, for the product to agree with.

It shares no code with the product and is written from the words of the metric catalogue and of the disclosure rules
alone: every rung is looked up day by day, every widened selection of the difference guard is really evaluated. It is slow on
purpose; a delivery of a few hundred journeys takes seconds.

    exact(delivery, "found_work", by=("service",))      true counts by label; they never leave a test
    released(delivery, "found_work", by=("service",))   what may be shown: a list of rows as in `ask --format json`
    left_out(delivery, "found_work")                    who is in no denominator, by reason, as released

`delivery` is what generate.delivery() makes: {table: list of dicts}, a table that was not handed over being None. Facts
are kept between calls for the delivery object itself: do not change one after asking about it; copy it.

It lies in modules by noun: codes and months (lists, calendar), recording (what a service records), facts and spiral (of one
journey), bringing and catalogue (what a journey brings to each metric), world (all of a delivery), questions (what a choice
covers), counting (true counts), completeness and disclosure (what may be shown).

Readings, where the words leave room (metrics.md 4 has those that are settled):

- Opportunity is the horizon of days since referral, moved to an earlier day where it would tell a date to within a week
  (months.cut); "staying" now or at the highest is told as "in work" where not even half a year has passed.
- A yes for readings does not say of which: needs and confidence are recorded if rows of k clients hold them.
- The first twelve months of a service are the month of data_from and the eleven after it.
- Improvement and change are compared in exact decimals, so a PAM score of 54.3 to 58.3 is a change of 4.
- main_reason is the reason flagged as main; without a flag it is unknown, even if there is one reason only.
- The guard of a change looks at its pairs, of a curve at the journeys followed, of people at people: someone who is in
  both questions adds nothing to the wider one.
- A period widens to every period of the closed list that holds all months of what the cell covers, a place to every place that
  holds its services, a base to every base that holds its classes; so two questions of one coverage get one answer.
- start_rung is a set of employment statuses, and so of classes of people.
- Two breakdowns that cannot meet (a month of another quarter) still make a row, which does not apply.
- Rule 2 holds for the numerators of a curve and of a paired change as for any other. The row of a curve needs 10 at risk at
  the start of its interval and somebody seen up to its day (unless nobody was lost sight of). Under a released cohort of 20
  a curve has counts and no share.
- A service counts in `complete` if it has begun to record what is needed by the end of the period and has not stopped; an
  ended one while its last whole month (and the horizon) lies after the period. Without any the period is not complete.
- Left out by a reason are journeys that are in no row's denominator; each is one reason's, the first that applies.
"""

import disclosure
from catalogue import METRICS
from counting import counted
from disclosure import ASKED, left_out_of, row_of
from questions import cells, coverage, selected
from world import world

__all__ = ["ASKED", "METRICS", "disclosure", "exact", "exact_left_out", "left_out", "released", "world"]


def exact(
    delivery, metric, *, period="all", service=None, commissioner=None, cohort=None, base="all", within=12, by=(), k=8
):
    """True counts: {(labels of `by`, then own labels): counts}, a row for every label of the closed lists.

    count: count, clients. proportion: numerator, denominator, clients_numerator, clients_rest, clients_denominator.
    waiting: journeys, clients, at_risk, events, competing, censored (and clients_ of each), incidence (Aalen-Johansen,
    a Fraction). change: journeys, first, pairs, improved, same, worse (and clients_ of each), left_improved and so on
    (clients of the other pairs), mean_first, mean_latest, mean_change, sd_change (None without enough pairs).
    """
    facts = world(delivery, k)
    selection = selected(facts, period, service, commissioner, cohort, base)
    return {
        (*labels, *own): counts
        for labels, cell in cells(facts, selection, by)
        for own, counts in counted(facts, metric, within, coverage(facts, cell, METRICS[metric], needs=()), 1).items()
    }


def released(
    delivery,
    metric,
    *,
    period="all",
    service=None,
    commissioner=None,
    cohort=None,
    base="all",
    within=12,
    by=(),
    k=8,
    step=5,
):
    """The rows of the released answer, as in the JSON of `ask`.

    Each row: labels {name: label}, state ('shown', 'hidden', 'not_recorded', 'not_applicable', 'too_early'), why ('few',
    'most', None), at_most, at_least, complete (True, False, None), records, partly, covers and by shape count; numerator,
    denominator; at_risk, events, competing, censored, incidence; journeys, first, pairs, improved, same, worse, mean_first,
    mean_latest, mean_change, sd_change.
    """
    facts = world(delivery, k)
    selection = selected(facts, period, service, commissioner, cohort, base)
    rows = []
    for labels, cell in cells(facts, selection, by):
        covered = coverage(facts, cell, METRICS[metric])
        for own, counts in counted(facts, metric, within, covered, k).items():
            names = dict(zip((*by, *METRICS[metric].own), (*labels, *own), strict=True))
            rows.append({"labels": names} | row_of(facts, metric, within, cell, own, counts, k, step))
    return [row for row in rows if row["state"] == "shown"] if METRICS[metric].own == ("path",) else rows


def left_out(
    delivery, metric, *, period="all", service=None, commissioner=None, cohort=None, base="all", within=12, k=8, step=5
):
    """{reason: journeys in no row's denominator, rounded, or None when hidden}, in the order in which they are asked."""
    facts = world(delivery, k)
    cell = selected(facts, period, service, commissioner, cohort, base)
    reasons = METRICS[metric].why_left_out
    return {reason: left_out_of(facts, metric, within, cell, reason, k, step) for reason in reasons}


def exact_left_out(
    delivery, metric, *, period="all", service=None, commissioner=None, cohort=None, base="all", within=12, k=8
):
    """{reason: true number of journeys in no row's denominator}."""
    facts = world(delivery, k)
    cell = selected(facts, period, service, commissioner, cohort, base)
    return {
        reason: len(disclosure.left_out_units(facts, metric, within, cell, reason))
        for reason in METRICS[metric].why_left_out
    }
