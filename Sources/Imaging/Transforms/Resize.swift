extension Image {
  /// The image at another size: bilinear between aligned corners, without smoothing.
  ///
  /// Rows are resampled first and kept in float32, then columns, in Darknet's order of operations,
  /// so that equal inputs give equal bits. Darknet never adds the lower neighbor to the last row:
  /// where rounding makes `(H - 1) * scale` fall just short of the last source row (240 rows to
  /// 416, for one), the last row comes out almost black. Trained networks have seen that; it stays.
  ///
  /// Darknet divides by zero for a target one pixel wide or high. Here the single column or row is
  /// the last one of the source, which is where the last column of any other width comes from.
  /// - Source: Darknet `image.c`, `resize_image`.
  public func resized(width newWidth: Int, height newHeight: Int) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "an image has at least one pixel")
    if newWidth == width && newHeight == height { return self }
    return resampled(
      columns: (0..<newWidth).map { Tap(column: $0, of: newWidth, from: width) },
      rows: (0..<newHeight).map { Tap(row: $0, of: newHeight, from: height) })
  }

  /// The image made of the given columns and rows, in their order.
  func resampled(columns: [Tap], rows: [Tap]) -> Image {
    let plane = columns.count * rows.count
    let pixels = [Float](unsafeUninitializedCapacity: plane * channels) { target, count in
      self.pixels.withUnsafeBufferPointer { source in
        for channel in 0..<channels {
          resample(
            source.baseAddress! + channel * planeCount, width: width, columns: columns, rows: rows,
            into: target.baseAddress! + channel * plane)
        }
      }
      count = plane * channels
    }
    return Image(width: columns.count, height: rows.count, channels: channels, pixels: pixels)
  }
}

/// Where a target column or row comes from: `(1 - fraction) * x[index] + fraction * x[index + 1]`.
struct Tap {
  let index: Int
  let fraction: Float
  /// False where the second term is left out.
  let addsNext: Bool

  init(column: Int, of newWidth: Int, from width: Int) {
    if column == newWidth - 1 || width == 1 {
      (index, fraction, addsNext) = (width - 1, 0, false)
    } else {
      let position = Float(column) * (Float(width - 1) / Float(newWidth - 1))
      index = min(Int(position), width - 2)
      fraction = position - Float(index)
      addsNext = true
    }
  }

  /// The last target row never adds its neighbor, even when it lies above the last source row.
  init(row: Int, of newHeight: Int, from height: Int) {
    if newHeight == 1 {
      (index, fraction, addsNext) = (height - 1, 0, false)
    } else {
      let position = Float(row) * (Float(height - 1) / Float(newHeight - 1))
      addsNext = row != newHeight - 1 && height != 1
      index = min(Int(position), addsNext ? height - 2 : height - 1)
      fraction = position - Float(index)
    }
  }
}

/// Resamples one plane; only source rows in use are touched, the last two are kept.
private func resample(
  _ source: UnsafePointer<Float>, width: Int, columns: [Tap], rows: [Tap],
  into target: UnsafeMutablePointer<Float>
) {
  let count = columns.count
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { scratch in
    var upper = (row: -1, values: scratch.baseAddress!)
    var lower = (row: -1, values: scratch.baseAddress! + count)
    for (r, tap) in rows.enumerated() {
      if lower.row == tap.index { swap(&upper, &lower) }
      if upper.row != tap.index {
        resampleRow(source + tap.index * width, columns, into: upper.values)
        upper.row = tap.index
      }
      let out = target + r * count
      let keep = 1 - tap.fraction
      for c in 0..<count { out[c] = keep * upper.values[c] }
      guard tap.addsNext else { continue }
      if lower.row != tap.index + 1 {
        resampleRow(source + (tap.index + 1) * width, columns, into: lower.values)
        lower.row = tap.index + 1
      }
      for c in 0..<count { out[c] += tap.fraction * lower.values[c] }
    }
  }
}

private func resampleRow(
  _ line: UnsafePointer<Float>, _ columns: [Tap], into target: UnsafeMutablePointer<Float>
) {
  columns.withUnsafeBufferPointer { taps in
    for c in 0..<taps.count {
      let tap = taps[c]
      let left = line[tap.index]
      target[c] =
        tap.addsNext ? (1 - tap.fraction) * left + tap.fraction * line[tap.index + 1] : left
    }
  }
}
