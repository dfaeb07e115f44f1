"""state.py: puts back what a query has changed beside its answer, so that the
next one finds the module and the process as they were.

What cannot be seen from here stays: objects of classes, what other modules
keep. After a failure, the process is replaced and nothing stays.
"""

import copy
import os
import signal
import socket
import sys

MOST_ITEMS = 1000


def _copy(value):
    """Of plain data that is not so much that copying it matters; None of all
    else."""
    try:
        return copy.deepcopy(value) if _count(value) >= 0 else None
    except RecursionError:
        return None


def _count(value, left=MOST_ITEMS):
    """How many items may follow value, or -1."""
    if isinstance(value, (str, bytes, int, float, bool, type(None))):
        return left - 1
    if isinstance(value, dict):
        parts = list(value.keys()) + list(value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    else:
        return -1
    if len(parts) > left:
        return -1
    left -= 1
    for part in parts:
        left = _count(part, left)
        if left < 0:
            return -1
    return left


def _refill(value, kept):
    if isinstance(value, list):
        value[:] = copy.deepcopy(kept)
    else:
        value.clear()
        value.update(copy.deepcopy(kept))


class Snapshot:
    """The names in a module, and what is in its dictionaries, lists and sets
    of plain data."""

    def __init__(self, module):
        self.names = vars(module)
        self.values = dict(self.names)
        # __builtins__ is none of them: functions are no plain data.
        containers = [value for value in self.values.values() if type(value) in (dict, list, set)]
        kept = [(value, _copy(value)) for value in containers]
        self.kept = [pair for pair in kept if pair[1] is not None]

    def restore(self):
        """False when that cannot be done."""
        try:
            if len(self.names) != len(self.values):
                for name in [name for name in self.names if name not in self.values]:
                    del self.names[name]
            for name, value in self.values.items():
                if self.names.get(name, self) is not value:
                    self.names[name] = value
            for value, kept in self.kept:
                if value != kept:
                    _refill(value, kept)
        except Exception:  # of an object that was put among them
            return False
        return True


# What signal.getsignal() calls: the names that it makes of numbers take longer
# than all else here together.
try:
    from _signal import getsignal as _getsignal
except ImportError:
    from signal import getsignal as _getsignal
_numbers = [number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)]


def _signals():
    return [_getsignal(number) for number in _numbers]


def _umask():
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class Surroundings:
    """What belongs to the process and not to a module."""

    def __init__(self):
        self.environment = dict(os.environ)
        # Behind the mapping, which decodes all of it whenever it is compared.
        self.raw = getattr(os.environ, "_data", os.environ)
        self.raw_before = dict(self.raw)
        self.directory = os.getcwd()
        self.umask = _umask()
        self.signals = _signals()
        self.timeout = socket.getdefaulttimeout()
        self.files = sys.stdin, sys.stdout, sys.stderr
        self.path = list(sys.path)

    def restore(self, environment=True):
        """environment: with that and sys.path. False when that cannot be done."""
        try:
            if environment:
                self._restore_environment()
            os.umask(self.umask)
            socket.setdefaulttimeout(self.timeout)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._restore_signals()
            sys.stdin, sys.stdout, sys.stderr = self.files
            os.chdir(self.directory)
        except Exception:
            return False
        return True

    def _restore_environment(self):
        if self.raw != self.raw_before:
            os.environ.clear()
            os.environ.update(self.environment)
        if sys.path != self.path:
            sys.path[:] = self.path

    def _restore_signals(self):
        for number, before, now in zip(_numbers, self.signals, _signals()):
            if now is not before and before is not None:
                signal.signal(number, before)
