"""A question in, a protected answer out: exact figures do not leave this room."""
