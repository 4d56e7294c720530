/// What a plan moves in memory without computing anything.
public struct Copy: Hashable, Sendable, Encodable {
  /// The layer on whose behalf it is moved.
  public let layer: Int
  /// For one image.
  public let bytes: Int
  /// Why it cannot stay where it is, to follow "because".
  public let reason: String
}

extension Program {
  /// The copies of a run, in the order in which they are made.
  public var copies: [Copy] {
    steps.flatMap { copies(of: $0) }
  }

  private func copies(of step: Step) -> [Copy] {
    switch step.operation {
    case is Concatenate:
      step.inputs.map { Copy(layer: step.layer, bytes: bytes($0), reason: joinReason($0)) }
    case let change as ChangeLayout:
      step.inputs.map { Copy(layer: step.layer, bytes: bytes($0), reason: change.reason.text) }
    default: []
    }
  }

  /// Bytes moved for one image only to join or divide tensors, or to change their layout.
  public var copiedBytes: Int { copies.reduce(0) { saturatingSum($0, $1.bytes) } }

  /// The same of one step.
  func copiedBytes(_ step: Int) -> Int {
    copies(of: steps[step]).reduce(0) { saturatingSum($0, $1.bytes) }
  }

  private func bytes(_ value: ValueID) -> Int { saturatingProduct(4, self[value].shape.count) }

  private func joinReason(_ part: ValueID) -> String {
    root(of: part).parent == input
      ? "the network's input is joined with others" : "it already has its place in another tensor"
  }
}
