"""Weights: reading and writing Darknet's files, folding batch normalisation, and making them up.

Made-up weights keep activations in range through deep networks: mean and second moment of every
layer's output are followed analytically, with the very statistics, scales and biases that were drawn,
and each layer's filters are scaled by them, so that activations neither explode nor sink into
denormals, which would make all programs slow.
"""
import math
import statistics
import struct

import numpy as np

from cfg import CfgError

EPSILON = 1e-5  # Darknet's, in batch normalisation


def arrays(layer):
    """Names and shapes of a layer's arrays, in the order of the file."""
    if layer.kind not in ("convolutional", "connected"):
        return []
    normalization = [(name, (layer.n,)) for name in ("scales", "mean", "var")] if layer.bn else []
    if layer.kind == "connected":
        return [("biases", (layer.n,)), ("weights", (layer.n, layer.inputs))] + normalization
    shape = (layer.n, layer.c // layer.groups, layer.size, layer.size)
    return [("biases", (layer.n,))] + normalization + [("weights", shape)]


def read(net, path):
    """Fills the layers' params from a file that has to fit exactly."""
    with open(path, "rb") as file:
        major, minor, _ = struct.unpack("<3i", file.read(12))
        file.read(8 if major * 10 + minor >= 2 else 4)
        data = np.frombuffer(file.read(), dtype="<f4")
    at = 0
    for layer in net.layers:
        for name, shape in arrays(layer):
            count = math.prod(shape)
            if at + count > data.size:
                raise CfgError(f"{path} ends inside layer {layer.index}")
            layer.params[name] = data[at : at + count].reshape(shape)
            at += count
    if at != data.size:
        raise CfgError(f"{path} has {data.size - at} values too many")


def write(net, path):
    """Writes the layers' params."""
    with open(path, "wb") as file:
        file.write(struct.pack("<3iQ", 0, 2, 5, 0))
        for layer in net.layers:
            for name, shape in arrays(layer):
                array = np.ascontiguousarray(layer.params[name], dtype="<f4")
                assert array.shape == tuple(shape)
                file.write(array.tobytes())


def folded(layer):
    """(weights, biases) that do the work of batch normalisation too."""
    params = {name: array.astype(np.float64) for name, array in layer.params.items()}
    weights, biases = params["weights"], params["biases"]
    if layer.bn:
        factors = params["scales"] / np.sqrt(params["var"] + EPSILON)
        biases = biases - factors * params["mean"]
        weights = weights * factors.reshape((-1,) + (1,) * (weights.ndim - 1))
    return weights.astype(np.float32), biases.astype(np.float32)


# ---- Making up ---------------------------------------------------------------------------------

NORMAL = np.array([statistics.NormalDist().inv_cdf((i + 0.5) / 2048) for i in range(2048)])


def activated(x, activation):
    """Darknet's activations, of an array."""
    with np.errstate(over="ignore"):
        logistic = 1 / (1 + np.exp(-x))
        return {
            "leaky": lambda: np.where(x > 0, x, 0.1 * x),
            "relu": lambda: np.maximum(x, 0),
            "relu6": lambda: np.clip(x, 0, 6),
            "logistic": lambda: logistic,
            "tanh": lambda: np.tanh(x),
            "swish": lambda: x * logistic,
            "mish": lambda: x * np.tanh(np.logaddexp(0, x)),
            "linear": lambda: x,
        }[activation]()


def moments_after(activation, mean, second):
    """Mean and second moment of an activation of a normal variable with these."""
    y = activated(mean + math.sqrt(max(second - mean * mean, 1e-12)) * NORMAL, activation)
    return float(y.mean()), float((y * y).mean())


def make_up(net, seed=1):
    """Fills the layers' params with the same numbers each time."""
    rng = np.random.Generator(np.random.PCG64(seed))
    moments = []  # of each layer's output
    mean, second = 0.5, 1 / 3  # pixels are uniform in 0..1
    for layer in net.layers:
        if layer.kind in ("convolutional", "connected"):
            draw(rng, layer, second)
        mean, second = moments_of(net, layer, moments, mean, second)
        moments.append((mean, second))


def draw(rng, layer, second):
    """A layer's params, for inputs of the given second moment."""
    taps = layer.inputs if layer.kind == "connected" else layer.size**2 * layer.c // layer.groups
    deviation = math.sqrt(1 / (taps * max(second, 1e-6)))
    for name, shape in arrays(layer):
        if name == "weights":
            layer.params[name] = rng.standard_normal(shape, dtype=np.float32) * np.float32(deviation)
        elif name in ("biases", "mean"):
            layer.params[name] = rng.normal(0, 0.1, shape).astype(np.float32)
        elif name == "scales":
            layer.params[name] = rng.uniform(0.8, 1.2, shape).astype(np.float32)
        else:
            layer.params[name] = rng.uniform(0.8, 1.25, shape).astype(np.float32)


def moments_of(net, layer, moments, mean, second):
    """Mean and second moment of a layer's output, from those of its inputs."""
    params = layer.params
    if layer.kind in ("convolutional", "connected"):
        variance = 1 + float((params["biases"] ** 2).mean())
        if layer.bn:
            unscaled = params["scales"] ** 2 * (1 + params["mean"] ** 2) / params["var"]
            variance = float((unscaled + params["biases"] ** 2).mean())
        return moments_after(layer.act, 0.0, variance)
    if layer.kind == "maxpool":
        growth = 2.0 if layer.depth or layer.size <= 3 else 4.0
        grown = max(growth * second - (second - mean * mean), mean * mean)
        return math.sqrt(grown) * 0.9, growth * second
    if layer.kind == "avgpool":
        return mean, mean * mean + (second - mean * mean) * 0.2
    if layer.kind == "route":
        channels = [net.layers[i].oc for i in layer.src]
        parts = [(moments[i], c / sum(channels)) for i, c in zip(layer.src, channels)]
        return sum(m[0] * share for m, share in parts), sum(m[1] * share for m, share in parts)
    if layer.kind == "shortcut":
        for i in layer.src:
            second += moments[i][1] + 2 * mean * moments[i][0]
            mean += moments[i][0]
        return moments_after(layer.act, mean, second)
    if layer.kind in ("scale_channels", "sam"):
        source = moments[layer.src[0]]
        return moments_after(layer.act, mean * source[0], second * source[1])
    if layer.kind == "softmax":
        return 1e-3, 1e-3
    return mean, second
