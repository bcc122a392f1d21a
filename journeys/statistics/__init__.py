"""Numbers in, numbers out: intervals, limits and curves. Knows nothing of journeys."""
