public import PenumbraEngine

/// A part of a network that has a name of its own, beside blocks and stages.
public struct Module: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Spatial pyramid pooling: a map joined to its maxima over windows of the given sides.
    case spatialPyramidPooling(windows: [Int])
    /// SAM: a map times an attention map made from it.
    case spatialAttention
    /// SE: channels scaled by what a mean over the map says; `channels` is the narrow middle.
    case squeezeExcitation(channels: Int)
    /// Pixels scaled by a map of one channel.
    case pixelScaling
  }

  public let kind: Kind
  /// In file order.
  public let layers: [Int]
  /// The layer whose output is the module's.
  public let output: Int
  /// What the module reads.
  public let input: Shape
}

extension Module: CustomStringConvertible {
  /// "SPP 5, 9, 13 over 13x13x512".
  public var description: String {
    switch kind {
    case .spatialPyramidPooling(let windows):
      "SPP " + windows.map(String.init).joined(separator: ", ") + " over \(input)"
    case .spatialAttention: "SAM over \(input)"
    case .squeezeExcitation(let channels): "SE \(input.channels) to \(channels) over \(input)"
    case .pixelScaling: "pixels of \(input) scaled"
    }
  }
}

extension Wiring {
  func modules() -> [Module] {
    indices.compactMap { layer in
      switch kinds[layer] {
      case .route: pyramidPooling(layer)
      case .spatialAttention: spatialAttention(layer)
      case .scaleChannels: scaling(layer)
      default: nil
      }
    }
  }

  private func pyramidPooling(_ join: Int) -> Module? {
    guard isJoin(join) else { return nil }
    let strands = strands(join)
    guard let map = strands.min(), map >= 0, strands.count > 2 else { return nil }
    let windows = strands.filter { $0 != map }.map { poolWindow($0, over: map) }
    guard windows.allSatisfy({ $0 != nil }) else { return nil }
    let pools = strands.filter { $0 != map }
    return Module(
      kind: .spatialPyramidPooling(windows: windows.compactMap(\.self).sorted()),
      layers: (pools + [join]).sorted(), output: join, input: shape(map))
  }

  /// The side of the window that pools of stride 1, one or several, slide over a map.
  private func poolWindow(_ layer: Int, over map: Int) -> Int? {
    if layer == map { return 1 }
    guard layer > map, kinds[layer] == .maxPool, details(layer).strideX == 1,
      let size = details(layer).size, let inner = poolWindow(inputs[layer][0], over: map)
    else { return nil }
    return inner + size - 1
  }

  private func spatialAttention(_ layer: Int) -> Module? {
    let (scales, map) = (inputs[layer][0], inputs[layer][1])
    let region = region(from: [map], to: [scales]) ?? [scales]
    return Module(
      kind: .spatialAttention, layers: region + [layer], output: layer, input: shape(map))
  }

  private func scaling(_ layer: Int) -> Module? {
    let (map, scales) = (inputs[layer][0], inputs[layer][1])
    let region = region(from: [map], to: [scales]) ?? [scales]
    let isSqueezed = region.contains { kinds[$0] == .globalPool }
    let narrow = region.filter { kinds[$0] == .convolution || kinds[$0] == .connected }
      .map { channels($0) }.min()
    return Module(
      kind: isSqueezed ? .squeezeExcitation(channels: narrow ?? channels(scales)) : .pixelScaling,
      layers: region.filter { $0 >= 0 } + [layer], output: layer, input: shape(map))
  }
}
