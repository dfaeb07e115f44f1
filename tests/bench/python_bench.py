"""What Python modules cost: queries a second, beside a tornado server of the
same module; one query while forty others hang."""

import concurrent.futures
import contextlib
import pathlib
import statistics
import subprocess
import sys
import time

import requests

from server import ROOT, Server, free_port, stop, wait_for

BODY = '{"module":"py_ways","domain":"echo","text":"hello","event_id":"3"}'
HUNG = 40


@contextlib.contextmanager
def pool():
    """A server with the tests' Python modules."""
    server = Server(workers=64, timeout=10)
    server.sections = (f'python {{ path = {{ "{ROOT}/tests/python" }} '
                       "max_workers = 60 }\n")
    server.configure(config=f'cache = "{server.directory}/cache"')
    server.reload()
    try:
        server.wait_for_log("Python modules loaded", seconds=30)
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def tornado():
    port = free_port()
    url = f"http://127.0.0.1:{port}/query"

    def answers():
        with contextlib.suppress(requests.ConnectionError):
            return requests.post(url, data=BODY, timeout=5).ok

    process = subprocess.Popen(
        [sys.executable, pathlib.Path(__file__).parent / "tornado_server.py",
         str(port)])
    try:
        wait_for(answers, what="tornado")
        yield url
    finally:
        stop(process)


def throughput(report, load, compare):
    with pool() as server, tornado() as url:
        script = server.directory / "post.lua"
        # As MISP asks: each query over a connection of its own.
        script.write_text(f'wrk.method = "POST"\nwrk.body = [[{BODY}]]\n'
                          'wrk.headers["Connection"] = "close"\n')
        ratio, ours, theirs = compare(
            lambda: load(server.url + "/query", script, 16),
            lambda: load(url, script, 16))
        report("queries to a Python module", f"{ours:.0f}/s, {ratio:.2f} "
               f"times those of tornado ({theirs:.0f}/s)", "2 times",
               ratio >= 2)


def among_hung_ones(report):
    with pool() as server:
        def ask(way):
            began = time.monotonic()
            requests.post(server.url + "/query", timeout=30,
                          data=BODY.replace("echo", way))
            return (time.monotonic() - began) * 1000

        alone = statistics.median(ask("echo") for _ in range(50))
        with concurrent.futures.ThreadPoolExecutor(HUNG) as threads:
            hung = [threads.submit(ask, "hangs") for _ in range(HUNG)]
            time.sleep(1)
            among = statistics.median(ask("echo") for _ in range(50))
            for query in hung:
                query.result()
        report(f"one query while {HUNG} hang", f"{among:.1f} ms, alone "
               f"{alone:.1f} ms", "as alone (5 ms more at most)",
               among < alone + 5)
