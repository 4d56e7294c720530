"""One program in a process of its own, driven over standard input and output.

usage: worker.py MODULE JOB.json THREADS       MODULE: one of workers/

Speaks the protocol that README.md describes.
"""
import importlib
import json
import os
import sys
import time


def main():
    # What a library prints goes to the log.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    import numpy as np

    module, job_file, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(job_file) as file:
        job = json.load(file)
    job["x"] = np.fromfile(job["input"], dtype="<f4").reshape(job["shape"])
    run, outputs = importlib.import_module(f"workers.{module}").load(job, threads)

    def answer(text):
        print(text, file=replies, flush=True)

    answer("ready")
    for line in sys.stdin:
        request, _, argument = line.strip().partition(" ")
        if request == "run":
            answer(" ".join(f"{milliseconds(run):.4f}" for _ in range(int(argument))))
        elif request == "dump":
            run()
            for head, output in zip(job["heads"], outputs(), strict=True):
                path = os.path.join(argument, f"head_{head}.f32")
                np.ascontiguousarray(output, dtype="<f4").tofile(path)
            answer("ok")
        else:
            break


def milliseconds(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    main()
