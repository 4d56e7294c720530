"""The tables of docs/benchmarks.md, from a results file of bench.py.

usage: tables.py RESULTS.json [--into docs/benchmarks.md]

With --into they replace what stands between the markers `<!-- peers: begin -->` and
`<!-- peers: end -->`; otherwise they are printed.
"""
import argparse
import json
import re
import statistics
import sys

from outputs import differs
from programs import PEERS, is_fp32_peer

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
# Held against OpenVINO's own choice of precision instead of the fastest fp32 peer.
NARROW = ("penumbra-bf16", "penumbra-int8")
OURS = "penumbra"


def rows_of(result):
    """{program: row}, without those that compute something else."""
    return {row["program"]: row for row in result["rows"] if not differs(row)}


def fastest_peer(rows):
    """The median of the fastest fp32 peer of a row; None without any."""
    return min((r["median"] for n, r in rows.items() if is_fp32_peer(n)), default=None)


def ratio(rows, name):
    """How many times faster one of our programs is than what it is held against."""
    rival = rows.get("openvino-default", {}).get("median") if name in NARROW else fastest_peer(rows)
    return rival / rows[name]["median"] if rival and name in rows else None


def markdown(heading, header, body):
    """A table: the first column left, the others right."""
    lines = ["", f"### {heading}", "", "| " + " | ".join(header) + " |"]
    lines.append("|---|" + "---:|" * (len(header) - 1))
    return lines + ["| " + " | ".join(cells) + " |" for cells in body]


def number(value, decimals=1):
    return "-" if value is None else f"{value:.{decimals}f}"


class Tables:
    """All tables of one results file."""

    def __init__(self, document):
        self.document = document
        found = {row["program"] for result in document["results"] for row in result["rows"]}
        self.peers = [name for name in PEERS if name in found]
        self.ours = sorted(found - set(PEERS), key=lambda name: (len(name), name))
        self.threads = sorted({result["threads"] for result in document["results"]})

    def results(self, threads):
        return [r for r in self.document["results"] if r["threads"] == threads]

    def lines(self):
        lines = self.machine()
        for threads in self.threads:
            lines += self.times(threads)
        for threads in self.threads:
            lines += self.cells(threads, "peak resident memory, MiB", "peak_rss_mib", 0)
        lines += self.cells(
            self.threads[0], "seconds from the start of the process to the first result",
            "first_result_s", 2,
        )
        return lines + self.scaling() + self.differences(self.threads[0])

    def plural(self, threads):
        return f"{threads} thread" + ("" if threads == 1 else "s")

    def machine(self):
        """Where and with what it was measured, and the limits of that run."""
        about, limits = self.document["machine"], self.document["limits"]
        versions = ", ".join(f"{name} {v}" for name, v in self.document["versions"].items())
        lines = [f"{about['cpu']}, {about['processors']} processors, Linux {about['kernel']}."]
        lines += [f"Versions: {versions}.", ""]
        peaks = {(p["numbers"], p["threads"]): p["gflops_per_second"] for p in limits["arithmetic"]}
        for numbers in ("fp32", "bf16", "int8"):
            found = [(t, peaks[numbers, t]) for t in self.threads if (numbers, t) in peaks]
            if found:
                text = ", ".join(f"{rate:.0f} GFLOP/s on {self.plural(t)}" for t, rate in found)
                lines.append(f"- Multiply-adds of {numbers} without memory: {text}.")
        return lines

    def times(self, threads):
        """Medians, and what ours are to the fastest peer's."""
        header = ["network", "GFLOP"] + self.peers + self.ours
        header += [f"{name}: ratio" for name in self.ours]
        body, ratios = [], {name: [] for name in self.ours}
        for result in self.results(threads):
            rows, cells = rows_of(result), [result["network"], number(result["gflop"], 2)]
            best = fastest_peer(rows)
            for name in self.peers + self.ours:
                row = next((r for r in result["rows"] if r["program"] == name), None)
                cells.append(self.time(row, best))
            for name in self.ours:
                value = ratio(rows, name)
                cells.append("-" if value is None else f"{value:.2f}x")
                ratios[name] += [value] if value else []
            body.append(cells)
        means = [
            f"**{statistics.geometric_mean(ratios[name]):.2f}x**" if ratios[name] else "-"
            for name in self.ours
        ]
        body.append(["**geometric mean**"] + [""] * (len(header) - 1 - len(means)) + means)
        return markdown(f"{self.plural(threads)}: median ms", header, body)

    def time(self, row, best):
        if row is None:
            return "-"
        text = number(row["median"], 2 if row["median"] < 10 else 1)
        if differs(row):
            return text + " ≠"
        is_best = is_fp32_peer(row["program"]) and row["median"] == best
        return f"**{text}**" if is_best else text

    def cells(self, threads, title, key, decimals):
        """One figure of every program."""
        names = self.peers + self.ours
        body = []
        for result in self.results(threads):
            rows = {row["program"]: row for row in result["rows"]}
            values = [rows.get(name, {}).get(key) for name in names]
            body.append([result["network"]] + [number(value, decimals) for value in values])
        return markdown(f"{self.plural(threads)}: {title}", ["network"] + names, body)

    def scaling(self):
        """What the second and further threads bring."""
        if len(self.threads) < 2:
            return []
        first, last = self.threads[0], self.threads[-1]
        names, body = self.peers + self.ours, []
        few = {result["network"]: rows_of(result) for result in self.results(first)}
        for result in self.results(last):
            one, many = few.get(result["network"], {}), rows_of(result)
            body.append(
                [result["network"]]
                + [
                    f"{one[name]['median'] / many[name]['median']:.2f}x"
                    if name in one and name in many else "-"
                    for name in names
                ]
            )
        title = f"Speed of {self.plural(last)} over {self.plural(first)}"
        return markdown(title, ["network"] + names, body)

    def differences(self, threads):
        """How far outputs are from the reference's, relative to its largest value."""
        names, body = self.peers + self.ours, []
        for result in self.results(threads):
            rows = {row["program"]: row for row in result["rows"]}
            cells = [
                "-" if name not in rows or rows[name]["max_abs_diff"] is None
                else f"{rows[name]['max_abs_diff'] / max(rows[name]['ref_max'], 1e-30):.0e}"
                for name in names
            ]
            body.append([result["network"], result["reference"] or "-"] + cells)
        title = "Largest difference of an output from the reference's, relative to its largest value"
        return markdown(title, ["network", "reference"] + names, body)


def replaced(text, tables, path):
    """A document with the tables between its markers."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(text):
        sys.exit(f"{path} has no lines {BEGIN} and {END}")
    return pattern.sub(lambda _: f"{BEGIN}\n{tables}\n{END}", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("results")
    parser.add_argument("--into", help="the document to put them into")
    given = parser.parse_args()
    with open(given.results) as file:
        tables = "\n".join(Tables(json.load(file)).lines())
    if not given.into:
        print(tables)
        return
    with open(given.into) as file:
        text = replaced(file.read(), tables, given.into)
    with open(given.into, "w") as file:
        file.write(text)


if __name__ == "__main__":
    main()
