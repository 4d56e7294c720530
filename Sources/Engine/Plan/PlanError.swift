import PenumbraCompute
import PenumbraSupport

/// Why a network cannot be run on this machine as asked.
public enum PlanError: Error, Hashable, Sendable {
  /// The plan needs more than `--max-memory` or the like allows.
  case overLimit(needed: Int, limit: Int)
  /// This machine does not have the memory, or the system refused it.
  case noMemory(needed: Int, String)
  /// The same for weights in the form that kernels take.
  case noWeightsMemory(needed: Int, String)
  /// A backend computes with a library that this machine does not have.
  case missingLibrary(problem: String, remedy: String)
  /// A layer that is to stay in fp32 is none of the network's.
  case noSuchLayer(Int, layers: Int)
  /// The calibration for int8 lacks a convolution.
  case notCalibrated(layer: Int, calibration: String)
  /// A number of the calibration for int8 makes no sense.
  case badCalibration(calibration: String, String)
  /// The calibration for int8 was made with other weights.
  case calibratedElsewhere(calibration: String, parameters: Int, expected: Int)
  /// The weights file was truncated or written to while the plan was made, or holds numbers that the
  /// precision has no form for.
  case weights(WeightsError)
  /// No layer has a loss.
  case nothingToTrain
  /// Gradients cannot pass through what a layer computes.
  case notTrainable(layer: Int, operation: String)
  /// A mistake of this package: a step that would touch memory beyond its tensors.
  case broken(layer: Int?, operation: String, problem: String)
}

extension PlanError: CustomStringConvertible {
  public var description: String {
    if case .weights(let error) = self { return "\(error)" }
    return "error: \(problem)\nhelp: \(remedy)"
  }

  private var problem: String {
    switch self {
    case .overLimit(let needed, let limit):
      "the network needs \(bytesText(needed)) for weights, activations and scratch; the limit is"
        + " \(bytesText(limit))"
    case .noMemory(let needed, let why):
      "the network needs \(bytesText(needed)) for weights, activations and scratch: \(why)"
    case .missingLibrary(let problem, _): problem
    case .weights(let error): error.problem
    case .calibratedElsewhere(let name, let parameters, let expected):
      "the calibration, made for \(name), is of \(parameters) parameters; the network has \(expected)"
    case .badCalibration(let name, let fault):
      "the calibration, made for \(name.quotable), is not valid: \(fault)"
    case .noWeightsMemory(let needed, let why):
      "a layer needs \(bytesText(needed)) for its weights as kernels take them: \(why)"
    case .notCalibrated(let layer, let name):
      "the calibration, made for \(name), does not know the input of layer \(layer)"
    case .noSuchLayer(let layer, let count):
      "layer \(layer) is to stay in fp32; the network has layers 0 to \(count - 1)"
    case .nothingToTrain: "no layer of the network has a loss that training could lower"
    case .notTrainable(let layer, let operation):
      "layer \(layer) cannot be trained: gradients do not pass through '\(operation)'"
    case .broken(let layer, let operation, let problem):
      "the plan is broken at \(layer.map { "layer \($0), " } ?? "")'\(operation)': \(problem)"
    }
  }

  private var remedy: String {
    switch self {
    case .overLimit: "raise the limit, or use a smaller width, height or batch"
    case .noWeightsMemory: "free some memory, or use layers with fewer filters"
    case .noMemory: "use a smaller width, height or batch"
    case .missingLibrary(_, let remedy): remedy
    case .weights(let error): error.remedy ?? ""
    case .notCalibrated, .calibratedElsewhere, .badCalibration:
      "make one for this network with 'penumbra calibrate'"
    case .noSuchLayer: "'penumbra inspect' lists the layers"
    case .nothingToTrain: "end the network with [yolo], [region], [softmax] or [cost]"
    case .broken: "this is a mistake of Penumbra, not of the network: report it with the cfg"
    case .notTrainable: "its operation has to conform to Differentiable, or a backend to train it"
    }
  }
}

/// Bytes in the largest unit of 1024 that leaves at least 1.
public func bytesText(_ bytes: Int) -> String {
  var (value, unit) = (Double(bytes), 0)
  let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
  return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
}
