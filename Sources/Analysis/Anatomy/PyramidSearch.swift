import PenumbraEngine

/// Traces every map of a neck to the backbone's maps and the fusions it comes from.
struct PyramidSearch {
  private let wiring: Wiring
  private let backboneEnd: Int
  private var fusions: [Pyramid.Fusion] = []
  private var origins: [Int: Set<Pyramid.Source>] = [:]

  static func pyramid(_ wiring: Wiring, _ outline: Outline) -> Pyramid? {
    guard !outline.heads.isEmpty else { return nil }
    var search = PyramidSearch(wiring: wiring, backboneEnd: outline.backboneEnd)
    search.trace()
    return search.result(outline.heads)
  }

  private init(wiring: Wiring, backboneEnd: Int) {
    self.wiring = wiring
    self.backboneEnd = backboneEnd
  }

  // MARK: Tracing

  private mutating func trace() {
    for layer in wiring.indices where layer >= backboneEnd {
      let inputs = wiring.inputs[layer].map { origin(of: $0) }
      let all = inputs.reduce(into: Set()) { $0.formUnion($1) }
      switch wiring.kinds[layer] {
      case .route where all.count > 1 && wiring.isJoin(layer):
        fuse(layer, all, .join)
      case .shortcut where all.count > 1:
        let channels = Set(wiring.inputs[layer].map { wiring.channels($0) })
        fuse(layer, all, channels.count > 1 ? .partialSum : .sum)
      case .globalPool where !wiring.gates.contains(layer):
        origins[layer] = Set(
          all.map { if case .tap(_, let stride) = $0 { .global(stride: stride) } else { $0 } })
      case .spatialAttention, .scaleChannels:
        // Gates do not bring new levels unless they were made from another one.
        origins[layer] = all
      default:
        origins[layer] = all.isEmpty ? [.other] : all
      }
    }
  }

  private func origin(of layer: Int) -> Set<Pyramid.Source> {
    if layer < 0 { return [.other] }
    if layer < backboneEnd { return [.tap(layer: layer, stride: wiring.stride(layer))] }
    return origins[layer] ?? [.other]
  }

  private mutating func fuse(
    _ layer: Int, _ sources: Set<Pyramid.Source>, _ means: Pyramid.Fusion.Means
  ) {
    origins[layer] = [.fusion(fusions.count)]
    fusions.append(
      Pyramid.Fusion(
        layer: layer, stride: wiring.stride(layer), means: means, sources: Array(sources),
        isOutput: false))
  }

  // MARK: Result

  private mutating func result(_ heads: [Int]) -> Pyramid {
    let headSources = heads.map { head in
      origin(of: head).min(by: isBefore) ?? .other
    }
    let order = mergeSuccessive(headSources)
    let sources = headSources.map { renumbered($0, order) }
    for source in sources {
      if case .fusion(let index) = source { fusions[index].isOutput = true }
    }
    let reached = reachedStrides()
    let described = zip(heads, sources).map { describe($0, $1, reached) }
    return Pyramid(
      kind: PyramidKind(fusions, described, wiring).kind, fusions: fusions, heads: described)
  }

  private func describe(
    _ layer: Int, _ source: Pyramid.Source, _ reached: [Set<Int>]
  ) -> Pyramid.Head {
    let head = wiring.graph.nodes[layer].layer as? any DetectionHead
    var direct = Set([stride(source)].compactMap(\.self))
    var all = direct
    if case .fusion(let index) = source {
      direct = Set(fusions[index].sources.compactMap(stride))
      all = reached[index]
    }
    return Pyramid.Head(
      layer: layer, stride: wiring.stride(wiring.inputs[layer][0]),
      anchors: head?.channelsPerClass ?? 0, classes: head?.classes ?? 0, source: source,
      directStrides: direct.sorted(), strides: all.sorted())
  }

  private func stride(_ source: Pyramid.Source) -> Int? {
    switch source {
    case .tap(_, let stride), .global(let stride): stride
    case .fusion, .other: nil
    }
  }

  /// The strides of the backbone that reach each fusion; fusions read earlier ones alone.
  private func reachedStrides() -> [Set<Int>] {
    fusions.reduce(into: []) { reached, fusion in
      let strides = fusion.sources.map { source -> Set<Int> in
        if case .fusion(let index) = source {
          reached[index]
        } else {
          Set([stride(source)].compactMap(\.self))
        }
      }
      reached.append(strides.reduce(into: []) { $0.formUnion($1) })
    }
  }

  /// Fusions whose result goes into one other fusion of the same stride and nowhere else are a part
  /// of it: a neck may join one after another what belongs together.
  private mutating func mergeSuccessive(_ heads: [Pyramid.Source]) -> [Int: Int] {
    var removed: Set<Int> = []
    for index in fusions.indices {
      let users = fusions.indices.filter {
        !removed.contains($0) && fusions[$0].sources.contains(.fusion(index))
      }
      guard users.count == 1, !heads.contains(.fusion(index)),
        fusions[users[0]].stride == fusions[index].stride
      else { continue }
      let user = fusions[users[0]]
      let sources = Set(user.sources).subtracting([.fusion(index)]).union(fusions[index].sources)
      fusions[users[0]] = Pyramid.Fusion(
        layer: user.layer, stride: user.stride, means: user.means, sources: Array(sources),
        isOutput: false)
      removed.insert(index)
    }
    let kept = fusions.indices.filter { !removed.contains($0) }
    let order = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    fusions = kept.map { index in
      let fusion = fusions[index]
      return Pyramid.Fusion(
        layer: fusion.layer, stride: fusion.stride, means: fusion.means,
        sources: fusion.sources.map { renumbered($0, order) }.sorted(by: isBefore),
        isOutput: false)
    }
    return order
  }

  private func renumbered(_ source: Pyramid.Source, _ order: [Int: Int]) -> Pyramid.Source {
    if case .fusion(let index) = source { .fusion(order[index] ?? index) } else { source }
  }

  /// Fusions after the backbone's maps, finer maps first.
  private func isBefore(_ a: Pyramid.Source, _ b: Pyramid.Source) -> Bool {
    func rank(_ source: Pyramid.Source) -> (Int, Int) {
      switch source {
      case .tap(let layer, let stride): (stride, layer)
      case .global(let stride): (stride, Int.max)
      case .fusion(let index): (Int.max - 1, -index)
      case .other: (Int.max, 0)
      }
    }
    return rank(a) < rank(b)
  }
}

/// Which of the known designs the fusions of a pyramid make.
struct PyramidKind {
  let kind: Pyramid.Kind

  init(_ fusions: [Pyramid.Fusion], _ heads: [Pyramid.Head], _ wiring: Wiring) {
    func stride(_ source: Pyramid.Source) -> Int? {
      switch source {
      case .tap(_, let stride), .global(let stride): stride
      case .fusion(let index): fusions[index].stride
      case .other: nil
      }
    }
    func taps(_ fusion: Pyramid.Fusion) -> [Int] {
      fusion.sources.compactMap { if case .tap(_, let stride) = $0 { stride } else { nil } }
    }
    let tapping = fusions.filter { !taps($0).isEmpty }
    let hasGlobal = fusions.contains { fusion in
      fusion.sources.contains { if case .global = $0 { true } else { false } }
    }
    let isBottomUp = fusions.contains { fusion in
      fusion.sources.contains {
        if case .fusion(let index) = $0 { fusions[index].stride < fusion.stride } else { false }
      }
    }
    let takesFiner = fusions.contains { fusion in taps(fusion).contains { $0 < fusion.stride } }

    if fusions.isEmpty {
      kind = .plain
    } else if heads.count == 1, fusions.count == 1, takesFiner {
      kind = .passthrough
    } else if tapping.count == 1, Set(taps(tapping[0])).count > 2 {
      kind = .gfm
    } else if tapping.count == 1, hasGlobal {
      kind = .cem
    } else if takesFiner {
      kind = .efm
    } else if isBottomUp {
      kind = .panet
    } else {
      kind = fusions.allSatisfy { $0.means == .partialSum } ? .prn : .fpn
    }
  }
}
