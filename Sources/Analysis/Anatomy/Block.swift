import PenumbraEngine

/// A unit that networks repeat: a residual block, a dense layer.
public struct Block: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Two convolutions of 3x3 or the like, and a sum.
    case basic
    /// 1x1 and 3x3 (Darknet), or 1x1, 3x3 and 1x1 with a narrow middle (ResNet), and a sum.
    case bottleneck
    /// Convolutions of equal width without a bottleneck, and a sum.
    case residual
    /// A residual block with grouped convolutions.
    case resNeXt(groups: Int)
    /// A residual block with depthwise convolutions.
    case inverted
    /// New channels joined to what the layer read; `ways` branches of convolutions, which may be
    /// grouped (PeleeNeXt).
    case dense(growth: Int, ways: Int, isSparse: Bool, isGrouped: Bool)
    /// Convolutions one after another, joined once (VoVNet, YOLOv4-tiny).
    case aggregation(convolutions: Int)
  }

  public let kind: Kind
  /// In file order.
  public let layers: [Int]
  /// The layers whose output the block reads.
  public let base: [Int]
  /// The layer whose output is the block's.
  public let output: Int
  /// Whether a part of the block runs at a lower resolution (ELASTIC).
  public let isElastic: Bool
}

extension Block.Kind {
  /// What one of them is called: "two-way dense layer".
  public var name: String { name(isPlural: false) }

  /// "4 two-way dense layers".
  func text(_ count: Int) -> String { "\(count) " + name(isPlural: count != 1) }

  private func name(isPlural: Bool) -> String {
    let s = isPlural ? "s" : ""
    switch self {
    case .basic: return "basic residual block\(s)"
    case .bottleneck: return "bottleneck residual block\(s)"
    case .residual: return "residual block\(s)"
    case .resNeXt(let groups): return "ResNeXt block\(s) of \(groups) groups"
    case .inverted: return "inverted residual block\(s)"
    case .dense(_, let ways, let isSparse, let isGrouped):
      let way = [1: "", 2: "two-way "][ways] ?? "\(ways)-way "
      return (isSparse ? "sparse " : "") + (isGrouped ? "grouped " : "") + way + "dense layer\(s)"
    case .aggregation(let convolutions): return "module\(s) of \(convolutions) layers joined once"
    }
  }
}

extension [Block] {
  /// "3 ResNeXt blocks of 32 groups", runs of equal kinds one after another.
  var text: String {
    var runs: [(kind: Block.Kind, isElastic: Bool, count: Int)] = []
    for block in self {
      if let last = runs.last, last.kind == block.kind, last.isElastic == block.isElastic {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((block.kind, block.isElastic, 1))
      }
    }
    return runs.map { ($0.isElastic ? "elastic: " : "") + $0.kind.text($0.count) }
      .joined(separator: ", ")
  }
}

// MARK: Residual blocks

extension Wiring {
  /// Sums of what a block computes from a layer, and that layer.
  func residualBlocks() -> [Block] {
    indices.filter { kinds[$0] == .shortcut }.compactMap { sum in
      let (computed, bypass) = (inputs[sum][0], Array(inputs[sum].dropFirst()))
      guard let base = bypass.first, bypass.allSatisfy({ $0 == base }), base < computed,
        let region = region(from: [base], to: [computed])
      else { return nil }
      let convolutions = region.filter { isConvolution($0) && !gates.contains($0) }
      guard convolutions.count > 1, isCompact(region) else { return nil }
      return Block(
        kind: residualKind(convolutions), layers: region + [sum], base: [base], output: sum,
        isElastic: region.contains { kinds[$0] == .upsample })
    }
  }

  /// Whether a region may be a block: one that works at several resolutions is one only if it does
  /// nothing else that is complicated, since whole necks lead from a map back to it.
  private func isCompact(_ region: [Int]) -> Bool {
    guard region.contains(where: { kinds[$0] == .upsample }) else { return true }
    return region.filter(isJoin).count < 2 && !region.contains { kinds[$0] == .shortcut }
  }

  private func residualKind(_ convolutions: [Int]) -> Block.Kind {
    let details = convolutions.map { self.details($0) }
    for (convolution, detail) in zip(convolutions, details) {
      guard let groups = detail.groups, groups > 1 else { continue }
      return channels(inputs[convolution][0]) == groups ? .inverted : .resNeXt(groups: groups)
    }
    let sizes = details.map { $0.size ?? 1 }
    let widths = details.map { $0.filters ?? 0 }
    if !sizes.contains(1) { return .basic }
    guard let widest = widths.max(), let narrowest = widths.min(), narrowest < widest else {
      return .residual
    }
    return .bottleneck
  }
}

// MARK: Dense layers

extension Wiring {
  /// Convolutions whose outputs are joined to what the first of them read.
  ///
  /// Layer `i` reads a map; what it makes and some of that map are what layer `i + 1` reads. Where a
  /// layer does not read all of its predecessors, the layer is sparse (SparsePeleeNet).
  func denseLayers() -> [Block] {
    let joins = indices.filter(isJoin).map { (join: $0, strands: Set(strands($0))) }
    var found: [Block] = []
    for source in indices where !readers[source].isEmpty && original(source) == source {
      let chains = readers[source].filter { isConvolution($0) && inputs[$0] == [source] }
        .map { chain(from: $0) }
      let read = Set(strands(source))
      let nexts = chains.compactMap { chain -> (chain: [Int], join: Int, strands: Set<Int>)? in
        guard let end = chain.last else { return nil }
        return joins.first {
          $0.join > source && $0.strands.contains(end) && !$0.strands.isDisjoint(with: read)
        }.map { (chain, $0.join, $0.strands) }
      }
      guard let first = nexts.map(\.join).min() else { continue }
      let branches = nexts.filter { $0.join == first }
      let ends = branches.compactMap(\.chain.last)
      let whole = read.union(ends)
      let strands = branches[0].strands
      if let aggregation = aggregation(join: first) {
        if !found.contains(aggregation) { found.append(aggregation) }
        continue
      }
      found.append(
        Block(
          kind: .dense(
            growth: ends.reduce(0) { $0 + channels($1) }, ways: branches.count,
            isSparse: strands != whole,
            isGrouped: branches.flatMap(\.chain).contains { details($0).groups ?? 1 > 1 }),
          layers: (branches.flatMap(\.chain) + [first]).sorted(), base: [source], output: first,
          isElastic: false))
    }
    return markSparse(found)
  }

  /// One layer that skips a source makes all layers of its run sparse ones.
  private func markSparse(_ blocks: [Block]) -> [Block] {
    var sparse: Set<Int> = []
    for block in blocks {
      if case .dense(_, _, true, _) = block.kind { sparse.insert(block.output) }
    }
    return blocks.map { block in
      guard case .dense(let growth, let ways, false, let isGrouped) = block.kind,
        // A later layer of the run reads this one's output among others.
        blocks.contains(where: {
          sparse.contains($0.output) && Set(strands($0.base[0])).isSuperset(of: ends(of: block))
        })
      else { return block }
      return Block(
        kind: .dense(growth: growth, ways: ways, isSparse: true, isGrouped: isGrouped),
        layers: block.layers,
        base: block.base, output: block.output, isElastic: false)
    }
  }

  private func ends(of block: Block) -> [Int] {
    strands(block.output).filter { block.layers.contains($0) }
  }

  /// A join of convolutions that read one another, the first of them a 3x3 or the like.
  private func aggregation(join: Int) -> Block? {
    let strands = strands(join).sorted()
    guard strands.count > 1, strands.allSatisfy(isConvolution), details(strands[0]).size ?? 1 > 1
    else { return nil }
    var layers = [strands[0]]
    for (before, after) in zip(strands, strands.dropFirst()) {
      // What has a bottleneck is a dense layer.
      guard let region = region(from: [before], to: [after]),
        region.allSatisfy({ isConvolution($0) && details($0).size ?? 1 > 1 })
      else { return nil }
      layers += region
    }
    return Block(
      kind: .aggregation(convolutions: layers.count), layers: layers + [join],
      base: inputs[strands[0]], output: join, isElastic: false)
  }
}
