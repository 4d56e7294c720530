import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport

/// The loss of a layer that stands alone behind the network's input.
struct LossRunner {
  let network: TestNetwork
  let loss: any Loss
  private let layer: any Layer
  /// What the loss takes for the network's input, which anchors are measured by.
  var size = Shape(3, 128, 128)

  /// - Parameters:
  ///   - net: the keys of [net], which give the shape the layer reads.
  ///   - section: the layer's section, its name in brackets and its keys.
  init(_ net: String, _ section: String) throws {
    network = try TestNetwork("[net]\n\(net)\n\(section)\n")
    let node = network.graph.nodes[0]
    layer = node.layer
    guard let layer = node.layer as? any LossLayer else { throw NoLoss() }
    loss = try layer.makeLoss(
      node.section, net: CfgFile(text: "[net]\n\(net)", name: "test.cfg").sections[0])
  }

  struct NoLoss: Error {}

  var count: Int { network.graph.net.input.count }

  struct Result {
    let parts: LossParts
    let gradient: [Float]
    /// What the layer made of its input.
    let output: [Float]
  }

  /// - Parameter raw: what the layer reads.
  func run(
    _ raw: [Float], boxes: [LabelledBox] = [], shares: [Float]? = nil, seen: Int = 1_000_000
  ) throws -> Result {
    let output =
      layer is any TrainingOnlyLayer ? raw : try network.outputs(raw)[0]
    return run(output: output, boxes: boxes, shares: shares, seen: seen)
  }

  /// - Parameter output: what the layer made of its input.
  func run(
    output: [Float], boxes: [LabelledBox] = [], shares: [Float]? = nil, seen: Int = 1_000_000
  ) -> Result {
    compute(
      loss, output: output, shape: network.graph.net.input, network: size,
      target: LossCall.Target(boxes: boxes, classShares: shares), seen: seen)
  }
}

/// A loss of one image.
func compute(
  _ loss: any Loss, output: [Float], shape: Shape, network: Shape, target: LossCall.Target,
  seen: Int = 1_000_000
) -> LossRunner.Result {
  // What stood there before must not matter.
  var gradient = [Float](repeating: .nan, count: output.count)
  let parts = output.withUnsafeBufferPointer { values in
    gradient.withUnsafeMutableBufferPointer { gradient in
      loss.compute(
        LossCall(
          output: values.baseAddress!, shape: shape, gradient: gradient.baseAddress!,
          example: target, network: network, seen: seen))
    }
  }
  return LossRunner.Result(parts: parts, gradient: gradient, output: output)
}

func labelled(_ classIndex: Int, _ x: Float, _ y: Float, _ width: Float, _ height: Float)
  -> LabelledBox
{
  LabelledBox(classIndex: classIndex, box: Box(x: x, y: y, width: width, height: height))
}

/// The derivatives of a function by central differences.
func centralDifferences(
  of function: ([Double]) -> Double, at point: [Float], step: Double = 1e-4
) -> [Float] {
  var point = point.map(Double.init)
  return point.indices.map { i in
    let middle = point[i]
    point[i] = middle + step
    let above = function(point)
    point[i] = middle - step
    let below = function(point)
    point[i] = middle
    return Float((above - below) / (2 * step))
  }
}
