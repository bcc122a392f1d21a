"""What each service records, since when and until when, and whether it has ended (metrics.md 1), read row by row.

read(delivery, k)   {service_id: Recording}
"""

from collections import defaultdict
from dataclasses import dataclass, field

from codes import CHILDREN, KINDS
from months import between, later_month, month_of

TABLES = {
    "goals": "goal",
    "outcomes": "outcome",
    "reasons": "referral_reason",
    "contacts": "contact",
    "activities": "activity",
    "readings_needs": "measure",
    "readings_confidence": "measure",
    "readings": "measure",
}
ONS4_POSITIVE = {"life_satisfaction", "worthwhile", "happiness"}


@dataclass
class Recording:
    """One service: its months, the kinds that it records with their first and last month, and how it ends.

    `kinds` also says `attended` and `shared_key`, which are no kinds of the dictionary, but metrics need them. `ended_month` is None while it has not ended.
    """

    service: dict
    first_month: str
    last_month: str
    kinds: dict  # kind -> (since, until)
    ended_month: str | None
    is_late: bool
    known_months: dict = field(default_factory=dict)

    def has_ever(self, kinds):
        return all(kind in self.kinds for kind in kinds)

    def has(self, kinds, month):
        return self.has_ever(kinds) and all(self.kinds[kind][0] <= month <= self.kinds[kind][1] for kind in kinds)

    def months(self, kinds=()):
        """The months of the service in which it records all of these kinds."""
        if kinds not in self.known_months:
            months = between(self.first_month, self.last_month)
            self.known_months[kinds] = [month for month in months if self.has(kinds, month)]
        return self.known_months[kinds]


def read(delivery, k):
    rows = _rows_by_journey(delivery)
    latest = max(service["data_to"] for service in delivery["service"])
    keys = [service["client_key"] for service in delivery["service"]]
    return {
        service["service_id"]: _recording(delivery, service, rows[service["service_id"]], latest, keys, k)
        for service in delivery["service"]
    }


def _rows_by_journey(delivery):
    """{service_id: [(journey, {table: rows})]}"""
    children = {table: defaultdict(list) for table in CHILDREN}
    for table in CHILDREN:
        for row in delivery.get(table) or []:
            children[table][row["service_id"], row["journey_id"]].append(row)
    journeys = defaultdict(list)
    for row in delivery["journey"]:
        key = row["service_id"], row["journey_id"]
        journeys[key[0]].append((row, {table: children[table][key] for table in CHILDREN}))
    return journeys


def _recording(delivery, service, journeys, latest, keys, k):
    first, last = month_of(service["data_from"]), month_of(service["data_to"])
    kinds = {}
    for kind in (*KINDS, "attended"):
        if _does_record(delivery, service, journeys, kind, k):
            kinds[kind] = (_since(service, journeys, kind, k), _until(service, kind))
    if service["client_key"] and keys.count(service["client_key"]) >= 2:
        kinds["shared_key"] = (first, last)
    ended = _ended_month(service, latest)
    return Recording(service, first, last, kinds, ended, ended is None and service["data_to"] < latest)


def _ended_month(service, latest):
    if service["closed_on"] is not None:
        return month_of(service["closed_on"])
    last = month_of(service["data_to"])
    return last if later_month(last, 6) < month_of(latest) else None


def _does_record(delivery, service, journeys, kind, k):
    if kind == "follows_up":
        return bool(service["follows_up_after_closure"])
    holders = {row["client_ref"] for row, rows in journeys if _holds(kind, row, rows)}
    flag = service.get(f"records_{_column(kind)}")
    if flag is False:
        return False
    if flag and kind not in ("readings_needs", "readings_confidence"):
        if delivery.get(TABLES[kind]) is not None:
            return True
        return kind == "contacts" and len(holders) >= k
    return len(holders) >= k


def _column(kind):
    return "measures" if kind.startswith("readings") else kind


def _holds(kind, row, rows):
    """Does this journey hold the kind?"""
    if kind == "contacts":
        return bool(rows["contact"]) or row["first_contact_on"] is not None
    if kind == "attended":
        return any(contact["attended"] is not None for contact in rows["contact"])
    if kind == "readings_needs":
        return bool({("wellbeing_star", "money"), ("wellbeing_star", "where_you_live")} & _scales(rows))
    if kind == "readings_confidence":
        scales = _scales(rows)
        star = {("wellbeing_star", "feeling_positive"), ("wellbeing_star", "family_friends")}
        single = {(tool, "total") for tool in ("swemwbs", "wemwbs", "ucla3")}
        return bool((star | single) & scales) or {("ons4", item) for item in ONS4_POSITIVE} <= scales
    return bool(rows[TABLES[kind]])


def _scales(rows):
    return {(row["tool"], row["item"]) for row in rows["measure"]}


def _since(service, journeys, kind, k):
    first = month_of(service["data_from"])
    if kind == "follows_up":
        return first
    given = service.get(f"{_column(kind)}_from")
    if given is not None:
        return month_of(given)
    early = [(row, rows) for row, rows in journeys if month_of(row["referred_on"]) < later_month(first, 12)]
    holders = {row["client_ref"] for row, rows in early if _holds(kind, row, rows)}
    if len({row["client_ref"] for row, _ in early}) < 50 or len(holders) >= k:
        return first
    return _month_of_the_kth_client(journeys, kind, k) or first


def _month_of_the_kth_client(journeys, kind, k):
    """The first month of referral up to which k different clients have a row of the kind; None if never."""
    seen = set()
    for row, rows in sorted(journeys, key=lambda one: one[0]["referred_on"]):
        if _holds(kind, row, rows):
            seen.add(row["client_ref"])
            if len(seen) == k:
                return month_of(row["referred_on"])
    return None


def _until(service, kind):
    last = month_of(service["data_to"])
    if kind == "follows_up":
        return last
    given = service.get(f"{_column(kind)}_to")
    return last if given is None else month_of(given)
