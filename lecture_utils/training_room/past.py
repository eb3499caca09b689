"""Where the training of some networks has been: states to go back to, a bounded number of them."""

from copy import deepcopy

MOST = 60  # states; then every second one is let go
STATE = "setting", "epoch", "ended", "network", "dense", "optimizer", "_order", "_done", "_changes"


class Past:
    """Keep the states of models, evenly spread over the epochs.

    Attributes
    ----------
    gap : int
        Epochs from one state to the next.
    kept : dict of {int: list}
        By epoch: of each model what training has made of it.
    """

    def __init__(self):
        self.gap, self.kept = 1, {}

    def keep(self, epoch, models):
        """Keep how models are after this epoch, if it is one of those that are kept."""
        if epoch % self.gap == 0:
            self.kept[epoch] = deepcopy([{name: getattr(one, name) for name in STATE}
                                         for one in models])  # fmt: skip
        while len(self.kept) > MOST:
            self.gap *= 2
            self.kept = {at: then for at, then in self.kept.items() if at % self.gap == 0}

    def last(self, end):
        """Return the last epoch that was kept up to `end`, or 0, and the states; forget later ones.

        From here on every epoch is kept, as far as there is room: who goes back goes on looking.
        """
        self.kept = {at: then for at, then in self.kept.items() if at <= end}
        self.gap, last = 1, max(self.kept, default=0)
        return last, deepcopy(self.kept.get(last, []))
