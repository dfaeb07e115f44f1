"""crew.py: keeps as many workers as are wanted, and more while none is idle.

A board in shared memory says what each worker does. Who becomes busy as the
last one says so on a pipe; when all of them then stay with what they do, there
are more. What is too much goes by itself when it has nothing to do.
"""

import mmap
import os
import time

import processes
import talk

# A place that is busy counts its queries from BUSY to LAST, and again.
FREE, IDLE, BUSY, LAST = 0, 1, 2, 255
PATIENCE = 0.05  # seconds in which all are busy with the same, before there are more
PID_SIZE = 4
DIED_AT_BIRTH = 1.0  # seconds


class Board:
    """For each place what its worker does, then the number of its process."""

    def __init__(self, places):
        self.places = places
        self.shared = mmap.mmap(-1, places * (1 + PID_SIZE))

    def take(self):
        """A place that is free; the lowest, for the high ones are given up."""
        place = self.states().index(FREE)
        self.shared[place] = IDLE
        return place

    def state(self, place):
        return self.shared[place]

    def set_state(self, place, state):
        self.shared[place] = state

    def states(self):
        return self.shared[: self.places]

    def idle(self):
        return self.states().count(IDLE)

    def set_pid(self, place, pid):
        start = self.places + place * PID_SIZE
        self.shared[start : start + PID_SIZE] = pid.to_bytes(PID_SIZE, "little")

    def pids(self):
        numbers = self.shared[self.places :]
        pids = (numbers[i : i + PID_SIZE] for i in range(0, len(numbers), PID_SIZE))
        return {int.from_bytes(pid, "little") for pid in pids} - {0}


class Desk:
    """What a worker has of the crew it is in."""

    def __init__(self, crew, place):
        self.board, self.place = crew.board, place
        self.line, self.waker = crew.line, crew.waker
        self.wanted = crew.wanted
        self.count = LAST

    def busy(self):
        self.count = self.count + 1 if self.count < LAST else BUSY
        self.board.set_state(self.place, self.count)
        if not self.board.idle():
            try:
                os.write(self.waker, b"x")
            except OSError:
                pass

    def idle(self):
        self.board.set_state(self.place, IDLE)

    def is_surplus(self):
        return self.place >= self.wanted

    def others_idle(self):
        return self.board.idle() - (self.board.state(self.place) == IDLE)


class Crew:
    """work(desk) is what each process does; it never returns."""

    def __init__(self, wanted, board, work):
        self.wanted, self.board, self.work = wanted, board, work
        self.line, self.line_end = os.pipe()  # ends when the crew is dismissed
        self.wake, self.waker = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.waker, False)
        self.members = {}  # process: (place, since when)
        self.dismissed = False
        self.seen, self.seen_at = None, 0.0  # the board when all were busy
        self.backoff = processes.Backoff()

    def _start(self):
        place = self.board.take()
        try:
            pid = os.fork()
        except OSError as error:
            self.board.set_state(place, FREE)
            talk.log("error", msg="cannot start a worker", reason=error.strerror)
            self.backoff.longer()
            return
        if pid == 0:
            self.forget()
            self.work(Desk(self, place))
        self.board.set_pid(place, pid)
        self.members[pid] = (place, time.monotonic())

    def forget(self):
        """In a child: only the parent's end counts."""
        if not self.dismissed:
            os.close(self.line_end)

    def _may_start(self, most):
        room = len(self.members) < most
        return room and not self.dismissed and not self.backoff.left()

    def _look(self):
        """As many again, when all are held by queries that take long: each of
        many short ones is soon taken up by who is there."""
        states = self.board.states()
        if IDLE in states or self.dismissed or len(self.members) >= self.board.places:
            self.seen = None
        elif states != self.seen:
            self.seen, self.seen_at = states, time.monotonic()
        elif time.monotonic() - self.seen_at >= PATIENCE:
            most = min(2 * len(self.members), self.board.places)
            while self._may_start(most):
                self._start()
            self.seen = None

    def fill(self):
        talk.woken(self.wake)
        while self._may_start(self.wanted):
            self._start()
        self._look()

    def watched(self):
        """What becomes readable when there is something to do for fill()."""
        return [] if self.seen else [self.wake]

    def pause(self):
        """Seconds until it has something to do all the same; None: never."""
        left = self.backoff.left()
        if left and not self.dismissed:
            return left
        return PATIENCE if self.seen else None

    def ended(self, pid, status):
        """Returns whether it was one of us."""
        if pid not in self.members:
            return False
        place, born = self.members.pop(pid)
        never_busy = self.board.state(place) == IDLE
        self.board.set_pid(place, 0)
        self.board.set_state(place, FREE)
        if never_busy and status and time.monotonic() - born < DIED_AT_BIRTH:
            self.backoff.longer()
        else:
            self.backoff.over()
        # That is how who asked ends it.
        if status and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9):
            talk.log("warning", msg="a worker ended: " + processes.how(status))
        return True

    def dismiss(self):
        """Each ends when it has answered its query."""
        if not self.dismissed:
            self.dismissed = True
            os.close(self.line_end)
