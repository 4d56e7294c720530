#include "CStb.h"

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
// Checks for undefined behaviour pass over its shifts of negative numbers, which compilers take to be
// multiplications.
#pragma clang attribute push(__attribute__((no_sanitize("shift"))), apply_to = function)
#include <stb/stb_image_write.h>
#pragma clang attribute pop

bool cstb_encode_png(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels) {
  return stbi_write_png_to_func(
             sink, context, width, height, channels, pixels, width * channels) != 0;
}

bool cstb_encode_jpeg(
    CStbSink sink, void *context, int width, int height, int channels, const uint8_t *pixels,
    int quality) {
  return stbi_write_jpg_to_func(sink, context, width, height, channels, pixels, quality) != 0;
}
