"""What the machine is, and what it gives at a moment."""
import json
import platform
import subprocess


def description():
    with open("/proc/cpuinfo") as file:
        cpu = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return dict(cpu=cpu[0] if cpu else "", processors=len(cpu), kernel=platform.release())


def limits(penumbra, threads, *arguments):
    """What `penumbra bench --limits` finds."""
    command = [penumbra, "bench", "--limits", "--json", "--threads", ",".join(map(str, threads))]
    found = subprocess.run(
        command + list(arguments), capture_output=True, text=True, check=True
    )
    return json.loads(found.stdout)["limits"]


class Probe:
    """A burst of multiply-adds: a neighbour on the host shows here, not in the load."""

    # Below this share of the best burst so far a moment does not count.
    CLEAN = 0.85

    def __init__(self, penumbra, threads):
        self.penumbra, self.threads = penumbra, threads
        self.best = 0.0
        for _ in range(5):
            self()

    def __call__(self):
        """GFLOP/s at this moment."""
        found = limits(self.penumbra, [self.threads], "--filter", "fp32", "--iterations", "3")
        rate = found["arithmetic"][0]["gflops_per_second"]
        self.best = max(self.best, rate)
        return rate

    def is_clean(self, *rates):
        return min(rates) >= self.CLEAN * self.best
