"""The program that runs Python modules: what modules do to it, and to each
other."""

import concurrent.futures
import json
import os
import shutil
import signal
import time

import pytest

from python_pool import MODULES, Pool, below, finish, is_alive, until

CLEAN = [0, False, "Error", 2, False, False, False, None, False, False]


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    made = Pool(tmp_path_factory.mktemp("pool"), MODULES, workers=2, most=12)
    try:
        yield made.wait()
    finally:
        assert made.stop() == 0


@pytest.fixture
def start(tmp_path):
    """Pools with a few of the modules, for tests that do something to them."""
    made = []

    def start(*files, **options):
        folder = tmp_path / "modules"
        for file in files:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(MODULES / file, target)
        made.append(Pool(tmp_path, folder, **options))
        return made[-1]

    yield start
    for one in made:
        one.stop()


# ---- What modules answer ----


def test_handlers(pool):
    assert pool.ask("echo") == {"results": [{"types": ["text"], "values": ["hello"]}]}
    assert pool.ask("takes_dict")["results"][0]["values"] == ["hello", "dict"]
    assert pool.ask("uses_lib") == {"results": "from lib"}


@pytest.mark.parametrize("text, answer", {
    "string": "words",
    "false": False,
    "none": None,
    "list": [1],
    "thing": {"results": {"Attribute": [{"type": "thing", "inner": [{"type": "thing", "inner": []}]}]}},
    "others": {"results": ["2020-01-02T00:00:00", "red", "00000000-0000-0000-0000-000000000001",
                           {"left": 1, "right": "x"}]},
    "nan": {"results": [None, None, 1.5, {"type": "thing", "inner": [None]}]},
    "half": {"results": "?"},
    "accent": {"results": "é"},
    "not_json": {"error": "The Python module returns failed: TypeError: set cannot be written as JSON",
                 "results": []},
}.items())
def test_what_is_returned(pool, text, answer):
    assert pool.ask("returns", text) == answer


@pytest.mark.parametrize("text, says", {
    "raise": "The Python module ends failed: ValueError: cannot get http://x/?key=***",
    "rude": "The Python module ends failed: Rude",
    "exit": "The Python module ends called sys.exit().",
    "interrupt": "The Python module ends failed: KeyboardInterrupt",
    "recurse": "The Python module ends failed: RecursionError: maximum recursion depth exceeded",
}.items())
def test_exceptions(pool, text, says):
    answer = pool.ask("ends", text, config={"apikey": "sec&ret"})
    assert answer["error"].startswith(says)
    assert answer["results"] == []
    assert "sec" not in pool.said() and "cannot get" not in pool.said()


@pytest.mark.parametrize("text", ["os_exit", "crash"])
def test_a_process_that_ends_costs_its_query_only(pool, text):
    with pool.begin("ends", text) as connection:
        assert finish(connection) == (None, "")
    assert pool.ask("echo")["results"]


def test_a_module_that_is_not_there(pool):
    assert pool.ask("nothing") == {"error": "There is no Python module nothing.", "results": []}


def test_a_fork_that_comes_back_answers_once(pool):
    assert pool.ask("ends", "fork") == {"results": []}


# ---- What modules leave behind ----


def test_a_success_leaves_nothing(pool):
    processes = set()
    for _ in range(20):
        leaked, _, process = pool.ask("leaks", "leak")["results"]
        assert leaked[0] == 1
        clean, _, again = pool.ask("leaks", "look")["results"]
        assert clean == CLEAN
        processes |= {process, again}
    assert len(processes) <= 2  # it was put back, not replaced


def test_a_failure_leaves_nothing(pool):
    for _ in range(10):
        assert pool.ask("ends", "dirty") == {"error": "halfway"}
        assert pool.ask("ends", "is_dirty") == {"results": False}


@pytest.mark.parametrize("what", ["child", "far_child", "daemon"])
def test_children_end_with_their_query(pool, what):
    child = pool.ask("leaks", what)["results"][1]
    until(lambda: not is_alive(child), "a child is left", 5)


def test_a_thread_ends_with_its_query(pool):
    process = pool.ask("leaks", "thread")["results"][2]
    until(lambda: not is_alive(process), "the process is left", 5)


def test_what_is_printed_is_not_logged(pool):
    assert pool.ask("leaks", "print")["results"]
    assert "PRINTED" not in pool.said()


# ---- Who asks ----


@pytest.mark.parametrize("text", ["hang", "spin"])
def test_who_goes_away_takes_the_process_along(pool, text):
    connection = pool.begin("ends", text)
    time.sleep(0.3)
    before = below(pool.pid)
    connection.close()
    until(lambda: before - below(pool.pid), "nothing ended", 2)


def test_who_goes_away_takes_children_along(pool, tmp_path):
    note = tmp_path / "pid"
    connection = pool.begin("leaks", "hang_child", file=str(note))
    child = int(until(lambda: note.exists() and note.read_text(), "no child"))
    connection.close()
    until(lambda: not is_alive(child), "a child is left", 5)


def test_who_has_gone_is_not_served(pool):
    """More than there are workers, so that some wait to be accepted."""
    for connection in [pool.begin("ends", "hang") for _ in range(40)]:
        connection.close()
    began = time.monotonic()
    assert pool.ask("echo")["results"]
    assert time.monotonic() - began < 2


def test_queries_that_hang_hold_up_no_other(pool):
    hanging = [pool.begin("ends", "hang") for _ in range(10)]
    try:
        for _ in range(20):
            began = time.monotonic()
            assert pool.ask("echo")["results"]
            assert time.monotonic() - began < 0.5
    finally:
        for connection in hanging:
            connection.close()


def test_what_is_too_much_goes_again(start):
    pool = start("expansion/echo.py", "expansion/ends.py", workers=2, most=8).wait()
    hanging = [pool.begin("ends", "hang") for _ in range(7)]
    until(lambda: len(below(pool.loader())) == 8, "no more workers")
    for connection in hanging:
        connection.close()
    until(lambda: len(below(pool.loader())) <= 3, "too many workers", 30)


BYTES = {
    "not JSON": (b"POST /query HTTP/1.1\r\nContent-Length: 1\r\n\r\n{", 400),
    "not UTF-8": (b"POST /query HTTP/1.1\r\nContent-Length: 3\r\n\r\n\"\xff\"", 400),
    "a list": (b"POST /query HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]", 400),
    "a name that is none": (b'POST /query HTTP/1.1\r\nContent-Length: 13\r\n\r\n{"module":[]}', 400),
    "deep": (b"POST /query HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"[" * 200000, 400),
    "no length": (b"POST /query HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
    "negative": (b"POST /query HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    "chunked": (b"POST /query HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "too long": (b"POST /query HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
    "a long head": (b"GET / HTTP/1.1\r\nX: " + b"x" * 200000 + b"\r\n\r\n", 431),
    "no HTTP": (b"hello\r\n\r\n", 400),
    "no such path": (b"GET /x HTTP/1.1\r\n\r\n", 404),
    "health": (b"GET /healthcheck HTTP/1.1\r\n\r\n", 200),
}


@pytest.mark.parametrize("what", BYTES)
def test_any_bytes_are_answered(pool, what):
    data, status = BYTES[what]
    code, body = pool.exchange(data)
    assert code == status
    assert isinstance(json.loads(body), dict)


def test_a_long_body_is_waited_for(pool):
    body = json.dumps({"module": "echo", "text": "x" * 3000000}).encode()
    with pool.connect() as connection:
        connection.sendall(b"POST /query HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        for start in range(0, len(body), 1000000):
            connection.sendall(body[start:start + 1000000])
            time.sleep(0.1)
        assert len(finish(connection)[1]) > 3000000


# ---- The list ----


def test_the_list(pool):
    listed = pool.listed()
    names = [descriptor["name"] for descriptor in listed["modules"]]
    assert names == ["echo", "ends", "leaks", "returns", "slow_import", "takes_dict",
                     "takes_time", "uses_lib"]
    assert listed["modules"][0] == {
        "name": "echo", "type": "expansion", "mispattributes": {"input": ["text"], "output": ["text"]},
        "meta": {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}}
    reasons = {entry["path"].rpartition("/")[2]: entry["reason"] for entry in listed["failures"]}
    assert reasons == {
        "bad_crash.py": "importing it ended Python: Segmentation fault",
        "bad_exit.py": "importing it called sys.exit()",
        "bad_hang.py": "importing it took longer than 2 s",
        "bad_import.py": "ModuleNotFoundError: No module named 'there_is_no_such_module'",
        "bad_introspection.py": "KeyError: 'input'",
        "bad_os_exit.py": "importing it ended Python: it exited with status 0",
        "echo.py": f"the name is taken by {MODULES}/expansion/echo.py"}
    assert pool.loading.read_text() == ""
    code, body = pool.exchange(b"GET /modules HTTP/1.1\r\n\r\n")
    assert json.loads(body) == listed["modules"]


@pytest.mark.parametrize("module, says", {
    "bad_crash": "importing it ended Python: Segmentation fault",
    "bad_import": "ModuleNotFoundError: No module named 'there_is_no_such_module'",
}.items())
def test_who_asks_a_module_that_failed_is_told_why(pool, module, says):
    assert pool.ask(module) == {"error": f"The Python module {module} could not be loaded: {says}", "results": []}


def test_the_list_holds_at_once_and_what_changes_is_seen(start):
    one = start("expansion/echo.py", "export_mod/slow_import.py").wait()
    one.stop()
    before = one.list.stat()
    (one.folder / "modules/expansion/echo.py").unlink()
    two = Pool(one.folder, one.folder / "modules", socket_of=one.listener)
    try:
        until(lambda: [m["name"] for m in two.listed()["modules"]] == ["slow_import"], "echo is listed", 2)
        assert "modules loaded" not in two.said()
        two.wait()
        middle = two.list.stat()
        assert middle.st_ino != before.st_ino
    finally:
        two.stop()
    three = Pool(one.folder, one.folder / "modules", socket_of=one.listener)
    try:
        three.wait()
        assert three.list.stat().st_mtime_ns == middle.st_mtime_ns
    finally:
        three.stop()


def test_a_place_that_is_none(tmp_path):
    pool = Pool(tmp_path, "there_is_no_such_package", MODULES)
    try:
        until(lambda: pool.list.exists(), "no list")
        assert "there_is_no_such_package" in [entry["path"] for entry in pool.listed()["failures"]]
    finally:
        pool.stop()


# ---- The processes ----


def test_answers_while_loading(start):
    pool = start("expansion/echo.py", "expansion/ends.py", "action_mod/bad_hang.py")
    hanging = [pool.begin("ends", "hang") for _ in range(3)]
    assert pool.ask("echo")["results"]
    assert "modules loaded" not in pool.said()
    for connection in hanging:
        connection.close()
    pool.wait()
    assert pool.ask("echo")["results"]


def test_the_loader_and_workers_are_replaced(start):
    pool = start("expansion/echo.py").wait()
    for victim in (pool.loader(), *below(pool.loader())):
        if is_alive(victim):
            os.kill(victim, signal.SIGKILL)
        for _ in range(10):
            assert pool.ask("echo")["results"]
    until(lambda: len(below(pool.loader())) == 2, "no new workers")


def test_a_query_outlives_the_loader(start):
    pool = start("expansion/echo.py", "expansion/ends.py").wait()
    connection = pool.begin("ends", "hang")
    time.sleep(0.3)
    workers = below(pool.loader())
    os.kill(pool.loader(), signal.SIGKILL)
    time.sleep(1)
    left = [pid for pid in workers if is_alive(pid)]
    assert len(left) == 1
    connection.close()
    until(lambda: not is_alive(left[0]), "the worker is left", 5)


def test_nobody_outlives_the_supervisor(start):
    pool = start("expansion/echo.py", "expansion/ends.py", "action_mod/bad_hang.py")
    pool.ask("echo")
    until(lambda: "bad_hang" in pool.loading.read_text(), "not loading")
    family = below(pool.pid)
    assert len(family) >= 3
    pool.process.kill()
    pool.process.wait()
    until(lambda: not any(map(is_alive, family)), "processes are left", 5)


def test_a_stop_finishes_queries(start):
    pool = start("expansion/echo.py", "expansion/takes_time.py").wait()
    connection = pool.begin("takes_time", "1")
    time.sleep(0.3)
    pool.process.send_signal(signal.SIGTERM)
    assert finish(connection)[0] == 200
    assert pool.process.wait(5) == 0


def test_a_stop_while_a_module_hangs_at_its_import(start):
    pool = start("action_mod/bad_hang.py")
    until(lambda: below(pool.pid), "no processes")
    time.sleep(0.5)
    pool.process.send_signal(signal.SIGTERM)
    assert pool.process.wait(2) == 0


def test_the_next_pool_takes_over(start):
    one = start("expansion/echo.py", "export_mod/slow_import.py").wait()
    two = Pool(one.folder, one.folder / "modules", socket_of=one.listener, options=["--replaces", str(one.pid)])
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            replaced = threads.submit(one.process.wait, 20)
            count = 0
            while not replaced.done() or count < 50:
                assert two.ask("echo")["results"], count
                count += 1
        assert replaced.result() == 0
        assert two.ask("echo")["results"]
    finally:
        two.stop()


def test_a_process_serves_so_many_queries(start):
    pool = start("expansion/leaks.py", workers=1, most=1).wait()
    first = pool.ask("leaks", "look")["results"][2]
    for _ in range(1100):
        last = pool.ask("leaks", "look")["results"][2]
    assert first != last
