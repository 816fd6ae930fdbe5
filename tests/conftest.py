import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.services",
    "tests.cast",
    "tests.crawl",
    "tests.midnight",
    "tests.clock",
    "tests.database",
    "tests.stopping",
    "tests.measured",
    "tests.order",
]

# The same examples on every machine, and no stopwatch: a change is not refused for what another
# has left behind, nor for a busy machine. HYPOTHESIS_PROFILE=search looks further.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "database": None}
settings.register_profile("same", derandomize=True, print_blob=True, **PATIENT)
settings.register_profile("search", max_examples=1000, print_blob=True, **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
