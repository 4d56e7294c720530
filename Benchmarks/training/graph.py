"""A cfg as a PyTorch module, for the sections that detectors and classifiers are trained with.

What is not covered is an error, so that PyTorch is never timed on another network.
"""
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HEADS = ("yolo", "region", "Gaussian_yolo", "softmax", "cost")
ACTIVATIONS = {
    "linear": nn.Identity(),
    "leaky": nn.LeakyReLU(0.1, inplace=True),
    "relu": nn.ReLU(inplace=True),
    "swish": nn.SiLU(inplace=True),
    "mish": nn.Mish(inplace=True),
    "logistic": nn.Sigmoid(),
}


def sections(path):
    """[(name, keys)] of a cfg file; of two equal keys the first counts."""
    found = []
    with open(path) as file:
        for line in file:
            line = "".join(line.split())
            if not line or line[0] in "#;":
                continue
            if line[0] == "[":
                found.append((line.strip("[]"), {}))
            else:
                key, _, value = line.partition("=")
                found[-1][1].setdefault(key, value)
    return found


class Convolution(nn.Module):
    """Convolution, batch normalisation or bias, activation."""

    def __init__(self, keys, channels):
        super().__init__()
        size, stride = int(keys.get("size", 1)), int(keys.get("stride", 1))
        padding = size // 2 if int(keys.get("pad", 0)) else int(keys.get("padding", 0))
        filters, self.normalized = int(keys["filters"]), int(keys.get("batch_normalize", 0)) != 0
        self.filter = nn.Conv2d(
            channels, filters, size, stride, padding, groups=int(keys.get("groups", 1)),
            bias=not self.normalized)
        self.norm = nn.BatchNorm2d(filters, eps=1e-5, momentum=0.1) if self.normalized else None
        self.activation = ACTIVATIONS[keys.get("activation", "logistic")]

    def forward(self, x):
        x = self.filter(x)
        return self.activation(self.norm(x) if self.normalized else x)

    def tensors(self):
        """Parameters and statistics in the order of the weights file."""
        if not self.normalized:
            return [self.filter.bias, self.filter.weight]
        norm = self.norm
        return [norm.bias, norm.weight, norm.running_mean, norm.running_var, self.filter.weight]


class Network(nn.Module):
    """A whole network; its outputs are what its heads read."""

    def __init__(self, path):
        super().__init__()
        (_, net), *self.sections = sections(path)
        self.shape = [int(net[key]) for key in ("channels", "height", "width")]
        channels = []
        layers = []
        self.multiply_adds = 0
        for index, (name, keys) in enumerate(self.sections):
            before = channels[-1] if channels else self.shape[0]
            layer = None
            if name == "convolutional":
                layer = Convolution(keys, before)
                after = int(keys["filters"])
            elif name == "route":
                groups = int(keys.get("groups", 1))
                after = sum(channels[i] for i in self.sources(index, "layers")) // groups
            elif name == "partial":
                after = self.share(index, channels)
                after = after.stop - after.start
            elif name == "maxout":
                after = int(keys.get("out_channels", before // int(keys.get("pieces", 2))))
            elif name == "maxpool":
                after = int(keys["out_channels"]) if int(keys.get("maxpool_depth", 0)) else before
            elif name in ("shortcut", "upsample", *HEADS):
                after = before
            else:
                raise ValueError(f"layer {index}: [{name}] is not covered")
            channels.append(after)
            layers.append(layer)
        self.channels = channels
        self.layers = nn.ModuleList(layer or nn.Identity() for layer in layers)

    def sources(self, index, key):
        numbers = [int(n) for n in self.sections[index][1][key].split(",") if n]
        return [n if n >= 0 else index + n for n in numbers]

    def share(self, index, channels):
        """The channels that a [partial] takes."""
        keys = self.sections[index][1]
        total = channels[self.sources(index, "from")[0] if "from" in keys else index - 1]
        bypass = int(keys["channels"]) if "channels" in keys else round(float(keys["ratio"]) * total)
        return slice(0, bypass) if keys["take"] == "bypass" else slice(bypass, total)

    def forward(self, x):
        outputs, heads = [], []
        for index, ((name, keys), layer) in enumerate(zip(self.sections, self.layers)):
            if name == "convolutional":
                x = layer(x)
            elif name == "route":
                parts = [outputs[i] for i in self.sources(index, "layers")]
                groups, group = int(keys.get("groups", 1)), int(keys.get("group_id", 0))
                parts = [part.chunk(groups, 1)[group] for part in parts]
                x = parts[0] if len(parts) == 1 else torch.cat(parts, 1)
            elif name == "partial":
                source = self.sources(index, "from")[0] if "from" in keys else index - 1
                x = outputs[source][:, self.share(index, self.channels)]
            elif name == "shortcut":
                x = x + outputs[self.sources(index, "from")[0]]
                x = ACTIVATIONS[keys.get("activation", "linear")](x)
            elif name == "upsample":
                x = functional.interpolate(x, scale_factor=int(keys.get("stride", 2)))
            elif name == "maxout" or int(keys.get("maxpool_depth", 0)):
                x = x.unflatten(1, (-1, self.channels[index])).amax(1)
            elif name == "maxpool":
                x = self.pool(x, keys)
            elif name in ("yolo", "region", "Gaussian_yolo"):
                heads.append(x)
            outputs.append(x)
        return heads or [x]

    @staticmethod
    def pool(x, keys):
        stride = int(keys.get("stride", 1))
        size = int(keys.get("size", stride))
        padding = int(keys.get("padding", size - 1))
        before = padding // 2
        x = functional.pad(x, (before, padding - before) * 2, value=-float("inf"))
        return functional.max_pool2d(x, size, stride)

    def load(self, path):
        """Fills the parameters from a weights file that fits."""
        values = read(path)
        at = 0
        with torch.no_grad():
            for layer in self.layers:
                for tensor in layer.tensors() if isinstance(layer, Convolution) else []:
                    part = values[at : at + tensor.numel()]
                    tensor.copy_(torch.from_numpy(part.copy()).view_as(tensor))
                    at += tensor.numel()
        if at != values.size:
            raise ValueError(f"{path}: {values.size} numbers, the network has {at}")

    def gradients(self):
        """As the weights file orders the parameters; zeros for statistics."""
        parts = []
        for layer in self.layers:
            for tensor in layer.tensors() if isinstance(layer, Convolution) else []:
                gradient = getattr(tensor, "grad", None)
                parts.append(
                    np.zeros(tensor.numel(), "f4") if gradient is None
                    else gradient.detach().numpy().ravel())
        return np.concatenate(parts)


def read(path):
    """The numbers of a weights file."""
    with open(path, "rb") as file:
        major, minor, _ = struct.unpack("<3i", file.read(12))
        file.read(8 if major * 10 + minor >= 2 else 4)
        return np.frombuffer(file.read(), "<f4")
