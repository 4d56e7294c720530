#include <cblas.h>

// The types of what Gemm.swift looks up when it needs it.
typedef __typeof__(&cblas_sgemm) cblas_sgemm_function;
typedef __typeof__(&openblas_set_num_threads) openblas_set_num_threads_function;
