"""Run code of the reader: an error or an endless loop ends in words, never in a traceback."""

import signal
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass

import numpy as np

SECONDS = 5  # that a call may take
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
    """Ends a call that takes too long; an ``except Exception`` of the reader does not stop it."""


def run(function, *values, warned="ignore"):
    """Call a function on values; an exception becomes a `Raised`."""
    with np.errstate(all=warned, under="ignore"), warnings.catch_warnings(action="ignore"):
        try:
            return _in_time(function, values)
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


def _in_time(function, values):
    """Call a function; raise `Overtime` in it when it takes too long.

    In the main thread of Linux and macOS an alarm rings. Elsewhere (Windows, a browser, other
    threads) every line that is run looks at the clock, which makes loops slower.
    """
    if ALARM and threading.current_thread() is threading.main_thread():
        handler = signal.signal(signal.SIGALRM, _stop)
        timer = signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            return function(*values)
        finally:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)

    end, watching = time.monotonic() + SECONDS, sys.gettrace()

    def watch(frame, event, argument):
        if time.monotonic() > end:
            raise Overtime
        return watch

    sys.settrace(watch)
    try:
        return function(*values)
    finally:
        sys.settrace(watching)


def _stop(number, frame):
    raise Overtime
