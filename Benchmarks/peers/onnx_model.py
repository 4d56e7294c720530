"""Darknet to ONNX, batch normalisation folded.

Detection layers are left out: what they read are the outputs of the model, `head_<layer>`; a
classifier's output is its last layer.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import cfg
import weights

OPSET = 17


class Model:
    """An ONNX graph as it grows, one Darknet layer after another."""

    def __init__(self, net):
        self.net = net
        self.nodes, self.tensors, self.constants = [], [], {}
        self.outputs = []  # the tensor that is each layer's output
        self.count = 0

    def build(self):
        net, heads = self.net, self.net.heads()
        x, results = "data", []
        for layer in net.layers[: heads[-1] + 1]:
            x = LAYERS.get(layer.kind, unchanged)(self, layer, x)
            if layer.index in heads:
                x = self.named(x, f"head_{layer.index}")
                shape = [1, layer.oc] if layer.kind == "softmax" else [1, layer.oc, layer.oh, layer.ow]
                results.append(helper.make_tensor_value_info(x, TensorProto.FLOAT, shape))
            self.outputs.append(x)
        data = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, net.c, net.h, net.w])
        graph = helper.make_graph(self.nodes, "darknet", [data], results, self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model

    def node(self, operation, inputs, **attributes):
        """Appends a node; returns its output."""
        self.count += 1
        name = f"{operation.lower()}_{self.count}"
        node = helper.make_node(operation, inputs, [name], name="n_" + name, **attributes)
        self.nodes.append(node)
        return name

    def constant(self, array):
        """A constant tensor; small ones are shared."""
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size < 64 else None
        if key in self.constants:
            return self.constants[key]
        self.count += 1
        name = f"c_{self.count}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        if key:
            self.constants[key] = name
        return name

    def integers(self, *values):
        return self.constant(np.array(values, dtype=np.int64))

    def named(self, x, name):
        """Renames a tensor that nobody reads yet; an Identity otherwise."""
        if not any(x in node.input for node in self.nodes):
            for node in reversed(self.nodes):
                if x in node.output:
                    node.output[0] = name
                    return name
        self.nodes.append(helper.make_node("Identity", [x], [name], name="n_" + name))
        return name

    def activated(self, x, activation):
        simple = dict(relu="Relu", logistic="Sigmoid", tanh="Tanh")
        if activation == "linear":
            return x
        if activation in simple:
            return self.node(simple[activation], [x])
        if activation == "leaky":
            return self.node("LeakyRelu", [x], alpha=0.1)
        if activation == "relu6":
            return self.node("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])
        if activation == "swish":
            return self.node("Mul", [x, self.node("Sigmoid", [x])])
        if activation == "mish":
            return self.node("Mul", [x, self.node("Tanh", [self.node("Softplus", [x])])])
        raise cfg.CfgError(f"activation {activation} is not covered")

    def channels(self, x, first, end):
        return self.node(
            "Slice", [x, self.integers(first), self.integers(end), self.integers(1)]
        )


# ---- Layers: the tensor that is the layer's output ---------------------------------------------


def convolutional(model, layer, x):
    kernel, biases = weights.folded(layer)
    pad = layer.pad * layer.dilation
    y = model.node(
        "Conv", [x, model.constant(kernel), model.constant(biases)], group=layer.groups,
        kernel_shape=[layer.size] * 2, strides=[layer.sy, layer.sx], pads=[pad] * 4,
        dilations=[layer.dilation] * 2,
    )
    return model.activated(y, layer.act)


def connected(model, layer, x):
    matrix, biases = weights.folded(layer)
    flat = model.node("Flatten", [x], axis=1)
    y = model.node("Gemm", [flat, model.constant(matrix), model.constant(biases)], transB=1)
    return model.node("Reshape", [model.activated(y, layer.act), model.integers(1, layer.n, 1, 1)])


def maxpool(model, layer, x):
    if layer.depth:
        shape = model.integers(1, layer.c // layer.oc, layer.oc, layer.h, layer.w)
        return model.node("ReduceMax", [model.node("Reshape", [x, shape])], axes=[1], keepdims=0)
    return model.node(
        "MaxPool", [x], kernel_shape=[layer.size] * 2, strides=[layer.sy, layer.sx],
        pads=cfg.pads(layer),
    )


def avgpool(model, layer, x):
    return model.node("GlobalAveragePool", [x])


def upsample(model, layer, x):
    scales = model.constant(np.array([1, 1, layer.stride, layer.stride], np.float32))
    y = model.node(
        "Resize", [x, "", scales], mode="nearest", nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    )
    return y if layer.scale == 1 else model.node("Mul", [y, model.constant(np.float32(layer.scale))])


def route(model, layer, x):
    parts = []
    for i in layer.src:
        part, count = model.outputs[i], model.net.layers[i].oc // layer.groups
        if layer.groups > 1:
            part = model.channels(part, count * layer.group, count * (layer.group + 1))
        parts.append(part)
    return parts[0] if len(parts) == 1 else model.node("Concat", parts, axis=1)


def shortcut(model, layer, x):
    for i, step in zip(layer.src, layer.steps):
        other, count = model.outputs[i], model.net.layers[i].oc
        if step > 1:  # subsampling, by a pooling that every program has
            other = model.node("MaxPool", [other], kernel_shape=[1, 1], strides=[step, step])
        if count == layer.c:
            x = model.node("Add", [x, other])
        elif count > layer.c:
            x = model.node("Add", [x, model.channels(other, 0, layer.c)])
        else:
            first = model.node("Add", [model.channels(x, 0, count), other])
            x = model.node("Concat", [first, model.channels(x, count, layer.c)], axis=1)
    return model.activated(x, layer.act)


def scale_channels(model, layer, x):
    return model.activated(model.node("Mul", [model.outputs[layer.src[0]], x]), layer.act)


def reorg(model, layer, x):
    s, c = layer.stride, layer.c // layer.stride**2
    t = model.node("Reshape", [x, model.integers(c, layer.h, s, layer.w, s)])
    t = model.node("Transpose", [t], perm=[2, 4, 0, 1, 3])
    return model.node("Reshape", [t, model.integers(1, layer.oc, layer.oh, layer.ow)])


def softmax(model, layer, x):
    return model.node("Softmax", [model.node("Flatten", [x], axis=1)], axis=1)


def unchanged(model, layer, x):
    return x


LAYERS = dict(
    convolutional=convolutional, connected=connected, maxpool=maxpool, avgpool=avgpool,
    upsample=upsample, route=route, shortcut=shortcut, scale_channels=scale_channels,
    sam=scale_channels, reorg=reorg, softmax=softmax,
)


def convert(net, path):
    """Writes the model of a network whose params are filled."""
    onnx.save(Model(net).build(), path)
