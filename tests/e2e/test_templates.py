"""Templates that make much of little: each ends with a clear error, in a
moment and in little memory, in the cage and, where an action renders them, out
of it."""

import json
import time

import pytest

LINES = "x\n" * 200_000
LOOP = "{%% for i in range(100000) %%}%s{%% endfor %%}"
DOUBLED = "{% set a = [a, a] %}" * 40
DEEPER = "{%set a=" + "[" * 80 + "a" + "]" * 80 + "%}"

TEMPLATES = {
    "a list in itself, as JSON": (DOUBLED + "{{ a|tojson|length }}", [], None),
    "a list in itself, written": (DOUBLED + "{{ a }}", [], None),
    "lists in themselves, compared": (
        "{% set b = [a] %}" + DOUBLED + "{% set c = a %}{% set a = b[0] %}"
        + DOUBLED + "{{ a == c }}", [], None),
    "deep, as JSON": (DEEPER * 1400 + "{{ a|tojson }}", [], None),
    "deep, written": (DEEPER * 1400 + "{{ a }}", [], None),
    "deep, in a text": (DEEPER * 1400 + "{{ 'x' ~ a }}", [], None),
    "a wide indent": ("{{ a|indent(b)|length }}", LINES, "y" * 100_000),
    "many marks to trim": (
        "{{ a|trim(b)|length }}", "z" + "b" * 400_000, "a" * 100_000 + "b"),
    "letters": ("{% for i in range(100) %}{% set x = a|list %}{% endfor %}",
                LINES, None),
    "lengths": (LOOP % "{{ a|length }}", LINES, None),
    "comparisons": (LOOP % "{{ a == b }}", ["x"] * 50_000, ["x"] * 50_000),
    "members": (LOOP % "{{ b in a }}", ["x" * 20_000] * 100,
                "x" * 19_999 + "y"),
    "a letter that is not there": (LOOP % "{{ a[-9999999] }}", LINES, None),
    "cases": (LOOP % "{{ a is lower }}", "x" * 200_000, None),
    "numbers": (LOOP % "{{ a|int }}", "1" + " " * 200_000, None),
    "ends": (LOOP % "{{ a.endswith(a) }}", LINES, None),
    "variables": (
        "".join(f"{{% set v{i} = 1 %}}" for i in range(5000))
        + LOOP % "{{ nothing }}", None, None),
    "keys that begin alike": (
        "{% for i in range(100) %}{{ a|sort|length }}{% endfor %}",
        ["x" * 500 + str(i) for i in range(900)], None),
}


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("module", ["jinja_template_rendering", "slack"])
def test_much_of_little(server, module, name):
    template, a, b = TEMPLATES[name]
    data = {"a": a, "b": b}
    text = json.dumps({"template": template, "data": data})
    parameters = {"slack_bot_token": "t", "channel_id": "c",
                  "message_template": template}
    begin = time.monotonic()
    status, answer = server.query(
        {"module": module, "text": text} if module != "slack" else
        {"module": module, "params": parameters, "data": data})
    assert status == 200
    assert answer["error"].split("rendered: line ")[1][3:] in (
        "it takes too much work", "it is nested too deep")
    assert time.monotonic() - begin < 1.9  # not the deadline
