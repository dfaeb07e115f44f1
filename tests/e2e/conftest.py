"""Fixtures of the end-to-end tests; see server.py."""

import concurrent.futures
import contextlib
import pathlib
import signal
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import services  # noqa: E402
from golden import all_urls  # noqa: E402
from server import FRONTS, PROGRAM, Server  # noqa: E402

# Each ends its query, and the process that ran it, in its own way.
BAD_MODULES = ("bad_null", "bad_abort", "bad_loop", "bad_blocks_alarm",
               "bad_sleep", "bad_memory", "bad_misses_memory", "bad_prepares",
               "bad_returns_null", "bad_exit", "bad_rubbish",
               "bad_violations")
GOOD_MODULES = ("good_echo", "good_slow")
# What the tests' own modules ask.
TEST_URLS = [f"https://{host}.example.test"
             for host in ("service", "own", "second", "x.below")]


def pytest_sessionstart(session):
    if not PROGRAM.exists():
        raise pytest.UsageError(f"{PROGRAM} is not there: run make first")
    # Ignored in a job that a shell runs in the background, and then by all
    # that is started from here.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The stub of all services, and what the names in cases stand for."""
    with services.world(tmp_path_factory.mktemp("world"),
                        all_urls() + TEST_URLS) as made:
        yield made


@pytest.fixture(scope="session")
def stub(world):
    return world[0]


@pytest.fixture(scope="session")
def names(world):
    return world[1]


@pytest.fixture(scope="session")
def make_server(world):
    """A Server that asks the stub instead of services; unless reachable, it
    is refused there, and no name server answers."""
    stub, names = world

    @contextlib.contextmanager
    def make(reachable=True, http="", **options):
        closed = None if reachable else names["<closed port>"]
        resolver = names["<nameserver>" if reachable
                         else "<silent nameserver>"]
        instance = Server(max_request=64 << 20, sections=(
            f'http {{\n\tca_file = "{stub.ca_file}"\n'
            f'\tconnect_to = "{stub.connect_to(closed)}"\n'
            f"\tallow_private = true\n\t{http}\n}}\n"
            f'dns {{\n\tnameserver = "{resolver}"\n}}\n'),
            **options)
        try:
            yield instance
        finally:
            instance.close()

    return make


@pytest.fixture(scope="session")
def server(make_server):
    """The installed modules behind nginx, and nothing that misbehaves."""
    with make_server() as instance:
        yield instance


@pytest.fixture(scope="session")
def cut_off_server(make_server):
    """The same, but no service can be reached."""
    with make_server(reachable=False, workers=2) as instance:
        yield instance


@pytest.fixture(scope="session", params=FRONTS)
def front(request):
    """Good and bad modules together, behind each web server."""
    instance = Server(request.param, workers=32,
                      modules=BAD_MODULES + GOOD_MODULES,
                      max_request=(64 << 20) + 1000,
                      # Half a gigabyte is not eaten up at once.
                      plugin="Enrichment_bad_memory_timeout = 8")
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
