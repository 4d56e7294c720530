public import PenumbraCfg

/// What a layer may know of the network before it: the layers read so far, by index.
public struct Upstream: Sendable {
  /// The index of the layer being read.
  public let index: Int
  public let net: NetSection
  package let nodes: [Graph.Node]
  /// The stride of the layers before.
  let stride: InputStride
  /// The files that keys may name.
  let companions: CompanionAccess

  /// The layer directly before, or the network's input.
  public var previous: Input { input(index - 1) }
  /// The section directly before, nil for the first layer.
  public var previousNode: Graph.Node? { nodes.last }

  public func input(_ layer: Int) -> Input {
    Input(layer: layer, shape: layer < 0 ? net.input : nodes[layer].layer.output)
  }

  /// The image directly before; a flat vector cannot be slid over.
  public func previousImage(for section: SectionReader) throws(CfgError) -> Input {
    guard previous.shape.isImage else {
      throw section.error(.notAnImage(section.spec.name, found: previous.shape))
    }
    return previous
  }

  /// The layer that a reference means: below 0 counts back from this layer, else from the first.
  ///
  /// - Returns: nil after reporting a layer that does not exist or comes later.
  public func resolve(
    _ reference: Int, of key: any KeyDescription, element: Int, _ section: inout SectionReader
  ) -> Input? {
    let layer = reference < 0 ? index + reference : reference
    guard (0..<index).contains(layer) else {
      section.report(
        .badReference(key.name, reference: reference, layer: layer, own: index), at: key,
        element: element)
      return nil
    }
    return input(layer)
  }

  /// All the layers a required list names.
  ///
  /// - Throws: when the list is missing or any reference is bad.
  public func resolve(
    _ key: Key<[Int]?>, example: String, _ section: inout SectionReader
  ) throws(CfgError) -> [Input] {
    guard let references = section.read(key) else {
      if section.has(key) { throw CfgError([]) }
      throw section.error(.requiredKey(key.name, section: section.spec.name, example: example))
    }
    var inputs: [Input] = []
    for (element, reference) in references.enumerated() {
      guard let input = resolve(reference, of: key, element: element, &section) else { continue }
      inputs.append(input)
    }
    guard inputs.count == references.count else { throw CfgError([]) }
    return inputs
  }
}
