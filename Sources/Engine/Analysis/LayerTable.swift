/// A network's layers as Darknet lists them: kind, window, shapes, parameters and cost.
public struct LayerTable: Sendable, Encodable {
  public let rows: [Row]
  /// Numbers in the weights file.
  public let parameters: Int
  /// Billions of operations for one image, by Darknet's count.
  public let bflops: Double
  /// Multiply-adds of convolutions, connected and local layers for one image.
  public let multiplyAdds: Int
  /// Bytes of a weights file as it is written today.
  public let weightsBytes: Int

  public struct Row: Sendable {
    public let index: Int
    public let section: String
    /// The layers read; -1 is the network's input.
    public let inputs: [Input]
    public let output: Shape
    public let parameters: Int
    public let cost: Cost
    public let details: LayerDetails

    /// Whether the layer reads the one before it and nothing else.
    public var readsPrevious: Bool { inputs.map(\.layer) == [index - 1] }
  }

  public init(_ graph: Graph) {
    rows = graph.nodes.enumerated().map { index, node in
      Row(
        index: index, section: node.name, inputs: node.layer.inputs, output: node.layer.output,
        parameters: node.layer.parameters.reduce(0) { $0 + $1.count }, cost: node.layer.cost,
        details: (node.layer as? any DescribedLayer)?.details ?? LayerDetails())
    }
    parameters = graph.parameterCount
    bflops = graph.bflops
    multiplyAdds = graph.multiplyAdds
    weightsBytes = WeightsLayout(graph).byteCount(WeightsHeader())
  }

  enum CodingKeys: String, CodingKey {
    case rows = "layers"
    case parameters, bflops
    case multiplyAdds = "multiply_adds"
    case weightsBytes = "weights_bytes"
  }
}

extension LayerTable.Row: Encodable {
  enum CodingKeys: String, CodingKey {
    case index, section, inputs, output, parameters, bflops, filters, groups, size, dilation, note
    case input
    case multiplyAdds = "multiply_adds"
    case strideX = "stride_x"
    case strideY = "stride_y"
  }

  /// Shapes are `[channels, height, width]`; what a layer does not have is left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(section, forKey: .section)
    try container.encode(inputs.map(\.layer), forKey: .inputs)
    try container.encodeIfPresent(inputs.first?.shape.extents, forKey: .input)
    try container.encode(output.extents, forKey: .output)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(cost.bflops, forKey: .bflops)
    try container.encode(cost.multiplyAdds, forKey: .multiplyAdds)
    try container.encodeIfPresent(details.filters, forKey: .filters)
    try container.encodeIfPresent(details.groups, forKey: .groups)
    try container.encodeIfPresent(details.size, forKey: .size)
    try container.encodeIfPresent(details.strideX, forKey: .strideX)
    try container.encodeIfPresent(details.strideY, forKey: .strideY)
    try container.encodeIfPresent(details.dilation, forKey: .dilation)
    try container.encodeIfPresent(details.note, forKey: .note)
  }
}

extension Shape {
  /// Channels, height, width.
  public var extents: [Int] { [channels, height, width] }
}

extension Graph {
  /// Multiply-adds of convolutions, connected and local layers for one image.
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.layer.cost.multiplyAdds } }
}
