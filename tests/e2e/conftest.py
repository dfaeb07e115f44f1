"""Fixtures of the end-to-end tests; see server.py."""

import concurrent.futures
import pathlib
import signal
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from server import FRONTS, PROGRAM, Server  # noqa: E402
from nameserver import nameserver  # noqa: E402, F401

# Each ends its query, and the process that ran it, in its own way.
BAD_MODULES = ("bad_null", "bad_abort", "bad_loop", "bad_blocks_alarm",
               "bad_sleep", "bad_memory", "bad_returns_null", "bad_exit",
               "bad_rubbish", "bad_violations")
GOOD_MODULES = ("good_echo", "good_slow")


def pytest_sessionstart(session):
    if not PROGRAM.exists():
        raise pytest.UsageError(f"{PROGRAM} is not there: run make first")
    # Ignored in a job that a shell runs in the background, and then by all
    # that is started from here.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server():
    """The installed modules behind nginx, and nothing that misbehaves."""
    instance = Server(max_request=64 << 20)
    yield instance
    instance.close()


@pytest.fixture(scope="session", params=FRONTS)
def front(request):
    """Good and bad modules together, behind each web server."""
    instance = Server(request.param, workers=32,
                      modules=BAD_MODULES + GOOD_MODULES,
                      max_request=(64 << 20) + 1000)
    if request.param == "fcgid":
        # Apache starts about one worker a second, and whoever found none
        # looks again after a second: times are right once they are there.
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            list(pool.map(lambda _: instance.ask("good_slow", "0.1"),
                          range(200)))
    yield instance
    instance.close()


@pytest.fixture
def serve():
    """Makes instances of a test's own, with the arguments of Server."""
    made = []

    def start(*arguments, **options):
        made.append(Server(*arguments, **options))
        return made[-1]

    yield start
    for instance in made:
        instance.close()
