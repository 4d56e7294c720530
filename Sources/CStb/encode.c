#include "CStb.h"

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

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
