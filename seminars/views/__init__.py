"""Pages about seminars: the catalogue and the calendar for all, the desk for organisers."""
