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

FREE, IDLE, BUSY = 0, 1, 2


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
        place = self.states[:].index(FREE)
        self.states[place] = IDLE
        pid = os.fork()
        if pid == 0:
            os.close(self.own_life_end)
            states = worker.States(self.states, place, self.waker, self.options.workers)
            worker.run(worker.Options(self.options, self.sources, [self.life, self.own_life], states))
        self.places[pid] = place

    def fill(self):
        while not self.stopping:
            states = self.states[:]
            alive = len(self.places)
            if alive >= self.options.workers and (states.count(IDLE) or alive >= self.most):
                return
            self.start()

    def reap(self):
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.places:
                self.states[self.places.pop(pid)] = FREE

    def stop(self):
        self.stopping = True
        for pid in self.places:
            os.kill(pid, signal.SIGTERM)

    def run(self, reports):
        self.signals = talk.wake_on(signal.SIGTERM, signal.SIGCHLD)
        self.fill()
        talk.say(reports, "ready")
        while self.places or not self.stopping:
            readable, _, _ = select.select([self.life, self.wake, self.signals], [], [], 0.5)
            if signal.SIGTERM in talk.woken(self.signals) or self.life in readable:
                self.stop()
            talk.woken(self.wake)
            self.reap()
            self.fill()


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
