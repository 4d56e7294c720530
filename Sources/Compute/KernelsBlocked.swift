/// Channels that stand together at each pixel of a blocked tensor.
package let channelBlock = Int(CHANNEL_BLOCK)

extension ConvolutionGeometry {
  /// Whether windows reach beyond the image.
  package var needsHalo: Bool { withUnsafePointer(to: self) { blocked_needs_halo($0) } }

  /// The scratch memory of `convolveGrouped`.
  package func groupedScratchFloats(_ groups: LaneGroups, wide: Int) -> Int {
    withUnsafePointer(to: self) { geometry in
      withUnsafePointer(to: groups) { grouped_scratch_floats(geometry, $0, wide) }
    }
  }

  /// The scratch memory of `convolvePlanar`.
  package func planarScratchFloats(_ strip: PlanarStrip) -> Int {
    withUnsafePointer(to: self) { geometry in
      withUnsafePointer(to: strip) { planar_scratch_floats(geometry, $0) }
    }
  }
}

// MARK: Blocked tensors; one block of a tensor where no block is named

extension Kernels {
  /// Output `rows` and `columns` of the filters of `units`.
  package func convolveBlocked(
    _ geometry: ConvolutionGeometry, isPlanar: Bool, units: UnsafeBufferPointer<FilterUnit>,
    _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>, rows: Range<Int>, columns: Range<Int>,
    scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: epilogue) { epilogue in
        table.pointee.convolve_blocked(
          geometry, isPlanar, units.baseAddress!, units.count, x, weights, epilogue, y,
          rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound, scratch)
      }
    }
  }

  /// Output `rows` and `columns` of `blocks` of filters, from planes; those of the pool where one is
  /// part of it.
  package func convolvePlanar(
    _ geometry: ConvolutionGeometry, _ strip: PlanarStrip, _ x: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>, blocks: Range<Int>, rows: Range<Int>,
    columns: Range<Int>, scratch: UnsafeMutableRawPointer
  ) {
    let part = PlanarPart(
      block: blocks.lowerBound, blockEnd: blocks.upperBound, row: rows.lowerBound,
      rowEnd: rows.upperBound, column: columns.lowerBound, columnEnd: columns.upperBound)
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: strip) { strip in
        withUnsafePointer(to: epilogue) { epilogue in
          withUnsafePointer(to: part) { part in
            table.pointee.convolve_planar(
              geometry, strip, x, weights, epilogue, y, part,
              scratch.assumingMemoryBound(to: Float.self))
          }
        }
      }
    }
  }

  /// Channels, or coefficients of Winograd, that are computed at a time.
  package var wide: Int { table.pointee.wide }
  /// The blocks that a unit of filters may have, the most first.
  package var unitWidths: [Int] { table.pointee.unitBlocks == 4 ? [4, 2, 1] : [2, 1] }

  /// A number of neighbouring pixels that direct convolutions cut into their largest tiles.
  package var tilePixels: Int { wide == 16 ? 14 : 12 }

  /// `tiles` of the `wide` channels from `block` on to 36 points `stride` floats apart.
  package func winogradInput(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, block: Int, tiles: Range<Int>,
    into v: UnsafeMutablePointer<Float>, stride: Int
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.winograd_input($0, x, block, tiles.lowerBound, tiles.upperBound, v, stride)
    }
  }

  /// The weights of a unit, [channels][9][filters], to 36 points `stride` floats apart.
  package func winogradWeights(
    _ w: UnsafePointer<Float>, channels: Int, filters: Int, into u: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    table.pointee.winograd_weights(w, channels, filters, u, stride)
  }

  /// Rows of weights as columns of `lanes`, times their `scales`.
  package static func packFilters(
    _ w: UnsafePointer<Float>, rows: Int, columns: Int, scales: ArraySlice<Float>?,
    into packed: UnsafeMutablePointer<Float>, lanes: Int
  ) {
    guard let scales else { return pack_filters(w, rows, columns, nil, packed, lanes) }
    scales.withUnsafeBufferPointer {
      pack_filters(w, rows, columns, $0.baseAddress, packed, lanes)
    }
  }

  /// The outputs of one unit of filters at some tiles.
  package func winogradFilters(
    _ geometry: ConvolutionGeometry, _ part: WinogradPart, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: part) { part in
        withUnsafePointer(to: epilogue) { table.pointee.winograd_filters(geometry, part, $0, y) }
      }
    }
  }

  /// One coefficient of `count` tiles, in tensors with room for `room`.
  package func multiplyCoefficients(
    units: UnsafeBufferPointer<FilterUnit>, _ v: UnsafePointer<Float>, room: Int,
    weights: UnsafePointer<Float>, into m: UnsafeMutablePointer<Float>, count: Int,
    scratch: UnsafeMutableRawPointer
  ) {
    table.pointee.multiply_coefficients(
      units.baseAddress!, units.count, v, room, weights, m, count,
      scratch.assumingMemoryBound(to: Int32.self))
  }

  /// `winogradInput` for stride 2: 25 coefficients `stride` floats apart, the parities of each `slot`
  /// floats apart.
  package func winogradStridedInput(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, block: Int, tiles: Range<Int>,
    into v: UnsafeMutablePointer<Float>, stride: Int, slot: Int
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.winograd_strided_input(
        $0, x, block, tiles.lowerBound, tiles.upperBound, v, stride, slot)
    }
  }

  /// `tiles` of the `wide` filters from `block` on back from their coefficients, for stride 2.
  package func winogradStridedOutput(
    _ geometry: ConvolutionGeometry, _ m: UnsafePointer<Float>, stride: Int, tiles: Range<Int>,
    block: Int, _ epilogue: BlockedEpilogue, into y: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: epilogue) {
        table.pointee.winograd_strided_output(
          geometry, m, stride, tiles.lowerBound, tiles.upperBound, block, $0, y)
      }
    }
  }

  /// Small groups: output `rows` of the filters of `unit`.
  package func convolveGrouped(
    _ geometry: ConvolutionGeometry, _ groups: LaneGroups, _ unit: LaneUnit,
    _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>, rows: Range<Int>, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: groups) { groups in
        withUnsafePointer(to: epilogue) { epilogue in
          withUnsafePointer(to: unit) { unit in
            table.pointee.convolve_grouped(
              geometry, groups, unit, x, weights, epilogue, y, rows.lowerBound, rows.upperBound,
              scratch.assumingMemoryBound(to: Float.self))
          }
        }
      }
    }
  }

  /// The largest cell of each window of one block; `rows` takes height · outWidth pixels.
  package func maxPoolBlocked(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    block: Int, rows: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: window) { table.pointee.max_pool_blocked($0, x, y, block, rows) }
  }

  /// The mean of each channel over `plane` pixels.
  package func meanBlocked(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, plane: Int
  ) {
    table.pointee.mean_blocked(x, y, plane)
  }

  /// y = x · scale, channel by channel; `y` may be `x`.
  package func scaleBlocked(
    _ x: UnsafePointer<Float>, by scale: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, plane: Int
  ) {
    table.pointee.scale_blocked(x, scale, y, plane)
  }

  /// y = max(x, y), or max(x, -FLT_MAX) at first.
  package func largerBlocked(
    _ x: UnsafePointer<Float>, isFirst: Bool, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.larger_blocked(x, isFirst, y, count)
  }

  /// y = scale · x, each pixel repeated `stride` × `stride` times.
  package func upsampleBlocked(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, height: Int, width: Int,
    stride: Int, scale: Float
  ) {
    table.pointee.upsample_blocked(x, y, height, width, stride, scale)
  }

  /// y += scale · x, channel by channel, `count` pixels; steps are in pixels.
  package func addScaledBlocked(
    _ x: UnsafePointer<Float>, step xStep: Int, by scale: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>, step yStep: Int, count: Int
  ) {
    table.pointee.add_scaled_blocked(x, xStep, scale, y, yStep, count)
  }

  /// Up to 8 planes to one block.
  package func packBlocked(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, channels: Int, plane: Int
  ) {
    table.pointee.pack_blocked(x, y, channels, plane)
  }

  /// One block to up to 8 planes.
  package func unpackBlocked(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, channels: Int, plane: Int
  ) {
    table.pointee.unpack_blocked(x, y, channels, plane)
  }
}
