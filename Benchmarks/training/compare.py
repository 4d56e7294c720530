"""Training steps of Penumbra and of PyTorch, side by side on the same graph and batch.

usage: compare.py --penumbra COMMAND [--rounds N] [--threads 1,2] CFG:BATCH ...

In every round each program computes some steps (forward, backward, update by momentum) in its turn.
First both compute the gradients of the same parameters for the same inputs, which must agree.
PyTorch runs in channels_last and in its default layout; the faster one of each network counts.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time

import numpy as np
import torch

import graph


def uniform(seed, count):
    """The first `count` numbers of SplitMix64, as `penumbra bench --help` says inputs are filled."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) * 2.0**-24).astype(np.float32)


class Torch:
    """A network of PyTorch's, and a step of its training."""

    def __init__(self, path, batch, layout):
        self.net = graph.Network(path).to(memory_format=layout).train()
        count = int(np.prod(self.net.shape))
        images = np.stack([uniform(i + 1, count).reshape(self.net.shape) for i in range(batch)])
        self.x = torch.from_numpy(images).to(memory_format=layout)
        # Rates so small that numbers stay in range, as on the other side.
        self.optimizer = torch.optim.SGD(
            self.net.parameters(), lr=1e-5 / batch, momentum=0.9, weight_decay=5e-4 * batch)
        self.loss_gradients = None

    def step(self, updates=True):
        self.optimizer.zero_grad()
        heads = self.net(self.x)
        if self.loss_gradients is None:
            self.loss_gradients = [
                ((torch.arange(head[0].numel()) % 7 - 3) * 1e-4).to(head.dtype)
                .view(head[0].shape).expand_as(head).contiguous() for head in heads
            ]
        torch.autograd.backward(heads, self.loss_gradients)
        if updates:
            self.optimizer.step()


def penumbra(command, path, batch, threads, *options):
    return json.loads(subprocess.run(
        [*command.split(), "bench", path, "--training", "--batch", str(batch), "--threads",
         str(threads), "--json", *options], check=True, capture_output=True, text=True).stdout)["runs"][0]


def check(command, path, batch):
    """How far our gradients are from PyTorch's in double precision, as a share of their norm.

    PyTorch's own in single precision are off by 0.2 % for csp-cells: batch normalisation subtracts
    what is nearly equal.
    """
    with tempfile.TemporaryDirectory() as folder:
        penumbra(command, path, batch, 1, "--iterations", "1", "--dump", folder)
        twin = Torch(path, batch, torch.contiguous_format)
        twin.net.load(f"{folder}/parameters.weights")
        twin.net.double()
        twin.x = twin.x.double()
        twin.step(updates=False)
        ours, exact = graph.read(f"{folder}/gradients.weights"), twin.net.gradients()
    difference = np.linalg.norm(ours - exact) / np.linalg.norm(exact)
    if not difference < 2e-2:
        raise SystemExit(f"{path}: gradients differ by {difference:.2g} of their norm")
    return difference


def milliseconds(step, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--penumbra", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("networks", nargs="+", metavar="CFG:BATCH")
    arguments = parser.parse_args()
    print("| network | batch | threads | Penumbra ms | images/s | GFLOP/s | PyTorch ms | images/s"
          " | ratio | gradients differ by |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for network in arguments.networks:
        path, batch = network.rsplit(":", 1)
        batch = int(batch)
        difference = check(arguments.penumbra, path, batch)
        for threads in map(int, arguments.threads.split(",")):
            torch.set_num_threads(threads)
            twins = [Torch(path, batch, layout)
                     for layout in (torch.contiguous_format, torch.channels_last)]
            for twin in twins:
                milliseconds(twin.step, 2)
            ours, speeds, theirs = [], [], [[] for _ in twins]
            for _ in range(arguments.rounds):
                result = penumbra(arguments.penumbra, path, batch, threads, "--iterations",
                                  str(arguments.steps), "--warm-up", "2")
                ours.append(result["milliseconds"]["median"])
                speeds.append(result["gflops_per_second"])
                for twin, times in zip(twins, theirs):
                    times += milliseconds(twin.step, arguments.steps)
            mine, other = statistics.median(ours), min(map(statistics.median, theirs))
            print(f"| {path.rsplit('/', 1)[-1][:-4]} | {batch} | {threads} | {mine:.0f} |"
                  f" {batch / mine * 1e3:.1f} | {statistics.median(speeds):.0f} | {other:.0f} |"
                  f" {batch / other * 1e3:.1f} | {other / mine:.2f}x | {difference:.1g} |", flush=True)


if __name__ == "__main__":
    main()
