public import PenumbraCfg
import PenumbraCompute

/// `[connected]`: every output is a weighted sum of all inputs.
///
/// - Shape: anything → `output×1×1`.
/// - Source: Darknet `connected_layer.c`.
public struct Connected: Layer {
  public static let spec = SectionSpec(
    "connected", aliases: ["conn"], "Every output a weighted sum of all inputs.",
    keys: [outputs, activation, batchNormalize])

  static let outputs = Key("output", default: 1, in: 1...1 << 24, "Numbers in the output.")
  static let activation = ActivationKey.key(default: "logistic")
  static let batchNormalize = Key(
    "batch_normalize", default: false, "Normalise with the statistics of training, then scale.")

  public let inputs: [Input]
  public let output: Shape
  private let activation: ActivationFunction
  private let isNormalized: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = ActivationKey.read(
      Self.activation, from: &section, warnsWhenAbsent: true)
    ActivationKey.noteZeros(
      activation, Self.activation, zeros: ActivationKey.zerosInPlainDispatch, &section)
    isNormalized = section.read(Self.batchNormalize)
    inputs = [upstream.previous]
    output = Shape(section.read(Self.outputs), 1, 1)
  }

  public var cost: Cost {
    Cost(multiplyAdds: saturatingProduct(inputs[0].shape.count, output.count))
  }

  /// Source: Darknet `parser.c` (`load_connected_weights`): the matrix second, not last.
  public var parameters: [Parameter] {
    let (columns, rows) = (inputs[0].shape.count, output.count)
    let matrix = Parameter(
      .weights, count: saturatingProduct(rows, columns), fanIn: columns,
      transposition: Parameter.Transposition(rows: columns, columns: rows, condition: .header))
    guard isNormalized else { return [Parameter(.biases, count: rows), matrix] }
    return [
      Parameter(.biases, count: rows), matrix, Parameter(.scales, count: rows),
      Parameter(.rollingMean, count: rows), Parameter(.rollingVariance, count: rows),
    ]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    var matrix = MultiplyMatrix(weights: program.parameter(1))
    if !isNormalized { matrix.epilogue.bias = program.parameter(0) }
    var value = program.emit(matrix, inputs, output)
    if isNormalized {
      let normalization = Normalization(
        biases: program.parameter(0), scales: program.parameter(2), means: program.parameter(3),
        variances: program.parameter(4))
      value = program.emit(Normalize(normalization: normalization), [value], output)
    }
    return program.activate(value, activation)
  }
}

// MARK: Table

extension Connected: DescribedLayer {
  public var details: LayerDetails { LayerDetails(filters: output.count) }
}
