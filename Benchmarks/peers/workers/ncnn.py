"""ncnn."""
import ncnn

import numpy as np


def load(job, threads):
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = threads
    if net.load_param(job["ncnn_param"]) or net.load_model(job["ncnn_bin"]):
        raise SystemExit("ncnn could not load the model")
    x = ncnn.Mat(job["x"][0]).clone()
    names = [f"out{i}" for i in range(len(job["heads"]))]
    found = []

    def run():
        extractor = net.create_extractor()
        extractor.input("in0", x)
        found[:] = [extractor.extract(name) for name in names]
        if any(status for status, _ in found):
            raise SystemExit("ncnn could not compute an output")

    return run, lambda: [np.array(matrix) for _, matrix in found]
