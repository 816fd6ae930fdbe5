"""Answers that no row ties to a person, and what may be shown of them."""
