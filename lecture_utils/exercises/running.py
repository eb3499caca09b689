"""Run code of the reader: an error or an endless loop ends in words, never in a traceback."""

import dis
import functools
import inspect
import signal
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass

import numpy as np

SECONDS = 5  # of work that a call may take
PATIENCE = 6  # times as long, for a call that waits, and where others keep the machine busy
# A browser has the name of the alarm, but it never rings there.
ALARM = hasattr(signal, "setitimer") and sys.platform != "emscripten"


@dataclass(frozen=True)
class Raised:
    """What stands for the result of a function that raised."""

    words: str
    endless: bool = False

    @property
    def kind(self):
        """Name of the exception, as "ValueError": where it was raised is no matter."""
        return self.words.partition(":")[0].partition(" ")[0]

    def __repr__(self):
        return self.words


class Overtime(BaseException):
    """Ends a call that takes too long, also through an ``except:`` of the reader.

    Where it is caught and forgotten it calls `again`, and comes back at the next line.
    """

    def __init__(self, again):
        self.again = again

    def __del__(self):
        self.again()


def run(function, *values, warned="ignore", ours=False):
    """Call a function on values; an exception becomes a `Raised`. What is ours has all the time."""
    with np.errstate(all=warned, under="ignore"), warnings.catch_warnings(action="ignore"):
        try:
            return function(*values) if ours else _in_time(function, values)
        except KeyboardInterrupt:  # the reader stops it
            raise
        except BaseException as problem:  # whatever else the reader's code raises, exit() too
            code = getattr(function, "__code__", None)
            own = [step for step in traceback.extract_tb(problem.__traceback__)
                   if code and step.filename == code.co_filename]  # fmt: skip
            where = f" in line {own[-1].lineno} of its cell" if own else ""
            if isinstance(problem, Overtime):
                return Raised(f"still running after {SECONDS:g} s{where}", endless=True)
            try:
                said = " ".join(str(problem).split())
            except Exception:  # a reader's own class
                said = ""
            return Raised(f"{type(problem).__name__}{where}: {said}".removesuffix(": "))


@functools.lru_cache
def _stays(code):
    """Tell whether a loop jumps to itself, ``while True: pass``: Python 3.11 sees no line there."""
    return any(step.argval == step.offset for step in dis.get_instructions(code))


def _in_time(function, values):
    """Call a function; raise `Overtime` in it, until it is left, when it takes too long.

    In the main thread of Linux and macOS an alarm rings. Elsewhere (Windows, a browser, other
    threads) every line that is run looks at the clock, which makes loops slower. What keeps a
    single call into C busy is stopped when that call is back.
    """
    own, watching = inspect.currentframe(), sys.gettrace()
    begun, worked = time.monotonic(), time.process_time()
    running, alarmed = True, ALARM and threading.current_thread() is threading.main_thread()

    def late():
        """Tell whether its time is over; on a busy machine most of it goes to others."""
        waited = time.monotonic() - begun
        return waited > SECONDS and (
            time.process_time() - worked > SECONDS or waited > PATIENCE * SECONDS
        )

    def watch(frame, event, argument):
        if event == "call":
            frame.f_trace_opcodes = _stays(frame.f_code)
        elif event in ("line", "opcode") and running and late():
            raise Overtime(again)  # Python takes away a tracer that raises
        return watch

    def again():
        """Look at every line, in the frames that are there, too, but those of `Overtime`."""
        if running:
            frame = inspect.currentframe().f_back.f_back
            while frame is not own:
                frame.f_trace, frame = watch, frame.f_back
            sys.settrace(watch)

    def ring(number, frame):
        if running and late():
            raise Overtime(again)

    if alarmed:
        handler = signal.signal(signal.SIGALRM, ring)
        timer = signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS / 10)
    else:
        sys.settrace(watch)
    try:
        return function(*values)
    finally:
        running, own = False, None  # a frame that knows itself would keep the values
        sys.settrace(watching)
        if alarmed:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
