"""nginx/run.sh, which is `make run` after the build."""

import os
import re
import signal
import subprocess
import time

import pytest
import requests

from server import (BUILD, PROGRAM, ROOT, SANITIZED, alive, children, free_port,
                    wait_for)

pytestmark = pytest.mark.skipif(
    SANITIZED or PROGRAM != BUILD / "misp-modules.fcgi",
    reason="runs BUILD's program, with its limit of memory")


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


class Run:
    def __init__(self, output, **environment):
        self.port = free_port()
        self.output = output
        with open(output, "wb") as file:
            self.process = subprocess.Popen(
                ["sh", ROOT / "nginx" / "run.sh"], stdout=file, stderr=file,
                start_new_session=True,
                env={**os.environ, "PORT": str(self.port),
                     "BUILD": str(BUILD), **environment})

    def text(self):
        return self.output.read_text()

    def serves(self):
        wait_for(lambda: "http://" in self.text()
                 or self.process.poll() is not None, what="the URL")
        assert f"http://127.0.0.1:{self.port}" in self.text()
        return self

    def get(self, path):
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    def nothing_is_left(self, processes):
        assert not any(map(alive, processes))
        assert not (BUILD / "run" / str(self.port)).exists()


@pytest.fixture
def run(tmp_path):
    started = []

    def start(**environment):
        output = tmp_path / f"output{len(started)}"
        started.append(Run(output, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(15)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_leaves_nothing_behind(run, number):
    began = time.monotonic()
    one = run().serves()
    assert one.get("/modules").json()
    assert time.monotonic() - began < 5
    processes = descendants(one.process.pid)
    assert len(processes) > 3
    os.killpg(one.process.pid, number)  # as a terminal does
    assert one.process.wait(10) == 0
    one.nothing_is_left(processes)


def test_a_query_that_runs_does_not_keep_it(run):
    one = run().serves()
    processes = descendants(one.process.pid)
    one.process.terminate()
    assert one.process.wait(5) == 0
    one.nothing_is_left(processes)


def test_a_further_configuration_file(run, tmp_path):
    config = tmp_path / "further.conf"
    config.write_text("Plugin { Enrichment_countrycode_enabled = false }\n")
    names = [[module["name"] for module in one.serves().get("/modules").json()]
             for one in (run(), run(CONFIG=str(config)))]
    assert set(names[0]) - set(names[1]) == {"countrycode"}


def test_a_port_in_use(run):
    first = run().serves()
    second = run(PORT=str(first.port))
    assert second.process.wait(5) != 0
    assert f"port {first.port} is in use" in second.text()
    assert first.get("/healthcheck").ok


@pytest.mark.parametrize("environment, words", [
    ({"PORT": "0"}, "PORT=0"),
    ({"PORT": "x"}, "PORT=x"),
    ({"PORT": "65536"}, "PORT=65536"),
    ({"CONFIG": "/nowhere.conf"}, "/nowhere.conf"),
])
def test_what_is_wrong_is_said(run, environment, words):
    one = run(**environment)
    assert one.process.wait(5) != 0
    assert words in one.text()


def test_a_configuration_with_an_error(run, tmp_path):
    config = tmp_path / "wrong.conf"
    config.write_text("server {\n\tworkrs = 3\n}\n")
    one = run(CONFIG=str(config))
    assert one.process.wait(5) != 0
    assert re.search(r"wrong\.conf:2: .*workrs.*workers", one.text())
    assert "the responder has ended" in one.text()


@pytest.mark.parametrize("which", ["nginx", "misp-modules"])
def test_if_one_dies_the_other_is_stopped(run, which):
    one = run().serves()
    processes = descendants(one.process.pid)
    victim = next(pid for pid in children(one.process.pid)
                  if which in open(f"/proc/{pid}/comm").read())
    os.kill(victim, signal.SIGKILL)
    assert one.process.wait(10) != 0
    assert "has ended" in one.text()
    wait_for(lambda: not any(map(alive, processes)), 5, "all to leave")
    one.nothing_is_left(processes)
