public import PenumbraCfg
public import PenumbraEngine

/// A layer that says how wrong its output is: where the backward pass begins.
public protocol LossLayer: Layer {
  /// Reads what the loss needs from the section the layer was read from, with Darknet's defaults.
  ///
  /// - Parameter net: the section `[net]`, for what is stated there.
  func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss
}

/// The loss of one layer, ready to be computed image by image, on several threads at once.
public protocol Loss: Sendable {
  /// The loss of one image, and its gradient.
  func compute(_ call: LossCall) -> LossParts
}

/// One image's output of a loss layer.
public struct LossCall {
  /// The layer's output as inference leaves it; where that is zeros (`TrainingOnlyLayer`, such as
  /// `[cost]`), what the layer read.
  public let output: UnsafePointer<Float>
  /// The shape of what the layer read, at this input size.
  public let shape: Shape
  /// Where the gradient of the loss goes, every element of it, not divided by the batch: with respect
  /// to what the layer read, before any activation of its own, and in its layout, plane by plane.
  /// `output` has the same layout in all layers but `[region]`, whose output is pixel by pixel.
  public let gradient: UnsafeMutablePointer<Float>
  public let example: Target
  /// The network's input.
  public let network: Shape
  /// Images that this run and those before it have learnt from.
  public let seen: Int

  public struct Target: Sendable {
    public var boxes: [LabelledBox]
    public var classShares: [Float]?

    public init(boxes: [LabelledBox] = [], classShares: [Float]? = nil) {
      self.boxes = boxes
      self.classShares = classShares
    }
  }

  public init(
    output: UnsafePointer<Float>, shape: Shape, gradient: UnsafeMutablePointer<Float>,
    example: Target, network: Shape, seen: Int
  ) {
    self.output = output
    self.shape = shape
    self.gradient = gradient
    self.example = example
    self.network = network
    self.seen = seen
  }
}

/// The parts of a loss, sums over images, so that parts of several images add up.
public struct LossParts: Hashable, Sendable, Codable {
  /// What Darknet prints as the layer's cost.
  public var total = 0.0
  public var box = 0.0
  public var objectness = 0.0
  public var classification = 0.0
  /// Cells and anchors that learn a box, and the sum of their IoU with it.
  public var positives = 0
  public var overlap = 0.0

  public init() {}

  public static func += (sum: inout LossParts, part: LossParts) {
    sum.total += part.total
    sum.box += part.box
    sum.objectness += part.objectness
    sum.classification += part.classification
    sum.positives += part.positives
    sum.overlap += part.overlap
  }
}
