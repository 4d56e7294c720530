import PenumbraEngine

/// What a graph picture shows as one thing: a stage of the backbone, a run of convolutions, a join.
package struct Unit {
  package enum Look: Hashable {
    /// A stage of the backbone, by its index.
    case stage(Int)
    /// A box with lines of text.
    case box([String])
    /// A box whose right side is lower, as maxout leaves fewer channels.
    case funnel([String])
    /// A small circle with a sign.
    case sign(String)
    case head([String])
  }

  package let look: Look
  /// In file order.
  package let layers: [Int]
  /// The units read, by index.
  package var inputs: [Int] = []
  /// The stride of the row it stands in.
  package let row: Int
  package let part: Anatomy.Part

  package var isHead: Bool { if case .head = look { true } else { false } }
  package var isStage: Bool { if case .stage = look { true } else { false } }
}

/// Gathers the layers of a network into units.
package struct UnitCollector {
  private let wiring: Wiring
  private let anatomy: Anatomy
  private var units: [Unit] = []
  /// The unit of each layer; -1 where it has none.
  private var owners: [Int]

  package static func units(_ wiring: Wiring, _ anatomy: Anatomy) -> [Unit] {
    var collector = UnitCollector(wiring, anatomy)
    collector.collect()
    return collector.units
  }

  private init(_ wiring: Wiring, _ anatomy: Anatomy) {
    (self.wiring, self.anatomy) = (wiring, anatomy)
    owners = Array(repeating: -1, count: wiring.indices.count)
  }

  private mutating func collect() {
    for (index, stage) in anatomy.stages.enumerated() {
      add(.stage(index), Array(stage.layers), row: stage.stride)
    }
    for stage in anatomy.crossStages where stage.layers[0] >= anatomy.backboneEnd {
      add(.box(["CSP", "\(wiring.channels(stage.output))"]), stage.layers, at: stage.output)
    }
    for module in anatomy.modules where module.layers[0] >= anatomy.backboneEnd {
      guard owners[module.output] < 0 else { continue }
      add(.box(Self.lines(module)), module.layers, at: module.output)
    }
    for layer in wiring.indices where layer >= anatomy.backboneEnd && wiring.kinds[layer] == .head {
      let scores = wiring.inputs[layer][0]
      let isOwn = wiring.isConvolution(scores) && wiring.readers[scores] == [layer]
      add(.head(headLines(layer)), isOwn ? [scores, layer] : [layer], at: layer)
    }
    for layer in wiring.indices
    where layer >= anatomy.backboneEnd && owners[layer] < 0 && wiring.original(layer) == layer {
      collect(layer)
    }
    sortAndConnect()
  }

  private mutating func collect(_ layer: Int) {
    let filters = "\(wiring.channels(layer))"
    switch wiring.kinds[layer] {
    case .convolution:
      extendChain(with: layer)
    case .route where wiring.isJoin(layer): add(.sign("C"), [layer], at: layer)
    case .shortcut: add(.sign("+"), [layer], at: layer)
    case .upsample: add(.sign("\u{2191}"), [layer], at: layer)
    case .maxout: add(.funnel(["max", filters]), [layer], at: layer)
    case .maxPool, .averagePool: add(.box(["pool", filters]), [layer], at: layer)
    case .globalPool: add(.box(["mean", filters]), [layer], at: layer)
    case .softmax: add(.box(["softmax"]), [layer], at: layer)
    case .idle: break
    default: add(.box([wiring.graph.nodes[layer].name, filters]), [layer], at: layer)
    }
  }

  /// A convolution joins the run before it when nobody else reads that and the map keeps its size.
  private mutating func extendChain(with layer: Int) {
    let input = wiring.inputs[layer][0]
    if input >= anatomy.backboneEnd, wiring.isConvolution(input), owners[input] >= 0,
      wiring.readers[input].count == 1, wiring.stride(input) == wiring.stride(layer),
      case .box = units[owners[input]].look,
      units[owners[input]].layers.allSatisfy(wiring.isConvolution)
    {
      let owner = owners[input]
      let layers = units[owner].layers + [layer]
      units[owner] = Unit(
        look: .box(chainLines(layers)), layers: layers, row: units[owner].row,
        part: units[owner].part)
      owners[layer] = owner
    } else {
      add(.box(chainLines([layer])), [layer], at: layer)
    }
  }

  private mutating func add(_ look: Unit.Look, _ layers: [Int], at output: Int) {
    var row = wiring.stride(output)
    // A mean over the map stays beside the map.
    if let coarsest = anatomy.stages.map(\.stride).max(), wiring.shape(output).planeCount == 1 {
      row = min(row, coarsest)
    }
    add(look, layers, row: row)
  }

  private mutating func add(_ look: Unit.Look, _ layers: [Int], row: Int) {
    for layer in layers { owners[layer] = units.count }
    units.append(
      Unit(look: look, layers: layers, row: row, part: anatomy.parts[layers.last ?? 0]))
  }

  /// Into the order in which the layers stand in the file.
  private mutating func sortAndConnect() {
    let order = units.indices.sorted {
      (units[$0].layers.last ?? 0) < (units[$1].layers.last ?? 0)
    }
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let sorted = order.map { units[$0] }
    units = sorted.enumerated().map { index, unit in
      var unit = unit
      for layer in unit.layers {
        for input in wiring.inputs[layer] where input >= 0 {
          guard let source = place[owners[wiring.original(input)]], source != index,
            !unit.inputs.contains(source)
          else { continue }
          unit.inputs.append(source)
        }
      }
      return unit
    }
  }

  // MARK: Text

  private func chainLines(_ layers: [Int]) -> [String] {
    let sizes = layers.map { layer -> String in
      let details = wiring.details(layer)
      let size = details.size.map { "\($0)\u{d7}\($0)" } ?? ""
      return size + ((details.strideX ?? 1) > 1 ? " \u{2193}" : "")
    }
    let last = "\(wiring.channels(layers.last ?? 0))"
    return layers.count < 4
      ? [sizes.joined(separator: ", "), last] : ["\(layers.count) conv", last]
  }

  private static func lines(_ module: Module) -> [String] {
    switch module.kind {
    case .spatialPyramidPooling(let windows):
      ["SPP", windows.map(String.init).joined(separator: " ")]
    default: [module.shortName, "\(module.input.channels)"]
    }
  }

  private func headLines(_ layer: Int) -> [String] {
    guard let index = anatomy.pyramid?.heads.firstIndex(where: { $0.layer == layer }),
      let head = anatomy.pyramid?.heads[index]
    else { return ["head"] }
    return [
      "head, stride \(head.stride)",
      "\(head.anchors) anchor\(head.anchors == 1 ? "" : "s"), \(head.classes) classes",
    ]
  }
}
