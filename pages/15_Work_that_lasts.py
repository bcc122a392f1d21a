"""Jobs that last, jobs that were kept, and whether they are good work."""

from journeys import screen

chosen = screen.frame(
    "Work that lasts",
    "Finding work is one thing, staying in it another, and good work a third. Nobody is asked to work: these are jobs that people found or kept.",
    has_contents=True,
)
screen.why_work()

screen.first_jobs(chosen)
screen.job_at_referral(chosen)
screen.good_work(chosen)
screen.panel("first_job_contract", chosen, title="Contracts of first jobs", has_ages=True)
with screen.fold("Hours of first jobs"):
    screen.panel("first_job_hours", chosen, title="Hours of first jobs", has_ages=True)
screen.how_counted()
