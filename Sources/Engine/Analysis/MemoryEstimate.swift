/// What running a graph takes, known without its weights.
public struct MemoryEstimate: Hashable, Sendable, Encodable {
  /// Steps that the backend's passes leave.
  public let steps: Int
  /// Bytes of activations that a session holds at most.
  public let arenaBytes: Int
  /// What they would be if no two tensors shared memory.
  public let unsharedBytes: Int
  /// Bytes moved for one image only to join or divide tensors, or to change their layout.
  public let copiedBytes: Int
  public let copies: [Copy]
  /// Nil for a backend that transforms no weights.
  public let winograd: WinogradMemory?

  public init(_ graph: Graph, options: PlanOptions = PlanOptions()) {
    let program = Plan.program(graph, options)
    steps = program.steps.count
    arenaBytes = saturatingProduct(ArenaLayout(program, batch: options.batch).count, 4)
    unsharedBytes = graph.nodes.reduce(0) { sum, node in
      let (total, overflow) = sum.addingReportingOverflow(
        saturatingProduct(node.layer.output.count, options.batch, 4))
      return overflow ? .max : total
    }
    copiedBytes = program.copiedBytes
    copies = program.copies
    winograd = WinogradMemory(program, options.backend)
  }

  enum CodingKeys: String, CodingKey {
    case steps, copies, winograd
    case arenaBytes = "arena_bytes"
    case unsharedBytes = "unshared_bytes"
    case copiedBytes = "copied_bytes"
  }
}
