"""Side by side: the programs people use to run such networks on a CPU, and penumbra.

usage: bench.py --root FOLDER --penumbra PATH --out RESULTS.json [options] [NETWORK ...]

FOLDER is what `setup` made. README.md says how it measures; tables.py turns the results into tables.
"""
import argparse
import json
import os
import sys
import time

import machine
import networks
import programs
import rounds
from cfg import CfgError

OURS = "{penumbra} bench --worker --backend blocked"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "networks", nargs="*", default=networks.DEFAULT, metavar="NETWORK",
        help="NAME@WxH or CFG@WxH[=WEIGHTS]; the default list without any",
    )
    parser.add_argument("--root", required=True, help="the folder that setup made")
    parser.add_argument("--penumbra", required=True, help="the command that is measured")
    parser.add_argument("--out", required=True, help="the JSON file to write")
    parser.add_argument("--append", action="store_true", help="keep other results of that file")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=10, help="clean rounds of each network")
    parser.add_argument("--minutes", type=float, default=60, help="a bound on all of it")
    parser.add_argument("--peers", default=",".join(programs.PEERS))
    parser.add_argument(
        "--command", action="append", default=[], metavar="NAME=COMMAND",
        help="what is measured beside the peers, in place of "
        + OURS.format(penumbra="penumbra=penumbra") + "; may be given several times",
    )
    return parser.parse_args()


def main():
    given = arguments()
    commands = dict(entry.split("=", 1) for entry in given.command)
    commands = commands or {"penumbra": OURS.format(penumbra=given.penumbra)}
    threads = [int(text) for text in given.threads.split(",")]
    peers = [name for name in given.peers.split(",") if name]
    installed = programs.Programs(given.root, peers, commands)
    for name, why in installed.missing.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    document = dict(
        machine=machine.description(), versions=installed.versions(), commands=commands,
        limits=machine.limits(given.penumbra, threads, "--seconds", "2"), results=[],
    )
    if given.append and os.path.exists(given.out):
        with open(given.out) as file:
            document["results"] = json.load(file)["results"]
    work = os.path.join(os.path.abspath(given.root), "work")
    jobs = prepared(given.networks, work)
    end = time.monotonic() + 60 * given.minutes
    left = len(threads) * len(jobs)
    for count in threads:
        probe = machine.Probe(given.penumbra, count)
        for job in jobs:
            share = (end - time.monotonic()) / left
            left -= 1
            if share <= 0:
                print(f"{job.name}, {count} thread(s): no time left", file=sys.stderr)
                continue
            result = rounds.measure(job, installed, count, probe, given.rounds, share)
            report(result)
            keep(result, document, given.out)


def prepared(names, work):
    """The jobs of all networks whose files are here."""
    jobs = []
    for name in names:
        try:
            jobs.append(networks.prepare(name, work))
        except (networks.Missing, CfgError, OSError) as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    return jobs


def report(result):
    """What came out, for who waits."""
    print(
        f"{result['network']}, {result['threads']} thread(s): {result['clean_rounds']} clean of "
        f"{result['rounds']} rounds, load {result['load']:.1f}"
    )
    for row in sorted(result["rows"], key=lambda row: row["median"]):
        print(
            f"   {row['program']:<18} median {row['median']:8.2f} ms  min {row['min']:8.2f}"
            f"  {row['gflops']:6.1f} GFLOP/s  {row['peak_rss_mib']:5.0f} MiB"
            f"  first result {row['first_result_s']:5.2f} s"
            f"  differs by {row['max_abs_diff']} of {row['ref_max']:.3g}"
        )
    for name, why in result["skipped"].items():
        print(f"   {name:<18} {why}")
    sys.stdout.flush()


def keep(result, document, path):
    """Puts a result in place of an earlier one of the same network and writes the file whole."""
    key = (result["network"], result["threads"])
    others = [r for r in document["results"] if (r["network"], r["threads"]) != key]
    document["results"] = others + [result]
    with open(path + ".part", "w") as file:
        json.dump(document, file, indent=1)
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
