"""A program that is measured: a process of its own that answers line by line."""
import os
import select
import subprocess
import time


class Dead(Exception):
    """The process ended, or does not answer."""


class Process:
    """Starts a program and asks it for forward passes."""

    def __init__(self, command, environment, log):
        self.started = time.monotonic()
        with open(log, "wb") as stderr:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                env=environment,
            )
        self.buffer = b""

    def seconds_since_start(self):
        return time.monotonic() - self.started

    def line(self, timeout):
        """The next line the program prints."""
        end = time.monotonic() + timeout
        output = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([output], [], [], left)[0]:
                raise Dead(f"no answer in {timeout:.0f} s")
            received = os.read(output, 1 << 16)
            if not received:
                raise Dead(f"ended with status {self.process.wait()}")
            self.buffer += received
        text, self.buffer = self.buffer.split(b"\n", 1)
        return text.decode()

    def ask(self, request, timeout=300):
        try:
            self.process.stdin.write(request.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Dead(f"ended with status {self.process.wait()}") from None
        return self.line(timeout)

    def run(self, count):
        """The times of some forward passes, in milliseconds."""
        return [float(text) for text in self.ask(f"run {count}").split()]

    def pin(self, count):
        """Gives each of the `count` threads that work during a pass a core of its own.

        The system may leave two threads that wait for each other by spinning on one core, and a pass
        then takes many times longer. It happens to every program now and then, so all are treated
        alike. Some passes are watched: a thread of a library may be busy for a moment at the start.
        """
        before, end = self.thread_times(), time.monotonic() + 0.05
        while time.monotonic() < end:
            self.run(2)
        after = self.thread_times()
        busiest = sorted(after, key=lambda thread: before.get(thread, 0) - after[thread])[:count]
        for thread, core in zip(sorted(busiest), sorted(os.sched_getaffinity(0))):
            os.sched_setaffinity(thread, {core})

    def thread_times(self):
        """Nanoseconds that each thread has run."""
        times = {}
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{thread}/schedstat") as file:
                times[int(thread)] = int(file.read().split()[0])
        return times

    def peak_resident_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
        return None

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
