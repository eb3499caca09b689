"""PyTorch, imported at its first use: where it is missing, all tests without it still run."""

import importlib


class _Late:
    def __getattr__(self, name):
        if name.startswith("__"):  # pytest looks whether it is a test
            raise AttributeError(name)
        return getattr(importlib.import_module("torch"), name)


torch = _Late()
