"""The networks, and the files that the programs need of each: cfg, weights, ONNX, ncnn, input.

A network is named `NAME@WxH`, or `CFG@WxH[=WEIGHTS]` with a path. Without weights they are made up.
Everything is made once and kept in the work folder.
"""
import os
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

import cfg
import onnx_model
import weights

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared" / "golden"

DEFAULT = (
    "yolo-fastest-1.1@320x320 csmobilenet-v2@224x224 yolov3-tiny-prn@416x416 enet-coco@416x416 "
    "yolov3-tiny@416x416 yolov4-tiny@416x416 csresnext50@256x256 csresnet50@256x256 "
    "csdarknet53@256x256 darknet53@256x256 yolov4@416x416 csresnext50-panet-spp@512x512"
).split()


class Missing(Exception):
    """A network whose files are not here."""


@dataclass
class Job:
    """One network at one size, and its files. What workers read as JSON."""

    name: str
    folder: str
    shape: list
    heads: list
    gflop: float
    cfg: str = field(init=False)
    weights: str = field(init=False)
    onnx: str = field(init=False)
    ncnn_param: str = field(init=False)
    ncnn_bin: str = field(init=False)
    input: str = field(init=False)

    def __post_init__(self):
        base = os.path.join(self.folder, self.name)
        self.cfg, self.weights, self.onnx = base + ".cfg", base + ".weights", base + ".onnx"
        self.ncnn_param, self.ncnn_bin = base + ".ncnn.param", base + ".ncnn.bin"
        self.input = os.path.join(self.folder, "input.f32")

    def as_dict(self):
        return asdict(self)


def locate(name):
    """The cfg of a published network and, where there are any, its weights."""
    real = SHARED / "real" / name / f"{name}.weights"
    places = [SHARED / "real" / name / f"{name}.cfg", SHARED / "zoo" / name / "net.cfg"]
    places += sorted((REPOSITORY / "cfg").rglob(f"{name}.cfg"))
    for place in places:
        if place.exists():
            return str(place), str(real) if real.exists() else None
    raise Missing(f"no cfg of {name} in ../shared/golden or cfg/; name a file instead")


def prepare(text, work):
    """Makes what is missing of a network's files; returns its job."""
    spec, _, given_weights = text.partition("=")
    path, _, size = spec.partition("@")
    if not size:
        raise Missing(f"{text}: no size; write {path}@WIDTHxHEIGHT")
    width, height = (int(v) for v in size.split("x"))
    name = Path(path).stem if path.endswith(".cfg") else path
    if path.endswith(".cfg"):
        source, real = path, given_weights or None
    else:
        source, real = locate(path)
        real = given_weights or real
    name += f"-{width}" if width == height else f"-{width}x{height}"
    folder = os.path.join(work, name)
    os.makedirs(folder, exist_ok=True)
    resized = os.path.join(folder, name + ".cfg")
    cfg.write_resized(source, resized, width, height)
    net = cfg.load(resized)
    job = Job(name, folder, [1, net.c, net.h, net.w], net.heads(), net.flops / 1e9)
    make_files(net, job, real)
    return job


def make_files(net, job, real):
    """Weights, ONNX model and input; ncnn's model is made when it is needed."""
    if not os.path.exists(job.weights):
        if real:
            os.symlink(os.path.abspath(real), job.weights)
        else:
            weights.make_up(net)
            weights.write(net, job.weights)
    if not os.path.exists(job.onnx):
        weights.read(net, job.weights)
        onnx_model.convert(net, job.onnx)
    rng = np.random.Generator(np.random.PCG64(7))
    rng.random(job.shape, dtype=np.float32).astype("<f4").tofile(job.input)


def make_ncnn_model(job, root):
    """ONNX to ncnn, with ncnn's own converter."""
    if os.path.exists(job.ncnn_bin):
        return
    converter = os.path.join(root, "pnnxdir", "pnnx", "pnnx")
    if not os.path.exists(converter):
        raise Missing("pnnx is not installed")
    shape = ",".join(map(str, job.shape))
    arguments = [
        converter, os.path.abspath(job.onnx), f"inputshape=[{shape}]", "fp16=0",
        f"ncnnparam={os.path.abspath(job.ncnn_param)}", f"ncnnbin={os.path.abspath(job.ncnn_bin)}",
    ]
    log_path = os.path.join(job.folder, "converter.log")
    with open(log_path, "wb") as log:
        subprocess.run(arguments, stdout=log, stderr=log, cwd=job.folder, timeout=600)
    for entry in os.listdir(job.folder):  # by-products
        if "pnnx" in entry or entry.endswith("_ncnn.py"):
            os.unlink(os.path.join(job.folder, entry))
    if not os.path.exists(job.ncnn_bin):
        raise Missing(f"pnnx could not convert the model, see {log_path}")
