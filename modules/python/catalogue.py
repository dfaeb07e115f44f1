"""catalogue.py: what is known of each file: its descriptor, or why it has none.

It is kept in a file by name, size and time, so that what was loaded once is in
/modules at once, whatever the import takes.
"""

import json
import os
import time

import talk

BETWEEN_WRITES = 2.0


def _stamp(path):
    try:
        status = os.stat(path)
    except OSError:
        return None
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            known = json.load(file)["files"]
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


class Catalogue:
    """An entry of files holds the stamp of a file, and either its descriptor or
    the reason why it has none."""

    def __init__(self, path, loading, sources, refused):
        self.path, self.loading_path = path, loading
        self.paths = {source.path for source in sources.values()}
        self.refused = refused
        self.files = {}
        self.fatal = set()  # ended the loader that imported them
        self.loading = sorted(self.paths)
        self.written, self.text = 0.0, None
        for file, entry in _read(self.path).items():
            if file in self.paths and self._holds(file, entry):
                self.files[file] = entry
        self.write()

    @staticmethod
    def _holds(path, entry):
        stamp = _stamp(path)
        return bool(stamp) and isinstance(entry, dict) and all(entry.get(key) == stamp[key] for key in stamp)

    def in_order(self, sources):
        """The names to import: first those that were good the last time; what
        has ended a loader is left out."""

        def was_bad(source):
            return "descriptor" not in self.files.get(source.path, {})

        wanted = [source for source in sources.values() if source.path not in self.fatal]
        return [source.name for source in sorted(wanted, key=lambda source: (was_bad(source), source.name))]

    def count(self):
        return sum("descriptor" in entry for entry in self.files.values())

    def add(self, path, descriptor):
        self._settle(path, {"descriptor": descriptor})

    def fail(self, path, reason):
        self._settle(path, {"reason": reason})

    def fail_for_good(self, path, reason):
        self.fatal.add(path)
        self.fail(path, reason)

    def is_fatal(self, path):
        return path in self.fatal

    def reason(self, path):
        return self.files[path]["reason"]

    def _settle(self, path, entry):
        entry.update(_stamp(path) or {})
        self.files[path] = entry
        if path in self.loading:
            self.loading.remove(path)

    def finish(self):
        self.loading = []
        self.write()

    def write_sometimes(self):
        if self.loading and time.monotonic() - self.written > BETWEEN_WRITES:
            self.write()

    def write(self):
        """The list in the place of the one before, when it says something else;
        what is still to be loaded beside it."""
        self.written = time.monotonic()
        modules = [entry["descriptor"] for entry in self.files.values() if "descriptor" in entry]
        failures = self.refused + [[path, entry["reason"]] for path, entry in self.files.items() if "reason" in entry]
        text = json.dumps(
            {
                "modules": sorted(modules, key=lambda descriptor: descriptor["name"]),
                "failures": [{"path": path, "reason": reason} for path, reason in sorted(failures)],
                "files": self.files,
            },
            sort_keys=True,
        )
        try:
            self._write_list(text)
            with open(self.loading_path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.writelines(path + "\n" for path in self.loading)
        except OSError as error:  # queries are answered all the same
            talk.log("error", msg="cannot write the list of Python modules", path=self.path, reason=error.strerror)

    def _write_list(self, text):
        if text == self._before():
            return
        fresh = "%s.new.%d" % (self.path, os.getpid())
        with open(fresh, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(fresh, self.path)
        self.text = text

    def _before(self):
        if self.text is None:
            try:
                with open(self.path, encoding="utf-8") as file:
                    self.text = file.read()
            except (OSError, ValueError):
                pass
        return self.text
