@_exported public import PenumbraAnalysis
@_exported public import PenumbraCfg
@_exported public import PenumbraEngine
@_exported public import PenumbraImaging

/// A network ready to run: its graph, weights and plan. Share it; make a session for each thread.
///
/// ```swift
/// let network = try Network(cfg: "yolov4-tiny.cfg", weights: "yolov4-tiny.weights")
/// var session = try network.makeSession()
/// let detections = try session.detect(Image(contentsOf: "street.jpg"))
/// ```
public struct Network: Sendable {
  public let graph: Graph
  public let weights: Weights
  public let plan: Plan

  /// What can be chosen when a network is loaded.
  public struct Options: Sendable {
    public var plan = PlanOptions()
    /// Replaces the input size that the cfg states.
    public var size: (width: Int, height: Int)?
    /// Whether a weights file may end early, as cut-off backbones do.
    public var allowsPartialWeights = false
    public var registry = LayerRegistry.builtin
    /// The files that the cfg may name.
    public var companions = CompanionAccess.nearby

    public init() {}
  }

  /// Reads a cfg and the weights that belong to it.
  ///
  /// - Throws: `FileError` or `CfgError` for the cfg, `WeightsError`, `PlanError`.
  public init(cfg: String, weights: String, options: Options = Options()) throws {
    let graph = try Graph(
      CfgFile(contentsOf: cfg, companions: options.companions), registry: options.registry,
      size: options.size)
    let weights = try Weights(
      contentsOf: weights, for: graph, allowsPartial: options.allowsPartialWeights)
    try self.init(graph: graph, weights: weights, options: options.plan)
  }

  public init(graph: Graph, weights: Weights, options: PlanOptions = PlanOptions()) throws {
    self.graph = graph
    self.weights = weights
    plan = try Plan(graph, weights: weights, options: options)
  }

  /// The memory for one run at a time.
  public func makeSession() throws(PlanError) -> Session { try Session(plan) }
}
