"""loader.py: imports every module, then keeps the workers, which have them all
because they are forked from here."""

import gc
import json
import mmap
import os
import select
import signal

import places
import talk
import worker
from worker import States

# Seconds in which no worker may have begun another query, with all of them
# busy, before there are more.
PATIENCE = 0.05


def describe(source, module):
    """The entry of a module in /modules."""
    entry = {
        "name": source.name,
        "type": source.family,
        "mispattributes": module.introspection(),
        "meta": module.version(),
    }
    return json.loads(worker.as_json(entry))


def reason_of(error):
    if isinstance(error, SystemExit):
        return "importing it called sys.exit()"
    return "%s: %s" % (type(error).__name__, error)


def load(source, reports):
    talk.say(reports, "import", source.path)
    try:
        descriptor = describe(source, places.load(source))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a module does is its own affair
        talk.say(reports, "bad", source.path, reason_of(error))
        return
    talk.say(reports, "good", source.path, descriptor)


class Workers:
    """As many as are wanted, and more while none is idle."""

    def __init__(self, options, sources, life):
        self.options, self.sources, self.life = options, sources, life
        self.most = max(options.most, options.workers)
        self.states = mmap.mmap(-1, self.most)
        self.own_life, self.own_life_end = os.pipe()
        self.wake, self.waker = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.waker, False)
        self.places = {}
        self.stopping = False

    def start(self):
        place = self.states[:].index(States.FREE)
        self.states[place] = States.IDLE
        pid = os.fork()
        if pid == 0:
            os.close(self.own_life_end)
            states = States(self.states, place, self.waker, self.options.workers)
            worker.run(worker.Options(self.options, self.sources, [self.life, self.own_life], states))
        self.places[pid] = place

    def fill(self):
        while not self.stopping and len(self.places) < self.options.workers:
            self.start()

    def add(self):
        """As many again, for all are held by queries that take long."""
        for _ in range(min(len(self.places), self.most - len(self.places))):
            self.start()

    def look(self, before):
        """Adds workers if all are busy with what they were busy with before.
        Returns what they do, if that may have to be looked at again."""
        now = self.states[:]
        if self.stopping or now.count(States.IDLE):
            return None
        if now == before:
            self.add()
        return now

    def reap(self):
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.places:
                self.states[self.places.pop(pid)] = States.FREE

    def stop(self):
        self.stopping = True
        for pid in self.places:
            os.kill(pid, signal.SIGTERM)

    def run(self, reports):
        self.signals = talk.wake_on(signal.SIGTERM, signal.SIGCHLD)
        self.fill()
        talk.say(reports, "ready")
        seen = None
        while self.places or not self.stopping:
            # Once all are busy they are looked at again after a while.
            watched = [self.signals] + ([] if seen else [self.wake]) + ([] if self.stopping else [self.life])
            readable, _, _ = select.select(watched, [], [], PATIENCE if seen else 0.5)
            if signal.SIGTERM in talk.woken(self.signals) or self.life in readable:
                self.stop()
            talk.woken(self.wake)
            self.reap()
            self.fill()
            seen = self.look(seen)


def run(options, sources, order, life, reports):
    """Never returns."""
    os.setsid()
    try:
        for name in order:
            load(sources[name], reports)
        # What is there now is shared by all: it is not to be looked through
        # again, for that would write to it.
        gc.collect()
        gc.freeze()
        Workers(options, sources, life).run(reports)
    except BaseException as error:
        talk.log("error", msg="the loader failed", type=type(error).__name__, at=talk.trace(error))
        os._exit(1)
    os._exit(0)
