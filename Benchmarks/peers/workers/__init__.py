"""The programs, one module each.

A module has `load(job, threads)`, which returns two functions: one that runs a forward pass, and one
that gives its outputs as arrays, in the order of `job["heads"]`. Only the former is timed.
"""
