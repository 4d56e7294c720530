#ifndef CSTB_H
#define CSTB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define CSTB_NULLABLE _Nullable
#else
#define CSTB_NULLABLE
#endif

/// Why the decoder got no memory, if it did not.
typedef enum __attribute__((enum_extensibility(closed))) {
  CStbMemoryStateSufficient,
  /// It asked for more than the picture may take.
  CStbMemoryStateBeyondBudget,
  /// What a file holds inflates to more than its pixels need.
  CStbMemoryStateGrowsTooFar,
  /// The system has none left.
  CStbMemoryStateNoMemory,
} CStbMemoryState;

/// How many bytes a decode may hold at once, its result included.
typedef struct {
  size_t total;
  /// The longest block that it may make by growing one: what a PNG inflates to, or its file.
  size_t growing;
} CStbMemory;

/// What stb_image found out about a file in memory.
typedef struct {
  /// Pixels; 0 until the header was understood.
  int width, height;
  /// Why the call failed, in stb_image's own short words; static storage.
  const char *CSTB_NULLABLE reason;
  /// The decoder asked for bytes beyond the end of the file, whatever it returned.
  bool ran_short;
  CStbMemoryState memory;
} CStbOutcome;

/// Reads the header only. False if no decoder recognizes the bytes.
bool cstb_measure(const uint8_t *bytes, size_t length, CStbOutcome *outcome);

/// Decodes to 8 bits per channel, interleaved, `channels` (1 or 3) forced.
/// The result belongs to the caller, who returns it with `cstb_free`. Thread-safe.
uint8_t *CSTB_NULLABLE cstb_decode(
    const uint8_t *bytes, size_t length, int channels, CStbMemory memory, CStbOutcome *outcome);

void cstb_free(void *CSTB_NULLABLE pixels);

/// Receives the next `length` bytes of an encoded file.
typedef void (*CStbSink)(void *context, void *bytes, int length);

/// Encodes rows of 8-bit interleaved pixels. `(width * channels + 1) * height` must fit an int.
bool cstb_encode_png(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels);

/// Encodes as a baseline JPEG, `quality` 1 to 100.
bool cstb_encode_jpeg(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels,
    int quality);

/// One stroke of a glyph, in font units, y downwards.
typedef struct {
  float left, top, right, bottom;
} CStbStroke;

enum { CSTB_MAX_STROKES = 32 };

/// The strokes of one printable ASCII character of stb_easy_font.
/// Returns their number, at most CSTB_MAX_STROKES; `advance` is the distance to the next glyph.
int cstb_glyph(char character, CStbStroke *strokes, float *advance);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
