public import PenumbraEngine

/// All that can be said of a network without its weights: what it costs, what it is made of, and the
/// memory that running it takes.
///
/// ```swift
/// let report = NetworkReport(try Graph(CfgFile(contentsOf: "yolov4.cfg")))
/// print(report.cost.total.paperBFLOPs, report.anatomy.lines.map(\.text))
/// ```
public struct NetworkReport: Sendable {
  /// The cfg's name, usually its path.
  public let name: String
  public let input: Shape
  public let cost: NetworkCost
  public let anatomy: Anatomy
  public let memory: MemoryEstimate
  /// Images of one run that `memory` is stated for.
  public let batch: Int
  /// Whose plan `memory` is stated for.
  public let backend: String
  /// In what its convolutions multiply, those apart that stay in fp32.
  public let precision: NumberFormat
  /// How each step of the plan is computed, where that was asked for.
  public let kernels: [StepKernel]?
  /// Bytes of a weights file as it is written today.
  public let weightsBytes: Int

  /// - Parameter kernels: those of a plan of `graph`; making one takes weights.
  public init(
    _ graph: Graph, options: PlanOptions = PlanOptions(), kernels: [StepKernel]? = nil
  ) {
    name = graph.name
    input = graph.net.input
    cost = NetworkCost(graph)
    anatomy = Anatomy(graph)
    memory = MemoryEstimate(graph, options: options)
    batch = options.batch
    backend = options.backend.name
    precision = options.precision.format
    self.kernels = kernels
    weightsBytes = WeightsLayout(graph).byteCount(WeightsHeader())
  }

  /// The file's name without folders and suffix; the folder's where all files are called alike, as in
  /// `yolov4/net.cfg`.
  public var shortName: String {
    let parts = name.split(separator: "/").map(String.init)
    guard let file = parts.last else { return name }
    let stem = file.hasSuffix(".cfg") ? String(file.dropLast(4)) : file
    return stem == "net" && parts.count > 1 ? parts[parts.count - 2] : stem
  }
}

// MARK: Parts and their cost

extension NetworkReport {
  /// A part of the network with what it takes.
  public struct PartCost: Sendable {
    /// "stage 2", "neck", "head 16".
    public let name: String
    public let part: Anatomy.Part
    public let layers: [Int]
    public let tally: Tally
    /// What the part leaves behind: the output of its last layer.
    public let output: Shape
  }

  /// The parts that hold layers, in the order of their first ones.
  public var parts: [PartCost] {
    var seen: [Anatomy.Part] = []
    for part in anatomy.parts where !seen.contains(part) { seen.append(part) }
    return seen.map { part in
      let layers = anatomy.layers(of: part)
      return PartCost(
        name: anatomy.name(of: part), part: part, layers: layers, tally: cost.total(of: layers),
        output: cost.layers[layers.last ?? 0].output)
    }
  }

  /// The share of a tally in the network's operations by the paper's convention, 0 to 1.
  public func share(of tally: Tally) -> Double {
    cost.total.paperOperations == 0
      ? 0 : Double(tally.paperOperations) / Double(cost.total.paperOperations)
  }
}

extension Anatomy {
  /// "stem", "stage 2", "neck", "head 16", "classifier".
  public func name(of part: Part) -> String {
    switch part {
    case .stage(0): "stem"
    case .stage(let number): "stage \(number)"
    case .neck: "neck"
    case .head(let index): "head \(pyramid?.heads[index].stride ?? 0)"
    case .classifier: "classifier"
    }
  }
}
