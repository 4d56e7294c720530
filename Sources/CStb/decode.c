// stb_image behind callbacks, so that reading past the end of a file is noticed: from plain memory
// it reads zeros there, and a truncated picture turns black or grey instead of failing.
// docs/decoding.md says for every assertion of stb_image why no file can make it false.
#include "CStb.h"
#include "memory.h"

#include <limits.h>
#include <string.h>

#define STBI_MALLOC(size) cstb_allocate(size)
#define STBI_REALLOC(block, size) cstb_reallocate(block, size)
#define STBI_FREE(block) cstb_free(block)

// An assertion of a decoder would end the process over a file. What they guard is checked before
// the decoder is called.
#define STBI_ASSERT(condition) ((void)0)

#define STBI_MAX_DIMENSIONS 65535
#define STBI_NO_STDIO
#define STBI_NO_PIC
#define STBI_NO_PNM
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STB_IMAGE_IMPLEMENTATION
// Checks for undefined behaviour ignore three things in it that compilers define: shifts of negative
// numbers are multiplications, colours of PSD files keep 8 bits of any float, and an empty chunk copies
// nothing from or to nowhere.
#pragma clang attribute push( \
    __attribute__((no_sanitize("shift", "float-cast-overflow", "nonnull-attribute"))), \
    apply_to = function)
#include <stb/stb_image.h>
#pragma clang attribute pop

typedef struct {
  const uint8_t *bytes;
  size_t length, position;
  bool ran_short;
} Source;

/// stb_image fills its own buffer in requests of this size, which may come back partly filled.
/// Any other request is for bytes a decoder needs now, as is one made with nothing left.
enum { BUFFER_REQUEST = sizeof(((stbi__context *)0)->buffer_start) };

static int read_bytes(void *context, char *target, int size) {
  Source *source = context;
  size_t left = source->length - source->position;
  size_t count = size < 0 ? 0 : (size_t)size;
  if (count > left) {
    if (left == 0 || size != BUFFER_REQUEST) source->ran_short = true;
    count = left;
  }
  memcpy(target, source->bytes + source->position, count);
  source->position += count;
  return (int)count;
}

/// Skipping over the end is no proof of damage: the padding of a last row may be missing.
static void skip_bytes(void *context, int count) {
  Source *source = context;
  if (count < 0) {
    size_t back = (size_t) - (int64_t)count;
    source->position -= back < source->position ? back : source->position;
  } else {
    size_t left = source->length - source->position;
    source->position += (size_t)count < left ? (size_t)count : left;
  }
}

static int at_end(void *context) {
  const Source *source = context;
  return source->position >= source->length;
}

static const stbi_io_callbacks callbacks = {read_bytes, skip_bytes, at_end};

/// Palettes lie on the decoder's stack, and pixels may name entries that no file has written: what
/// earlier calls left there must not become part of a picture.
static void __attribute__((noinline)) clear_stack(void) {
  char block[16 << 10];
  memset(block, 0, sizeof block);
  // The compiler may not leave it out, though nobody reads it here.
  __asm__ volatile("" : : "r"(block) : "memory");
}

bool cstb_measure(const uint8_t *bytes, size_t length, CStbOutcome *outcome) {
  Source source = {bytes, length, 0, false};
  CStbBudget budget = cstb_budget((CStbMemory){64 << 10, 64 << 10});
  int channels = 0;
  *outcome = (CStbOutcome){0};
  cstb_begin(&budget);
  bool found =
      stbi_info_from_callbacks(&callbacks, &source, &outcome->width, &outcome->height, &channels);
  cstb_end();
  // A BMP stored top-down states a negative height.
  if (outcome->height < 0 && outcome->height != INT_MIN) outcome->height = -outcome->height;
  outcome->reason = found ? NULL : stbi_failure_reason();
  outcome->ran_short = source.ran_short;
  outcome->memory = budget.state;
  return found;
}

uint8_t *cstb_decode(
    const uint8_t *bytes, size_t length, int channels, CStbMemory memory, CStbOutcome *outcome) {
  Source source = {bytes, length, 0, false};
  CStbBudget budget = cstb_budget(memory);
  int stored_channels = 0;
  *outcome = (CStbOutcome){0};
  clear_stack();
  cstb_begin(&budget);
  uint8_t *pixels = stbi_load_from_callbacks(
      &callbacks, &source, &outcome->width, &outcome->height, &stored_channels, channels);
  cstb_end();
  outcome->reason = pixels ? NULL : stbi_failure_reason();
  outcome->ran_short = source.ran_short;
  outcome->memory = budget.state;
  return pixels;
}
