// What one core can do at most: arithmetic without memory, and memory without arithmetic.
#include "tiers.h"

/// Sums that do not wait for each other: enough for two units with a latency of six cycles.
enum { CHAINS = 12 };

#define BODY "limits_body.h"
#include "every_tier.h"

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f,avx512bf16")))
static double bf16_chains(size_t rounds, float *sink) {
  __m512bh x = (__m512bh)_mm512_set1_epi32(0x3f003f00), y = x;  // 0.5, 0.5
  __m512 sums[CHAINS];
  for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_ps((float)i);
  for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_dpbf16_ps(sums[i], x, y);
  }
  for (int i = 0; i < CHAINS; i++) *sink += sums[i][0];
  return 2.0 * 32 * CHAINS * (double)rounds;
}

__attribute__((target("avx512f,avx512vnni")))
static double int8_chains(size_t rounds, float *sink) {
  __m512i x = _mm512_set1_epi32((int)rounds | 0x01010101), y = _mm512_set1_epi32(0x01020301);
  __m512i sums[CHAINS];
  for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_epi32(i);
  for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) {
      sums[i] = _mm512_dpbusd_epi32(sums[i], x, y);
      // Sums of integers could be had by one multiplication; the compiler must not find out.
      __asm__("" : "+v"(sums[i]));
    }
  }
  for (int i = 0; i < CHAINS; i++) *sink += (float)sums[i][0];
  return 2.0 * 64 * CHAINS * (double)rounds;
}

double peak_bf16_avx512(size_t rounds, float *sink) {
  return __builtin_cpu_supports("avx512bf16") ? bf16_chains(rounds, sink) : 0;
}

double peak_int8_avx512(size_t rounds, float *sink) {
  return __builtin_cpu_supports("avx512vnni") ? int8_chains(rounds, sink) : 0;
}

double peak_bf16_avx2(size_t rounds, float *sink) { return 0; }
double peak_int8_avx2(size_t rounds, float *sink) { return 0; }
#endif

double peak_bf16_baseline(size_t rounds, float *sink) { return 0; }
double peak_int8_baseline(size_t rounds, float *sink) { return 0; }
