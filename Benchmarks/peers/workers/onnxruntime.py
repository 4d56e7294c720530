"""ONNX Runtime."""
import onnxruntime as ort


def load(job, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = ort.InferenceSession(job["onnx"], options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("data", job["x"])
    for head in job["heads"]:
        binding.bind_output(f"head_{head}", "cpu")
    return lambda: session.run_with_iobinding(binding), binding.copy_outputs_to_cpu
