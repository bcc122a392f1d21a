"""The board summary, and what `streamlit run` starts."""

from journeys import screen

chosen = screen.frame("Board summary", is_compact=True)
screen.board(chosen, screen.BOARD)
