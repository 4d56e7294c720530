#ifndef CPIXELS_H
#define CPIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// A decoded picture: 8 bits a channel, interleaved, rows top to bottom; 1 or 3 channels.
typedef struct {
  const uint8_t *bytes;
  int width, height, channels;
  /// What lies around the picture, 0 to 255 a channel.
  float fill[3];
} PixelsPicture;

/// Where an output pixel comes from: the source position of the centre of output pixel (0, 0), and
/// how it moves with each output column and row. Source pixel (0, 0) has its centre at (0, 0).
typedef struct {
  double x, y;
  double x_per_column, x_per_row;
  double y_per_column, y_per_row;
  /// Samples keep to these source pixels, `right` and `bottom` excluded: the edge of a cut.
  int left, top, right, bottom;
} PixelsView;

/// A change of colour: hue in turns, the others factors.
typedef struct {
  float hue, saturation, exposure;
} PixelsColour;

/// A rectangle of planar floats, 0 to 1, and which output pixel its corner is.
typedef struct {
  float *planes;
  int width, height;
  int left, top, right, bottom;
  int view_left, view_top;
  /// What is written is weighted, and added to what is there if `adds`.
  float weight;
  bool adds;
} PixelsTarget;

/// Floats of scratch that `pixels_draw` needs for a rectangle so wide.
size_t pixels_scratch_floats(int width);

/// Samples bilinearly, changes the colour, writes. `scratch` overlaps nothing.
void pixels_draw(const PixelsPicture *picture, const PixelsView *view, const PixelsColour *colour,
                 const PixelsTarget *target, float *scratch);

/// Convolves one plane with a symmetric kernel of `2 * radius + 1` weights, in both directions; edge
/// pixels repeat. `scratch` holds `width * height` floats.
void pixels_blur(float *plane, int width, int height, const float *weights, int radius,
                 float *scratch);

/// Adds normally distributed noise and clamps to 0 ... 1; a function of the seed.
void pixels_noise(float *values, size_t count, float sigma, uint64_t seed);

/// The mean of each channel of interleaved bytes.
void pixels_mean(const uint8_t *bytes, size_t pixels, int channels, double *means);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
