// Compiles the file named by BODY once for each tier of this architecture, with
// TIER: the suffix of its functions, and LANES: the floats of one register.
// No include guard: each kernel family includes it once.

#define TIER baseline
#define LANES 4
#include BODY
#undef TIER
#undef LANES

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TIER avx2
#define LANES 8
#include BODY
#undef TIER
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define TIER avx512
#define LANES 16
#include BODY
#undef TIER
#undef LANES
#pragma clang attribute pop

#endif
