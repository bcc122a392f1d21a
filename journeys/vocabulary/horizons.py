"""How long after referral something is asked about, in whole days: the one list of them."""

CONTACT = 28
DAYS = {3: 91, 6: 183, 9: 274, 12: 365, 18: 548, 24: 730}
"""Months after referral, and their days."""
WEEKS = {13: 91, 26: 182, 52: 364}
"""Weeks after the start of a job, and their days."""
ALL = tuple(sorted({CONTACT, *DAYS.values(), *WEEKS.values()}))
