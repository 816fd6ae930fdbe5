pytest_plugins = ["tests.services", "tests.cast"]
