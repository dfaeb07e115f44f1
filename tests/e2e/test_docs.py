"""The README's table of modules is what make docs would write."""

import subprocess

from server import MODULES, PROGRAM, ROOT

TABLE = ROOT / "modules" / "table.sh"


def written(readme, modules=MODULES):
    return subprocess.run([TABLE, PROGRAM, modules], input=readme, text=True,
                          capture_output=True, timeout=60)


def test_the_table_is_that_of_the_descriptors():
    readme = (ROOT / "README.md").read_text()
    result = written(readme)
    assert result.returncode == 0, result.stderr
    assert result.stdout == readme, "run make docs"


def test_every_module_has_its_row():
    table = written("<!-- modules -->\nold\n<!-- end of modules -->\n").stdout
    assert "\nold\n" not in table
    names = [path.stem for path in MODULES.glob("*/*.so")]
    assert names
    for name in names:
        assert table.count(f"\n| `{name}` | ") == 1


def test_a_module_that_was_not_built_is_missed(tmp_path):
    result = written("<!-- modules -->\n<!-- end of modules -->\n", tmp_path)
    assert result.returncode == 1
    first = min(ROOT.glob("modules/expansion/*.c")).name
    assert f"{first} has no row" in result.stderr


def test_a_readme_without_the_marks_is_refused():
    for readme in ("text\n", "<!-- modules -->\n"):
        assert written(readme).returncode == 1
