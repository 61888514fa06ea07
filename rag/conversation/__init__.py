"""A follow-up question made to stand alone."""
