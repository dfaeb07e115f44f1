"""pool.py: serves Python modules to the responder, on a socket it is given.

The process that runs this, the supervisor, imports no module. It starts a
loader (loader.py), which imports them all and forks the workers (worker.py);
until that is done, and whenever it has died, a few early workers import what
they are asked for. What becomes of each file is kept in a list (catalogue.py)
that the responder makes its own /modules of.

Everybody but the supervisor holds the reading end of its life line: a pipe
that ends with it, however it ends, so that nothing outlives it.
"""

import argparse
import ctypes
import os
import select
import signal
import sys
import time

import catalogue
import loader
import places
import talk
import worker

EARLY_WORKERS = 2
IMPORT_SECONDS = 30
PR_SET_CHILD_SUBREAPER = 36
BACKOFF_FIRST, BACKOFF_LAST = 0.1, 10.0


class Supervisor:
    """Keeps a loader alive, and says what becomes of the files."""

    def __init__(self, options):
        self.options = options
        self.sources, refused, libraries = places.find(options.places)
        sys.path.extend(libraries)
        self.catalogue = catalogue.Catalogue(options.list, options.loading, self.sources, refused)
        self.life, self.life_end = os.pipe()
        self.early = set()
        self.loader = 0
        self.reports = None
        self.importing = None  # the file, and since when
        self.ready = False
        self.stopping = False
        self.born = 0.0
        self.backoff = 0.0
        self.not_until = 0.0

    # ---- Children ----

    def child_begins(self):
        """What every child does first."""
        os.close(self.life_end)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def start_early(self):
        pid = os.fork()
        if pid == 0:
            self.child_begins()
            worker.run(worker.Options(self.options, self.sources, [self.life], None))
        self.early.add(pid)

    def start_loader(self):
        reading, writing = os.pipe()
        order = self.catalogue.in_order(self.sources)
        self.born = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self.child_begins()
            os.close(reading)
            loader.run(self.options, self.sources, order, self.life, writing)
        os.close(writing)
        self.loader, self.reports = pid, talk.Lines(reading)
        self.importing, self.ready = None, False

    def fill(self):
        if self.stopping or time.monotonic() < self.not_until:
            return
        if not self.loader:
            self.start_loader()
        while not self.ready and len(self.early) < EARLY_WORKERS:
            self.start_early()

    def loader_ended(self, status):
        self.listen()  # to what it said before
        if self.importing and not self.stopping:
            self.catalogue.fail_for_good(self.importing[0], "importing it ended Python: " + how(status))
        elif not self.stopping:
            talk.log("error", msg="the loader of the Python modules ended: " + how(status))
        self.reports.close()
        self.loader, self.reports, self.ready = 0, None, False
        if not self.importing and time.monotonic() - self.born < 2:
            self.backoff = min(self.backoff * 2 or BACKOFF_FIRST, BACKOFF_LAST)
            self.not_until = time.monotonic() + self.backoff
        else:
            self.backoff = 0.0
        self.importing = None

    def reap(self):
        """Returns whether there is any child left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.loader:
                self.loader_ended(status)
            self.early.discard(pid)

    # ---- What the loader says ----

    def listen(self):
        for word, *rest in self.reports.read() if self.reports else ():
            if word == "import":
                self.importing = (rest[0], time.monotonic())
            elif word == "good":
                self.importing = None
                self.catalogue.add(*rest)
            elif word == "bad":
                self.importing = None
                self.catalogue.fail(*rest)
            elif word == "ready":
                self.take_over()

    def take_over(self):
        """The loader has workers of its own now: the early ones may go, and the
        pool of before a reload."""
        self.ready = True
        self.catalogue.finish()
        for pid in self.early:
            os.kill(pid, signal.SIGTERM)
        if self.options.replaces:
            try:
                os.kill(self.options.replaces, signal.SIGTERM)
            except OSError:
                pass
            self.options.replaces = 0
        talk.log("info", msg="Python modules loaded", modules=self.catalogue.count())

    def end_slow_import(self):
        if self.importing and time.monotonic() - self.importing[1] > IMPORT_SECONDS:
            self.catalogue.fail_for_good(self.importing[0], "importing it took longer than %d s" % IMPORT_SECONDS)
            self.importing = None
            os.kill(self.loader, signal.SIGKILL)

    # ---- The whole ----

    def stop(self):
        if not self.stopping:
            self.stopping = True
            for pid in self.early | ({self.loader} if self.loader else set()):
                os.kill(pid, signal.SIGTERM)

    def run(self):
        wake = talk.wake_on(signal.SIGTERM, signal.SIGCHLD)
        while True:
            self.fill()
            watched = [wake] + ([self.reports.fd] if self.reports else [])
            select.select(watched, [], [], 0.25)
            if signal.SIGTERM in talk.woken(wake):
                self.stop()
            self.listen()
            self.end_slow_import()
            self.catalogue.write_sometimes()
            if not self.reap() and self.stopping:
                return


def how(status):
    if os.WIFSIGNALED(status):
        return signal.strsignal(os.WTERMSIG(status)) or "a signal"
    return "it exited with status %d" % os.WEXITSTATUS(status)


def adopt_orphans():
    """Whoever loses its parent becomes our child, and is not forgotten."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (OSError, AttributeError):
        pass


def read_options():
    parser = argparse.ArgumentParser(description="Serves Python modules to misp-modules.fcgi.")
    parser.add_argument("--listen", type=int, required=True, help="descriptor of a listening socket")
    parser.add_argument("--list", required=True, help="file that keeps what the modules are")
    parser.add_argument("--loading", required=True, help="file that says which are still to be loaded")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--most", type=int, default=16, help="workers when all others are busy")
    parser.add_argument("--max-body", type=int, default=256 << 20, help="bytes of a query")
    parser.add_argument("--replaces", type=int, default=0, help="process to stop once this is ready")
    parser.add_argument("--values", action="store_true", help="values may be logged")
    parser.add_argument("places", nargs="+", help="folders or packages with modules")
    return parser.parse_args()


def main():
    options = read_options()
    talk.begin(options.values)
    adopt_orphans()
    Supervisor(options).run()


if __name__ == "__main__":
    main()
