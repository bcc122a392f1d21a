def pytest_addoption(parser):
    parser.addoption(
        "--oracles", default=None, help="folder of published worked examples (default: the variable JOURNEYS_ORACLES)"
    )
