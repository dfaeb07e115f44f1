"""loader.py: imports every module, then keeps the workers, which have them all
because they are forked from here."""

import gc
import json
import os
import select
import signal

import answers
import crew
import places
import processes
import state
import talk
import worker


def describe(source, module):
    """The entry of a module in /modules."""
    entry = {
        "name": source.name,
        "type": source.family,
        "mispattributes": module.introspection(),
        "meta": module.version(),
    }
    for key in ("mispattributes", "meta"):
        if not isinstance(entry[key], dict):
            raise TypeError("%s of the module is no dictionary" % key)
    return json.loads(answers.as_json(entry))


class Loader:
    def __init__(self, options, sources, reasons, life, reports):
        self.options, self.sources, self.reasons = options, sources, dict(reasons)
        self.life, self.reports = life, reports
        self.snapshots = {}
        self.pid = os.getpid()
        self.surroundings = state.Surroundings()

    def load(self, source):
        talk.say(self.reports, "import", source.path)
        try:
            module = places.load(source)
            descriptor = describe(source, module)
            self.snapshots[source.name] = state.Snapshot(module)
        except BaseException as error:  # whatever a module does is its own affair
            self.reasons[source.name] = places.reason_of(error)
        if os.getpid() != self.pid:  # a child of the module's that came back
            os._exit(0)
        # Libraries may want what was put into the environment.
        self.surroundings.restore(environment=False)
        if processes.have_children():
            processes.end_strangers(())
        if source.name in self.reasons:
            talk.say(self.reports, "bad", source.path, self.reasons[source.name])
        else:
            talk.say(self.reports, "good", source.path, descriptor)

    def keep_workers(self, board):
        wake = talk.wake_on(signal.SIGTERM, signal.SIGCHLD)
        work = worker.Work(self.options, self.sources, self.reasons, self.snapshots, self.life)
        workers = crew.Crew(self.options.workers, board, lambda desk: worker.run(work, desk))
        workers.fill()
        talk.say(self.reports, "ready")
        while workers.members or not workers.dismissed:
            watched = [wake] if workers.dismissed else [wake, self.life] + workers.watched()
            readable, _, _ = select.select(watched, [], [], workers.pause())
            if signal.SIGTERM in talk.woken(wake) or self.life in readable:
                workers.dismiss()
            reap(workers)
            workers.fill()


def reap(workers):
    killed = False
    for pid, status in processes.ended():
        killed |= bool(status)
        workers.ended(pid, status)
    if killed:  # what it had started is ours now
        processes.end_strangers(workers.members)


def run(loader, order, board):
    """Never returns."""
    os.setsid()
    processes.adopt_orphans()
    try:
        for name in order:
            loader.load(loader.sources[name])
        # What is there now is shared by all: it is not to be looked through
        # again, for that would write to it.
        gc.collect()
        gc.freeze()
        loader.keep_workers(board)
    except BaseException as error:
        talk.log_failure("", error, msg="the loader failed")
        os._exit(1)
    os._exit(0)
