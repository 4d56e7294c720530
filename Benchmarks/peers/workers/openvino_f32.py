"""OpenVINO, held to fp32."""
import openvino as ov

import numpy as np


def load(job, threads, precision="f32"):
    settings = dict(INFERENCE_NUM_THREADS=threads, NUM_STREAMS=1, PERFORMANCE_HINT="LATENCY")
    if precision:
        settings["INFERENCE_PRECISION_HINT"] = precision
    core = ov.Core()
    model = core.compile_model(core.read_model(job["onnx"]), "CPU", settings)
    request = model.create_infer_request()
    request.set_input_tensor(ov.Tensor(job["x"], shared_memory=True))
    tensors = [request.get_tensor(f"head_{head}") for head in job["heads"]]
    return request.infer, lambda: [np.array(t.data, dtype=np.float32) for t in tensors]
