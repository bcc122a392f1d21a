"""The board summary, and what `streamlit run` starts."""

from journeys import screen

chosen = screen.frame("Board summary", is_compact=True)
screen.board(
    chosen,
    (
        ("referrals", "Referrals"),
        ("contact_within_28_days", "Referrals"),
        ("climbed", "Upward_spiral"),
        ("stepping_stone", "Outcomes"),
        ("found_work", "Outcomes"),
        ("work_goal", "Goals"),
    ),
)
