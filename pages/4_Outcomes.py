"""Work, volunteering and training: who reached them, on which base, and when."""

from journeys import screen

chosen = screen.frame(
    "Outcomes",
    "Training, volunteering and work. Outcomes take 12 months or more, and work is never required of anyone: read each figure with who it applies to.",
    has_contents=True,
)

screen.three_bases("found_work", chosen, by=("financial_year",))
screen.panel("stepping_stone", chosen, by=("quarter",))
screen.services_by_measures(chosen, ("training_or_education", "volunteering", "qualification", "work_experience"))
screen.panel(
    "outcome_events",
    chosen,
    note=screen.whose_jobs_were_kept(chosen),
    has_ages=True,
)
with screen.fold("People with each outcome: those counted once who had several of a kind"):
    screen.panel("people_with_outcome", chosen, has_ages=True)
screen.how_counted()
