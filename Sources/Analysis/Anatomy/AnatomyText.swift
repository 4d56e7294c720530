import PenumbraEngine

extension Anatomy {
  /// A network's structure in words, one line a part.
  public struct Line: Hashable, Sendable {
    /// "stage 2", "neck", "head 16".
    public let name: String
    public let text: String
    /// The layers it speaks of, nil where that is said elsewhere.
    public let layers: [Int]?
  }

  public var lines: [Line] {
    guard let excess else { return knownLines }
    let text =
      "not described: \(excess) layers and references to layers, at most \(Self.maxSize) are"
    return [Line(name: "structure", text: text, layers: nil)]
  }

  private var knownLines: [Line] {
    stageLines + neckLines + headLines + moduleLines + compressionLines
  }

  private var stageLines: [Line] {
    stages.map { stage in
      var parts = stage.crossStages.map { "CSP stage \(number(of: $0) ?? 0): \($0)" }
      if !stage.blocks.isEmpty { parts.append(stage.blocks.text) }
      if parts.isEmpty {
        let count = stage.looseConvolutions
        parts.append("\(count == 0 ? "no" : "\(count)") convolution\(count == 1 ? "" : "s")")
      }
      return Line(
        name: stage.name, text: "stride \(stage.stride): " + parts.joined(separator: "; "),
        layers: Array(stage.layers))
    }
  }

  private var neckLines: [Line] {
    guard let pyramid, !layers(of: .neck).isEmpty else { return [] }
    var parts: [String] = []
    if pyramid.kind != .plain { parts.append(pyramid.kind.rawValue) }
    let inside = crossStages.filter { $0.output >= backboneEnd }
    if !inside.isEmpty { parts.append("\(inside.count) CSP stage\(inside.count == 1 ? "" : "s")") }
    if !pyramid.equations.isEmpty { parts.append(pyramid.equations.joined(separator: "; ")) }
    if parts.isEmpty { parts.append("no fusion") }
    return [Line(name: "neck", text: parts.joined(separator: ": "), layers: layers(of: .neck))]
  }

  private var headLines: [Line] {
    guard let pyramid else { return [] }
    return pyramid.heads.enumerated().map { index, head in
      let anchors = "\(head.anchors) anchor\(head.anchors == 1 ? "" : "s")"
      let classes = "\(head.classes) class\(head.classes == 1 ? "" : "es")"
      let source =
        if case .fusion = head.source { "from \(pyramid.name(of: head.source)), " } else { "" }
      return Line(
        name: "head \(head.stride)",
        text: "\(anchors), \(classes); \(source)sees stride\(head.strides.count == 1 ? "" : "s") "
          + head.strides.map(String.init).joined(separator: ", "),
        layers: layers(of: .head(index)))
    }
  }

  private var moduleLines: [Line] {
    var seen: [(kind: String, count: Int, first: Module)] = []
    for module in modules {
      let kind = module.shortName
      if let index = seen.firstIndex(where: { $0.kind == kind }) {
        seen[index].count += 1
      } else {
        seen.append((kind, 1, module))
      }
    }
    return seen.map { kind, count, first in
      let all = modules.filter { $0.shortName == kind }
      let text =
        count > 4
        ? "\(count), the first at layer \(first.output): \(first)"
        : all.map { "\($0) at layer \($0.output)" }.joined(separator: "; ")
      return Line(name: kind, text: text, layers: nil)
    }
  }

  private var compressionLines: [Line] {
    guard let compression else { return [] }
    let channels = compression.maxouts.map {
      "\($0.input.channels) to \($0.output.channels) at layer \($0.layer)"
    }
    let maps = Line(name: "maxout", text: channels.joined(separator: ", "), layers: nil)
    let ways = compression.ways.map { way in
      let mark = way == compression.reproduction ? ", as the paper claims" : ""
      return Line(
        name: "", text: "saves \((100 * way.saving).rounded(to: 1)) % of \(way.name)" + mark,
        layers: nil)
    }
    return [maps] + ways
  }
}

extension Module {
  /// "SPP", "SAM", "SE".
  public var shortName: String {
    switch kind {
    case .spatialPyramidPooling: "SPP"
    case .spatialAttention: "SAM"
    case .squeezeExcitation: "SE"
    case .pixelScaling: "scaling"
    }
  }
}
