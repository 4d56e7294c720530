"""Which programs there are, and how each is started."""
import json
import os
import shlex
import subprocess
from pathlib import Path

import networks

HERE = Path(__file__).resolve().parent

# Name, module in workers/, package that it needs, and whether it computes in fp32.
PEERS = dict(
    [
        ("openvino-f32", ("openvino_f32", "openvino", True)),
        ("openvino-default", ("openvino_default", "openvino", False)),
        ("onnxruntime", ("onnxruntime", "onnxruntime", True)),
        ("ncnn", ("ncnn", "ncnn", True)),
        ("opencv4", ("opencv4", "cv2", True)),
    ]
)


def is_fp32_peer(name):
    """Whether a program is another's and computes in fp32."""
    return name in PEERS and PEERS[name][2]


class Programs:
    """The peers of an installation, and the commands that are measured beside them.

    commands: {name: command line}; each is started with CFG WEIGHTS INPUT HEADS THREADS appended.
    """

    def __init__(self, root, peers, commands):
        self.root = os.path.abspath(root)
        self.python = os.path.join(self.root, "venv", "bin", "python")
        self.commands = {name: shlex.split(line) for name, line in commands.items()}
        self.missing = {}
        self.names = list(self.commands)
        for name in peers:
            if name not in PEERS:
                raise SystemExit(f"there is no peer '{name}'; there are {', '.join(PEERS)}")
            if self.version(PEERS[name][1]) is None:
                self.missing[name] = "not installed"
            else:
                self.names.append(name)

    def version(self, package):
        """The version of an installed package; None where it cannot be imported."""
        code = f"import {package} as p; print(getattr(p, '__version__', 'unknown'))"
        found = subprocess.run(
            [self.python, "-c", code], capture_output=True, text=True,
            env=self.environment(1, package == "cv2"),
        )
        return found.stdout.split()[-1] if found.returncode == 0 and found.stdout else None

    def versions(self):
        packages = {PEERS[name][1] for name in self.names if name in PEERS}
        return {package: self.version(package) for package in sorted(packages)}

    def environment(self, threads, is_opencv):
        environment = dict(os.environ)
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = str(threads)
        if threads > 1:
            environment["OMP_PROC_BIND"] = "true"
        if is_opencv:
            environment["PYTHONPATH"] = os.path.join(self.root, "cv4")
        return environment

    def command(self, name, job, threads):
        """The command line of a program for a network, and its environment."""
        if name in self.commands:
            heads = ",".join(map(str, job.heads))
            arguments = [job.cfg, job.weights, job.input, heads, str(threads)]
            return self.commands[name] + arguments, self.environment(threads, False)
        module, package, _ = PEERS[name]
        if package == "ncnn":
            networks.make_ncnn_model(job, self.root)
        description = os.path.join(job.folder, "job.json")
        with open(description, "w") as file:
            json.dump(job.as_dict(), file)
        worker = [self.python, str(HERE / "worker.py"), module, description, str(threads)]
        return worker, self.environment(threads, package == "cv2")
