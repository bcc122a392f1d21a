from hypothesis import settings

# the same examples each time, however slow the machine
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_addoption(parser):
    parser.addoption(
        "--oracles", default=None, help="folder of published worked examples (default: the variable JOURNEYS_ORACLES)"
    )
