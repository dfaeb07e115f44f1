"""Python modules, served as they are; see tests/python."""

import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from server import PROGRAM, ROOT, alive, children, wait_for

PYTHON = ROOT / "tests" / "python"
PLUGIN = """
\tEnrichment_py_ways_apikey = "of the file"
\tEnrichment_py_ways_timeout = 2
"""


def sections(directory, more=""):
    return (f'python {{\n\tpath = {{ "{PYTHON}" }}\n\tworkers = 3\n'
            f"\t{more}\n}}\n")


def start(serve, tmp_path, more="", **options):
    instance = serve(config=f'cache = "{tmp_path}/cache"', plugin=PLUGIN,
                     sections=sections(tmp_path, more), **options)
    wait_for(lambda: "py_ways" in names(instance), 20, "the Python modules")
    wait_for(lambda: "Python modules loaded" in "\n".join(instance.log), 20,
             "all to be loaded")
    return instance


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    from server import Server
    path = tmp_path_factory.mktemp("python")
    instance = Server(config=f'cache = "{path}/cache"', plugin=PLUGIN,
                      sections=sections(path), workers=16)
    try:
        wait_for(lambda: "py_ways" in names(instance), 20, "the modules")
        yield instance
    finally:
        instance.close()


def names(server):
    return [entry["name"] for entry in server.get("/modules").json()]


def answer(server, body):
    response = server.request("POST", "/query", json=body)
    assert response.status_code == 200
    return response.json()


def ways(server, way, text="", **more):
    return answer(server, {"module": "py_ways", "domain": way, "text": text,
                           **more})


def values(server, way, text="", **more):
    results = ways(server, way, text, **more)
    assert results.get("results"), results
    return results["results"][0]["values"]


def pool(server):
    """The pid of the program."""
    for pid in children(server.pid):
        # It may have ended meanwhile.
        with contextlib.suppress(OSError):
            if b"pool.py" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return None


def check(server):
    return subprocess.run([PROGRAM, "check", "--config", server.config_path],
                          capture_output=True, text=True).stdout


def test_a_descriptor_is_what_the_module_says(python):
    entry = next(e for e in python.get("/modules").json()
                 if e["name"] == "py_ways")
    assert entry == {
        "name": "py_ways", "type": "expansion",
        "mispattributes": {"input": ["domain", "hostname"],
                           "output": ["text"]},
        "meta": {"version": "1", "author": "tests",
                 "description": "Ends in every way.",
                 "module-type": ["expansion", "hover"],
                 "config": ["apikey", "other"]}}


def test_settings_are_filled_in(python):
    assert values(python, "config") == ["of the file", None]
    assert values(python, "config", config={"apikey": None, "other": "o"}) \
        == ["of the file", "o"]
    assert values(python, "config", config={"apikey": "of MISP"}) \
        == ["of MISP", None]


def test_dict_handler_objects_and_library(python):
    assert answer(python, {"module": "py_dict", "attribute": {
        "type": "text", "value": "x"}}) == {"results": {"Attribute": [{
        "type": "text", "value": "from the library", "when": "2020-02-03",
        "uuid": "00000000-0000-0000-0000-000000000001", "kind": "one"}]}}
    assert answer(python, {"module": "py_dict"}) == {"error": "This module requires an \"attribute\" field "
                               "as input", "results": []}


def test_an_import(python):
    results = answer(python, {"module": "py_import", "data": "aGVsbG8="})
    assert results["results"][0]["values"] == "hello"


@pytest.mark.parametrize("way, expected", [
    ("false", False), ("none", None), ("string", "only words"),
    ("fails", {"error": "It failed: why", "results": []}),
    ("exits", {"error": "The Python module py_ways called sys.exit().",
               "results": []}),
    ("_exits", {"error": "The Python module py_ways ended without an answer: "
                         "it crashed, or was killed.", "results": []}),
    ("segfaults", {"error": "The Python module py_ways ended without an "
                            "answer: it crashed, or was killed.",
                   "results": []}),
    ("set", {"error": "The Python module py_ways failed: TypeError: set "
                      "cannot be written as JSON", "results": []}),
    ("nan", {"results": [{"types": ["text"], "values": [None, 1.5]}]}),
    ("half", {"results": [{"types": ["text"], "values": ["a?b"]}]}),
])
def test_answers(python, way, expected):
    assert ways(python, way, "why") == expected
    assert values(python, "echo", "next") == ["next"]


def test_a_key_is_taken_out_of_an_error(python):
    error = ways(python, "raises")["error"]
    assert error.startswith("The Python module py_ways failed: ValueError: "
                            "no good: ")
    assert "of the file" not in error
    python.wait_for_log("type=ValueError")
    assert "of the file" not in "\n".join(python.log)
    assert "no good" not in "\n".join(python.log)


def test_a_hanging_query_ends_at_its_deadline(python):
    began = time.monotonic()
    assert ways(python, "hangs")["error"] == \
        "The Python module py_ways took longer than its time limit."
    assert 1.5 < time.monotonic() - began < 3


def test_what_a_hanging_query_has_started_dies_with_it(python, tmp_path):
    file = tmp_path / "pids"
    assert "time limit" in ways(python, "starts_child_and_hangs",
                                str(file))["error"]
    for pid in file.read_text().split():
        wait_for(lambda: not alive(int(pid)), 3, "its end")


def test_a_client_that_goes_away_ends_its_query(python, tmp_path):
    file = tmp_path / "pids"
    with pytest.raises(Exception):
        python.request("POST", "/query", timeout=0.5, json={
            "module": "py_ways", "domain": "starts_child_and_hangs",
            "text": str(file)})
    for pid in file.read_text().split():
        wait_for(lambda: not alive(int(pid)), 1.3, "its end")


def test_what_is_left_running_is_ended(python):
    pid = values(python, "starts_child")[0]
    wait_for(lambda: not alive(pid), 3, "the child's end")
    assert values(python, "starts_thread") == ["started"]
    assert values(python, "echo", "x") == ["x"]


def test_nothing_leaks_into_the_next_query(python):
    for _ in range(12):
        assert values(python, "leaks") == [1, 1]
        assert values(python, "looks") == [0, 0, {"error": "Error"}, None,
                                           False]


def test_an_error_does_not_outlive_its_query(python):
    for _ in range(6):
        ways(python, "fails", "this time")
        assert values(python, "looks")[2] == {"error": "Error"}


def test_what_is_printed_is_no_line_of_the_log(python):
    assert values(python, "prints") == ["printed"]
    assert "forged" not in "\n".join(python.log)


def test_a_healthy_query_among_forty_that_hang(serve, tmp_path):
    server = start(serve, tmp_path, "max_workers = 50", workers=64)
    with concurrent.futures.ThreadPoolExecutor(41) as threads:
        hung = [threads.submit(ways, server, "hangs") for _ in range(40)]
        time.sleep(0.7)
        for _ in range(5):
            began = time.monotonic()
            assert values(server, "echo", "x") == ["x"]
            assert time.monotonic() - began < 0.3
        for query in hung:
            assert "time limit" in query.result()["error"]


def test_modules_that_do_not_load(python):
    wait_for(lambda: "py_no_introspection" in "\n".join(python.log), 20, "the log")
    text = check(python)
    for line in ("py_no_import.py: ModuleNotFoundError: No module named "
                 "'nothing_of_that_name'",
                 "py_ends_import.py: importing it ended Python: it exited "
                 "with status 7",
                 "py_exits_import.py: importing it called sys.exit()",
                 "py_no_introspection.py: RuntimeError: nothing to see"):
        assert line in text
    assert answer(python, {"module": "py_no_import"})["error"].startswith(
        "The module py_no_import could not be loaded")


def test_what_is_still_loading_is_told(serve, tmp_path):
    """And what has been loaded once is there meanwhile."""
    folder = tmp_path / "own" / "expansion"
    folder.mkdir(parents=True)
    shutil.copy(PYTHON / "expansion" / "py_ways.py", folder / "mine.py")
    options = {"config": f'cache = "{tmp_path}/cache"',
               "sections": f'python {{ path = {{ "{tmp_path}/own" }} }}\n'}
    server = serve(**options)
    wait_for(lambda: "mine" in names(server), 10, "the module")
    server.close()
    (folder / "slow.py").write_text("import time\ntime.sleep(4)\n")
    server = serve(**options)
    assert "mine" in names(server)
    wait_for(lambda: f"loading: {folder}/slow.py" in check(server), 3,
             "it to be told")
    wait_for(lambda: "still loading" not in check(server), 10, "its end")
    assert "slow.py: AttributeError" in check(server)


def test_the_program_is_started_again(python):
    before = pool(python)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: pool(python) not in (None, before), 5, "another")
    assert values(python, "echo", "back") == ["back"]
    assert python.get("/healthcheck").json()["remotes"] == {
        "Python modules": True}


def test_the_program_in_a_bad_way_is_told(serve, tmp_path):
    server = serve(config=f'cache = "{tmp_path}/cache"', sections=sections(
        tmp_path, "interpreter = /nowhere/python"))
    server.wait_for_log("/nowhere/python")
    wait_for(lambda: server.get("/healthcheck").json().get("remotes") ==
             {"Python modules": False}, 5, "the state")
    assert 'misp_modules_remote_up{remote="Python modules"} 0' in \
        server.get("/metrics").text
    assert answer(server, {"module": "countrycode", "domain": "x.lu"}) == {
        "results": [{"types": ["text"], "values": ["Luxembourg"]}]}


def test_a_file_that_is_dropped_in(serve, tmp_path):
    """As an administrator would: copy it, reload."""
    server = serve(config=f'cache = "{tmp_path}/cache"')
    assert pool(server) is None
    shutil.copy(PYTHON / "expansion" / "py_ways.py",
                server.modules_path / "expansion")
    server.reload()
    wait_for(lambda: "py_ways" in names(server), 10, "the module")
    assert values(server, "echo", "x") == ["x"]
    server.configure(config=f'cache = "{tmp_path}/cache"', plugin=PLUGIN)
    server.reload()
    wait_for(lambda: values(server, "config") == ["of the file", None], 10,
             "its setting")


def test_a_reload_loses_no_query(serve, tmp_path):
    server = start(serve, tmp_path)
    stop = time.monotonic() + 4
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        def ask():
            count = 0
            while time.monotonic() < stop:
                assert values(server, "sleeps", "0.01") == ["slept"]
                count += 1
            return count
        asked = [threads.submit(ask) for _ in range(4)]
        for _ in range(3):
            time.sleep(0.8)
            server.reload()
        assert sum(query.result() for query in asked) > 100


def test_ours_has_the_name_unless_theirs_is_preferred(serve, tmp_path):
    folder = tmp_path / "own" / "expansion"
    folder.mkdir(parents=True)
    shutil.copy(PYTHON / "expansion" / "py_ways.py", folder / "dns.py")
    shutil.copy(PYTHON / "expansion" / "py_ways.py", folder / "mine.py")
    for prefer, author in (("", None), (
            "modules = { dns, \"m*\" } prefer = remote", "tests")):
        server = serve(config=f'cache = "{tmp_path}/cache"', sections=(
            f'python {{ path = {{ "{tmp_path}/own" }}\n{prefer} }}\n'))
        wait_for(lambda: "mine" in names(server), 10, "the module")
        entry = [e for e in server.get("/modules").json()
                 if e["name"] == "dns"]
        assert len(entry) == 1
        assert (entry[0]["meta"]["author"] == "tests") == (author is not None)


def test_under_mod_fcgid(serve):
    """Each process of Apache's has a program of its own."""
    with tempfile.TemporaryDirectory(prefix="mm-", dir="/tmp") as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        shutil.copytree(PYTHON, folder / "python")
        cache = folder / "cache"
        cache.mkdir()
        if os.geteuid() == 0:
            shutil.chown(cache, "www-data")
        server = serve("fcgid", config=f'cache = "{cache}"', sections=(
            f'python {{ path = {{ "{folder}/python" }} }}\n'))
        wait_for(lambda: (cache / "lists" / "python.json").exists(), 20,
                 "the list")
        wait_for(lambda: "py_ways" in names(server), 20, "the modules")
        assert values(server, "echo", "x") == ["x"]
        assert "it crashed" in ways(server, "segfaults")["error"]
        assert values(server, "echo", "y") == ["y"]
        server.close()


def test_on_the_command_line_they_are_not(python):
    result = subprocess.run(
        [PROGRAM, "query", "--config", python.config_path, "py_ways",
         "domain=echo"], capture_output=True, text=True)
    assert "served by a running server only" in result.stdout
