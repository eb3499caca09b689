"""Why notebook 09, the hub and the tests set one thread for products, as ratios of one run.

Small products gain nothing when they are shared out, and on a full machine threads wait for each
other: what a class on a hub, or tests side by side, cannot use. Each contestant is a program of its
own, because the setting is read when a library is loaded: by NumPy's OpenBLAS and by PyTorch.
"""

import os
import statistics
import subprocess
import sys
import time

NUMPY = """
import sys
import numpy as np
from lecture_utils import Activation, Conv2D, Dense, Flatten, MaxPool2D, Network, digits, fit
X, y = digits()
X, y = X[:640].reshape(-1, 8, 8, 1).astype("float32"), y[:640]
layers = [Conv2D(1, 16, padding=1), Activation("relu"), Conv2D(16, 32, padding=1),
          Activation("relu"), MaxPool2D(2), Flatten(), Dense(512, 64), Activation("relu"),
          Dense(64, 10)]
network = Network(layers, input_shape=(8, 8, 1), dtype="float32")
fit(network, X, y, epochs=1)
print("ready", flush=True)
sys.stdin.readline()
fit(network, X, y, epochs=6)
"""
TORCH = """
import sys, torch
from torch import nn
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
X, y = torch.rand(32, 64), torch.arange(32) % 10
def train(steps):
    for _ in range(steps):
        model.zero_grad()
        nn.functional.cross_entropy(model(X), y).backward()
train(100)
print("ready", flush=True)
sys.stdin.readline()
train(1000)
"""
CONTESTS = {"NumPy, convolutional network": NUMPY, "PyTorch, dense network": TORCH}


def seconds(program, threads, programs):
    """Return how long it takes when a program runs several times at once, with so many threads."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    started = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(programs)
    ]  # fmt: skip
    for program in started:
        program.stdout.readline()
    start = time.perf_counter()
    for program in started:
        program.stdin.close()
    for program in started:
        program.wait()
        program.stdout.close()
    return time.perf_counter() - start


def rows(turns=5):
    """Return (what, ratio, target, met) for the table of `make bench`."""
    found, cores = [], os.cpu_count()
    for name, program in CONTESTS.items():
        for programs, what in ((1, "one program"), (2 * cores, f"{2 * cores} at once")):
            times = {threads: [] for threads in (1, cores)}
            for _ in range(turns):
                for threads, kept in times.items():
                    kept.append(seconds(program, threads, programs))
            one, all_ = (statistics.median(kept) for kept in times.values())
            title = f"{name}, {what}: {cores} threads each / 1 thread each"
            ratio, full = all_ / one, programs > cores
            target, met = (">= 1", ratio >= 1) if full else ("", None)
            found.append((title, f"{ratio:.2f}", target, met))
    return found
