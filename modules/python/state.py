"""state.py: puts back what a query has changed beside its answer, so that the
next one finds the module as it was imported."""

import copy
import os

MOST_ITEMS = 1000


def _is_small(value, left=MOST_ITEMS):
    """Whether value is plain data, and not so much that copying it matters:
    how many items may follow, or -1."""
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
    for part in parts:
        left = _is_small(part, left)
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
        self.kept = {
            name: copy.deepcopy(value)
            for name, value in self.values.items()
            if isinstance(value, (dict, list, set)) and name != "__builtins__" and _is_small(value) >= 0
        }

    def restore(self):
        for name in [name for name in self.names if name not in self.values]:
            del self.names[name]
        for name, value in self.values.items():
            if self.names.get(name, self) is not value:
                self.names[name] = value
        for name, kept in self.kept.items():
            if self.values[name] != kept:
                _refill(self.values[name], kept)


class Surroundings:
    """The environment and the working directory of the process."""

    def __init__(self):
        self.environment = dict(os.environ)
        # Behind the mapping, which decodes all of it whenever it is compared.
        self.raw = getattr(os.environ, "_data", os.environ)
        self.raw_before = dict(self.raw)
        self.directory = os.getcwd()

    def restore(self):
        if self.raw != self.raw_before:
            os.environ.clear()
            os.environ.update(self.environment)
        try:
            changed = os.getcwd() != self.directory
        except OSError:
            changed = True
        if changed:
            os.chdir(self.directory)
