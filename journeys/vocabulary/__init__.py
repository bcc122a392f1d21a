"""What may be said and asked: the dictionary, the metrics, the calendar and the selection."""
