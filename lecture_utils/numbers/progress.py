"""A progress bar for whoever waits, in a notebook or in a terminal."""

import sys
import time


class Progress:
    """Shows how far a training is, once a second has passed, and leaves nothing behind."""

    def __init__(self, epochs):
        self.epochs, self.due, self.place = epochs, time.perf_counter() + 1.0, None
        # Found if it is running, never imported: the numbers need no front end.
        ipython = sys.modules.get("IPython")
        shell = ipython and ipython.get_ipython()
        self.display = ipython.display.display if hasattr(shell, "kernel") else None

    def show(self, done):
        """Say how many epochs are done, 2.5 in the middle of the third, a few times a second."""
        now = time.perf_counter()
        if now < self.due:
            return
        self.due = now + 0.2
        text = f"epoch {min(int(done) + 1, self.epochs)} of {self.epochs}"
        if self.display:
            # It begins empty: who takes no updates, or is interrupted here, keeps an empty output.
            self.place = self.place or self.display({}, raw=True, display_id=True)
            bar = f'<progress value="{done:.3f}" max="{self.epochs}"></progress> {text}'
            self.place.update({"text/html": bar, "text/plain": text}, raw=True)
        elif sys.stderr.isatty():
            self.place = sys.stderr
            print(f"\r{text:<30}", end="", file=sys.stderr, flush=True)

    def end(self):
        """Take it away."""
        if self.place is sys.stderr:
            print(f"\r{'':<30}", end="\r", file=sys.stderr, flush=True)
        elif self.place:
            self.place.update({}, raw=True)
