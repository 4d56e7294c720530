// stb_image_write with memory of its own: the encoder writes on where its memory cannot grow, so a
// failed allocation leaves it at once and frees what it held.
#include "CStb.h"

#include <setjmp.h>
#include <stdlib.h>

/// Precedes every block of a running encoder, and keeps what follows aligned as malloc does.
typedef union Link {
  struct {
    union Link *before, *after;
  };
  max_align_t alignment;
} Link;

/// All blocks of an encoder, in a ring, and where to go without memory.
typedef struct {
  Link ring;
  jmp_buf failed;
} Pool;

/// stb_image_write passes no context to its allocator, so the encoder that a thread runs is found
/// here.
static _Thread_local Pool *current;

static void *pool_reallocate(void *block, size_t size) {
  Link *link = block ? (Link *)block - 1 : NULL;
  Link *after = link ? link->after : &current->ring;
  Link *grown = size > SIZE_MAX - sizeof(Link) ? NULL : realloc(link, size + sizeof(Link));
  if (!grown) longjmp(current->failed, 1);
  if (!link) grown->before = after->before;
  grown->after = after;
  grown->before->after = grown;
  after->before = grown;
  return grown + 1;
}

static void pool_free(void *block) {
  if (!block) return;
  Link *link = (Link *)block - 1;
  link->before->after = link->after;
  link->after->before = link->before;
  free(link);
}

static void pool_free_all(Pool *pool) {
  while (pool->ring.after != &pool->ring) pool_free(pool->ring.after + 1);
  current = NULL;
}

#define STBIW_MALLOC(size) pool_reallocate(NULL, size)
#define STBIW_REALLOC(block, size) pool_reallocate(block, size)
#define STBIW_FREE(block) pool_free(block)
// docs/decoding.md says why its assertions hold for every picture.
#define STBIW_ASSERT(condition) ((void)0)

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
// Checks for undefined behaviour pass over its shifts of negative numbers, which compilers take to be
// multiplications.
#pragma clang attribute push(__attribute__((no_sanitize("shift"))), apply_to = function)
#include <stb/stb_image_write.h>
#pragma clang attribute pop

bool cstb_encode_png(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels) {
  Pool pool;
  pool.ring.before = pool.ring.after = &pool.ring;
  current = &pool;
  volatile bool is_done = false;
  if (setjmp(pool.failed) == 0) {
    is_done = stbi_write_png_to_func(
                  sink, context, width, height, channels, pixels, width * channels) != 0;
  }
  pool_free_all(&pool);
  return is_done;
}

bool cstb_encode_jpeg(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels,
    int quality) {
  return stbi_write_jpg_to_func(sink, context, width, height, channels, pixels, quality) != 0;
}
