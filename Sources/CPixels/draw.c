// One pass from a decoded picture to a part of a network's input: crop, resize, mirror or turn, and
// change colours. A row goes through three stages in scratch memory that stays in the first cache.
#include "CPixels.h"

#include <math.h>

enum { CHANNELS = 3 };

/// Two neighbours and where between them; an index of -1 is the fill.
typedef struct {
  int first, second;
  float fraction;
} Tap;

static inline int clamped(int i, int low, int high) {
  return i < low ? low : i >= high ? high - 1 : i;
}

/// `low` and `high` bound the cut, `size` the picture.
static inline Tap tap(double position, int low, int high, int size) {
  // Far outside everything is the same pixel; this keeps the conversion defined.
  if (position < -1e6) position = -1e6;
  if (position > 1e6) position = 1e6;
  double whole = floor(position);
  int first = clamped((int)whole, low, high), second = clamped((int)whole + 1, low, high);
  Tap result = {first, second, (float)(position - whole)};
  if (first < 0 || first >= size) result.first = -1;
  if (second < 0 || second >= size) result.second = -1;
  return result;
}

size_t pixels_scratch_floats(int width) { return (size_t)width * (3 * CHANNELS + 3); }

// MARK: Sampling

/// One source row at every output column, planar.
static void sample_row(const PixelsPicture *p, int row, const Tap *taps, int count, float *out) {
  for (int k = 0; k < p->channels; k++) {
    float *line = out + (size_t)k * count;
    float fill = p->fill[k];
    if (row < 0) {
      for (int c = 0; c < count; c++) line[c] = fill;
      continue;
    }
    const uint8_t *source = p->bytes + (size_t)row * p->width * p->channels + k;
    for (int c = 0; c < count; c++) {
      Tap t = taps[c];
      float a = t.first < 0 ? fill : source[(size_t)t.first * p->channels];
      float b = t.second < 0 ? fill : source[(size_t)t.second * p->channels];
      line[c] = a + t.fraction * (b - a);
    }
  }
}

/// Rows and columns of the source stay rows and columns.
typedef struct {
  const PixelsPicture *picture;
  const Tap *columns;
  int count;
  /// The last two source rows, and which they are; -2 is none yet.
  float *lines[2];
  int rows[2];
} Sampler;

static const float *sampled(Sampler *s, int row, int keep) {
  if (s->rows[0] == row) return s->lines[0];
  if (s->rows[1] == row) return s->lines[1];
  int slot = s->rows[0] == keep ? 1 : 0;
  sample_row(s->picture, row, s->columns, s->count, s->lines[slot]);
  s->rows[slot] = row;
  return s->lines[slot];
}

static void sample_straight(Sampler *s, Tap t, float *out) {
  const float *a = sampled(s, t.first, t.second), *b = sampled(s, t.second, t.first);
  int count = s->count * s->picture->channels;
  float f = t.fraction;
  for (int i = 0; i < count; i++) out[i] = (a[i] + f * (b[i] - a[i])) * (1 / 255.0f);
}

/// Any direction: four neighbours a pixel.
static void sample_turned(const PixelsPicture *p, const PixelsView *v, int column, int row,
                          int count, float *out) {
  for (int c = 0; c < count; c++) {
    double x = v->x + v->x_per_column * (column + c) + v->x_per_row * row;
    double y = v->y + v->y_per_column * (column + c) + v->y_per_row * row;
    Tap tx = tap(x, v->left, v->right, p->width), ty = tap(y, v->top, v->bottom, p->height);
    int ys[2] = {ty.first, ty.second}, xs[2] = {tx.first, tx.second};
    for (int k = 0; k < p->channels; k++) {
      float values[2];
      for (int j = 0; j < 2; j++) {
        size_t row_start = (size_t)(ys[j] < 0 ? 0 : ys[j]) * p->width * p->channels;
        const uint8_t *line = p->bytes + row_start + k;
        float a = ys[j] < 0 || xs[0] < 0 ? p->fill[k] : line[(size_t)xs[0] * p->channels];
        float b = ys[j] < 0 || xs[1] < 0 ? p->fill[k] : line[(size_t)xs[1] * p->channels];
        values[j] = a + tx.fraction * (b - a);
      }
      float value = values[0] + ty.fraction * (values[1] - values[0]);
      out[(size_t)k * count + c] = value * (1 / 255.0f);
    }
  }
}

// MARK: Colour

static inline float within(float v) { return v < 0 ? 0 : v > 1 ? 1 : v; }

/// One channel of a colour by hue (in sixths of a turn), saturation and value; `n` is 5, 3 or 1.
static inline float channel(float n, float h, float s, float v) {
  float k = n + h;
  k = k >= 6 ? k - 6 : k;
  float t = k < 4 - k ? k : 4 - k;
  return within(v - v * s * within(t));
}

/// Through HSV and back, without branches so that compilers vectorize it.
static void change_colour(float *restrict r, float *restrict g, float *restrict b, int count,
                          PixelsColour change) {
  float turn = change.hue * 6;
  for (int i = 0; i < count; i++) {
    float red = r[i], green = g[i], blue = b[i];
    float high = red > green ? red : green, low = red < green ? red : green;
    high = blue > high ? blue : high;
    low = blue < low ? blue : low;
    float range = high - low;
    float divisor = range > 0 ? range : 1;
    float h = high == red     ? (green - blue) / divisor
              : high == green ? 2 + (blue - red) / divisor
                              : 4 + (red - green) / divisor;
    h += turn;
    h = h < 0 ? h + 6 : h;
    h = h < 0 ? h + 6 : h;
    h = h >= 6 ? h - 6 : h;
    float s = range / (high > 0 ? high : 1) * change.saturation;
    float v = high * change.exposure;
    r[i] = channel(5, h, s, v);
    g[i] = channel(3, h, s, v);
    b[i] = channel(1, h, s, v);
  }
}

static void change_grey(float *line, int count, float exposure) {
  for (int i = 0; i < count; i++) line[i] = within(line[i] * exposure);
}

// MARK: The whole

static void put(const float *from, float *to, int count, float weight, bool adds) {
  if (adds) {
    for (int i = 0; i < count; i++) to[i] += weight * from[i];
  } else {
    for (int i = 0; i < count; i++) to[i] = weight * from[i];
  }
}

void pixels_draw(const PixelsPicture *picture, const PixelsView *view, const PixelsColour *colour,
                 const PixelsTarget *target, float *scratch) {
  int count = target->right - target->left, channels = picture->channels;
  if (count <= 0) return;
  bool straight = view->x_per_row == 0 && view->y_per_column == 0;
  bool plain = colour->hue == 0 && colour->saturation == 1 && colour->exposure == 1;
  size_t line = (size_t)count * CHANNELS;
  Tap *columns = (Tap *)(scratch + 3 * line);
  Sampler sampler = {picture, columns, count, {scratch, scratch + line}, {-2, -2}};
  float *out = scratch + 2 * line;
  if (straight) {
    for (int c = 0; c < count; c++)
      columns[c] = tap(view->x + view->x_per_column * (target->view_left + c), view->left,
                       view->right, picture->width);
  }
  for (int y = target->top; y < target->bottom; y++) {
    int row = target->view_top + y - target->top;
    if (straight) {
      double position = view->y + view->y_per_row * row;
      sample_straight(&sampler, tap(position, view->top, view->bottom, picture->height), out);
    } else {
      sample_turned(picture, view, target->view_left, row, count, out);
    }
    if (!plain && channels == 3) change_colour(out, out + count, out + 2 * count, count, *colour);
    if (!plain && channels == 1) change_grey(out, count, colour->exposure);
    for (int k = 0; k < channels; k++) {
      float *to = target->planes + ((size_t)k * target->height + y) * target->width + target->left;
      put(out + (size_t)k * count, to, count, target->weight, target->adds);
    }
  }
}
