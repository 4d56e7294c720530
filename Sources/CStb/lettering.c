#include "CStb.h"

#include <stb/stb_easy_font.h>

/// One corner as stb_easy_font writes it; four of them make a stroke.
typedef struct {
  float x, y, z;
  unsigned char color[4];
} Corner;

int cstb_glyph(char character, CStbStroke *strokes, float *advance) {
  Corner corners[4 * CSTB_MAX_STROKES];
  char text[2] = {character, 0};
  int count = stb_easy_font_print(0, 0, text, NULL, corners, (int)sizeof corners);
  for (int i = 0; i < count; i++) {
    const Corner *first = &corners[4 * i], *opposite = &corners[4 * i + 2];
    strokes[i] = (CStbStroke){first->x, first->y, opposite->x, opposite->y};
  }
  *advance = (float)stb_easy_font_width(text);
  return count;
}
