public import PenumbraCfg

/// One section of a network: reads its keys, infers its shape, and says how it is computed.
///
/// Adding a section touches one file with a type of this kind, one line in `LayerRegistry.builtin`
/// and a test. Inside a layer file the order is: keys, shape, cost, parameters, lowering.
public protocol Layer: Sendable {
  /// Names, keys and documentation of the section.
  static var spec: SectionSpec { get }

  /// Reads the keys and infers the shape.
  ///
  /// Wrong values are reported to `section` and replaced by their defaults; an error is thrown only
  /// when no shape can be inferred.
  init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError)

  /// The layers read, in the order in which `lower` receives their values.
  var inputs: [Input] { get }
  var output: Shape { get }
  var cost: Cost { get }
  /// What the weights file holds for this layer, in file order.
  var parameters: [Parameter] { get }

  /// Appends the operations that compute the layer, and returns the value that is its output.
  func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID
}

extension Layer {
  public var cost: Cost { Cost() }
  public var parameters: [Parameter] { [] }
}

/// A layer that turns its output into boxes.
public protocol DetectionHead: Layer {
  var classes: Int { get }
  /// Channels (or elements) of the input that each class takes: the anchors, in most heads.
  var channelsPerClass: Int { get }
  /// How overlapping boxes are suppressed; the last head of a network that says so decides for all.
  var suppression: Suppression? { get }
  /// Whether its boxes are mapped back to the picture where that was letterboxed; only `[detection]`
  /// leaves them as they are.
  var undoesLetterbox: Bool { get }
  /// Appends a candidate for every box whose objectness exceeds `threshold`.
  ///
  /// - Parameter output: the layer's output for one image.
  func candidates(
    in output: UnsafePointer<Float>, network: Shape, threshold: Float,
    into candidates: inout [Candidate])
}

extension DetectionHead {
  public var undoesLetterbox: Bool { true }
}

/// A layer whose output scores classes, so that `classify` can use it.
public protocol ClassScores: Layer {}

/// A layer that computes something else while it is trained.
public protocol LowersForTraining: Layer {
  func lowerForTraining(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID
}

/// Marks `[cost]` and the like: skipped when the network's output is chosen.
public protocol TrainingOnlyLayer: Layer {}

/// An earlier layer that a layer reads.
public struct Input: Hashable, Sendable {
  /// The layer's index, or -1 for the network's input.
  public let layer: Int
  public let shape: Shape
}

/// What a forward pass of one image takes.
public struct Cost: Hashable, Sendable {
  /// Operations as Darknet counts them for its BFLOPs column: two for each multiply-add of a
  /// convolution, one for each comparison of a pool or addition of a shortcut, none elsewhere.
  public let operations: Int
  /// Multiply-adds of convolutions and connected layers.
  public let multiplyAdds: Int

  public init(operations: Int = 0, multiplyAdds: Int = 0) {
    self.operations = operations
    self.multiplyAdds = multiplyAdds
  }

  /// Billions of operations, as Darknet prints them.
  public var bflops: Double { Double(operations) / 1e9 }
}

/// A tensor that the weights file holds for a layer.
public struct Parameter: Hashable, Sendable {
  public enum Role: String, Sendable, Codable {
    case biases, scales
    case rollingMean = "rolling_mean"
    case rollingVariance = "rolling_variance"
    case weights
    /// The mixing weights of a weighted `[shortcut]`.
    case mixingWeights = "mixing_weights"
    /// The output of an `[implicit]` section.
    case constants
  }

  public let role: Role
  public let count: Int
  /// Inputs that one output sums over; scales the seeded and initial weights.
  public let fanIn: Int
  /// How the file may hold a matrix the other way round.
  public let transposition: Transposition?

  /// A matrix stored as `rows × columns` in some files, and as `columns × rows` in memory always.
  public struct Transposition: Hashable, Sendable {
    public enum Condition: Hashable, Sendable {
      /// When the file's header carries the legacy transpose flag.
      case header
      /// Always: the cfg says so (`flipped=1`).
      case always
    }
    public let rows: Int
    public let columns: Int
    public let condition: Condition
  }

  public init(
    _ role: Role, count: Int, fanIn: Int = 1, transposition: Transposition? = nil
  ) {
    self.role = role
    self.count = count
    self.fanIn = fanIn
    self.transposition = transposition
  }
}
