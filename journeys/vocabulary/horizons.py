"""How long after referral something is asked about, in whole days: the one list of them."""

CONTACT = 28
DAYS = {3: 91, 6: 183, 9: 274, 12: 365, 18: 548, 24: 730, 36: 1095}
"""Months after referral, and their days."""
WITHIN = (6, 12, 18, 24, 36)
"""Months within which a selection can ask."""
WEEKS = {13: 91, 26: 182, 52: 364}
"""Weeks after the start of a job, and their days."""
LATER = 91
"""Days after a horizon in which somebody can still say what was so on it."""
OPPORTUNITIES = tuple(sorted({CONTACT, *DAYS.values(), *(DAYS[m] + LATER for m in WITHIN)}))
"""The horizons that a journey is told to have passed: all that the store keeps of the days since a referral."""
CALENDAR = tuple(sorted({0, *OPPORTUNITIES, *WEEKS.values(), *(days + LATER for days in WEEKS.values())}))
"""The horizons by which a month is too early or complete."""
