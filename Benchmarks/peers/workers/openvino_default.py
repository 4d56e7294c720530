"""OpenVINO with the precision it chooses itself: bf16 where the processor has it."""
from workers import openvino_f32


def load(job, threads):
    return openvino_f32.load(job, threads, precision=None)
