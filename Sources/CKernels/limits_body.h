// One tier of limits.c.

typedef float KERNEL(chain) __attribute__((vector_size(4 * LANES)));
typedef int32_t KERNEL(word) __attribute__((vector_size(4 * LANES)));
typedef KERNEL(word) KERNEL(word_anywhere) __attribute__((aligned(4)));

double KERNEL(peak_f32)(size_t rounds, float *sink) {
  typedef KERNEL(chain) vector;
  // Neither is known to the compiler, which could fold the sums otherwise.
  vector x = (vector){} + 1 / (2 + *sink), y = x * 0.5f;
  vector sums[CHAINS];
  for (int i = 0; i < CHAINS; i++) sums[i] = (vector){} + (float)i;
  for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) sums[i] = sums[i] * x + y;
  }
  for (int i = 0; i < CHAINS; i++) *sink += sums[i][0] * 1e-9f;
  return 2.0 * LANES * CHAINS * (double)rounds;
}

int32_t KERNEL(read_bytes)(const void *x, size_t n, size_t times) {
  typedef KERNEL(word) vector;
  vector bits[4] = {};
  for (size_t time = 0; time < times; time++) {
    const KERNEL(word_anywhere) *words = x;
    for (size_t i = 0; i < n / sizeof(vector); i += 4) {
#pragma clang loop unroll(full)
      for (int j = 0; j < 4; j++) bits[j] ^= words[i + j];
    }
    __asm__("" ::: "memory");
  }
  vector all = (bits[0] ^ bits[1]) ^ (bits[2] ^ bits[3]);
  int32_t result = 0;
  for (int lane = 0; lane < LANES; lane++) result ^= all[lane];
  return result;
}

void KERNEL(write_bytes)(void *y, size_t n, size_t times, int32_t value) {
  typedef KERNEL(word) vector;
  vector bits = (vector){} + value;
  for (size_t time = 0; time < times; time++) {
    KERNEL(word_anywhere) *words = y;
    for (size_t i = 0; i < n / sizeof(vector); i += 4) {
#pragma clang loop unroll(full)
      for (int j = 0; j < 4; j++) words[i + j] = bits;
    }
    __asm__("" ::: "memory");
  }
}
