"""Measures one network on one number of threads: all programs alive at once, in turns."""
import os
import statistics
import time

import networks
import outputs
from process import Dead, Process
from programs import is_fp32_peer

# A turn is one untimed pass and so many timed ones that they take about this long, 5 at most.
TURN_MS = 100
# A program slower than this takes no untimed pass.
SLOW_MS = 300
# Clean rounds from which on the others are left out.
ENOUGH = 5


class Competitor:
    """One program while a network is measured."""

    def __init__(self, name, process, first_result):
        self.name, self.process = name, process
        self.first_result = first_result  # seconds from start to the first result
        self.estimate = statistics.median(process.run(2))
        self.passes = max(1, min(5, int(TURN_MS / max(self.estimate, 1e-3))))

    def turn(self):
        if self.estimate < SLOW_MS:
            self.process.run(1)
        return self.process.run(self.passes)


def measure(job, programs, threads, probe, rounds, seconds):
    """The result of one network: a row for each program, and why some have none.

    rounds: clean rounds wanted; at most twice as many are run, and none starts after `seconds`,
    three at least.
    """
    end = time.monotonic() + seconds
    skipped = dict(programs.missing)
    competitors = start_all(job, programs, threads, skipped)
    try:
        turns, probes = run_rounds(competitors, probe, rounds, end, skipped)
        rows, reference = summarize(job, competitors, turns, skipped)
    finally:
        for competitor in competitors:
            competitor.process.close()
    return dict(
        network=job.name, shape=job.shape, gflop=job.gflop, threads=threads, rows=rows,
        reference=reference, skipped=skipped, rounds=len(turns),
        clean_rounds=sum(is_clean for is_clean, _ in turns), load=os.getloadavg()[0],
        probe_gflops=[min(probes), statistics.median(probes), max(probes)] if probes else None,
        time=time.strftime("%Y-%m-%d %H:%M:%S"),
    )


def start_all(job, programs, threads, skipped):
    """Starts every program, has it write its outputs down, and lets it warm up."""
    competitors = []
    for name in programs.names:
        process = None
        try:
            command, environment = programs.command(name, job, threads)
            log = os.path.join(job.folder, f"{name}-{threads}.log")
            process = Process(command, environment, log)
            process.line(240)
            process.run(1)
            first_result = process.seconds_since_start()
            folder = output_folder(job, name)
            os.makedirs(folder, exist_ok=True)
            process.ask("dump " + folder, 240)
            if threads > 1:
                process.pin(threads)
            competitors.append(Competitor(name, process, first_result))
        except networks.Missing as error:
            skipped[name] = str(error)
        except (Dead, OSError) as error:
            skipped[name] = f"{error}, see {name}-{threads}.log"
            if process:
                process.close()
    return competitors


def run_rounds(competitors, probe, wanted, end, skipped):
    """(clean?, {name: times}) of each round, and what the probe gave."""
    turns, probes = [], []
    while len(turns) < 2 * wanted and sum(is_clean for is_clean, _ in turns) < wanted:
        if time.monotonic() > end and len(turns) >= 3:
            break
        before, times = probe(), {}
        order = competitors if len(turns) % 2 == 0 else competitors[::-1]
        for competitor in [c for c in order if c.name not in skipped]:
            time.sleep(0.06)  # the threads of the one before stop spinning
            try:
                times[competitor.name] = competitor.turn()
            except Dead as error:
                skipped[competitor.name] = str(error)
        after = probe()
        probes += [before, after]
        turns.append((probe.is_clean(before, after), times))
    return turns, probes


def summarize(job, competitors, turns, skipped):
    """The rows, and the program whose outputs are the reference."""
    clean = [times for is_clean, times in turns if is_clean]
    counted = clean if len(clean) >= ENOUGH else [times for _, times in turns]
    alive = [c for c in competitors if c.name not in skipped]
    names = [c.name for c in alive]
    reference = next((n for n in names if is_fp32_peer(n)), names[0] if names else None)
    expected = outputs.load(output_folder(job, reference), job.heads) if reference else None
    rows = []
    for competitor in alive:
        times = sorted(t for turn in counted for t in turn.get(competitor.name, []))
        found = outputs.load(output_folder(job, competitor.name), job.heads)
        median = statistics.median(times)
        rows.append(
            dict(
                program=competitor.name, min=times[0], median=median,
                p90=times[min(len(times) - 1, int(0.9 * len(times)))], passes=len(times),
                gflops=job.gflop / median * 1e3, peak_rss_mib=competitor.process.peak_resident_mib(),
                first_result_s=competitor.first_result,
                max_abs_diff=outputs.largest_difference(expected, found),
                ref_max=outputs.largest_value(expected),
            )
        )
    return rows, reference


def output_folder(job, name):
    return os.path.join(job.folder, "out-" + name)
