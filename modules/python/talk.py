"""talk.py: what the processes of the pool say: to the log, and to each other."""

import json
import os
import signal

_log = 2
_values = False


def begin(values):
    """From now on only log() writes to the log: what modules print is nobody's
    business unless values may be logged, and must not look like a line of
    ours."""
    global _log, _values
    _values = values
    _log = os.dup(2)
    if values:
        os.dup2(2, 1)
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.close(nothing)


def _quoted(value):
    text = str(value)
    if text and all(c.isalnum() or c in "._/-:," for c in text):
        return text
    return json.dumps(text)


def log(level, **pairs):
    """One line of logfmt, as the responder writes them."""
    words = ["level=" + level, "event=python"]
    words += ["%s=%s" % (key, _quoted(value)) for key, value in pairs.items()]
    try:
        os.write(_log, (" ".join(words) + "\n").encode("utf-8", "replace"))
    except OSError:
        pass


def trace(error):
    """Where an exception comes from: files, lines and functions only, for its
    words and values may be confidential."""
    frames, step = [], error.__traceback__
    while step:
        code = step.tb_frame.f_code
        frames.append("%s:%d(%s)" % (code.co_filename, step.tb_lineno, code.co_name))
        step = step.tb_next
    return " ".join(frames[-6:])


def log_failure(said, error, **pairs):
    """An exception; what it says only where values may be logged."""
    if _values and said:
        pairs["said"] = said
    log("warning", **pairs, type=type(error).__name__, at=trace(error))


def say(fd, *words):
    """A line for Lines on the other end of a pipe."""
    data = (json.dumps(words) + "\n").encode()
    while data:
        data = data[os.write(fd, data):]


class Lines:
    """What comes out of a pipe that say() writes to."""

    def __init__(self, fd):
        self.fd = fd
        self.rest = b""
        os.set_blocking(fd, False)

    def read(self):
        """All the lines that are complete, without waiting."""
        try:
            while True:
                piece = os.read(self.fd, 1 << 16)
                if not piece:
                    break
                self.rest += piece
        except BlockingIOError:
            pass
        *lines, self.rest = self.rest.split(b"\n")
        return [json.loads(line) for line in lines]

    def close(self):
        os.close(self.fd)


def wake_on(*signals):
    """The descriptor that becomes readable when one of these signals comes."""
    reading, writing = os.pipe()
    for fd in (reading, writing):
        os.set_blocking(fd, False)
    for number in signals:
        signal.signal(number, lambda number, frame: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def woken(fd):
    """The numbers of the signals that have come."""
    try:
        return os.read(fd, 4096)
    except BlockingIOError:
        return b""
