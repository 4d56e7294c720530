import PenumbraEngine

/// What one element of a layer's output sees of the network's input, and how far apart two
/// neighbouring elements look.
///
/// The size is that of the windows alone: it may exceed the picture. A join sees what its widest
/// input sees.
public struct ReceptiveField: Hashable, Sendable, Codable {
  /// Pixels of the network's input.
  public var width: Double
  public var height: Double
  /// Pixels of the network's input between neighbouring elements: the cumulative stride.
  public var strideX: Double
  public var strideY: Double

  /// That of the network's input itself.
  public static let pixel = ReceptiveField(
    width: 1, height: 1, strideX: 1, strideY: 1)

  private init(width: Double, height: Double, strideX: Double, strideY: Double) {
    (self.width, self.height) = (width, height)
    (self.strideX, self.strideY) = (strideX, strideY)
  }

  enum CodingKeys: String, CodingKey {
    case width, height
    case strideX = "stride_x"
    case strideY = "stride_y"
  }

  /// After a layer whose inputs have the given fields, in the layer's order.
  init(_ layer: any Layer, over fields: [ReceptiveField]) {
    guard let first = fields.first else {
      self = .pixel
      return
    }
    self = first
    width = fields.reduce(0) { max($0, $1.width) }
    height = fields.reduce(0) { max($0, $1.height) }
    let (input, output) = (layer.inputs[0].shape, layer.output)
    switch LayerKind(layer) {
    case .globalPool, .connected, .softmax:
      slide(windows: (input.width, input.height), strides: (input.width, input.height))
    case .convolution, .maxPool, .averagePool, .local:
      guard let details = (layer as? any DescribedLayer)?.details, let size = details.size else {
        break
      }
      let reach = (size - 1) * (details.dilation ?? 1) + (details.blur ?? 1)
      slide(windows: (reach, reach), strides: (details.strideX ?? 1, details.strideY ?? 1))
    case .route, .partial, .shortcut, .maxout, .spatialAttention, .scaleChannels, .head, .idle:
      break
    case .upsample, .reorg, .other:
      guard input.isImage, output.isImage else { break }
      let x = Double(input.width) / Double(output.width)
      let y = Double(input.height) / Double(output.height)
      width += max(0, x - 1) * strideX
      height += max(0, y - 1) * strideY
      strideX *= x
      strideY *= y
    }
    bound()
  }

  /// Pixels beyond which nothing is counted: thousands of strided layers would reach infinity.
  private static let mostPixels = 1e18

  private mutating func bound() {
    (width, height) = (min(width, Self.mostPixels), min(height, Self.mostPixels))
    (strideX, strideY) = (min(strideX, Self.mostPixels), min(strideY, Self.mostPixels))
  }

  /// One for each layer, in file order.
  static func fields(of graph: Graph) -> [ReceptiveField] {
    graph.nodes.reduce(into: []) { fields, node in
      let inputs = node.layer.inputs.map { $0.layer < 0 ? .pixel : fields[$0.layer] }
      fields.append(ReceptiveField(node.layer, over: inputs))
    }
  }

  private mutating func slide(windows: (x: Int, y: Int), strides: (x: Int, y: Int)) {
    width += Double(windows.x - 1) * strideX
    height += Double(windows.y - 1) * strideY
    strideX *= Double(strides.x)
    strideY *= Double(strides.y)
  }
}
