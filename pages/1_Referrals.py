"""Who is referred, by whom and why, and how soon they are seen."""

from journeys import screen

chosen = screen.frame(
    "Referrals", "Who is referred, by whom and why, and how soon somebody speaks with them.", has_contents=True
)

screen.panel("referrals", chosen, by=("quarter",))
screen.panel("referral_reasons", chosen)
screen.panel("referrals", chosen, by=("service",))
screen.panel("referral_sources", chosen)
screen.panel("contact_within_28_days", chosen, by=("quarter",))
screen.panel("engaged", chosen, by=("service",))
screen.panel("people_referred", chosen, by=("financial_year",))
screen.how_counted()
