"""A person is chosen by name among those who may be chosen in that place."""
