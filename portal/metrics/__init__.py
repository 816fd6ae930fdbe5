"""What `/metrics` tells whatever watches the portal; docs/operations.md names each figure.

Figures are read when somebody asks. No label holds an address, a name or anybody's number.
"""
