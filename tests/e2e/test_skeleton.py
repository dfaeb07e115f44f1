"""What `make module` writes builds, loads and answers as it is."""

import base64
import os
import shutil
import subprocess

import pytest

import server as servers

TYPES = {
    "expansion": "expansion", "hover": "expansion", "import": "import_mod",
    "export": "export_mod", "action_mod": "action_mod",
}


def make(tree, *arguments):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("BUILD", "MAKEFLAGS", "MAKELEVEL",
                                   "MFLAGS", "NAME", "TYPE")}
    return subprocess.run(["make", "-s", *arguments], cwd=tree,
                          env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what is needed, in which `make module` may write."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(servers.ROOT / "Makefile", tree)
    for name in ("modules/sdk", "modules/skeleton"):
        shutil.copytree(servers.ROOT / name, tree / name)
    return tree


@pytest.fixture(scope="module")
def skeletons(tree):
    """A server that has one module of each type, and nothing else."""
    targets = []
    for kind, folder in TYPES.items():
        done = make(tree, "module", f"NAME=my_{kind}", f"TYPE={kind}")
        assert done.returncode == 0, done.stderr
        targets.append(f"build/modules/{folder}/my_{kind}.so")
    sanitize = os.environ.get("SANITIZE", "")
    done = make(tree, *targets, f"SANITIZE={sanitize}")
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "MODULES", tree / "build" / "modules")
        instance = servers.Server()
    yield instance
    instance.close()


def rows(*values, **more):
    return {"results": [{"types": ["text"], "values": [value], **more}
                        for value in values]}


def encoded(text):
    return base64.b64encode(text).decode()


ANSWERS = {
    "expansion": ({"domain": "example.com", "config": {"prefix": "A"}},
                  rows("example.com has 11 characters",
                       comment="A my_expansion")),
    "hover": ({"hostname": "example.com"},
              rows("This hostname has 11 characters")),
    "import": ({"data": encoded(b"a\r\n\nb"),
                "config": {"comment": "c", "to_ids": "1"}},
               rows("a", "b", comment="c", to_ids=True)),
    "export": ({"data": [{"Event": {"id": 3},
                          "Attribute": [{"type": "domain",
                                         "value": "example.com"}]}]},
               {"response": [], "data": encoded(b"domain,example.com\n")}),
    "action_mod": ({"data": {}, "params": {"message": "hello"}},
                   {"data": True}),
}


@pytest.mark.parametrize("kind", TYPES)
def test_answers(skeletons, kind):
    request, answer = ANSWERS[kind]
    assert skeletons.query({"module": f"my_{kind}", **request}) == \
        (200, answer)


@pytest.mark.parametrize("kind", TYPES)
def test_explains_what_is_missing(skeletons, kind):
    status, answer = skeletons.query({"module": f"my_{kind}", "config": None})
    assert status == 200
    assert answer["error"] and answer["results"] == []


def test_descriptors(skeletons):
    listed = {module["name"]: module["type"]
              for module in skeletons.get("/modules").json()}
    assert listed == {f"my_{kind}": folder for kind, folder in TYPES.items()}


@pytest.mark.parametrize("arguments", [
    (), ("NAME=x",), ("TYPE=hover",), ("NAME=x", "TYPE=other"),
    ("NAME=../x", "TYPE=hover"), ("NAME=9x", "TYPE=hover"),
    ("NAME=a-b", "TYPE=hover"), ("NAME=skeleton", "TYPE=hover")],
    ids=" ".join)
def test_refuses(tree, arguments):
    done = make(tree, "module", *arguments)
    assert done.returncode != 0
    assert "usage: make module" in done.stderr


def test_overwrites_nothing(tree):
    path = tree / "modules" / "export_mod" / "mine.c"
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert make(tree, "module", "NAME=mine", "TYPE=hover").returncode != 0
    assert path.read_text() == "mine"
