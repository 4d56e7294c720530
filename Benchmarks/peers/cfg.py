"""Darknet's cfg files: sections, keys, and the shape of every layer.

`load(path)` returns a `Net`. Only what the benchmark's networks use is covered; anything else is a
`CfgError`, so that no peer computes something else without a word.
"""


class CfgError(Exception):
    """A cfg that cannot be read, or asks for what is not covered."""


class Layer:
    """One section after [net], with its keys and its shapes resolved."""

    def __init__(self, index, kind, keys):
        self.index, self.kind, self.keys = index, kind, keys
        self.w = self.h = self.c = 0  # input
        self.ow = self.oh = self.oc = 0  # output
        self.params = {}  # raw arrays, see weights.py
        self.flops = 0  # 2 x multiply-adds

    def int(self, key, default=0):
        return int(float(self.keys.get(key, str(default)).split(",")[0]))

    def float(self, key, default=0.0):
        return float(self.keys.get(key, default))

    def text(self, key, default):
        return self.keys.get(key, default)

    def sources(self, key):
        """The layers a key names, relative ones made absolute."""
        indices = [int(x) for x in self.keys[key].replace(" ", "").split(",") if x]
        return [i if i >= 0 else self.index + i for i in indices]

    def refuse(self, what):
        raise CfgError(f"layer {self.index} [{self.kind}]: {what} is not covered")


class Net:
    """A network: its input shape and its layers."""

    def __init__(self, keys):
        self.w, self.h, self.c = (int(keys.get(k, 0)) for k in ("width", "height", "channels"))
        self.layers = []

    @property
    def flops(self):
        return sum(layer.flops for layer in self.layers)

    def heads(self):
        """The layers whose outputs stand for the whole network: what every detection layer reads,
        or else the last layer."""
        kinds = ("yolo", "region", "gaussian_yolo", "detection")
        heads = [layer.index - 1 for layer in self.layers if layer.kind in kinds]
        if heads:
            return heads
        last = len(self.layers) - 1
        while self.layers[last].kind in ("cost", "dropout"):
            last -= 1
        return [last]


ALIASES = {
    "conv": "convolutional", "conn": "connected", "max": "maxpool", "avg": "avgpool", "soft": "softmax",
}


def sections(path):
    """The (name, keys) pairs of a file; of a key given twice the first counts."""
    found = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in map(str.strip, file):
            if not line or line[0] in "#;":
                continue
            if line[0] == "[":
                found.append((line[1 : line.index("]")].strip().lower(), {}))
            elif "=" in line and found:
                key, value = line.split("=", 1)
                found[-1][1].setdefault(key.strip(), value.split("#")[0].strip())
    return found


def load(path):
    """Reads a cfg and infers every shape."""
    found = sections(path)
    if not found or found[0][0] not in ("net", "network"):
        raise CfgError(f"{path}: the first section is not [net]")
    net = Net(found[0][1])
    w, h, c = net.w, net.h, net.c
    for index, (kind, keys) in enumerate(found[1:]):
        layer = Layer(index, ALIASES.get(kind, kind), keys)
        layer.w, layer.h, layer.c = layer.ow, layer.oh, layer.oc = w, h, c
        if layer.kind not in SHAPES:
            layer.refuse("this section")
        SHAPES[layer.kind](net, layer)
        w, h, c = layer.ow, layer.oh, layer.oc
        net.layers.append(layer)
    return net


def write_resized(source, target, width, height):
    """Copies a cfg with batch=1, subdivisions=1 and the given input size."""
    new = dict(batch=1, subdivisions=1, width=width, height=height)
    lines, in_net = [], False
    with open(source, encoding="utf-8", errors="replace") as file:
        for line in file:
            text = line.strip()
            if text.startswith("["):
                in_net = text.lower() in ("[net]", "[network]")
                lines.append(text)
                if in_net:
                    lines += [f"{key}={value}" for key, value in new.items()]
            elif not (in_net and text.split("=", 1)[0].strip() in new):
                lines.append(text)
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


# ---- Shapes, section by section ----------------------------------------------------------------

UNCOVERED = (
    "binary", "xnor", "antialiasing", "share_index", "sway", "rotate", "stretch", "stretch_sway",
    "coordconv", "flipped", "assisted_excitation", "cbn",
)


def convolutional(_, layer):
    layer.n, layer.size = layer.int("filters", 1), layer.int("size", 1)
    layer.groups, stride = layer.int("groups", 1), layer.int("stride", 1)
    layer.sx, layer.sy = layer.int("stride_x", stride), layer.int("stride_y", stride)
    layer.dilation = layer.int("dilation", 1) if layer.size > 1 else 1
    layer.pad = layer.size // 2 if layer.int("pad") else layer.int("padding")
    layer.bn, layer.act = layer.int("batch_normalize"), layer.text("activation", "logistic")
    for key in UNCOVERED:
        if layer.float(key):
            layer.refuse(f"{key}=")
    if layer.c % layer.groups or layer.n % layer.groups:
        layer.refuse("groups= that does not divide the channels")
    layer.ow = (layer.w + 2 * layer.pad - layer.size) // layer.sx + 1
    layer.oh = (layer.h + 2 * layer.pad - layer.size) // layer.sy + 1
    layer.oc = layer.n
    taps = layer.size * layer.size * layer.c // layer.groups
    layer.flops = 2 * layer.n * taps * layer.ow * layer.oh


def connected(_, layer):
    layer.inputs, layer.n = layer.w * layer.h * layer.c, layer.int("output", 1)
    layer.bn, layer.act = layer.int("batch_normalize"), layer.text("activation", "logistic")
    layer.ow, layer.oh, layer.oc = 1, 1, layer.n
    layer.flops = 2 * layer.inputs * layer.n


def maxpool(_, layer):
    stride = layer.int("stride", 1)
    layer.sx, layer.sy = layer.int("stride_x", stride), layer.int("stride_y", stride)
    layer.size = layer.int("size", stride)
    layer.pad = layer.int("padding", layer.size - 1)
    if layer.int("antialiasing"):
        layer.refuse("antialiasing=")
    layer.depth = layer.int("maxpool_depth")
    if layer.depth:
        layer.oc = layer.int("out_channels", 1)
    else:
        layer.ow = (layer.w + layer.pad - layer.size) // layer.sx + 1
        layer.oh = (layer.h + layer.pad - layer.size) // layer.sy + 1


def pads(layer):
    """A pool's padding as (top, left, bottom, right): half of Darknet's in front, and behind whatever
    the last window reaches beyond the edge."""
    front = layer.pad // 2
    bottom = max(0, (layer.oh - 1) * layer.sy + layer.size - layer.h - front)
    right = max(0, (layer.ow - 1) * layer.sx + layer.size - layer.w - front)
    return front, front, bottom, right


def avgpool(_, layer):
    layer.ow = layer.oh = 1


def upsample(_, layer):
    layer.stride, layer.scale = layer.int("stride", 2), layer.float("scale", 1)
    if layer.stride < 1:
        layer.refuse("stride= below 1")
    layer.ow, layer.oh = layer.w * layer.stride, layer.h * layer.stride


def route(net, layer):
    layer.src = layer.sources("layers")
    layer.groups, layer.group = layer.int("groups", 1), layer.int("group_id")
    sources = [net.layers[i] for i in layer.src]
    layer.ow, layer.oh = sources[0].ow, sources[0].oh
    if any((s.ow, s.oh) != (layer.ow, layer.oh) for s in sources):
        layer.refuse("joining different sizes")
    layer.oc = sum(s.oc // layer.groups for s in sources)


def shortcut(net, layer):
    layer.src, layer.act = layer.sources("from"), layer.text("activation", "linear")
    if layer.text("weights_type", "none") != "none":
        layer.refuse("weights_type=")
    layer.steps = []  # as the original Darknet: a larger source is subsampled
    for source in (net.layers[i] for i in layer.src):
        step = source.ow // layer.w
        if step < 1 or ((source.ow - 1) // step + 1, (source.oh - 1) // step + 1) != (layer.w, layer.h):
            layer.refuse("adding these sizes")
        layer.steps.append(step)


def scale_channels(net, layer):
    layer.src, layer.act = layer.sources("from"), layer.text("activation", "linear")
    if layer.int("scale_wh"):
        layer.refuse("scale_wh=")
    source = net.layers[layer.src[0]]
    layer.ow, layer.oh, layer.oc = source.ow, source.oh, source.oc


def reorg(_, layer):
    layer.stride = layer.int("stride", 1)
    if layer.int("reverse") or layer.c % layer.stride**2:
        layer.refuse("this reorg")
    layer.ow, layer.oh = layer.w // layer.stride, layer.h // layer.stride
    layer.oc = layer.c * layer.stride**2


def softmax(_, layer):
    if layer.int("groups", 1) != 1 or "tree" in layer.keys:
        layer.refuse("grouped softmax")


def unchanged(_, layer):
    """Nothing to infer."""


SHAPES = dict(
    convolutional=convolutional, connected=connected, maxpool=maxpool, avgpool=avgpool,
    upsample=upsample, route=route, shortcut=shortcut, scale_channels=scale_channels,
    sam=scale_channels, reorg=reorg, softmax=softmax, dropout=unchanged, yolo=unchanged,
    region=unchanged, cost=unchanged,
)
