"""Rows that a module hands over before it has all of them."""

import pytest


@pytest.fixture(scope="module")
def handing(make_server):
    with make_server(workers=2, modules=("hands_over", "caged_over")) as server:
        yield server


@pytest.fixture(params=["hands_over", "caged_over"])
def module(request):
    return request.param


def test_all_of_them_are_in_the_answer(handing, module):
    answer = handing.ask(module, "whole")
    assert answer == {"results": [
        {"types": ["text"], "values": [value]}
        for value in ("row 0", "row 1", "row 2", "the rest")]}


@pytest.mark.parametrize("end, said", [
    ("fail", "The third line is no line"),
    ("nothing", "no result and no reason"),
    ("worse", "a result that MISP cannot use"),
])
def test_no_part_of_an_answer_is_one(handing, module, end, said):
    answer = handing.ask(module, end)
    assert said in answer["error"]
    assert answer["results"] == []


def test_they_are_checked_as_others_are(handing, module):
    answer = handing.ask(module, "bad")
    assert answer == {"results": [{"types": ["text"],
                                   "values": ["the rest"]}]}
    assert handing.wait_for_log("violation", f"module={module}")
