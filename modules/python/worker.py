"""worker.py: a process that answers one query at a time.

Whoever asks closes the connection when it gives up, at the query's deadline or
because its own client has gone. From the moment a query has been read until it
is answered, the kernel kills this process and all that it has started when that
happens: no native code, no blocked signal and no endless loop holds it up.
"""

import collections
import json
import os
import select
import signal
import socket
import threading

import answers
import exchange
import places
import processes
import state
import talk

MOST_QUERIES = 1000
SURPLUS_SECONDS = 10  # how long one that is not wanted waits for a query

# options: the program's; sources: by name; reasons: by name, why a module is
# not to be imported; snapshots: by name, of those that are imported already;
# life: readable when the supervisor has gone.
Work = collections.namedtuple("Work", "options sources reasons snapshots life")


class NotLoaded(Exception):
    """Why a module could not be imported."""


def is_failure(answer):
    """Whether a module may have stopped halfway, leaving what it works with in
    any state."""
    return not isinstance(answer, (dict, list)) or (isinstance(answer, dict) and "error" in answer)


class Worker:
    def __init__(self, work, desk):
        self.work, self.desk = work, desk
        self.listener = socket.socket(fileno=work.options.listen)
        self.listener.setblocking(False)
        self.snapshots = dict(work.snapshots)
        self.surroundings = state.Surroundings()
        self.pid = os.getpid()
        self.served = 0
        self.worn = False  # another is to take its place

    # ---- A query ----

    def module(self, name):
        if name in self.work.reasons:
            raise NotLoaded(self.work.reasons[name])
        try:
            module = places.load(self.work.sources[name])
        except BaseException as error:  # whatever a module does is its own affair
            raise NotLoaded(places.reason_of(error)) from error
        if name not in self.snapshots:
            self.snapshots[name] = state.Snapshot(module)
        return module

    def call(self, name, query, body):
        """The answer as JSON."""
        module = self.module(name)
        if hasattr(module, "dict_handler"):
            answer = module.dict_handler(request=query)
        else:
            answer = module.handler(q=body)
        self.worn = is_failure(answer)
        return answers.as_json(answer)

    def run_module(self, name, query, body):
        """Never raises: what a module does is answered."""
        threads = processes.count_threads()
        try:
            text = self.call(name, query, body)
        except NotLoaded as error:
            self.worn = True
            return answers.error("The Python module %s could not be loaded: %s" % (name, error))
        except SystemExit:
            self.worn = True
            return answers.error("The Python module %s called sys.exit()." % name)
        except BaseException as error:
            self.worn = True
            return self.explain(name, query, error)
        if processes.count_threads() > threads or threading.active_count() > 1 or processes.have_children():
            self.worn = True
        if not self.worn:
            self.worn = not (self.snapshots[name].restore() and self.surroundings.restore())
        return text

    def explain(self, name, query, error):
        said = answers.without_settings(answers.message_of(error), query)
        talk.log_failure(said, error, module=name)
        return answers.error("The Python module %s failed: %s" % (name, said))

    def answer(self, body):
        try:
            query = json.loads(body)
        except (ValueError, RecursionError):
            raise exchange.BadRequest("400 Bad Request", "The query is not JSON.") from None
        name = query.get("module") if isinstance(query, dict) else None
        if not isinstance(name, str):
            raise exchange.BadRequest("400 Bad Request", "The query names no module.")
        if name not in self.work.sources:
            return answers.error("There is no Python module %s." % name)
        return self.run_module(name, query, body)

    def serve(self, connection):
        method, path, body = exchange.read(connection, self.work.options.max_body)
        if (method, path) == ("GET", "/healthcheck"):
            return exchange.reply(connection, "200 OK", b'{"status":true}')
        if (method, path) == ("GET", "/modules"):
            return exchange.reply(connection, "200 OK", self.modules())
        if (method, path) != ("POST", "/query"):
            raise exchange.BadRequest("404 Not Found", "There is nothing at this path.")
        exchange.die_with(connection)
        try:
            text = self.answer(body)
        finally:
            if os.getpid() != self.pid:  # a child of the module's that came back
                os._exit(0)
            exchange.live_on(connection)
        exchange.reply(connection, "200 OK", text)

    def modules(self):
        try:
            with open(self.work.options.list, encoding="utf-8") as file:
                return answers.as_json(json.load(file)["modules"])
        except (OSError, ValueError, KeyError):
            return b"[]"

    def refuse(self, connection, error):
        try:
            exchange.reply(connection, error.args[0], answers.error(error.args[1]))
        except OSError:
            pass

    def serve_one(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:  # another was faster
            return
        self.desk.busy()
        with connection:
            try:
                self.serve(connection)
            except exchange.BadRequest as error:
                self.refuse(connection, error)
            except (exchange.Gone, OSError):
                pass
        self.served += 1
        if self.worn or self.served >= MOST_QUERIES:
            return
        self.desk.idle()

    # ---- The process ----

    def is_over(self):
        """Whether another process had better serve the next query."""
        if self.worn or self.served >= MOST_QUERIES:
            return True
        return self.desk.is_surplus() and self.desk.others_idle() >= self.desk.wanted

    def loop(self):
        """A connection wakes one of those who wait, not all of them."""
        listener = self.listener.fileno()
        poll = select.epoll()
        poll.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        for line in (self.work.life, self.desk.line):
            poll.register(line, select.EPOLLIN)
        while not self.is_over():
            ready = {fd for fd, _ in poll.poll(SURPLUS_SECONDS if self.desk.is_surplus() else None)}
            if ready - {listener} or (not ready and self.desk.others_idle()):
                break
            if ready:
                self.serve_one()
        # A connection may have woken this process for nothing, and nobody
        # else: so it looks once more when it can be woken no longer.
        poll.unregister(listener)
        if not self.worn:
            self.serve_one()


def run(work, desk):
    """Never returns."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    processes.adopt_orphans()
    status = 0
    try:
        Worker(work, desk).loop()
    except BaseException as error:
        talk.log_failure("", error, msg="a worker failed")
        status = 1
    # Nothing that a module has started outlives it, nor is anything run that it
    # wanted to run at the end.
    if processes.have_children():
        processes.end_strangers(())
    os._exit(status)
