"""pool.py: serves Python modules to the responder, on a socket it is given.

The process that runs this, the supervisor, imports no module. It starts a
loader (loader.py), which imports them all and keeps the workers (crew.py,
worker.py); until that is done, and whenever it has died, a few early workers
import what they are asked for. What becomes of each file is kept in a list
(catalogue.py) that the responder makes its own /modules of.

Everybody but the supervisor holds the reading end of its life line: a pipe
that ends with it, however it ends, so that nothing outlives it.
"""

import os
import select
import signal
import sys
import time

import catalogue
import crew
import loader
import places
import processes
import program_options
import talk
import worker

EARLY_WORKERS = 2
BORN_BADLY = 2.0  # seconds
TICK = 0.25  # while there is something to look at that says nothing itself


class Supervisor:
    """Keeps a loader alive, and says what becomes of the files."""

    def __init__(self, options):
        self.options = options
        self.sources, refused, libraries = places.find(options.places)
        sys.path.extend(libraries)
        self.catalogue = catalogue.Catalogue(options.list, options.loading, self.sources, refused)
        self.life, self.life_end = os.pipe()
        self.early = None  # the crew of now
        self.crews = []  # those with members: it, and dismissed ones
        self.board = None  # of the loader's crew
        self.adopted = set()  # workers whose loader has died
        self.loader = 0
        self.reports = None
        self.importing = None  # the file, and since when
        self.ready = False
        self.too_slow = False  # the loader, and so it was killed
        self.stopping = False
        self.born = 0.0
        self.backoff = processes.Backoff()

    # ---- Children ----

    def child_begins(self):
        """What every child does first."""
        os.close(self.life_end)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run_early(self, desk):
        self.child_begins()
        work = worker.Work(self.options, self.sources, self.fatal(), {}, self.life)
        worker.run(work, desk)

    def fatal(self):
        """By name, why a module must not be imported again."""
        return {s.name: self.catalogue.reason(s.path) for s in self.sources.values() if self.catalogue.is_fatal(s.path)}

    def start_loader(self):
        reading, writing = os.pipe()
        self.board = crew.Board(self.options.most)
        self.born = time.monotonic()
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            self.child_begins()
            for early in self.crews:
                early.forget()
            os.close(reading)
            processes.die_with_parent(supervisor)
            order = self.catalogue.in_order(self.sources)
            loader.run(loader.Loader(self.options, self.sources, self.fatal(), self.life, writing), order, self.board)
        os.close(writing)
        self.loader, self.reports = pid, talk.Lines(reading)
        self.importing, self.ready, self.too_slow = None, False, False

    def is_replacing(self):
        """Whether the pool of before a reload answers, with all it has loaded."""
        if self.options.replaces and processes.parent_of(self.options.replaces) != os.getppid():
            self.options.replaces = 0
        return bool(self.options.replaces)

    def fill(self):
        if self.stopping:
            return
        if not self.loader and not self.backoff.left():
            self.start_loader()
        if not self.ready and not self.early and not self.is_replacing():
            self.early = crew.Crew(min(EARLY_WORKERS, self.options.most), crew.Board(self.options.most), self.run_early)
            self.crews.append(self.early)
        if self.early:
            self.early.fill()

    def dismiss_early(self):
        if self.early:
            self.early.dismiss()
        self.early = None

    def loader_ended(self, status):
        self.listen()  # to what it said before
        how = processes.how(status)
        if self.importing and not self.stopping:
            self.catalogue.fail_for_good(self.importing[0], "importing it ended Python: " + how)
        elif not self.stopping and not self.too_slow:
            talk.log("error", msg="the loader of the Python modules ended: " + how)
        self.reports.close()
        self.adopted |= self.board.pids()
        self.loader, self.reports, self.ready = 0, None, False
        if not self.importing and not self.too_slow and time.monotonic() - self.born < BORN_BADLY:
            self.backoff.longer()
        else:
            self.backoff.over()
        self.importing = None

    def reap(self):
        """Returns whether there is any child left."""
        killed = False
        for pid, status in processes.ended():
            killed |= bool(status)
            if pid == self.loader:
                self.loader_ended(status)
            self.adopted.discard(pid)
            for one in self.crews:
                one.ended(pid, status)
        self.crews = [one for one in self.crews if one.members or one is self.early]
        if killed or self.stopping:  # what it had started is ours now
            processes.end_strangers(self.known())
        return processes.have_children()

    def known(self):
        return self.adopted.union([self.loader], *(one.members for one in self.crews))

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
        self.dismiss_early()
        if self.is_replacing():
            try:
                os.kill(self.options.replaces, signal.SIGTERM)
            except OSError:
                pass
        self.options.replaces = 0
        talk.log("info", msg="Python modules loaded", modules=self.catalogue.count())

    def end_slow_import(self):
        limit = self.options.import_seconds
        if self.importing and time.monotonic() - self.importing[1] > limit:
            self.catalogue.fail_for_good(self.importing[0], "importing it took longer than %g s" % limit)
            self.importing, self.too_slow = None, True
            self.kill_loader(signal.SIGKILL)

    # ---- The whole ----

    def kill_loader(self, number):
        if self.loader:
            os.kill(self.loader, number)

    def stop(self):
        """Queries are answered to their end; imports are of no use any more."""
        self.stopping = True
        self.dismiss_early()
        self.kill_loader(signal.SIGTERM if self.ready else signal.SIGKILL)

    def pause(self):
        tick = TICK if not self.ready or self.stopping or self.adopted else None
        early = self.early.pause() if self.early else None
        return min((seconds for seconds in (tick, early) if seconds is not None), default=None)

    def watched(self):
        reports = [self.reports.fd] if self.reports else []
        return reports + (self.early.watched() if self.early else [])

    def run(self):
        wake = talk.wake_on(signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
        while True:
            self.fill()
            select.select([wake] + self.watched(), [], [], self.pause())
            if {signal.SIGTERM, signal.SIGINT} & set(talk.woken(wake)) and not self.stopping:
                self.stop()
            self.listen()
            self.end_slow_import()
            self.catalogue.write_sometimes()
            if not self.reap() and self.stopping:
                return


def hide():
    """The names of our files are free for modules and their libraries; and
    nothing is written into the folders of those."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    for name, module in list(sys.modules.items()):
        if name != "__main__" and os.path.dirname(getattr(module, "__file__", None) or "") == folder:
            del sys.modules[name]
    sys.dont_write_bytecode = True


def main():
    options = program_options.read()
    hide()
    talk.begin(options.values)
    processes.adopt_orphans()
    Supervisor(options).run()


if __name__ == "__main__":
    main()
