"""Who is reached, and the same outcomes for different groups of people."""

from journeys import screen

chosen = screen.frame("Equity", "Who is reached, and whether outcomes differ between groups of people.")

screen.section(
    "Who is reached",
    "These are referrals, not the people of the area: compare them with your population.",
)
screen.panel("referrals", chosen, by=("age_band",))
screen.panel("referrals", chosen, by=("gender",))
screen.panel("referrals", chosen, by=("ethnic_group",))
screen.panel("referrals", chosen, by=("imd_quintile",))
with screen.fold("Who is reached, by employment status"):
    screen.panel("referrals", chosen, by=("employment_status",))

screen.section(
    "The same outcomes, group by group",
    "Groups differ in much else: a difference is a question to ask, not an explanation.",
)
by = screen.groups(("age_band", "gender", "ethnic_group", "imd_quintile", "employment_status"))
screen.panel("engaged", chosen, by=by, can_split=False)
screen.panel("climbed", chosen, by=by, can_split=False)
screen.panel("stepping_stone", chosen, by=by, can_split=False)
screen.panel("found_work", screen.on_its_base("found_work", chosen), by=by, can_split=False)
screen.how_counted()
