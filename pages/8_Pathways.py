"""The ways people take through the rungs, what leads on, how long it takes, and who comes back by another door."""

from journeys import figures, screen

chosen = screen.frame(
    "Pathways",
    "Few people go straight to work: the order in which they reach the rungs, what comes after a step, and how long it takes.",
    has_contents=True,
)

screen.panel(
    "paths",
    chosen,
    figure=figures.ways,
    title="The commonest ways through the rungs",
    note="Rungs are numbered in the order in which people first reached them; those held at referral are left out.",
    has_ages=True,
    out_of="spiral_movement",
)
screen.section(
    "What leads on",
    "People out of work, followed from the start and not only those who found work. What comes after a step need not come from it.",
)
screen.panel(
    "work_after_step",
    screen.out_of_work(chosen),
    figure=figures.dots,
    title="Work in the year after, by the step reached in six months",
    published="volunteering_is_weak",
    case_mix=True,
)
screen.panel(
    "work_after_way",
    screen.out_of_work(chosen),
    figure=figures.dots,
    title="Work in the year after, by the way taken in six months",
    note="Direct: linked to employment support. Indirect: another step first. Both, or neither that anybody recorded.",
    case_mix=True,
)
with screen.fold("The route of those who found work"):
    screen.panel("route_to_work", chosen, title="The route of those who found work", has_ages=True)
screen.section("How long it takes")
screen.panel(
    "time_to_stepping_stone",
    chosen,
    figure=figures.waiting,
    also=("time_to_training", "time_to_volunteering", "time_to_work"),
    title="How long it takes to reach a stepping stone, training, volunteering and work",
    note="Everyone counts for as long as they were seen, people referred lately too; a line ends where too few are still seen.",
)
screen.panel("time_to_work", chosen, figure=figures.waiting, title="How long it takes to find work", has_bases=True)
with screen.fold("From the rung at referral to the rung now"):
    screen.panel(
        "spiral_flow",
        chosen,
        title="From the rung at referral to the rung now",
        note="Across: the rung at referral. Down: the rung now.",
        has_ages=True,
        out_of="spiral_now",
    )
with screen.fold(
    "By another door",
    "People come back, often to another service. Only services that share a client key can see one another.",
):
    screen.panel("returned", chosen, by=("financial_year",), title="Referred again after closing")
    screen.panel(
        "doors",
        chosen,
        figure=figures.grid,
        title="From one service to the next",
        note="Down: the service they left. Across: the one they came to next, the same one included.",
    )
screen.how_counted()
