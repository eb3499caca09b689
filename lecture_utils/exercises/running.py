"""Run code of the reader: an error or an endless loop ends in words, never in a traceback.

What no words can end is a single call into C that never comes back, ``sum(itertools.count())``:
Python looks at nothing before it has, neither alarm nor interrupt, and no other thread gets a turn.
A process of its own could be ended, but would know nothing of the reader's notebook, nor the
notebook of what an answer prints and keeps. The reader restarts the kernel; `check` says so.
"""

import contextlib
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
from types import FunctionType, MethodType

import numpy as np

SECONDS = 5  # of work that a call may take
PATIENCE = 6  # times as long, for a call that waits, and where others keep the machine busy
GIGABYTES = 2  # of memory that a call may take, beside what is taken when it begins
# A browser has the name of the alarm, but it never rings there.
ALARM = hasattr(signal, "setitimer") and sys.platform != "emscripten"
LIMITED = sys.platform == "linux"  # macOS has the limit, but does not keep to it


@dataclass(frozen=True)
class Raised:
    """What stands for the result of a function that raised; it may have been without end."""

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
            return _raised(problem, function)


def _raised(problem, function):
    """Return what stands for the result of a function that raised: its words may raise, too."""
    known = isinstance(function, (FunctionType, MethodType))
    code = function.__code__ if known else None
    own = [line for frame, line in traceback.walk_tb(problem.__traceback__)
           if code and frame.f_code.co_filename == code.co_filename]  # fmt: skip
    where = f" in line {own[-1]} of its cell" if own else ""
    # It keeps the values, and grows if it is raised again; a class may refuse the name.
    BaseException.with_traceback(problem, None)
    if isinstance(problem, Overtime):
        return Raised(f"still running after {SECONDS:g} s{where}", endless=True)
    full = isinstance(problem, MemoryError)
    said, endless = f"{GIGABYTES:g} GB are not enough" * full, full
    try:
        said = " ".join(_in_time(str, [problem]).split()) or said
    except KeyboardInterrupt:
        raise
    except BaseException as other:  # a reader's own class
        endless = endless or isinstance(other, Overtime)
    return Raised(f"{type(problem).__name__}{where}: {said}".removesuffix(": "), endless)


@functools.lru_cache
def _stays(code):
    """Tell whether a loop jumps to itself, ``while True: pass``: Python 3.11 sees no line there."""
    return any(step.argval == step.offset for step in dis.get_instructions(code))


def _in_time(function, values):
    """Call a function; raise `Overtime` in it, until it is left, when it takes too long.

    In the main thread of Linux and macOS an alarm rings. Elsewhere (Windows, a browser, other
    threads) every line that is run looks at the clock, which makes loops slower. What keeps a
    single call into C busy is stopped when that call is back. In the main thread of Linux the
    memory is limited, too: it would end, and the kernel with it, before the time does.
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

    memory = contextlib.nullcontext()
    if alarmed:
        memory = _within(int(GIGABYTES * 2**30)) if LIMITED else memory
        handler = signal.signal(signal.SIGALRM, ring)
        timer = signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS / 10)
    else:
        sys.settrace(watch)
    try:
        with memory:
            return function(*values)
    finally:
        running, own = False, None  # a frame that knows itself would keep the values
        sys.settrace(watching)
        if alarmed:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)


@contextlib.contextmanager
def _within(more):
    """Let a call that takes so many bytes more than are taken now end in a MemoryError."""
    import resource  # Windows has none

    with open("/proc/self/statm", "rb") as pages:
        taken = int(pages.read().split()[5]) * resource.getpagesize()
    limits = soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    least = taken + more if taken else soft  # not every Linux tells
    known = [limit for limit in (least, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(known, default=soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, limits)
