package import PenumbraCompute

/// How a convolution is computed where there is a choice.
public enum ConvolutionMethod: Hashable, Sendable {
  /// Sums over the input itself.
  case direct
  /// Winograd's F(4x4, 3x3), with weights that are kept transformed, at four times the memory, or
  /// transformed anew in every run; for stride 2 F(4x4, 2x2) on the parities of cells, with weights
  /// that are always kept, at nine times the memory.
  case winograd(keepsTransformed: Bool)
}

/// What the methods of a convolution cost, as the time of so many multiply-adds of a register.
///
/// Fitted to measurements on Zen 5 of 290 shapes from 4x4 to 208x208 pixels and 8 to 1024 channels,
/// weights out of the caches: the method chosen by it is 1.6 % slower than the fastest on average
/// with AVX-512, 1.4 % with AVX2 and 4.5 % with SSE, and 10 % (SSE 22 %) at the 95th percentile.
/// `make convolution-costs` holds it against this machine.
///
/// The number of threads and images is not in it: results must not depend on them.
package struct ConvolutionCost {
  private let geometry: ConvolutionGeometry
  private let shape: KernelShape
  private let cut: WinogradCut
  private let channels: Double
  private let filterRegisters: Double
  /// Channels that are multiplied at a time.
  private let wordChannels: Double

  /// Nil for a convolution that has one method only.
  ///
  /// - Parameter format: what is multiplied: floats, or bfloat16 where this machine has it.
  package init?(
    _ geometry: ConvolutionGeometry, _ shape: KernelShape, _ format: NumberFormat = .fp32
  ) {
    guard
      geometry.size == 3, geometry.strideX == 1, geometry.strideY == 1, geometry.dilation == 1,
      geometry.groups == 1
    else { return nil }
    self.geometry = geometry
    self.shape = shape
    let wordChannels = format.reducedKernels?.wordChannels ?? 1
    cut = WinogradCut(geometry, shape, wordChannels: wordChannels)
    self.wordChannels = Double(wordChannels)
    channels = Double(geometry.channels.rounded(upTo: shape.wide))
    filterRegisters = Double(geometry.filters.rounded(upTo: shape.wide) / shape.wide)
  }

  private static let points = Double(WINOGRAD_POINTS)
  /// Of a product in Winograd's, whose sums are stored and loaded more often.
  private static let product = 1.1
  /// Added to it where the weights come in chunks.
  private static let chunked = 0.03
  // Of each float.
  private static let inputTransform = 0.5
  private static let outputTransform = 0.3
  private static let weightTransform = 0.3
  private static let transformedRead = 0.8
  private static let directRead = 0.2

  /// The method that costs the least.
  package var best: ConvolutionMethod {
    let least = min(direct, transforming, keeping)
    return least == direct ? .direct : .winograd(keepsTransformed: least == keeping)
  }

  package var direct: Double {
    let taps = 9 * Double(geometry.channels.rounded(upTo: channelBlock)) * filterRegisters
    let pixels = Double(geometry.outHeight * geometry.outWidth)
    return taps / wordChannels * (pixels + Self.directRead * Double(shape.wide))
  }

  /// Winograd's with weights that are transformed in every run, once for each part of the tiles.
  package var transforming: Double {
    guard wordChannels == 1 else { return .infinity }
    let parts = Double(cut.blocks * ((cut.room + cut.part - 1) / cut.part))
    return products * (Self.product + Self.chunked) + transforms
      + parts * Self.weightTransform * weights
  }

  /// Winograd's with weights that are kept transformed.
  package var keeping: Double {
    products / wordChannels * Self.product + transforms
      + Self.transformedRead * weights / wordChannels
  }

  private var products: Double { weights / Double(shape.wide) * Double(cut.tiles) }

  private var transforms: Double {
    let filters = filterRegisters * Double(shape.wide)
    return Self.points * Double(cut.tiles)
      * (Self.inputTransform * channels + Self.outputTransform * filters)
  }

  /// Floats of transformed weights.
  private var weights: Double { Self.points * channels * filterRegisters * Double(shape.wide) }
}
