"""processes.py: what the processes of the pool ask of the kernel about each
other."""

import ctypes
import os
import signal
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
BACKOFF_FIRST, BACKOFF_LAST = 0.1, 10.0  # seconds
ROUNDS = 100  # against a program that starts itself faster than it is ended

try:
    _prctl = ctypes.CDLL(None).prctl
except (OSError, AttributeError):
    _prctl = None


class Backoff:
    """How long to wait before what fails at its start is started again."""

    def __init__(self):
        self.seconds = self.until = 0.0

    def longer(self):
        self.seconds = min(self.seconds * 2 or BACKOFF_FIRST, BACKOFF_LAST)
        self.until = time.monotonic() + self.seconds

    def over(self):
        self.seconds = 0.0

    def left(self):
        """Seconds, or 0."""
        return max(self.until - time.monotonic(), 0)


def adopt_orphans():
    """Who loses its parent below us becomes our child, and is not forgotten."""
    if _prctl:
        _prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent):
    """The kernel kills us when the parent has gone, whatever we are at."""
    if _prctl:
        _prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it went before that was in force
        os._exit(1)


def have_children():
    """Whether there is any, running or ended."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def ended():
    """Each child that has ended, with its status."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status


def count_threads():
    """Those of native code as well; a folder has a link for each folder in it."""
    try:
        return os.stat("/proc/self/task").st_nlink
    except OSError:
        return 0


def parent_of(pid):
    """0 of a process that is not there, or has ended."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            state, parent = file.read().rpartition(b")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state == b"Z" else int(parent)


def _children():
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and parent_of(int(pid)) == os.getpid()]


def _end(pid):
    """With its process group, unless that is ours."""
    try:
        group = os.getpgid(pid)
        if group != os.getpgid(0):
            os.killpg(group, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass


def end_strangers(known):
    """Ends every child that is none of the known ones: what a module has
    started, and what that has started in turn, for that becomes ours then.
    The ended ones are left to be waited for."""
    for _ in range(ROUNDS):
        strangers = [pid for pid in _children() if pid not in known]
        if not strangers:
            return
        for pid in strangers:
            _end(pid)


def how(status):
    """How a process ended, in words."""
    if os.WIFSIGNALED(status):
        return signal.strsignal(os.WTERMSIG(status)) or "a signal"
    return "it exited with status %d" % os.WEXITSTATUS(status)
