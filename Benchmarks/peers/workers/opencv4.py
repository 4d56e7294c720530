"""OpenCV 4's DNN module, with its own importer of Darknet's files."""
import cv2

ACTIVATIONS = ("leaky", "relu", "swish", "logistic", "mish", "tanh")


def load(job, threads):
    cv2.setNumThreads(threads)
    net = cv2.dnn.readNetFromDarknet(job["cfg"], job["weights"])
    net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    net.setPreferableTarget(cv2.dnn.DNN_TARGET_CPU)
    names = [last_part(net, head) for head in job["heads"]]
    found = []

    def run():
        net.setInput(job["x"])  # a copy that belongs to its forward pass
        found[:] = net.forward(names)

    return run, lambda: found


def last_part(net, layer):
    """Darknet's layer H is conv_H, bn_H and, of its activation, logistic_H+1; the last counts."""
    parts = [name.rsplit("_", 1) for name in net.getLayerNames() if "_" in name]
    mine = [
        "_".join(part) for part in parts
        if (part[1] == str(layer) and part[0] not in ACTIVATIONS)
        or (part[1] == str(layer + 1) and part[0] in ACTIVATIONS)
    ]
    return mine[-1]
