import PenumbraEngine

/// Finds CSP stages by their joins: one strand comes straight from some layer, the others come from
/// the same layer through blocks that read nothing else.
extension Wiring {
  func crossStages(_ blocks: [Block]) -> [CrossStage] {
    let found = indices.filter(isJoin).compactMap { crossStage(at: $0, blocks) }
    let outermost = found.filter { stage in
      !found.contains { $0.join == stage.join && $0.layers.count > stage.layers.count }
    }
    let splits = Set(outermost.flatMap { [$0.bypass, $0.entry] })
    let stages = outermost.map {
      $0.withSecondTransition(secondTransition(after: $0, splits: splits))
    }
    // Where no stage but the last has a second transition, it is the neck's first convolution.
    guard stages.count > 2, stages.dropLast().allSatisfy({ $0.secondTransition == nil }),
      kinds.contains(.head)
    else { return stages }
    return stages.dropLast() + [outermost[stages.count - 1].withSecondTransition(nil)]
  }

  private func crossStage(at join: Int, _ blocks: [Block]) -> CrossStage? {
    let strands = strands(join)
    guard strands.count > 1, Set(strands).count == strands.count else { return nil }
    for bypass in strands {
      let rest = strands.filter { $0 != bypass }
      for base in bases(of: bypass) {
        if let stage = crossStage(join, base: base, bypass: bypass, rest: rest, blocks) {
          return stage
        }
      }
    }
    return nil
  }

  /// What a strand may be a part of: what a convolution or a share reads, or the strand itself.
  private func bases(of bypass: Int) -> [[Int]] {
    guard bypass >= 0 else { return [] }
    if isSlice(bypass) { return [inputs[bypass]] }
    let projected = projection(bypass).map { [inputs[$0]] } ?? []
    return projected + [[bypass]]
  }

  /// The convolution that a bypass is, maxout after it passed over.
  private func projection(_ layer: Int) -> Int? {
    if isConvolution(layer) { return isProjection(layer) ? layer : nil }
    guard layer >= 0, kinds[layer] == .maxout, let input = inputs[layer].first else { return nil }
    return projection(input)
  }

  /// A convolution of 1x1, or one that mixes no more than a few channels.
  private func isProjection(_ layer: Int) -> Bool {
    let details = details(layer)
    return details.size == 1 || details.groups ?? 1 > 1
  }

  private func crossStage(
    _ join: Int, base: [Int], bypass: Int, rest: [Int], _ blocks: [Block]
  ) -> CrossStage? {
    guard let region = region(from: base, to: rest), !region.contains(bypass) else { return nil }
    let entries = region.filter { inputs[$0] == base }
    guard entries.count == 1, let entry = entries.first,
      shape(entry).planeCount == shape(join).planeCount,
      region.contains(where: { isConvolution($0) && details($0).size ?? 1 > 1 })
    else { return nil }
    let split: CrossStage.Split
    if base == [bypass] {
      guard isSlice(entry) else { return nil }
      split = .slice
    } else if isSlice(bypass), isSlice(entry) {
      split = .slices
    } else if !isSlice(bypass), isConvolution(entry), isProjection(entry) {
      split = .convolutions
    } else {
      return nil
    }

    let inside = Set(region)
    let contained = blocks.filter { block in
      inside.isSuperset(of: block.layers.filter { !isJoin($0) })
    }
    let transition = firstTransition(rest, entry: entry, contained)
    let taken = Set(contained.flatMap(\.layers) + [entry] + (transition.map { [$0] } ?? []))
    return CrossStage(
      split: split, fusion: transition == nil ? .none : .last, bypassChannels: channels(bypass),
      blockChannels: channels(entry), base: base, bypass: bypass, entry: entry, blocks: contained,
      looseConvolutions: region.filter { isConvolution($0) && !taken.contains($0) },
      firstTransition: transition, join: join, secondTransition: nil,
      layers: Set(
        region + contained.flatMap(\.layers) + bypassLayers(bypass, base: base) + [join]
      ).sorted(),
      isElastic: contained.contains(where: \.isElastic))
  }

  private func bypassLayers(_ bypass: Int, base: [Int]) -> [Int] {
    base == [bypass] ? [] : region(from: base, to: [bypass]) ?? [bypass]
  }

  /// The 1x1 convolution that ends the blocks, unless a block ends there itself.
  private func firstTransition(_ ends: [Int], entry: Int, _ blocks: [Block]) -> Int? {
    guard ends.count == 1, let end = ends.first, end != entry, isPoint(end) else { return nil }
    return blocks.contains { $0.layers.contains(end) } ? nil : end
  }

  /// The 1x1 convolution that reads the join, perhaps pooled, unless it starts the next stage.
  private func secondTransition(after stage: CrossStage, splits: Set<Int>) -> Int? {
    var source = stage.join
    if let pool = readers[source].first(where: {
      kinds[$0] == .maxPool || kinds[$0] == .averagePool
    }),
      details(pool).strideX ?? 1 > 1
    {
      source = pool
    }
    let readers = self.readers[source].filter { $0 > source }
    guard let first = readers.first, isPoint(first), !splits.contains(first), !gates.contains(first)
    else { return nil }
    // Two convolutions side by side divide the map anew.
    let rivals = readers.dropFirst().filter { isPoint($0) && $0 - first < 4 }
    return rivals.isEmpty ? first : nil
  }
}

extension CrossStage {
  fileprivate func withSecondTransition(_ transition: Int?) -> CrossStage {
    let fusion: Fusion =
      switch (firstTransition != nil, transition != nil) {
      case (true, true): .both
      case (false, true): .first
      case (true, false): .last
      case (false, false): .none
      }
    let end = transition ?? join
    // A pool may stand between the join and the transition.
    let tail = join < end ? Array(join + 1...end) : []
    return CrossStage(
      split: split, fusion: fusion, bypassChannels: bypassChannels, blockChannels: blockChannels,
      base: base, bypass: bypass, entry: entry, blocks: blocks,
      looseConvolutions: looseConvolutions, firstTransition: firstTransition, join: join,
      secondTransition: transition, layers: layers + tail, isElastic: isElastic)
  }
}
