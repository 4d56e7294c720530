import PenumbraEngine

/// The JSON of `penumbra inspect`; `docs/costs.md` lists its keys.
extension NetworkReport: Encodable {
  enum CodingKeys: String, CodingKey {
    case cfg, input, batch, backend, precision, layers, bottleneck, parts, pyramid, modules
    case compression, memory, kernels
    case crossStages = "csp_stages"
    case weightsBytes = "weights_bytes"
  }

  public func encode(to encoder: any Encoder) throws {
    try cost.total.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .cfg)
    try container.encode(input.extents, forKey: .input)
    try container.encode(batch, forKey: .batch)
    try container.encode(backend, forKey: .backend)
    try container.encode(precision, forKey: .precision)
    try container.encode(
      zip(cost.layers, anatomy.parts).map {
        EncodedLayer(layer: $0, part: anatomy.name(of: $1))
      }, forKey: .layers)
    try container.encode(
      cost.heaviest(5).map {
        EncodedBottleneck(
          layer: $0.index, bflops: $0.tally.paperBFLOPs, share: cost.share(of: $0))
      }, forKey: .bottleneck)
    try container.encode(parts.map { EncodedPart($0, self) }, forKey: .parts)
    try container.encode(
      anatomy.crossStages.map { EncodedCrossStage($0, self) }, forKey: .crossStages)
    try container.encode(
      anatomy.modules.map {
        EncodedModule(kind: $0.shortName, layer: $0.output, text: "\($0)")
      }, forKey: .modules)
    try container.encodeIfPresent(anatomy.pyramid.map(EncodedPyramid.init), forKey: .pyramid)
    try container.encodeIfPresent(
      anatomy.compression.map(EncodedCompression.init), forKey: .compression)
    try container.encode(memory, forKey: .memory)
    try container.encodeIfPresent(kernels, forKey: .kernels)
    try container.encode(weightsBytes, forKey: .weightsBytes)
  }
}

/// Shapes are `[channels, height, width]`; what a layer does not have is left out.
private struct EncodedLayer: Encodable {
  let layer: LayerCost
  let part: String

  enum CodingKeys: String, CodingKey {
    case index, section, kind, part, inputs, input, output, filters, groups, size, dilation, note
    case field
    case strideX = "stride_x"
    case strideY = "stride_y"
  }

  func encode(to encoder: any Encoder) throws {
    try layer.tally.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    let details = layer.details
    try container.encode(layer.index, forKey: .index)
    try container.encode(layer.section, forKey: .section)
    try container.encode(layer.kind, forKey: .kind)
    try container.encode(part, forKey: .part)
    try container.encode(layer.inputs.map(\.layer), forKey: .inputs)
    try container.encodeIfPresent(layer.inputs.first?.shape.extents, forKey: .input)
    try container.encode(layer.output.extents, forKey: .output)
    try container.encode(layer.field, forKey: .field)
    try container.encodeIfPresent(details.filters, forKey: .filters)
    try container.encodeIfPresent(details.groups, forKey: .groups)
    try container.encodeIfPresent(details.size, forKey: .size)
    try container.encodeIfPresent(details.strideX, forKey: .strideX)
    try container.encodeIfPresent(details.strideY, forKey: .strideY)
    try container.encodeIfPresent(details.dilation, forKey: .dilation)
    try container.encodeIfPresent(details.note, forKey: .note)
  }
}

private struct EncodedBottleneck: Encodable {
  let layer: Int
  let bflops: Double
  let share: Double

  enum CodingKeys: String, CodingKey {
    case layer, share
    case bflops = "paper_bflops"
  }
}

private struct EncodedPart: Encodable {
  let name: String
  let layers: [Int]
  let output: [Int]
  let share: Double
  let cost: Tally
  let blocks: [EncodedBlock]

  init(_ part: NetworkReport.PartCost, _ report: NetworkReport) {
    name = part.name
    layers = part.layers
    output = part.output.extents
    share = report.share(of: part.tally)
    cost = part.tally
    let inside = Set(part.layers)
    blocks = report.anatomy.blocks.filter { inside.contains($0.output) }.map {
      EncodedBlock(text: $0.kind.name, layers: $0.layers, cost: report.cost.total(of: $0.layers))
    }
  }
}

private struct EncodedBlock: Encodable {
  let text: String
  let layers: [Int]
  let cost: Tally
}

private struct EncodedCrossStage: Encodable {
  let number: Int?
  let text: String
  let split: CrossStage.Split
  let fusion: CrossStage.Fusion
  let gamma: Double
  let bypassChannels: Int
  let blockChannels: Int
  let blocks: Int
  let layers: [Int]
  let cost: Tally

  init(_ stage: CrossStage, _ report: NetworkReport) {
    number = report.anatomy.number(of: stage)
    text = "\(stage)"
    (split, fusion, gamma) = (stage.split, stage.fusion, stage.gamma)
    (bypassChannels, blockChannels) = (stage.bypassChannels, stage.blockChannels)
    blocks = stage.blocks.count
    layers = stage.layers
    cost = report.cost.total(of: stage.layers)
  }

  enum CodingKeys: String, CodingKey {
    case number, text, split, fusion, gamma, blocks, layers, cost
    case bypassChannels = "bypass_channels"
    case blockChannels = "block_channels"
  }
}

private struct EncodedModule: Encodable {
  let kind: String
  let layer: Int
  let text: String
}

private struct EncodedPyramid: Encodable {
  let kind: Pyramid.Kind
  let fusions: [EncodedFusion]
  let heads: [EncodedHead]

  init(_ pyramid: Pyramid) {
    kind = pyramid.kind
    fusions = pyramid.fusions.enumerated().map { index, fusion in
      EncodedFusion(
        name: pyramid.name(of: .fusion(index)), layer: fusion.layer, stride: fusion.stride,
        means: fusion.means, sources: fusion.sources.map(pyramid.name(of:)))
    }
    heads = pyramid.heads.map {
      EncodedHead(
        layer: $0.layer, stride: $0.stride, anchors: $0.anchors, classes: $0.classes,
        source: pyramid.name(of: $0.source), directStrides: $0.directStrides, strides: $0.strides)
    }
  }
}

private struct EncodedFusion: Encodable {
  let name: String
  let layer: Int
  let stride: Int
  let means: Pyramid.Fusion.Means
  let sources: [String]
}

private struct EncodedHead: Encodable {
  let layer: Int
  let stride: Int
  let anchors: Int
  let classes: Int
  let source: String
  let directStrides: [Int]
  let strides: [Int]

  enum CodingKeys: String, CodingKey {
    case layer, stride, anchors, classes, source, strides
    case directStrides = "direct_strides"
  }
}

private struct EncodedCompression: Encodable {
  let maxouts: [EncodedMaxout]
  let ways: [EncodedWay]

  init(_ compression: Compression) {
    maxouts = compression.maxouts.map {
      EncodedMaxout(layer: $0.layer, input: $0.input.extents, output: $0.output.extents)
    }
    ways = compression.ways.map {
      EncodedWay(
        name: $0.name, before: $0.before, after: $0.after, saving: $0.saving,
        reproducesThePaper: $0 == compression.reproduction)
    }
  }
}

private struct EncodedMaxout: Encodable {
  let layer: Int
  let input: [Int]
  let output: [Int]
}

private struct EncodedWay: Encodable {
  let name: String
  let before: Int
  let after: Int
  let saving: Double
  let reproducesThePaper: Bool

  enum CodingKeys: String, CodingKey {
    case name, before, after, saving
    case reproducesThePaper = "reproduces_the_paper"
  }
}
