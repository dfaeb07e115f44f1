"""Manager and workers: deaths, hang-ups, reloads, restarts."""

import concurrent.futures
import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time

import pytest
import requests

from server import FRONTS, PROGRAM, alive, children, wait_for


class Load:
    """Queries without pause from some threads; wrong keeps what went amiss."""

    def __init__(self, server, threads=4, module="good_echo", text=None):
        self.server, self.wrong, self.right = server, [], 0
        self.module, self.text = module, text
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,))
                         for number in range(threads)]

    def _run(self, number):
        count = 0
        while not self._over.is_set():
            count += 1
            text = self.text or f"{number} {count}"
            try:
                answer = self.server.ask(self.module, text)
                right = answer["results"][0]["values"] == [text]
            except Exception as error:  # whatever it is, a query is lost
                answer, right = error, False
            with self._lock:
                self.right += right
                if not right:
                    self.wrong.append(answer)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()


def in_background(function, *arguments):
    """Starts it; returns something with result()."""
    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(function, *arguments)
    pool.shutdown(wait=False)
    return future


def busy(server):
    return server.metric("misp_modules_workers", state="busy")


def hang_up_after(server, module, wait):
    """Sends a query and closes the connection while it runs."""
    body = json.dumps({"module": module, "text": "x"}).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"POST /query HTTP/1.1\r\nHost: x\r\nContent-Type: "
                       b"application/json\r\nContent-Length: %d\r\n\r\n%s"
                       % (len(body), body))
        wait()


@pytest.fixture(params=["nginx", "proxy_fcgi"])
def managed(request, serve):
    """Two workers of its own, behind a web server that leaves them to the
    manager."""
    return serve(request.param, workers=2, timeout=6,
                 modules=("good_echo", "good_slow", "bad_loop", "bad_null"))


def test_a_killed_worker_is_replaced(managed):
    before = set(managed.workers())
    slow = in_background(lambda: managed.request(
        "POST", "/query", json={"module": "good_slow", "text": "4"}))
    # Before the first sign of life, which is the beginning of an answer.
    wait_for(lambda: busy(managed) == 1, what="the query to run")
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    reply = slow.result()
    if managed.front == "nginx":  # MISP shows an error only with a 200
        assert reply.status_code == 200
        assert reply.json()["results"] == []
        assert "ended" in reply.json()["error"]
    else:
        assert reply.status_code in (502, 503) or not reply.content.strip()
    wait_for(lambda: len(set(managed.workers()) - before) >= 2,
             what="new workers")
    assert managed.ask("good_echo", "still")["results"]


def test_a_killed_worker_of_apache_is_replaced(serve):
    server = serve("fcgid", timeout=6, modules=("good_echo", "good_slow"))
    server.ask("good_echo", "there is a worker")
    slow = in_background(lambda: server.request(
        "POST", "/query", json={"module": "good_slow", "text": "4"}))
    time.sleep(0.5)

    def killed():
        for worker in server.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        return slow.done()

    # Apache may have started another one for it meanwhile.
    wait_for(killed, 3, "the end of the query")
    with contextlib.suppress(requests.RequestException):
        assert b"results" not in slow.result().content
    wait_for(lambda: server.request("POST", "/query", json={
        "module": "good_echo", "text": "still"}).ok, 5, "a new worker")


def test_when_the_manager_is_killed_workers_finish_and_leave(managed):
    workers = managed.workers()
    slow = in_background(managed.ask, "good_slow", "1.5")
    wait_for(lambda: busy(managed) == 1, what="the query to run")
    os.kill(managed.pid, signal.SIGKILL)
    assert slow.result()["results"][0]["values"] == ["1.5"]
    wait_for(lambda: not any(map(alive, workers)), 3, "the workers to leave")


def test_when_all_workers_hang_health_says_so_and_others_wait(managed):
    hung = [in_background(managed.ask, "bad_loop") for _ in range(2)]
    wait_for(lambda: managed.get("/healthcheck").status_code == 503,
             what="an unhealthy answer")
    answer = managed.get("/healthcheck").json()
    assert answer["status"] is False
    assert answer["workers"] == {"total": 2, "idle": 0, "busy": 2}
    assert managed.get("/modules", timeout=1).ok
    assert managed.ask("good_echo", "patience")["results"]
    for query in hung:
        assert "took longer" in query.result()["error"]
    wait_for(lambda: managed.get("/healthcheck").json() == {
        "status": True, "workers": {"total": 2, "idle": 2, "busy": 0}},
        what="health")


@pytest.mark.parametrize("front", FRONTS)
def test_a_client_that_hangs_up_frees_its_worker(serve, front):
    server = serve(front, workers=1, modules=("good_echo", "bad_loop"),
                   timeout=20)
    hang_up_after(server, "bad_loop", lambda: time.sleep(0.5))
    line = server.wait_for_log("module=bad_loop", seconds=1)
    assert "status=cancelled" in line
    assert server.ask("good_echo", "next")["results"]
    if front != "fcgid":  # there each worker counts for itself
        assert server.metric("misp_modules_cancellations_total",
                             module="bad_loop") == 1


def test_a_client_that_hangs_up_while_its_query_waits(serve):
    server = serve("nginx", workers=1, modules=("good_echo", "bad_loop"),
                   timeout=3)
    hung = in_background(server.ask, "bad_loop")
    wait_for(lambda: server.get("/healthcheck").status_code == 503,
             what="the worker to hang")
    hang_up_after(server, "good_echo", lambda: time.sleep(0.5))
    line = server.wait_for_log("module=good_echo", seconds=1)
    assert "status=cancelled" in line
    assert "took longer" in hung.result()["error"]


@pytest.mark.parametrize("front", ["proxy_fcgi", "fcgid"])
def test_signs_of_life_leave_the_answer_as_it_is(serve, front):
    server = serve(front, workers=1, timeout=2,
                   modules=("good_slow", "bad_sleep", "bad_null"))
    reply = server.request("POST", "/query", json={
        "module": "good_slow", "text": "0.7"})
    assert reply.content.startswith(b"\n")
    assert reply.json()["results"][0]["values"] == ["0.7"]
    assert server.wait_for_log("id=" + reply.headers["X-Request-Id"])
    assert "took longer" in server.ask("bad_sleep")["error"]


def test_six_reloads_under_load_lose_no_query(serve):
    server = serve(workers=4, modules=("good_echo", "good_slow"))
    manager = server.pid
    with Load(server) as load:
        for _ in range(6):
            before = set(server.workers())
            server.reload()
            wait_for(lambda: len(set(server.workers()) - before) >= 4,
                     what="new workers")
            wait_for(lambda: not before & set(server.workers()),
                     what="the old ones to leave")
    assert load.wrong == []
    assert load.right > 100
    assert alive(manager)


def test_six_restarts_under_load_lose_no_query(serve):
    server = serve(workers=4, modules=("good_echo",))
    with Load(server) as load:
        for _ in range(6):
            server.restart()
            time.sleep(0.1)
    assert load.wrong == []
    assert load.right > 100


def test_a_reload_brings_new_modules_and_settings(serve):
    server = serve(workers=2, modules=("good_echo",))
    etag = server.get("/modules").headers["ETag"]
    server.add_module("good_slow")
    server.configure(plugin='Enrichment_good_echo_greeting = "salut"')
    server.reload()
    wait_for(lambda: "good_slow" in server.get("/modules").text, 3,
             "the new module in the list")
    assert server.get("/modules").headers["ETag"].strip('W/') \
        != etag.strip('W/')
    assert server.ask("good_echo")["results"][1]["values"] == ["salut"]


def test_a_query_that_runs_survives_a_reload(managed):
    slow = in_background(managed.ask, "good_slow", "1.5")
    wait_for(lambda: busy(managed) == 1, what="the query to run")
    managed.reload()
    assert slow.result()["results"][0]["values"] == ["1.5"]


def test_with_an_error_in_the_configuration_the_old_one_goes_on(serve):
    server = serve(workers=2, modules=("good_echo",))
    before = set(server.workers())
    server.configure(plugin="Enrichment_good_echo_greting = x")
    server.reload()
    line = server.wait_for_log("Enrichment_good_echo_greting")
    assert "Enrichment_good_echo_greeting" in line
    assert before <= set(server.workers())
    assert server.ask("good_echo")["results"]
    server.configure()
    server.reload()
    wait_for(lambda: not before & set(server.workers()),
             what="a reload that holds")


def test_sigterm_finishes_the_running_query(managed):
    workers = managed.workers()
    slow = in_background(managed.ask, "good_slow", "1")
    wait_for(lambda: busy(managed) == 1, what="the query to run")
    os.kill(managed.pid, signal.SIGTERM)
    assert slow.result()["results"][0]["values"] == ["1"]
    assert managed.responder.process.wait(3) == 0
    assert not any(map(alive, workers))


def test_sigterm_while_a_reload_is_checked(managed):
    slow = in_background(managed.ask, "good_slow", "1")
    wait_for(lambda: busy(managed) == 1, what="the query to run")
    os.kill(managed.pid, signal.SIGHUP)
    time.sleep(0.002)  # the check has begun, and is not over
    os.kill(managed.pid, signal.SIGTERM)
    assert slow.result()["results"][0]["values"] == ["1"]
    assert managed.responder.process.wait(3) == 0


def test_nobody_reads_the_log_any_more(serve):
    server = serve(workers=1)
    server.responder.stop()
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [PROGRAM, "serve", "--config", server.config_path],
        stdin=server.responder.socket, stderr=writing)
    os.close(writing)
    try:
        wait_for(lambda: children(process.pid), what="the workers")
        os.close(reading)
        process.send_signal(signal.SIGHUP)  # which it logs
        time.sleep(0.5)
        assert process.poll() is None
        assert server.get("/healthcheck").ok
    finally:
        process.terminate()
        assert process.wait(5) == 0


def test_more_hung_queries_than_may_wait(serve):
    server = serve(workers=2, timeout=4, modules=("bad_sleep",))
    with concurrent.futures.ThreadPoolExecutor(90) as pool:
        began = time.monotonic()
        hung = [pool.submit(server.ask, "bad_sleep") for _ in range(90)]
        time.sleep(1.5)  # by now all are looked after
        asked = time.monotonic()
        assert server.get("/healthcheck").status_code == 503
        assert server.get("/modules").ok
        assert time.monotonic() - asked < 1
        said = [query.result()["error"] for query in hung]
        # The last that waits may get its turn, and takes as long again.
        assert time.monotonic() - began < 2 * 4 + 1
    assert 2 <= sum("took longer" in error for error in said) <= 4
    assert sum("workers of this server are busy" in error
               for error in said) >= 50
    assert sum("many queries wait" in error for error in said) >= 10


def test_workers_that_die_at_birth_are_not_started_without_pause(serve):
    server = serve(workers=1)
    seen = set()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        for worker in server.workers():
            seen.add(worker)
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.005)
    assert 2 <= len(seen) < 40
    wait_for(lambda: server.get("/healthcheck", timeout=10).ok, 15, "recovery")


def test_the_list_of_modules_outlives_a_short_outage(serve):
    server = serve(workers=1)
    modules = server.get("/modules").content
    server.responder.stop()
    server.responder.socket.close()
    time.sleep(2.1)  # no longer fresh: nginx counts whole seconds
    assert server.get("/modules", timeout=1).content == modules


def test_while_the_responder_is_down_a_query_is_told_so(serve):
    server = serve(workers=1)
    server.responder.close()
    status, answer = server.query({"module": "dns"})
    assert status == 200
    assert answer["results"] == [] and "does not answer" in answer["error"]
    assert server.get("/healthcheck").status_code == 502


def test_a_reload_takes_over_under_load_without_a_pause(serve):
    server = serve(workers=2, modules=("good_slow",))
    before = set(server.workers())
    # There is always a query that waits: no worker ever is idle.
    with Load(server, 8, "good_slow", "0.02") as load:
        server.reload()
        wait_for(lambda: not before & set(server.workers()), 4,
                 "the old workers to leave")
    assert load.wrong == []


def test_a_configuration_that_breaks_behind_its_check(serve):
    """The program that takes over cannot read what the check could."""
    server = serve(workers=2, modules=("good_echo",))
    before = set(server.workers())
    good = server.config_path.read_text()
    for delay in (0.002 * step for step in range(1, 30)):
        server.config_path.write_text(good)
        server.reload()
        time.sleep(delay)
        server.config_path.write_text("server { timeout = nonsense }")
        time.sleep(0.15)
        if any("cannot be read any more" in line for line in server.log):
            break
    assert alive(server.pid)
    assert server.ask("good_echo")["results"]
    server.config_path.write_text(good)
    server.reload()
    wait_for(lambda: not before & set(server.workers()), 10, "the reload")
    wait_for(lambda: len(server.workers()) >= 3, what="new workers")
    assert server.ask("good_echo")["results"]


def test_stopping_waits_for_a_module_with_a_longer_limit(serve):
    server = serve(workers=1, timeout=1, modules=("good_slow",),
                   plugin="Enrichment_good_slow_timeout = 20")
    slow = in_background(server.ask, "good_slow", "5")
    wait_for(lambda: busy(server) == 1, what="the query to run")
    os.kill(server.pid, signal.SIGTERM)
    assert slow.result()["results"][0]["values"] == ["5"]


def test_health_while_silent_connections_hold_all_workers(serve):
    server = serve(workers=2, timeout=20, modules=("good_echo",))
    with contextlib.ExitStack() as peers:
        for _ in range(2):
            peer = peers.enter_context(socket.socket(socket.AF_UNIX))
            peer.connect(str(server.responder.path))
        time.sleep(0.2)
        reply = server.get("/healthcheck", timeout=3)
        assert reply.status_code == 503
        assert server.ask("good_echo")["results"]


def test_killing_all_idle_workers_costs_no_long_pause(serve):
    server = serve(workers=4, modules=("good_echo",))
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
    assert server.ask("good_echo")["results"]  # the server waits 5 s at most


def test_reloads_leave_no_descriptors_behind(serve):
    server = serve(workers=1, modules=("good_echo",))

    def descriptors():
        return len(os.listdir(f"/proc/{server.pid}/fd"))

    def reload():
        before = set(server.workers())
        server.reload()
        wait_for(lambda: server.workers()
                 and not before & set(server.workers()), what="the reload")

    reload()
    time.sleep(0.6)  # the old board is let go at a tick
    before = descriptors()
    for _ in range(3):
        reload()
    time.sleep(0.6)
    assert descriptors() == before


def test_counters_survive_a_reload_of_a_running_query(serve):
    server = serve(workers=2, timeout=6, modules=("good_slow",))
    slow = in_background(server.ask, "good_slow", "1")
    wait_for(lambda: busy(server) == 1, what="the query to run")
    server.reload()
    assert slow.result()["results"]
    wait_for(lambda: server.metric("misp_modules_queries_total",
                                   module="good_slow") == 1,
             what="the counter")
