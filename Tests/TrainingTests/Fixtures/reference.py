#!/usr/bin/env python3
"""Two small networks trained for 50 iterations with numpy alone: what training is compared with.

Written from the description of Darknet's arithmetic, not from the Swift code, in double precision.
Deliberate differences from Darknet, as in docs/training.md: batch normalisation divides the
variance by N, its biases learn, and the second term of the CIoU gradient in x and y has the sign
of the derivative.

Run: python3 reference.py > reference.json
"""
import json
import numpy as np

BATCH, IMAGES, ITERATIONS = 2, 4, 50
MOMENTUM, DECAY, RATE = 0.9, 0.0005, 0.01
CHANNELS, SIDE = 2, 16
ANCHORS = np.array([[5.0, 6.0], [11.0, 9.0]])
CLASSES = 2
IGNORE, BOX_FACTOR = {"mse": 0.5, "ciou": 0.6}, {"mse": 0.75, "ciou": 0.07}
# class, x, y, width, height of the two boxes of each image
BOXES = [
    [(0, 0.31, 0.42, 0.30, 0.36), (1, 0.72, 0.66, 0.62, 0.50)],
    [(1, 0.55, 0.30, 0.70, 0.56), (0, 0.15, 0.81, 0.26, 0.33)],
    [(0, 0.62, 0.58, 0.36, 0.30), (0, 0.22, 0.20, 0.33, 0.38)],
    [(1, 0.43, 0.51, 0.66, 0.61), (1, 0.88, 0.12, 0.22, 0.21)],
]
LABELS = [2, 0, 3, 1]


def image(number):
    k = np.arange(CHANNELS * SIDE * SIDE)
    return (((k * (37 + 6 * number) + 11 * number) % 101) / 101).reshape(CHANNELS, SIDE, SIDE)


def initial(count, salt, scale):
    k = np.arange(count)
    return (((k * 53 + salt) % 97) / 97 - 0.5) * scale


def logistic(x):
    return 1 / (1 + np.exp(-x))


# Convolution over a batch N x C x H x W, padding size // 2.
def patches(x, size, stride):
    pad = size // 2
    n, c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = (h + 2 * pad - size) // stride + 1, (w + 2 * pad - size) // stride + 1
    out = np.empty((n, c, size, size, oh, ow))
    for i in range(size):
        for j in range(size):
            out[:, :, i, j] = padded[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride]
    return out


def convolve(x, weights, stride):
    size = weights.shape[-1]
    return np.einsum("ncijhw,fcij->nfhw", patches(x, size, stride), weights)


def convolve_weight_gradient(x, gradient, size, stride):
    return np.einsum("ncijhw,nfhw->fcij", patches(x, size, stride), gradient)


def pointwise_input_gradient(weights, gradient):
    return np.einsum("fc,nfhw->nchw", weights[:, :, 0, 0], gradient)


def overlap(p, g):
    width = min(p[0] + p[2] / 2, g[0] + g[2] / 2) - max(p[0] - p[2] / 2, g[0] - g[2] / 2)
    height = min(p[1] + p[3] / 2, g[1] + g[3] / 2) - max(p[1] - p[3] / 2, g[1] - g[3] / 2)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (p[2] * p[3] + g[2] * g[3] - width * height)


def ciou_delta(p, g):
    """Darknet's dx, dy, dw, dh for one pair of boxes."""
    px, py, pw, ph = p
    gx, gy, gw, gh = g
    pl, pr, pt, pb = px - pw / 2, px + pw / 2, py - ph / 2, py + ph / 2
    gl, gr, gt, gb = gx - gw / 2, gx + gw / 2, gy - gh / 2, gy + gh / 2
    iw, ih = min(pr, gr) - max(pl, gl), min(pb, gb) - max(pt, gt)
    dx = dy = dw = dh = 0.0
    iou = overlap(p, g)
    if iw > 0 and ih > 0:
        inter = iw * ih
        union = pw * ph + gw * gh - inter
        d_inter = {"t": -iw if pt > gt else 0, "b": iw if pb < gb else 0,
                   "l": -ih if pl > gl else 0, "r": ih if pr < gr else 0}
        d_area = {"t": -(pr - pl), "b": pr - pl, "l": -(pb - pt), "r": pb - pt}
        e = {k: (union * d_inter[k] - inter * (d_area[k] - d_inter[k])) / union ** 2
             for k in "tblr"}
        dx, dy, dw, dh = e["l"] + e["r"], e["t"] + e["b"], e["r"] - e["l"], e["b"] - e["t"]
    cw, ch = max(pr, gr) - min(pl, gl), max(pb, gb) - min(pt, gt)
    k, s = cw ** 2 + ch ** 2, (gx - px) ** 2 + (gy - py) ** 2
    right, left, bottom, top = float(pr > gr), float(pl < gl), float(pb > gb), float(pt < gt)
    dx += (2 * (gx - px) * k + 2 * cw * (right - left) * s) / k ** 2
    dy += (2 * (gy - py) * k + 2 * ch * (bottom - top) * s) / k ** 2
    dw += 2 * cw * 0.5 * (right + left) * s / k ** 2
    dh += 2 * ch * 0.5 * (bottom + top) * s / k ** 2
    d = np.arctan(gw / gh) - np.arctan(pw / ph)
    v = 4 / np.pi ** 2 * d ** 2
    alpha = v / (1 - iou + v + 1e-6)
    dw += alpha * 8 / np.pi ** 2 * d * ph
    dh -= alpha * 8 / np.pi ** 2 * d * pw
    return dx, dy, dw, dh


def yolo(raw, boxes, kind):
    """Cost and gradient (by the raw input) of one image."""
    grid = raw.shape[-1]
    raw = raw.reshape(len(ANCHORS), 5 + CLASSES, grid, grid)
    out = raw.copy()
    for plane in [0, 1, *range(4, 5 + CLASSES)]:
        out[:, plane] = logistic(raw[:, plane])
    delta = np.zeros_like(out)

    def box(a, j, i):
        return ((i + out[a, 0, j, i]) / grid, (j + out[a, 1, j, i]) / grid,
                np.exp(out[a, 2, j, i]) * ANCHORS[a, 0] / SIDE,
                np.exp(out[a, 3, j, i]) * ANCHORS[a, 1] / SIDE)

    for a in range(len(ANCHORS)):
        for j in range(grid):
            for i in range(grid):
                best = max(overlap(box(a, j, i), t[1:]) for t in boxes)
                sees = (out[a, 5:, j, i] > 0.25).any()
                if not (best > IGNORE[kind] and sees):
                    delta[a, 4, j, i] = -out[a, 4, j, i]
    lacks = []
    for c, x, y, w, h in boxes:
        i, j = int(x * grid), int(y * grid)
        shapes = [overlap((0, 0, w, h), (0, 0, *(anchor / SIDE))) for anchor in ANCHORS]
        a = int(np.argmax(shapes))
        lacks.append(1 - overlap(box(a, j, i), (x, y, w, h)))
        if kind == "mse":
            goal = (x * grid - i, y * grid - j, np.log(w * SIDE / ANCHORS[a, 0]),
                    np.log(h * SIDE / ANCHORS[a, 1]))
            for p in range(4):
                delta[a, p, j, i] += (2 - w * h) * BOX_FACTOR[kind] * (goal[p] - out[a, p, j, i])
        else:
            d = list(ciou_delta(box(a, j, i), (x, y, w, h)))
            d[2] *= np.exp(out[a, 2, j, i])
            d[3] *= np.exp(out[a, 3, j, i])
            for p in range(4):
                delta[a, p, j, i] += BOX_FACTOR[kind] * d[p]
        delta[a, 4, j, i] = 1 - out[a, 4, j, i]
        if delta[a, 5 + c, j, i] != 0:
            delta[a, 5 + c, j, i] = 1 - out[a, 5 + c, j, i]
        else:
            for k in range(CLASSES):
                delta[a, 5 + k, j, i] = (k == c) - out[a, 5 + k, j, i]
    if kind == "mse":
        cost = (delta ** 2).sum()
    else:
        cost = BOX_FACTOR[kind] * np.mean(lacks) + (delta[:, 4:] ** 2).sum()
    return cost, -delta.reshape(-1, grid, grid)


class Update:
    """Darknet's momentum; `u` holds the negative gradient's sum and what is carried over."""

    def __init__(self, tensors, decayed):
        self.tensors, self.decayed = tensors, decayed
        self.updates = {name: np.zeros_like(t) for name, t in tensors.items()}

    def step(self, gradients):
        for name, tensor in self.tensors.items():
            u = self.updates[name]
            u += -gradients[name]
            if name in self.decayed:
                u += -DECAY * BATCH * tensor
            tensor += RATE / BATCH * u
            u *= MOMENTUM


def batch_of(iteration):
    first = (iteration - 1) * BATCH
    return [(first + k) % IMAGES for k in range(BATCH)]


def detector(kind):
    filters, outputs = 4, len(ANCHORS) * (5 + CLASSES)
    t = {
        "0.biases": initial(filters, 3, 0.2),
        "0.scales": 1 + initial(filters, 5, 0.4),
        "0.weights": initial(filters * CHANNELS * 9, 17, 1.0).reshape(filters, CHANNELS, 3, 3),
        "1.biases": initial(outputs, 29, 0.6),
        "1.weights": initial(outputs * filters, 41, 0.8).reshape(outputs, filters, 1, 1),
    }
    update = Update(t, {"0.weights", "1.weights"})
    rolling = {"0.rolling_mean": np.zeros(filters), "0.rolling_variance": np.ones(filters)}
    start = {name: v.copy() for name, v in {**t, **rolling}.items()}

    def iterate(iteration):
        numbers = batch_of(iteration)
        x = np.stack([image(n) for n in numbers])
        raw = convolve(x, t["0.weights"], 2)
        count = raw.size / filters
        mean = raw.mean((0, 2, 3), keepdims=True)
        variance = raw.var((0, 2, 3), keepdims=True)
        rolling["0.rolling_mean"] += 0.1 * (mean.ravel() - rolling["0.rolling_mean"])
        rolling["0.rolling_variance"] += 0.1 * (
            variance.ravel() * count / (count - 1) - rolling["0.rolling_variance"])
        inverse = 1 / np.sqrt(variance + 1e-5)
        normal = (raw - mean) * inverse
        scales = t["0.scales"].reshape(1, -1, 1, 1)
        scaled = normal * scales + t["0.biases"].reshape(1, -1, 1, 1)
        hidden = np.where(scaled > 0, scaled, 0.1 * scaled)
        head = convolve(hidden, t["1.weights"], 1) + t["1.biases"].reshape(1, -1, 1, 1)
        results = [yolo(head[k], BOXES[n], kind) for k, n in enumerate(numbers)]
        gradient = np.stack([g for _, g in results])
        g = {"1.biases": gradient.sum((0, 2, 3)),
             "1.weights": convolve_weight_gradient(hidden, gradient, 1, 1)}
        gradient = pointwise_input_gradient(t["1.weights"], gradient)
        gradient = np.where(scaled > 0, gradient, 0.1 * gradient)
        g["0.biases"] = gradient.sum((0, 2, 3))
        g["0.scales"] = (gradient * normal).sum((0, 2, 3))
        gradient = scales * inverse * (
            gradient - gradient.mean((0, 2, 3), keepdims=True)
            - normal * (gradient * normal).mean((0, 2, 3), keepdims=True))
        g["0.weights"] = convolve_weight_gradient(x, gradient, 3, 2)
        update.step(g)
        return sum(c for c, _ in results) / BATCH, g

    return run(start, {**t, **rolling}, iterate)


def classifier():
    classes = 4
    t = {
        "0.biases": initial(classes, 7, 0.4),
        "0.weights": initial(classes * CHANNELS * 9, 23, 2.0).reshape(classes, CHANNELS, 3, 3),
    }
    update = Update(t, {"0.weights"})
    start = {name: v.copy() for name, v in t.items()}

    def iterate(iteration):
        numbers = batch_of(iteration)
        x = np.stack([image(n) for n in numbers])
        raw = convolve(x, t["0.weights"], 1) + t["0.biases"].reshape(1, -1, 1, 1)
        hidden = np.where(raw > 0, raw, 0.1 * raw)
        scores = hidden.mean((2, 3))
        powers = np.exp(scores - scores.max(1, keepdims=True))
        p = powers / powers.sum(1, keepdims=True)
        truth = np.eye(classes)[[LABELS[n] for n in numbers]]
        loss = -(truth * np.log(p)).sum() / BATCH
        gradient = ((p - truth) / (SIDE * SIDE))[:, :, None, None] * np.where(raw > 0, 1, 0.1)
        g = {"0.biases": gradient.sum((0, 2, 3)),
             "0.weights": convolve_weight_gradient(x, gradient, 3, 1)}
        update.step(g)
        return loss, g

    return run(start, t, iterate)


def run(start, tensors, iterate):
    def flat(values):
        return {name: [round(float(x), 10) for x in v.ravel()] for name, v in values.items()}

    result = {"initial": flat(start), "iterations": []}
    curve = []
    for iteration in range(1, ITERATIONS + 1):
        loss, gradients = iterate(iteration)
        curve.append(round(float(loss), 10))
        if iteration <= 2:
            result["iterations"].append({
                "loss": curve[-1], "gradients": flat(gradients), "updated": flat(tensors)})
    result["curve"] = curve
    result["final"] = flat(tensors)
    return result


if __name__ == "__main__":
    print(json.dumps({
        "momentum": MOMENTUM, "decay": DECAY, "rate": RATE, "labels": LABELS,
        "boxes": [[list(b) for b in boxes] for boxes in BOXES],
        "mse": detector("mse"), "ciou": detector("ciou"), "softmax": classifier(),
    }, indent=None, separators=(",", ":")))
