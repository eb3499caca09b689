"""A count of epochs for whoever waits, in a terminal or in a notebook."""

import sys
import time


class Progress:
    """Counts epochs where someone looks, once a second has passed, and leaves nothing behind."""

    def __init__(self, epochs):
        self.epochs, self.begun, self.handle = epochs, time.perf_counter(), None
        # Found if it is running, never imported: the numbers need no front end.
        ipython = sys.modules.get("IPython")
        shell = ipython and ipython.get_ipython()
        self.display = ipython.display.display if hasattr(shell, "kernel") else None

    def show(self, epoch):
        if time.perf_counter() - self.begun < 1.0:
            return
        text = f"epoch {epoch} of {self.epochs}"
        if self.display:
            bar = f'<progress value="{epoch}" max="{self.epochs}"></progress> {text}'
            self._update({"text/html": bar, "text/plain": text})
        elif sys.stderr.isatty():
            print(f"\r{text:<30}", end="", file=sys.stderr, flush=True)
            self.handle = sys.stderr

    def end(self):
        if self.handle is sys.stderr:
            print(f"\r{'':<30}", end="\r", file=sys.stderr, flush=True)
        elif self.handle:
            self._update({})  # an output without data: nothing is stored, nothing is shown

    def _update(self, bundle):
        if self.handle:
            self.handle.update(bundle, raw=True)
        else:
            self.handle = self.display(bundle, raw=True, display_id=True)
