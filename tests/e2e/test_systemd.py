"""The units as they are in nginx/: accepted by systemd, and closed."""

import re
import shutil
import subprocess

import pytest

from server import PROGRAM, ROOT

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"),
                                reason="no systemd-analyze")
UNITS = ("misp-modules.socket", "misp-modules.service")


@pytest.fixture
def units(tmp_path):
    """Copies that name the program where it has been built."""
    for name in UNITS:
        text = (ROOT / "nginx" / name).read_text()
        text, count = re.subn(r"(?m)^(ExecStart=)\S+", rf"\1{PROGRAM}", text)
        assert count == name.endswith(".service")
        (tmp_path / name).write_text(text)
    return tmp_path


def test_verify(units):
    result = subprocess.run(
        ["systemd-analyze", "verify", *(units / name for name in UNITS)],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    complaints = [line for line in result.stdout.splitlines()
                  if "misp-modules" in line]
    assert complaints == []
    assert result.returncode == 0, result.stdout


def test_security(units):
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20",
         "--no-pager", units / UNITS[1]],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.returncode == 0, result.stdout
