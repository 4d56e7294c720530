/// The convolution kernels whose products are of fewer bits than a float's, where this machine has
/// them and the limit on instruction sets allows them.
package struct ReducedKernels: @unchecked Sendable {
  /// Constant for the life of the process, which is what makes this type `Sendable`.
  private let table: UnsafePointer<ReducedTable>

  package init?(_ element: ReducedElement) {
    guard let table = kernels_reduced(element) else { return nil }
    self.table = table
  }

  /// Neighbouring channels in a word of 32 bits.
  package var wordChannels: Int { table.pointee.wordChannels }
  package var elementBytes: Int { 4 / wordChannels }

  /// What output `rows` and `columns` see of input `blocks`, as elements in their place in `strip`.
  package func convert(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>,
    _ quantization: UnsafePointer<KernelQuantization>?, blocks: Range<Int>, rows: Range<Int>,
    columns: Range<Int>, into strip: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.convert(
        $0, x, quantization, blocks.lowerBound, blocks.upperBound, rows.lowerBound,
        rows.upperBound, columns.lowerBound, columns.upperBound, strip)
    }
  }

  /// Output `rows` and `columns` of the filters of `units`, from a strip converted for them.
  package func convolve(
    _ geometry: ConvolutionGeometry, units: UnsafeBufferPointer<FilterUnit>,
    strip: UnsafeRawPointer, _ quantization: UnsafePointer<KernelQuantization>?,
    weights: UnsafeRawPointer, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>, rows: Range<Int>, columns: Range<Int>,
    offsets: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: epilogue) { epilogue in
        table.pointee.convolve(
          geometry, units.baseAddress!, units.count, strip, quantization, weights, epilogue, y,
          rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound,
          offsets.assumingMemoryBound(to: Int32.self))
      }
    }
  }

  // MARK: Winograd, which bytes do not have

  package var hasWinograd: Bool { table.pointee.winograd_input != nil }

  package func winogradInput(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, block: Int, tiles: Range<Int>,
    into v: UnsafeMutablePointer<Float>, stride: Int
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.winograd_input?($0, x, block, tiles.lowerBound, tiles.upperBound, v, stride)
    }
  }

  package func winogradFilters(
    _ geometry: ConvolutionGeometry, _ part: WinogradPart, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: part) { part in
        withUnsafePointer(to: epilogue) { table.pointee.winograd_filters?(geometry, part, $0, y) }
      }
    }
  }
}
