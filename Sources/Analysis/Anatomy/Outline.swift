/// A network cut into backbone, neck and heads, or backbone and classifier.
struct Outline {
  /// The layers of the backbone: everything before this index.
  let backboneEnd: Int
  /// Where the classifier that follows a backbone begins; nil for detectors.
  let tailStart: Int?
  /// The layers that hold boxes.
  let heads: [Int]
}

extension Wiring {
  /// - Parameter structures: where each block or CSP stage begins and ends.
  func outline(_ structures: [ClosedRange<Int>], _ modules: [Module]) -> Outline {
    let heads = indices.filter { kinds[$0] == .head }
    guard let firstHead = heads.first else {
      let tail = classifierStart() ?? kinds.count
      return Outline(backboneEnd: tail, tailStart: tail, heads: [])
    }
    let limit = neckLimit(structures, modules, firstHead)
    let coarsest = (0..<limit).filter { !gates.contains($0) }.map { stride($0) }.max() ?? 1
    let last = structures.filter { $0.upperBound < limit && stride($0.upperBound) == coarsest }
      .map(\.upperBound).max()
    let end: Int
    if let last {
      // The transition that ends a stage of dense layers is the backbone's.
      end = denseTransition(after: last, before: limit) ?? last
    } else {
      let start = (0..<limit).first { stride($0) == coarsest && !gates.contains($0) } ?? 0
      end = ((start..<limit).first { $0 > start && isPoint($0) } ?? limit) - 1
    }
    return Outline(backboneEnd: end + 1, tailStart: nil, heads: heads)
  }

  /// The first layer that no backbone has: a head, or what leads to finer maps or to the heads.
  private func neckLimit(
    _ structures: [ClosedRange<Int>], _ modules: [Module], _ firstHead: Int
  ) -> Int {
    let first = (0..<firstHead).first { layer in
      guard !structures.contains(where: { $0.contains(layer) }) else { return false }
      return switch kinds[layer] {
      case .upsample: true
      case .reorg: stride(layer) > 1
      case .globalPool: !gates.contains(layer)
      default: false
      }
    }
    let pooling = modules.compactMap { module -> Int? in
      guard case .spatialPyramidPooling = module.kind, let layer = module.layers.first else {
        return nil
      }
      return structures.filter { $0.contains(layer) }.map(\.lowerBound).min() ?? layer
    }
    return ([first ?? firstHead] + pooling).min() ?? firstHead
  }

  private func denseTransition(after layer: Int, before limit: Int) -> Int? {
    guard isJoin(layer), let next = readers[layer].first, next < limit, next == layer + 1,
      isPoint(next), readers[layer].filter({ isPoint($0) && $0 < next + 4 }).count == 1
    else { return nil }
    return next
  }

  /// The mean over the map that scores classes, or what does without one; some networks score every
  /// place first.
  private func classifierStart() -> Int? {
    if let pool = indices.last(where: { kinds[$0] == .globalPool && !gates.contains($0) }) {
      let scores = inputs[pool][0]
      let isScored = !(pool..<kinds.count).contains { isConvolution($0) || kinds[$0] == .connected }
      return isScored && isPoint(scores) ? scores : pool
    }
    return indices.first { kinds[$0] == .connected } ?? indices.first { kinds[$0] == .softmax }
  }
}
