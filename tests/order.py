"""In which order pytest's processes take the files: those that last long begin first.

A process takes a file at a time. If one that lasts long begins late, the others wait for it at the
end. What tries very much is marked already (`no_cover`); what only lasts long is marked `long`.
After these, files of many tests come before files of few.
"""

from __future__ import annotations

from collections import Counter

import pytest

LASTING = ("no_cover", "long")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One process alone keeps pytest's order: there is nobody to wait."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)
    lasting = {
        item.path for item in items if any(item.get_closest_marker(name) for name in LASTING)
    }
    items.sort(key=lambda item: (item.path not in lasting, -tests[item.path]))
