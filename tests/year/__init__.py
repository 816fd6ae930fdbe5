"""A municipality lived through with a moving clock: `docs/the-year.md`."""
