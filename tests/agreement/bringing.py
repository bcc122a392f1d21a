"""What one journey brings to each metric (metrics.md 3).

Each function answers with a list of (own labels, what) or, where the journey brings nothing to any row, with the reason.
`what` is whether it is in the numerator (proportions), None (counts), (day, kind of end) for waiting, and for change
(first, latest), (first,) or (). In event time it is (what, day of the event). A metric that `needs` a kind is asked about
journeys of services that record it, no others.
"""

import spiral
from codes import (
    ACTIVITIES,
    CLOSURE_REASONS,
    CONTACT_NUMBERS,
    CONTRACTS,
    FIRST_WAITS,
    GOALS,
    JOB_STATUSES,
    JOURNEY_FIELDS,
    KEPT_STATUSES,
    LENGTHS,
    MONTH_DAYS,
    MOVEMENTS,
    OPEN_FOR,
    RATINGS,
    REASONS,
    ROUTES,
    RUNGS,
    SCALES,
    SOURCES,
    STAGES,
    STEPS,
    TOOLS,
    WAITS_NOW,
    WAYS,
    WEEK_DAYS,
    WHY_NOT,
    band,
)
from facts import attended, counts, days_observed, outcome_days, work_goal_days
from months import cut


def one_of(codes, chosen):
    """A journey that is in the denominator of every code and in the numerator of one."""
    return [((code,), code == chosen) for code in codes]


def referrals(journey, horizon):
    return [((), None)]


def referral_reasons(journey, horizon):
    reasons = {row["reason"] for row in journey.rows["referral_reason"]}
    return [((reason,), reason in reasons) for reason in REASONS] if reasons else "no_reason_recorded"


def referral_sources(journey, horizon):
    return one_of(SOURCES, journey.row["referral_source"])


def contact_within(days):
    def bring(journey, horizon):
        if journey.time_possible < days:
            return "too_early"
        return [((), journey.days_to_contact is not None and journey.days_to_contact <= days)]

    return bring


def first_contact_wait(journey, horizon):
    if journey.time_possible < 91:
        return "too_early"
    is_reached = journey.days_to_contact is not None
    return one_of(FIRST_WAITS, band(journey.days_to_contact, FIRST_WAITS) if is_reached else "none")


def stages(journey, horizon):
    if journey.time_possible < 91:
        return "too_early"
    is_started = any(day <= 91 for day in journey.days("activity", "started_on"))
    is_linked = is_started or any(day <= 91 for day in journey.days("activity", "referred_on"))
    is_spoken_with = is_linked or (journey.days_to_contact is not None and journey.days_to_contact <= 91)
    return [((code,), holds) for code, holds in zip(STAGES, (is_spoken_with, is_linked, is_started), strict=True)]


def goals_set(journey, horizon):
    goals = {row["goal"] for row in journey.rows["goal"]}
    return [((goal,), goal in goals) for goal in GOALS] if goals else "no_goal_set"


def goals_achieved(journey, horizon):
    if not journey.rows["goal"]:
        return "no_goal_set"
    kept = [row for row in journey.rows["goal"] if row["status"] != "withdrawn"]
    return [((row["goal"],), row["status"] == "achieved") for row in kept] or "withdrawn"


def work_goal(journey, horizon):
    return [((), bool(work_goal_days(journey)))] if journey.rows["goal"] else "no_goal_set"


def work_goal_moved(journey, horizon):
    if journey.time_possible < 548:
        return "too_early"
    set_on = min(work_goal_days(journey), default=None)
    if set_on is None or set_on > 183:
        return "no_work_goal"
    moves = outcome_days(journey, "stepping_stone") + outcome_days(journey, "found_work")
    return [((), any(set_on <= day <= set_on + 365 for day in moves))]


def on_rung(rung_of):
    def bring(journey, horizon):
        return one_of(RUNGS, RUNGS[rung_of(journey)])

    return bring


def spiral_after(journey, horizon):
    brought = []
    for months, days in MONTH_DAYS.items():
        if journey.time_possible >= days:
            brought += [((months, code), RUNGS[journey.rung(days)] == code) for code in RUNGS]
    return brought or "too_early"


def _is_observed_for_91_days(journey):
    return journey.time_possible >= 91 and journey.days_observed >= 91


def spiral_movement(journey, horizon):
    if not _is_observed_for_91_days(journey):
        return "observed_under_91_days"
    return one_of(MOVEMENTS, spiral.movement(journey))


def spiral_flow(journey, horizon):
    return [((RUNGS[journey.start_rung], RUNGS[spiral.rung_now(journey)]), None)]


def climbed(journey, horizon):
    return "too_early" if journey.time_possible < horizon else [((), spiral.has_climbed(journey, horizon))]


def outcome_within(kind):
    def bring(journey, horizon):
        if journey.time_possible < horizon:
            return "too_early"
        return [((), journey.first_days.get(kind, horizon + 1) <= horizon)]

    return bring


def work_after(codes, code_of):
    """Found work on days 184 to 548, among people out of work who had found none by day 183."""

    def bring(journey, horizon):
        if "out_of_work" not in journey.bases:
            return []  # in no selection that may be asked
        if journey.time_possible < 548:
            return "too_early"
        found_on = journey.first_days.get("found_work")
        if found_on is not None and found_on <= 183:
            return "found_work_before"
        return [((code_of(journey),), found_on is not None and found_on <= 548)]

    return bring


work_after_step = work_after(STEPS, spiral.step)
work_after_way = work_after(WAYS, spiral.way_at_six_months)


def job_at_referral(journey, horizon):
    if journey.row["employment_status"] != "employed":
        return "not_employed_at_referral"
    if journey.time_possible < horizon + 91:
        return "too_early"
    return one_of(KEPT_STATUSES, _kept_status(journey, horizon))


def _kept_status(journey, horizon):
    rows = [row for row in journey.rows["outcome"] if row["outcome"] == "job_kept"]
    days = [(journey.day(row["ended_on"]), journey.day(row["last_confirmed_on"])) for row in rows]
    ended = [end is not None and end <= horizon for end, _ in days]
    for (_, confirmed), is_over in zip(days, ended, strict=True):
        if not is_over and confirmed is not None and confirmed >= horizon - 91:
            return "kept"
    return "ended" if any(ended) else "not_known"


def first_jobs(journey, horizon):
    if journey.first_job is None:
        return "no_job_found"
    columns = ("started_on", "ended_on", "last_confirmed_on")
    start, end, confirmed = (journey.day(journey.first_job[column]) for column in columns)
    brought = []
    for weeks, days in WEEK_DAYS.items():
        if journey.first_job["started_on"] <= cut(journey.service["data_to"], days + 91):
            status = _job_status(start, end, confirmed, days)
            brought += [((weeks, code), code == status) for code in JOB_STATUSES]
    return brought


def _job_status(start, end, confirmed, days):
    if end is not None and end - start < days:
        return "ended"
    return "going_on" if confirmed is not None and confirmed - start >= days else "not_known"


def first_job_contract(journey, horizon):
    if journey.first_job is None:
        return "no_job_found"
    contract = journey.first_job["contract"]
    return "contract_not_recorded" if contract is None else one_of(CONTRACTS, contract)


def first_job_hours(journey, horizon):
    if journey.first_job is None:
        return "no_job_found"
    hours = journey.first_job["hours_per_week"]
    if hours is None:
        return "hours_not_recorded"
    return one_of(HOURS, "under_16" if hours < 16 else "16_29" if hours < 30 else "30_plus")


HOURS = ["under_16", "16_29", "30_plus"]


def good_work(journey, horizon):
    if journey.first_job is None:
        return "no_job_found"
    ratings = [(rating, journey.first_job[rating]) for rating in RATINGS]
    return [((rating,), score >= 4) for rating, score in ratings if score is not None] or "not_rated"


def route_to_work(journey, horizon):
    if "found_work" not in journey.first_days:
        return "no_work_found"
    return one_of(ROUTES, spiral.route(journey))


def paths(journey, horizon):
    return [((spiral.path(journey),), None)] if _is_observed_for_91_days(journey) else "observed_under_91_days"


def outcome_events(journey, horizon):
    return [((row["outcome"],), (None, row["started_on"])) for row in journey.rows["outcome"] if counts(row)]


def time_to(kind):
    return lambda journey, horizon: _waits(journey, journey.first_days.get(kind), "outcome")


def time_to_work_goal(journey, horizon):
    return _waits(journey, min(work_goal_days(journey), default=None), "goal")


def _waits(journey, event, table):
    """Followed to the last horizon that has passed; what came after has not happened yet."""
    is_closed = journey.row["closed_on"] is not None and not journey.service["follows_up_after_closure"]
    last = days_observed(journey, table)
    if event is not None and event <= journey.time_possible:
        what = (event, "event")
    elif is_closed and last <= journey.time_possible:
        what = (last, "competing")
    else:
        what = (journey.time_possible, "censored")
    return [((months,), what) for months in MONTH_DAYS]


def wellbeing_change(journey, horizon):
    brought = []
    for tool, item in SCALES:
        if (tool, item) == ("mbat", "total"):
            brought.append(((tool, item), _barriers_present(journey)))
            continue
        series = journey.readings.get((tool, item), [])
        brought.append(((tool, item), tuple(score for _, score in (series[:1] + series[1:][-1:]))))
    return brought


def _barriers_present(journey):
    """The number of barriers on the first and on the latest day of the tool, of those that were read on both."""
    by_day = {}
    for (tool, item), series in journey.readings.items():
        for day, score in series if tool == "mbat" else []:
            by_day.setdefault(day, {})[item] = score
    if not by_day:
        return ()
    first, latest = by_day[min(by_day)], by_day[max(by_day)]
    both = set(first) & set(latest)
    if len(by_day) < 2 or not both:
        return (sum(first.values()),)
    return sum(first[item] for item in both), sum(latest[item] for item in both)


def barriers(was_there, is_counted):
    """Barriers as at the first reading `was_there`, and at the latest of the later readings `is_counted`."""

    def bring(journey, horizon):
        brought = []
        for (tool, item), series in journey.readings.items():
            if tool == "mbat" and len(series) > 1 and series[0][1] == was_there:
                brought.append(((item,), series[-1][1] == is_counted))
        return brought or "no_such_pair"

    return bring


def followed_up(journey, horizon):
    if journey.time_possible < 183:
        return "too_early"
    brought = []
    for tool in TOOLS:
        readings = [len(series) for (name, _), series in journey.readings.items() if name == tool]
        if readings:
            brought.append(((tool,), max(readings) > 1))
    return brought or "no_measure"


def completeness(journey, horizon):
    brought = []
    for column in JOURNEY_FIELDS:
        if column != "closure_reason" or journey.row["closed_on"] is not None:
            brought.append(((column,), journey.row[column] not in (None, "unknown", "not_stated")))
    for name, table in (("reasons", "referral_reason"), ("goals", "goal"), ("measures", "measure")):
        brought.append(((name,), bool(journey.rows[table])))
    return brought


def caseload(journey, horizon):
    if journey.row["closed_on"] is not None:
        return "closed"
    return [((band(journey.time_possible, OPEN_FOR),), None)]


def waiting_now(journey, horizon):
    if journey.row["closed_on"] is not None:
        return "closed"
    if journey.days_to_contact is not None:
        return "spoken_with"
    return [((band(journey.time_possible, WAITS_NOW),), None)]


def closure_reasons(journey, horizon):
    closed_on = journey.row["closed_on"]
    if closed_on is None:
        return "still_open"
    reason = journey.row["closure_reason"] or "unknown"
    return [(labels, (what, closed_on)) for labels, what in one_of(CLOSURE_REASONS, reason)]


def support_length(journey, horizon):
    closed_on = journey.row["closed_on"]
    if closed_on is None:
        return "still_open"
    length = band(journey.day(closed_on), LENGTHS)
    return [(labels, (what, closed_on)) for labels, what in one_of(LENGTHS, length)]


def contacts_per_journey(journey, horizon):
    if journey.time_possible < 183:
        return "too_early"
    n = sum(journey.day(row["contact_on"]) <= 183 for row in attended(journey))
    return one_of(CONTACT_NUMBERS, band(n, CONTACT_NUMBERS))


def contacts(journey, horizon):
    return [((row["kind"],), (None, row["contact_on"])) for row in attended(journey)]


def missed_contacts(journey, horizon):
    return [((row["kind"],), (row["attended"] is False, row["contact_on"])) for row in journey.rows["contact"]]


def not_started(journey, horizon):
    if not journey.rows["activity"]:
        return "no_activity_recorded"
    brought = []
    for row in journey.rows["activity"]:
        referred, started = journey.day(row["referred_on"]), journey.day(row["started_on"])
        if row["referred_on"] <= cut(journey.service["data_to"], 91):
            brought += one_of(WHY_NOT, _why_not(row, None if started is None else started - referred))
    return brought


def _why_not(row, days):
    if days is None:
        return row["why_not"] or "not_said"
    return "not_said" if days > 91 else None


def activities_referred(journey, horizon):
    referred = {row["activity"] for row in journey.rows["activity"]}
    return [((activity,), activity in referred) for activity in ACTIVITIES] if referred else "no_activity_recorded"


def activities_started(journey, horizon):
    referred = {row["activity"] for row in journey.rows["activity"]}
    started = {row["activity"] for row in journey.rows["activity"] if row["started_on"] is not None}
    return [((activity,), activity in started) for activity in sorted(referred)] or "no_activity_recorded"


def returned(journey, horizon):
    closed_on = journey.row["closed_on"]
    if closed_on is None:
        return "still_open"
    if closed_on > cut(journey.family_ends, horizon):
        return []
    days = [(other.row["referred_on"] - closed_on).days for other in journey.family]
    return [((), any(0 < day <= horizon for day in days))]


def doors(journey, horizon):
    later = [other for other in journey.family if other.row["referred_on"] > journey.row["referred_on"]]
    next_on = min((other.row["referred_on"] for other in later), default=None)
    nexts = {other.row["service_id"] for other in later if other.row["referred_on"] == next_on}
    return [((journey.row["service_id"], name), None) for name in sorted(nexts)] or "no_next_journey"
