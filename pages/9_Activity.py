"""What services do: who is open, contacts, closures, what people were linked to, and outcomes by when they happened."""

from journeys import screen

chosen = screen.frame(
    "Activity", "What services do: open journeys, contacts, closures, what people were linked to and what they started."
)

screen.panel("caseload", chosen)
screen.panel("contact_within_28_days", chosen, by=("quarter",))
screen.panel("contacts", chosen, by=("financial_year",))
screen.panel("activities_referred", chosen, title="What people were linked to")
screen.panel("activities_started", chosen, title="What people started, of those linked to it")
screen.panel("closure_reasons", chosen)
screen.section(
    "Outcomes by when they happened",
    "The period now means the months in which an outcome began, not those in which people were referred: this is how busy a period was, not how well a group did.",
)
screen.panel("outcome_events", chosen, by=("quarter",))
screen.panel("people_with_outcome", chosen, by=("financial_year",))
