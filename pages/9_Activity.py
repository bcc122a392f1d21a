"""From referral to support: how far people come, how long they wait, what they are linked to and start, and how journeys close."""

from journeys import screen

chosen = screen.frame(
    "Activity",
    "From referral to support: who is spoken with, linked and started, how long people wait, and how journeys close.",
    has_contents=True,
)

screen.panel("stages", chosen, title="From referral to support", published="reached_and_supported")
screen.panel("first_contact_wait", chosen)
screen.panel("waiting_now", chosen)
screen.panel("activities_started", chosen, title="What people started")
screen.panel("not_started", chosen, title="Why activities did not start")
with screen.fold("Being spoken with: by quarter, and contacts that were missed"):
    screen.panel("contact_within_28_days", chosen, by=("quarter",))
    screen.panel("missed_contacts", chosen)
    screen.panel("contacts", chosen, by=("financial_year",))
with screen.fold("Support: who is open now, how many contacts, how long, what people were linked to"):
    screen.panel("caseload", chosen)
    screen.panel("contacts_per_journey", chosen)
    screen.panel("support_length", chosen)
    screen.panel("activities_referred", chosen, title="What people were linked to")
with screen.fold("How journeys close", "By the month of closing, not of referral."):
    screen.panel("closure_reasons", chosen)
    screen.panel("closure_reasons", chosen, by=("quarter",))
with screen.fold(
    "Outcomes by when they happened",
    "The period now means the months in which an outcome began, not those in which people were referred: this is how busy a period was, not how well a group did.",
):
    screen.panel("outcome_events", chosen, by=("quarter",), has_ages=True)
    screen.panel("people_with_outcome", chosen, by=("financial_year",), has_ages=True)
screen.how_counted()
