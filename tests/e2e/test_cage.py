"""The cage: what a module that parses strangers' files can do, and what is
said when it tries more. caged_tries does what it is told to."""

import concurrent.futures
import contextlib
import ctypes
import os
import pathlib
import platform
import re
import subprocess
import time

import pytest

from server import (DEADLINE, PROGRAM, SANITIZED, alive, children,
                    wait_for)

OWN = "own-apikey-94b1"
OTHERS = "others-apikey-77e0"
SENT = "sent-apikey-5d2c"
FAILED = "The file made the parser fail: caged_tries "
STOPPED = FAILED + "tried what a parser may not do, and was stopped."
TOO_LONG = FAILED + "gave an answer that is too long, or none that is one."
MEMORY = 256 << 20


@pytest.fixture(scope="module")
def caged(make_server):
    with make_server(
            workers=2, modules=("caged_tries", "good_echo", "bad_tells",
                                "bad_leaves"),
            max_memory=MEMORY,
            plugin=f'Enrichment_caged_tries_apikey = "{OWN}"\n'
                   f'Enrichment_bad_tells_apikey = "{OTHERS}"') as server:
        yield server


def attempt(server, what, own=OWN):
    """What came of it: the error, or what the module saw."""
    answer = server.ask("caged_tries", what)
    if "error" in answer:
        return answer["error"]
    outcome, *setting = [row["values"][0] for row in answer["results"]]
    assert setting == ([own] if own else [])
    return outcome


DENIED = "Permission denied"
OUTCOMES = {
    "read /etc/passwd": DENIED,
    "read CONFIG": DENIED,
    "read MODULE": DENIED,
    "read /proc/self/environ": DENIED,
    "read /proc/self/mem": DENIED,
    "read /dev/shm": DENIED,
    "read /usr/share/doc/../../../etc/passwd": DENIED,
    "read /usr/share/doc/nothing-there": "No such file or directory",
    "read README": "allowed",
    "write FOLDER/new": DENIED,
    "write /usr/share/doc/new": DENIED,
    "append CONFIG": DENIED,
    "remove CONFIG": DENIED,
    "folder FOLDER/new": DENIED,
    "socket": STOPPED,
    "local_socket": DENIED,
    "descriptors": STOPPED,
    "exec /bin/true": STOPPED,
    "fork": STOPPED,
    "thread": DENIED,
    "memory": "Cannot allocate memory",
    "much_memory": FAILED + "ran out of memory.",
    "pipe": TOO_LONG,
    "promise": TOO_LONG,
    "kill": DENIED,
    "limits": DENIED,
    "crash": FAILED + "crashed (Segmentation fault).",
    # Without the right to send signals, abort() ends like that.
    "abort": FAILED + "crashed (Segmentation fault).",
    "exit": FAILED + "ended without an answer.",
    "loop": "took longer than this query's time limit",
    "sleep 20": "took longer than this query's time limit",
    "print words": "allowed",
}
# The sanitizer says it otherwise, or needs what is tried.
NOT_SANITIZED = {"memory", "much_memory", "crash", "abort", "exit", "thread"}


@pytest.mark.parametrize("what", OUTCOMES)
def test_what_it_can_do(caged, what):
    if SANITIZED and what in NOT_SANITIZED:
        pytest.skip("the sanitizer sees to it")
    readme = next(pathlib.Path("/usr/share/doc").glob("*/copyright"))
    tried = (what.replace("CONFIG", str(caged.config_path))
             .replace("MODULE", str(caged.modules_path / "expansion/dns.so"))
             .replace("FOLDER", str(caged.directory))
             .replace("README", str(readme)))
    outcome = attempt(caged, tried)
    assert OUTCOMES[what] in outcome
    assert caged.config_path.exists()
    assert not (caged.directory / "new").exists()
    # The next one finds all as it was.
    assert attempt(caged, f"read {readme}") == "allowed"


def test_it_is_counted_and_logged(caged):
    def count():
        return caged.metric("misp_modules_cage_failures_total",
                            module="caged_tries")
    before = count()
    attempt(caged, "socket")
    assert count() == before + 1
    assert caged.wait_for_log("module=caged_tries", "status=failed",
                              "may not do")


def test_what_a_library_prints_goes_nowhere(caged):
    assert attempt(caged, "print words-of-a-library") == "allowed"
    caged.wait_for_log("module=caged_tries", "status=ok")
    if not SANITIZED:
        assert not [line for line in caged.log if "words-of-a-library" in line]


def test_it_harms_nobody_else(caged):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        hung = [pool.submit(attempt, caged, "loop") for _ in range(1)]
        for _ in range(50):
            assert caged.ask("good_echo")["results"]
        assert "took longer" in hung[0].result()


def is_closed(pid):
    """Whether the process is in its cage by now."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return "Seccomp:\t2" in status
    return False


def sleeping_child(server):
    """The process of the query "sleep", which a worker has forked."""
    found = [child for worker in server.workers()
             for child in children(worker) if is_closed(child)]
    return found[0] if found else None


def memory_of(pid):
    """All that the process could read, and where nothing is mapped yet."""
    pieces = []
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for line in open(f"/proc/{pid}/maps"):
            start, end, readable = re.match(
                r"(\w+)-(\w+) (.)", line).groups()
            if readable != "r" or "[v" in line:
                continue
            memory.seek(int(start, 16))
            try:
                pieces.append(memory.read(int(end, 16) - int(start, 16)))
            except OSError:
                continue  # beyond the end of a file
    return b"".join(pieces)


@pytest.mark.skipif(os.geteuid() != 0, reason="reads another's memory")
@pytest.mark.skipif(SANITIZED, reason="the sanitizer keeps what was freed")
def test_it_holds_nothing_of_other_modules(caged):
    """Neither what the file says for them, nor what queries have brought."""
    for _ in range(20):  # both workers
        caged.ask("bad_leaves", "x", config={"apikey": SENT})
        caged.ask("bad_tells", "x", config={"apikey": SENT})
        caged.ask("bad_tells", "x")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        asleep = pool.submit(attempt, caged, "sleep 1")
        held = memory_of(wait_for(lambda: sleeping_child(caged),
                                  what="the caged process"))
        asleep.result()
    assert OWN.encode() in held
    assert OTHERS.encode() not in held
    assert SENT.encode() not in held


def test_it_shares_memory_with_nobody(make_server):
    """Neither with its server's processes, nor with those before a reload."""
    with make_server(workers=1, timeout=10,
                     modules=("caged_tries", "good_slow")) as server, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(server.ask, "good_slow", "5")
        time.sleep(0.2)
        before = server.workers()
        server.reload()
        wait_for(lambda: sum("serving" in line for line in server.log) == 2,
                 what="the reload")
        asleep = pool.submit(attempt, server, "sleep 1", own=None)
        child = wait_for(lambda: sleeping_child(server),
                         what="the caged process")
        maps = pathlib.Path(f"/proc/{child}/maps").read_text().splitlines()
        assert alive(before[0])
        asleep.result()
        slow.result()
    assert len(maps) > 20
    assert not [line for line in maps if line.split()[1].endswith("s")]


def test_it_dies_with_its_worker(caged):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        asleep = pool.submit(caged.ask, "caged_tries", "sleep 20")
        child = wait_for(lambda: sleeping_child(caged),
                         what="the caged process")
        began = time.monotonic()
        assert "took longer" in asleep.result()["error"]
        assert time.monotonic() - began < DEADLINE + 1
    wait_for(lambda: not os.path.exists(f"/proc/{child}"),
             what="its end")


def check(server):
    return subprocess.run(
        [PROGRAM, "check", "--config", server.config_path],
        capture_output=True, text=True, check=True).stdout


def test_check_says_what_is_in_force(caged):
    said = check(caged)
    assert "\n  seccomp: in force\n" in said
    assert re.search(r"\n  Landlock: in force \(version \d+\)\n", said)
    assert re.search(r"caged_tries: loaded .*\n      caged, reads "
                     r"/usr/share/doc, /usr/share/nothing/there\n", said)


def test_it_has_no_core_and_nobody_traces_it(caged):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        asleep = pool.submit(attempt, caged, "sleep 1")
        child = wait_for(lambda: sleeping_child(caged),
                         what="the caged process")
        status = pathlib.Path(f"/proc/{child}/status").read_text()
        files = os.listdir(f"/proc/{child}/fd")
        asleep.result()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    assert sorted(files) == ["0", "1", "2", "3"]


# ---- Kernels that have less ----

class Instruction(ctypes.Structure):
    """struct sock_filter."""
    _fields_ = [("code", ctypes.c_uint16), ("jt", ctypes.c_uint8),
                ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class Program(ctypes.Structure):
    """struct sock_fprog."""
    _fields_ = [("length", ctypes.c_uint16),
                ("filter", ctypes.POINTER(Instruction))]


LANDLOCK_CREATE_RULESET = 444  # the same number everywhere
SECCOMP_MODE_FILTER = 2


def kernel_without(call, argument=None):
    """Has this process see a kernel in which a system call is not there, or
    not with this as its second argument."""
    load, equal, back = 0x20, 0x15, 0x06
    steps = [(load, 0, 0, 0), (equal, 0, 1, call), (back, 0, 0, 0x50026),
             (back, 0, 0, 0x7FFF0000)]
    if argument is not None:
        steps[1:3] = [(equal, 0, 3, call), (load, 0, 0, 24),
                      (equal, 0, 1, argument), (back, 0, 0, 0x50016)]
    array = (Instruction * len(steps))(*steps)
    program = Program(len(steps), array)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(38, 1, 0, 0, 0) == 0  # no new privileges
    assert prctl(22, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def run_without(server, arguments, *less):
    return subprocess.run(
        [PROGRAM, arguments[0], "--config", server.config_path,
         *arguments[1:]], capture_output=True, text=True,
        preexec_fn=lambda: kernel_without(*less))


def test_without_landlock_no_file_is_opened(caged):
    less = (LANDLOCK_CREATE_RULESET,)
    readme = next(pathlib.Path("/usr/share/doc").glob("*/copyright"))
    query = ["query", "caged_tries", f"text=read {readme}"]
    assert DENIED in run_without(caged, query, *less).stdout
    query[-1] = "text=print x"
    assert "allowed" in run_without(caged, query, *less).stdout
    assert "Landlock: not in this kernel" in run_without(
        caged, ["check"], *less).stdout


@pytest.mark.skipif(platform.machine() != "x86_64",
                    reason="knows the number of prctl there")
def test_without_seccomp_nothing_is_parsed(caged):
    less = (157, SECCOMP_MODE_FILTER)
    done = run_without(caged, ["query", "caged_tries", "text=print x"], *less)
    assert "cannot close in what parses files" in done.stdout
    assert "seccomp could not be put in force" in done.stderr
    assert ("it cannot be closed, and no such module runs: seccomp could not "
            "be put in force") in run_without(caged, ["check"], *less).stdout


@pytest.mark.skipif(platform.machine() != "x86_64",
                    reason="knows the number of clone there")
def test_without_a_process_it_is_said(caged):
    """As where a user, or a container, has as many as it may have."""
    done = run_without(caged, ["query", "caged_tries", "text=print x"], 56)
    assert "cannot close in what parses files" in done.stdout
    assert 'cause="no cage: no process: ' in done.stderr
