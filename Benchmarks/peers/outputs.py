"""Whether the programs compute the same."""
import os

import numpy as np


def load(folder, heads):
    return [np.fromfile(os.path.join(folder, f"head_{head}.f32"), dtype="<f4") for head in heads]


def largest_difference(reference, other):
    """Over all outputs; None where their sizes differ, infinite where a number is not finite."""
    worst = 0.0
    for a, b in zip(reference, other):
        if a.size != b.size:
            return None
        worst = max(worst, float(np.abs(a - b).max()) if np.isfinite(b).all() else float("inf"))
    return worst


def largest_value(arrays):
    return max(float(np.abs(array).max()) for array in arrays)


# Of the reference's largest value: other rounding, and other numbers with fewer bits.
ROUNDING, FEWER_BITS = 0.02, 0.5


def differs(row):
    """Whether a row's outputs are another function's, not the same with other rounding."""
    has_fewer_bits = row["program"].endswith(("-default", "-bf16", "-int8"))
    allowed = (FEWER_BITS if has_fewer_bits else ROUNDING) * row["ref_max"]
    return row["max_abs_diff"] is None or not row["max_abs_diff"] <= allowed
