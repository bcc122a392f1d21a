"""The positive upward spiral (metrics.md 2): evidence day by day, and what is read from it."""

# tool, items whose sum counts, reliable change, 1 if up is better and -1 if down is
NEEDS = [("wellbeing_star", ("money", "where_you_live"), 2, 1)]
WELLBEING = [
    ("swemwbs", ("total",), 3, 1),
    ("wemwbs", ("total",), 8, 1),
    ("ons4", ("life_satisfaction", "worthwhile", "happiness"), 3, 1),
    ("ucla3", ("total",), 2, -1),
    ("wellbeing_star", ("feeling_positive", "family_friends"), 2, 1),
]


def evidence_by_day(journey, status, n_days):
    """Whether there is evidence for each rung, on each of the first days from referral on: looked up where anything can change it."""
    dated = _Dated(journey, status)
    days = []
    for day in range(n_days):
        days.append(_evidence(dated, day) if not days or day in dated.turns else days[-1])
    return days


def evidence_looked_up_each_day(journey, status, n_days):
    """The same without sparing any day, to hold it to."""
    dated = _Dated(journey, status)
    return [_evidence(dated, day) for day in range(n_days)]


class _Dated:
    """The rows of a journey that the evidence table asks for, as days since referral."""

    def __init__(self, journey, status):
        achieved = [goal for goal in journey.rows["goal"] if goal["status"] == "achieved"]

        def goals(*codes):
            return [journey.day(goal["status_on"]) for goal in achieved if goal["goal"] in codes]

        def outcomes(*codes):
            return [journey.day(row["started_on"]) for row in journey.rows["outcome"] if row["outcome"] in codes]

        def spells(rows):
            columns = ("started_on", "ended_on", "last_confirmed_on")
            return [tuple(journey.day(row[column]) for column in columns) for row in rows]

        self.status = status
        self.basic = goals("financial", "housing")
        self.needs = [_improvements(journey.sums(tool, items), *change) for tool, items, *change in NEEDS]
        self.confidence = goals("mental_wellbeing", "social_networks", "lifestyle", "physical_health")
        self.wellbeing = [_improvements(journey.sums(tool, items), *change) for tool, items, *change in WELLBEING]
        self.learning = outcomes("training", "education", "qualification")
        self.volunteering = outcomes("volunteering", "work_experience")
        self.jobs = spells(journey.jobs)
        self.kept = spells(row for row in journey.rows["outcome"] if row["outcome"] == "job_kept")
        self.turns = self._turns()

    def _turns(self):
        """The days that any line of the evidence table asks for: those of every row, and half a year after each start."""
        readings = [day for series in (*self.needs, *self.wellbeing) for day, _ in series]
        spells = [day for spell in (*self.jobs, *self.kept) for day in spell]
        half_years = [start + 182 for start, _, _ in self.jobs]
        return {*self.basic, *self.confidence, *self.learning, *self.volunteering, *readings, *spells, *half_years}


def _evidence(dated, day):
    """The evidence table, line by line: seven flags for one day."""
    return (
        True,
        _any_by(dated.basic, day) or any(_is_improved(one, day) for one in dated.needs),
        any(_is_improved(one, day) for one in dated.wellbeing) or _any_by(dated.confidence, day),
        _any_by(dated.learning, day) or dated.status == "student",
        _any_by(dated.volunteering, day) or dated.status == "volunteering",
        _work(dated, day),
        _staying(dated, day),
    )


def _any_by(days, day):
    return any(one <= day for one in days)


def _improvements(series, threshold, better):
    """[(day of a reading, whether it is better than the first by the threshold)], earliest first."""
    return [(day, (score - series[0][1]) * better >= threshold) for day, score in series]


def _is_improved(readings, day):
    """Does the latest reading up to the day say so?"""
    known = [is_better for at, is_better in readings if at <= day]
    return bool(known) and known[-1]


def _has_ended(end, day):
    return end is not None and end <= day


def _work(dated, day):
    if any(start <= day and not _has_ended(end, day) for start, end, _ in dated.jobs):
        return True
    return _is_in_the_job_at_referral(dated, day)


def _is_in_the_job_at_referral(dated, day):
    is_over = dated.kept and all(_has_ended(end, day) for _, end, _ in dated.kept)
    return dated.status == "employed" and not is_over


def _staying(dated, day):
    for start, end, confirmed in dated.jobs:
        is_held = start <= day - 182 and not _has_ended(end, day)
        if is_held and confirmed is not None and confirmed <= day and confirmed - start >= 182:
            return True
    if dated.status != "employed" or not _work(dated, day):
        return False
    return any(
        confirmed is not None and 182 <= confirmed <= day and not _has_ended(end, day)
        for _, end, confirmed in dated.kept
    )


def rung_now(journey):
    return _told(journey, journey.rung(journey.days_observed))


def highest_rung(journey):
    return _told(journey, max(map(rung_of, _different(journey, journey.days_observed))))


def rung_of(flags):
    """The highest rung with evidence."""
    return max(rung for rung, holds in enumerate(flags) if holds)


def _different(journey, last):
    """The flags of the days up to this one, each once, in the order in which they first hold."""
    return dict.fromkeys(journey.evidence[: last + 1])


def _told(journey, rung):
    """Half a year in a job needs half a year: before that horizon has passed, staying would tell the day of referral."""
    return min(rung, 5) if journey.time_possible < 183 else rung


def movement(journey):
    now = rung_now(journey)
    return "up" if now > journey.start_rung else "same" if now == journey.start_rung else "back"


def has_climbed(journey, horizon):
    return any(rung_of(flags) > journey.start_rung for flags in _different(journey, horizon))


def path(journey):
    """The rungs 1 to 5 in the order in which they were first reached, such as '1>2>4>5', or 'none'."""
    reached = []
    for flags in _different(journey, journey.days_observed):
        for rung in (1, 2, 3, 4, 5):
            if rung != journey.start_rung and rung not in reached and flags[rung]:
                reached.append(rung)
    return ">".join(str(rung) for rung in reached) or "none"


def step(journey):
    """The highest of rungs 1 to 4 with evidence on some day from 0 to 183, other than the status at referral."""
    codes = {4: "volunteering", 3: "learning", 2: "confidence", 1: "basic_needs"}
    for rung, code in codes.items():
        if any(flags[rung] for flags in journey.own_evidence[:184]):
            return code
    return "none"


def route(journey):
    """How the first job was reached, from what came before it."""
    found_on = journey.first_days["found_work"]
    return _way(journey, found_on, found_on)


def way_at_six_months(journey):
    return _way(journey, 184, 183)


def _way(journey, prepared_before, supported_by):
    """`indirect`: evidence, or an activity other than employment support started, before that day; `direct`: employment
    support referred by that day."""
    is_prepared = any(any(flags[1:5]) for flags in journey.own_evidence[:prepared_before]) or any(
        row["activity"] != "employment_support"
        and row["started_on"] is not None
        and journey.day(row["started_on"]) < prepared_before
        for row in journey.rows["activity"]
    )
    is_supported = any(
        row["activity"] == "employment_support" and journey.day(row["referred_on"]) <= supported_by
        for row in journey.rows["activity"]
    )
    if is_prepared:
        return "both" if is_supported else "indirect"
    return "direct" if is_supported else "neither"
