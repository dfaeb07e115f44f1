"""Modules that misbehave: their own query is told so within its deadline, and
every other query is answered right."""

import concurrent.futures
import time

import pytest

from server import DEADLINE, MODULES, SANITIZED

# What the analyst is told, in lower case.
SAYS = {
    "bad_null": "crashed",
    "bad_abort": "crashed",
    "bad_loop": "took longer than",
    "bad_blocks_alarm": "took longer than",
    "bad_sleep": "took longer than",
    "bad_memory": "ran out of memory",
    "bad_misses_memory": "ran out of memory",
    "bad_prepares": "ran out of memory",
    "bad_returns_null": "returned no result",
    "bad_exit": "ended the server process",
}
OTHERS = 200
WORKERS = 32  # of front


def other(front, number):
    """A query to a module that behaves and takes its time; None if it is
    answered right."""
    seconds = f"0.1{number:03}"
    answer = front.ask("good_slow", seconds)
    right = answer["results"] and answer["results"][0]["values"] == [seconds]
    return None if right else answer


@pytest.mark.parametrize("module", SAYS)
def test_it_says_what_happened_and_harms_no_other(front, module):
    if "memory" in SAYS[module] and SANITIZED:
        pytest.skip("memory does not run out under the sanitizers")
    with concurrent.futures.ThreadPoolExecutor(OTHERS) as pool:
        others = [pool.submit(other, front, number)
                  for number in range(OTHERS)]
        time.sleep(0.05)  # by now some run, and others wait
        unfinished = sum(not query.done() for query in others)
        began = time.monotonic()
        answer = front.ask(module)
        ended = time.monotonic()
        wrong = [query.result() for query in others if query.result()]
    assert wrong == []
    assert unfinished > WORKERS
    assert SAYS[module] in answer["error"]
    assert module in answer["error"]
    assert answer["results"] == []
    # Under mod_fcgid who finds no worker looks again after a second, and may
    # find none once more.
    spare = 3 if front.front == "fcgid" else 1
    assert ended - began < (8 if module == "bad_memory" else DEADLINE + spare)


@pytest.mark.parametrize("kind", ["text", "number", "list_of_numbers"])
def test_rubbish_is_no_answer(front, kind):
    answer = front.ask("bad_rubbish", kind)
    assert "bad_rubbish" in answer["error"]
    assert answer["results"] == []


@pytest.mark.parametrize("kind", ["unknown_type", "nested_value",
                                  "invalid_utf8"])
def test_of_rubbish_what_can_be_sent_is_sent(front, kind):
    answer = front.ask("bad_rubbish", kind)
    values = [value for row in answer["results"]
              for value in row.get("values", [])]
    assert "kept" in values
    assert all(isinstance(value, str) for value in values)
    assert "no-such-type" not in str(answer)


def test_violations_are_taken_out_logged_and_counted(front):
    results = front.ask("bad_violations")["results"]
    values = [attribute["value"] for attribute in results["Attribute"]]
    assert "kept.example" in values
    assert all(isinstance(value, str) for value in values)
    assert "not-a-uuid" not in str(results)
    assert "no-such" not in str(results)
    assert front.wait_for_log("bad_violations", "violation")
    if front.front != "fcgid":  # there each worker counts for itself
        assert front.metric("misp_modules_violations_total",
                            module="bad_violations") >= 3


def test_deaths_are_logged_with_the_module_and_counted(front):
    answer = front.ask("bad_null")
    assert "crashed" in answer["error"]
    assert front.wait_for_log("module=bad_null", "status=crashed",
                              "Segmentation fault")
    if front.front != "fcgid":  # there each worker counts for itself
        crashes = front.metric("misp_modules_crashes_total",
                               module="bad_null")
        assert crashes >= 1
        assert front.metric("misp_modules_query_seconds_count",
                            module="bad_null") == crashes


def test_the_request_shortens_the_deadline(front):
    began = time.monotonic()
    answer = front.ask("bad_sleep", timeout=1)
    assert "took longer than" in answer["error"]
    assert time.monotonic() - began < 1.9


def test_the_request_does_not_lengthen_the_deadline(front):
    began = time.monotonic()
    assert "took longer than" in front.ask("bad_sleep", timeout=60)["error"]
    assert time.monotonic() - began < DEADLINE + 1


def test_plugins_that_do_not_load_harm_nobody(serve):
    failures = ("load_wrong_abi", "load_no_descriptor", "load_wrong_name",
                "load_no_input", "load_crashes")
    whole = (MODULES / "expansion" / "countrycode.so").read_bytes()
    files = {"load_no_elf.so": b"not an ELF\n", "load_empty.so": b"",
             "load_cut.so": whole[:5000]}
    if SANITIZED:
        del files["load_cut.so"]  # the sanitizer would call it an error
    server = serve(workers=1, modules=(*failures, "good_echo"),
                   module_files=files)
    names = [module["name"] for module in server.get("/modules").json()]
    assert "good_echo" in names
    assert not [name for name in names if name.startswith("load_")]
    assert server.metric("misp_modules_module_load_failures") == \
        len(failures) + len(files)
    for name in (*failures, *files):
        assert server.wait_for_log(name)
    assert "load" in server.ask("load_wrong_abi")["error"]
