public import PenumbraEngine

/// Layers of a backbone that work at one resolution.
public struct Stage: Hashable, Sendable {
  /// From 1; 0 is the stem, which holds what comes before the first block.
  public let number: Int
  /// Pixels of the network's input between neighbouring elements.
  public let stride: Int
  public let layers: Range<Int>
  /// The CSP stages and the blocks outside of them.
  public let crossStages: [CrossStage]
  public let blocks: [Block]
  /// Convolutions outside of blocks and CSP stages.
  public let looseConvolutions: Int
  public let output: Shape

  public var name: String { number == 0 ? "stem" : "stage \(number)" }
}

extension Wiring {
  /// The backbone's stages, by the resolution of what its layers make.
  func stages(before end: Int, _ blocks: [Block], _ crossStages: [CrossStage]) -> [Stage] {
    let starts = (crossStages.map(\.layers) + blocks.map(\.layers)).compactMap(\.first)
    let firstBlock = starts.filter { $0 < end }.min()
    var ranges = resolutionRanges(before: end, crossStages, blocks)
    var hasStem = false
    if let firstBlock, let stemEnd = stemEnd(before: firstBlock), stemEnd > 0 {
      hasStem = true
      ranges =
        [0..<stemEnd]
        + ranges.map { max($0.lowerBound, stemEnd)..<max($0.upperBound, stemEnd) }
        .filter { !$0.isEmpty }
    }
    return ranges.enumerated().map { index, range in
      stage(hasStem ? index : index + 1, range, blocks, crossStages)
    }
  }

  private func stage(
    _ number: Int, _ range: Range<Int>, _ blocks: [Block], _ crossStages: [CrossStage]
  ) -> Stage {
    let crossing = crossStages.filter { range.contains($0.join) }
    let inside = Set(crossing.flatMap(\.blocks))
    let free = blocks.filter { range.contains($0.output) && !inside.contains($0) }
    let taken = Set(crossing.flatMap(\.layers) + free.flatMap(\.layers)).union(gates)
    let output = range.last ?? range.lowerBound
    return Stage(
      number: number, stride: stride(output), layers: range, crossStages: crossing, blocks: free,
      looseConvolutions: range.filter { isConvolution($0) && !taken.contains($0) }.count,
      output: shape(output))
  }

  /// Runs of layers at one resolution; what blocks do inside at another one does not count.
  private func resolutionRanges(
    before end: Int, _ crossStages: [CrossStage], _ blocks: [Block]
  ) -> [Range<Int>] {
    // A block belongs to the resolution of what it makes.
    let structures =
      crossStages.map { (layers: ($0.layers.first ?? $0.join)...$0.join, output: $0.join) }
      + blocks.map { (layers: ($0.layers.first ?? $0.output)...$0.output, output: $0.output) }
    var starts: [Int] = []
    var current = 0
    for layer in 0..<end where !gates.contains(layer) && shape(layer).isImage {
      let around = structures.filter { $0.layers.contains(layer) }
        .max { $0.layers.count < $1.layers.count }
      if let around, around.layers.lowerBound != layer { continue }
      let stride = stride(around?.output ?? layer)
      guard stride > current else { continue }
      starts.append(layer)
      current = stride
    }
    if starts.isEmpty { return end > 0 ? [0..<end] : [] }
    starts[0] = 0
    return zip(starts, starts.dropFirst() + [end]).map { $0..<$1 }
  }

  /// The stem ends where the first block begins, or where the strided convolution before it does.
  private func stemEnd(before block: Int) -> Int? {
    let start = block - 1
    guard start >= 0, isConvolution(start), details(start).strideX ?? 1 > 1 else { return block }
    return start
  }
}
