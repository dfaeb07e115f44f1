"""The cage against native code that means harm: caged_escapes makes the system
calls and says the records that it is told to."""

import contextlib
import concurrent.futures
import os
import platform
import signal
import subprocess
import time

import pytest

from server import PROGRAM, SANITIZED, children, wait_for

FAILED = "The file made the parser fail: caged_escapes "
STOPPED = FAILED + "tried what a parser may not do, and was stopped."
NO_ANSWER = FAILED + ("gave an answer that is too long, or none that is one.")
ENDED = FAILED + "ended without an answer."
DENIED = "Permission denied"
# Kinds of records, as in handler.c.
TEXT, DONE, FAILURE, NOTHING, VIOLATION = 1, 2, 3, 5, 6
CLOSED = 0  # in cage.c
EMPTY = '{"results":[]}'


@pytest.fixture(scope="module")
def caged(make_server):
    with make_server(workers=2, modules=("caged_escapes", "good_echo"),
                     max_memory=256 << 20) as server:
        yield server


def ask(server, *steps):
    return server.ask("caged_escapes", "\n".join(steps))


def attempt(server, *steps):
    """What came of the last step: the error, or what the module saw."""
    answer = ask(server, *steps)
    if "error" in answer:
        return answer["error"]
    return answer["results"][-1]["values"][-1]


# ---- System calls ----

# By the numbers of x86-64; "@" is memory of the module's.
CALLS = {
    "of 32 bits": ("old_call 20", STOPPED),
    "of x32": ("call 0x40000027", STOPPED),
    "open a path alone": ("call 257 -100 @/etc/passwd 0x200000", DENIED),
    "open a nameless file": ("call 2 @/usr/share/doc 0x410002", DENIED),
    "openat2": ("call 437 -100 @/usr/share/doc @ 24", DENIED),
    "signals by descriptor": ("call 72 3 4 0x2000", DENIED),
    "a lease": ("call 72 3 1024 1", DENIED),
    "a larger pipe": ("call 72 3 1031 4096", DENIED),
    "another descriptor": ("call 32 3", DENIED),
    "break a page": ("call 28 @ 4096 100", DENIED),
    "a limit": ("call 302 0 7 @", DENIED),
    "memory of System V": ("call 29 0 4096 0600", DENIED),
    "a file in memory": ("call 319 @name 0", DENIED),
    "a thread": ("call 56 0x10f00", DENIED),
    "a process": ("call 56 17", STOPPED),
    "a process of new namespaces": ("call 56 0x10000000", STOPPED),
    "io_uring": ("call 425 8 @", STOPPED),
    "another's memory": ("call 310 1 @ 1 @ 1", STOPPED),
    "keys": ("call 248 @user @name @key 3 -3", DENIED),
    "a timer": ("call 222 1 0 @", DENIED),
    "a pipe": ("call 22 @", DENIED),
    "splice": ("call 275 0 0 3 0 1 0", DENIED),
    "vmsplice": ("call 278 3 @ 1", DENIED),
    "prctl": ("call 157 4 1", DENIED),
    "personality": ("call 135 0", DENIED),
    "notice files": ("call 294 0", DENIED),
    "a signal": ("call 62 1 9", DENIED),
}


@pytest.mark.skipif(platform.machine() != "x86_64",
                    reason="knows the numbers there")
@pytest.mark.parametrize("what", CALLS)
def test_system_calls(caged, what):
    step, outcome = CALLS[what]
    assert attempt(caged, step) == outcome


@pytest.mark.skipif(SANITIZED, reason="it has no limit then")
@pytest.mark.parametrize("flags", [0x02, 0x21, 0x102, 0x8002],
                         ids=("private", "shared", "a stack", "at once"))
def test_memory_that_the_kernel_does_not_count_as_data(caged, flags):
    assert attempt(caged, f"map {flags}") == "Cannot allocate memory"


# ---- What is said ----

RECORDS = {
    "no JSON": ([f"say {TEXT} none", f"say {DONE}"], NO_ANSWER),
    "no object": ([f"say {TEXT} [1]", f"say {DONE}"], NO_ANSWER),
    "no end": ([f'say {TEXT} {{"results":[', f"say {DONE}"], NO_ANSWER),
    "two": ([f"say {TEXT} {EMPTY}", f"say {TEXT} {EMPTY}", f"say {DONE}"],
            NO_ANSWER),
    "a string behind": ([f'say {TEXT} {EMPTY}"', f"say {DONE}"], NO_ANSWER),
    "half a pair": ([f'say {TEXT} {{"a":"\\ud800"}}', f"say {DONE}"],
                    NO_ANSWER),
    "too deep": ([f'say {TEXT} {{"a":{"[" * 600}{"]" * 600}}}', f"say {DONE}"],
                 NO_ANSWER),
    "no last word": ([f"say {TEXT} {EMPTY}", "exit 0"], ENDED),
    "the last word first": ([f"say {DONE}", f"say {TEXT} {EMPTY}"],
                            "no result and no reason"),
    "of no kind": (["say 99 x"], NO_ANSWER),
    "negative size": ([f"promise {TEXT} -1"], NO_ANSWER),
    "huge size": ([f"promise {TEXT} 0x7fffffffffffffff"], NO_ANSWER),
    "more than comes": ([f"promise {TEXT} 1000", "exit 0"], ENDED),
    "half a head": ([f"byte {TEXT}", "exit 0"], ENDED),
    "without end": ([f"repeat 1000000 {TEXT}"], NO_ANSWER),
    "no cage": ([f"say {CLOSED} the lie", "exit 88"], NO_ANSWER),
    "out of memory": (["exit 87"], FAILED + "ran out of memory."),
    "a failure that is no text": ([f"say {FAILURE} \x9b\x1b[31m"], "\x9b"),
}


@pytest.mark.parametrize("what", RECORDS)
def test_records(caged, what):
    steps, outcome = RECORDS[what]
    answer = ask(caged, *steps)
    assert outcome in answer["error"]
    assert answer["results"] == []
    assert not [line for line in caged.log if "the lie" in line]


@pytest.mark.parametrize("then", ["linger 20", "spin", "exit 7", "ignore 15"])
def test_nobody_waits_after_the_last_word(caged, then):
    began = time.monotonic()
    assert ask(caged, f"say {TEXT} {EMPTY}", f"say {DONE}",
               then) == {"results": []}
    assert time.monotonic() - began < 1
    wait_for(lambda: not any(children(worker) for worker in caged.workers()),
             what="the end of all cages")


def test_violations_do_not_flood_the_log(caged):
    ask(caged, f"repeat 5000 {VIOLATION} flood", f"say {NOTHING}")
    assert ask(caged, f"say {FAILURE} the end")["error"] == "the end"
    lines = [line for line in caged.log if "what=flood" in line]
    assert 0 < len(lines) <= 1000


def test_a_violation_is_one_line(caged):
    ask(caged, f'say {VIOLATION} forged" level=error', f"say {NOTHING}")
    line = caged.wait_for_log("forged")
    assert 'what="forged\\" level=error"' in line


# ---- Signals ----

def sleeping(server, pool):
    """A query whose cage sleeps, and when it does."""
    query = pool.submit(ask, server, "linger 1", "exit 0")
    wait_for(lambda: any(children(worker) for worker in server.workers()),
             what="the cage")
    time.sleep(0.1)
    return query


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_all_of_the_group(make_server, number):
    """What a terminal sends reaches the cages as well."""
    with make_server(workers=2, modules=("caged_escapes",)) as server, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        query = sleeping(server, pool)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        assert query.result()["error"] == ENDED


def test_where_ended_children_are_ignored(caged):
    done = subprocess.run(
        [PROGRAM, "query", "--config", caged.config_path, "caged_escapes",
         "text=exit 87"], capture_output=True, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert "ran out of memory" in done.stdout
