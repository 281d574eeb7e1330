"""People at work: one Django app ("room") for each activity of the day."""
