import PenumbraCompute

extension Layout {
  /// The layout of the blocked kernels.
  static let blocked = Layout(channelBlock: PenumbraCompute.channelBlock)
}

/// Gives blocked channels to the tensors that blocked kernels make, and converts where a step must
/// read or write the other layout.
///
/// A tensor can be blocked when all of its parts start at a whole block and end at one, or where the
/// tensor ends. Offsets of parts are the same numbers in both layouts.
struct AssignLayouts: Pass {
  func apply(to program: inout Program) {
    let blocked = blockedRoots(program)
    for index in program.values.indices {
      let root = program.root(of: ValueID(index: index)).parent
      if blocked.contains(root) { program.values[index].layout = .blocked }
    }
    var rewriting = Rewriting(program)
    for step in program.steps { rewriting.append(step) }
    rewriting.unpackResults()
    program = rewriting.program
  }

  private func blockedRoots(_ program: Program) -> Set<ValueID> {
    var members: [ValueID: Set<ValueID>] = [:]
    for id in program.steps.flatMap({ $0.inputs + [$0.output] }) + Array(program.results) {
      members[program.root(of: id).parent, default: []].insert(id)
    }
    var roots: Set<ValueID> = []
    for step in program.steps where step.canBeBlocked(in: program) {
      roots.insert(program.root(of: step.output).parent)
    }
    roots.remove(program.root(of: program.input).parent)
    roots = roots.filter { fitsBlocks($0, members[$0] ?? [], program) }
    for step in program.steps where step.operation is Concatenate {
      guard !step.canBeBlocked(in: program) else { continue }
      roots.remove(program.root(of: step.output).parent)
    }
    return roots
  }

  private func fitsBlocks(_ root: ValueID, _ members: Set<ValueID>, _ program: Program) -> Bool {
    guard let plane = members.first.map({ program[$0].shape.planeCount }) else { return false }
    let ends = members.map { program.root(of: $0).offset + program[$0].shape.count }
    guard let extent = ends.max(), extent < Int(Int32.max) - channelBlock * plane else {
      return false
    }
    return members.allSatisfy { member in
      let (shape, offset) = (program[member].shape, program.root(of: member).offset)
      return shape.planeCount == plane && offset % (channelBlock * plane) == 0
        && (shape.channels % channelBlock == 0 || offset + shape.count == extent)
    }
  }
}

/// The steps of a program, and the conversions between them.
private struct Rewriting {
  private(set) var program: Program
  private var converted: [ValueID: ValueID] = [:]
  private var layer = 0

  init(_ program: Program) {
    self.program = program
    self.program.steps = []
  }

  mutating func append(_ step: Program.Step) {
    var step = step
    layer = step.layer
    let layout = layout(of: step)
    for (index, input) in step.inputs.enumerated() where program[input].layout != layout {
      if layout == .blocked, index == 0, step.readsPlanes(of: program[input]) { continue }
      if layout == .planar, step.readsBlocks { continue }
      step.inputs[index] = convert(input, to: layout, because: reason(for: input, of: step, layout))
    }
    let output = step.output
    guard program[output].layout != layout else { return program.steps.append(step) }
    step.output = newValue(program[output].shape, layout)
    program.steps.append(step)
    emitChange(from: step.output, to: output, because: .makesPlanes(step.operation.name))
  }

  private func reason(
    for input: ValueID, of step: Program.Step, _ layout: Layout
  ) -> ChangeLayout.Reason {
    if layout == .planar { return .readsPlanes(step.operation.name) }
    return program.root(of: input).parent == program.input ? .isInput : .dividesBlocks
  }

  /// Results stay planar, because others read them.
  mutating func unpackResults() {
    for result in program.results.sorted(by: { $0.index < $1.index })
    where program[result].layout != .planar {
      let planar = convert(result, to: .planar, because: .isResult)
      program.results.remove(result)
      program.results.insert(planar)
      for index in program.outputs.indices where program.outputs[index] == result {
        program.outputs[index] = planar
      }
    }
  }

  /// The layout a step computes in. A concatenation adds to what stands in its output already.
  private func layout(of step: Program.Step) -> Layout {
    if step.operation is Concatenate { return program[step.output].layout }
    guard step.canBeBlocked(in: program) else { return .planar }
    let isConvolution = step.convolution != nil || step.operation is ConvolveThen
    let meetsBlocks = step.inputs.contains { program[$0].layout == .blocked }
    return isConvolution || meetsBlocks ? .blocked : .planar
  }

  private mutating func convert(
    _ value: ValueID, to layout: Layout, because reason: ChangeLayout.Reason
  ) -> ValueID {
    if let known = converted[value] { return known }
    let shape = program[value].shape
    if shape.planeCount == 1, layout == .planar {
      // One pixel's channels stand in the same order either way.
      converted[value] = newValue(shape, layout, view: Program.View(parent: value, offset: 0))
      return converted[value]!
    }
    let copy = newValue(shape, layout)
    emitChange(from: value, to: copy, because: reason)
    converted[value] = copy
    return copy
  }

  private mutating func emitChange(
    from: ValueID, to: ValueID, because reason: ChangeLayout.Reason
  ) {
    program.steps.append(
      Program.Step(
        operation: ChangeLayout(reason: reason), inputs: [from], output: to, layer: layer))
  }

  private mutating func newValue(
    _ shape: Shape, _ layout: Layout, view: Program.View? = nil
  ) -> ValueID {
    program.values.append(Program.Value(shape: shape, layout: layout, view: view))
    return ValueID(index: program.values.count - 1)
  }
}

extension Program.Step {
  /// The only convolution of the step.
  package var convolution: Convolution? {
    switch operation {
    case let alone as Convolution: alone
    case let fused as ConvolveAndAdd: fused.convolution
    case let pair as ConvolveThen: pair.second is Pool ? pair.first : nil
    default: nil
    }
  }

  /// Whether a convolution reads a planar input as it is: few channels, such as an image's.
  func readsPlanes(of input: Program.Value) -> Bool {
    guard let geometry = convolution?.geometry else { return false }
    return geometry.groups == 1 && input.layout == .planar && input.shape.channels < channelBlock
  }

  /// Whether the operation makes planes of blocks by itself.
  var readsBlocks: Bool { operation is ActivateHeadPlanes || operation is ActivateRegion }

  /// Whether there is a blocked kernel for the step, whatever its tensors' layouts are.
  ///
  /// The lanes beyond the channels must stay finite; every activation of 0 is. Where lanes are read
  /// as channels of something else, channels must fill their blocks.
  func canBeBlocked(in program: Program) -> Bool {
    let (output, inputs) = (program[output].shape, inputs.map { program[$0].shape })
    let limit = Int(Int32.max) / 2
    guard (inputs + [output]).allSatisfy({ $0.isImage && $0.count < limit }) else { return false }
    switch operation {
    case is Convolution, is ConvolveAndAdd:
      return convolution?.geometry.fitsBlocks ?? false
    case let pair as ConvolveThen:
      let second = (pair.second as? Convolution)?.geometry
      return pair.first.geometry.fitsBlocks && second?.fitsBlocks ?? false
    case is Repeat, is GlobalAverage, is NormalizeBatch: return true
    case let pool as Pool: return pool.kind == .largest
    case let activate as Activate:
      if case .elementwise = activate.function { return true }
      return false
    case is AddMaps: return inputs[0] == output
    case is Multiply: return inputs.allSatisfy { $0 == output }
    case is ScaleByChannel:
      return inputs[0] == output && inputs[1] == Shape(output.channels, 1, 1)
    case is CompeteChannels:
      return output.channels % channelBlock == 0 && inputs[0].channels % channelBlock == 0
    case let join as Concatenate:
      return zip(inputs, join.offsets).allSatisfy { part, offset in
        offset % (channelBlock * output.planeCount) == 0
          && (part.channels % channelBlock == 0 || offset + part.count == output.count)
      }
    default: return false
    }
  }
}

extension ConvolutionGeometry {
  /// Whether blocked kernels can name by 32 bits, and copy, every cell that windows see, those around
  /// the image included: dilated windows reach far beyond small images.
  var fitsBlocks: Bool {
    guard needsHalo else { return true }
    let reach = (size - 1) * dilation + 1
    let (rows, columns) = ((outHeight - 1) * strideY + reach, (outWidth - 1) * strideX + reach)
    let most = Int(Int32.max) / 2
    guard saturatingProduct(channels.rounded(upTo: channelBlock), rows, columns) < most else {
      return false
    }
    // Those of small groups copy a window's rows for each channel of a group, 16 lanes wide.
    return !GroupedConvolution.suits(self)
      || saturatingProduct(groupChannels, reach, reach, 2 * channelBlock) < most
  }
}

/// Copies a tensor from one layout to another.
struct ChangeLayout: Operation {
  let name = "change-layout"
  let reason: Reason

  var algorithm: String? { "\(name), because \(reason.text)" }

  /// Why it is needed.
  enum Reason: Hashable, Sendable {
    case readsPlanes(String)
    case makesPlanes(String)
    case isResult
    case isInput
    case dividesBlocks

    var text: String {
      switch self {
      case .readsPlanes(let operation): "'\(operation)' reads planes"
      case .makesPlanes(let operation): "'\(operation)' makes planes"
      case .isResult: "it is read after the run"
      case .isInput: "the network's input comes as planes"
      case .dividesBlocks: "it is joined at a channel that is no multiple of \(channelBlock)"
      }
    }
  }

  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    let (shape, isPacking) = (output.shape, output.layout == .blocked)
    eachBlock(call) { n, block, _ in
      if isPacking {
        shape.packBlock(block, input.block(n, block), into: output.block(n, block))
      } else {
        shape.unpackBlock(block, input.block(n, block), into: output.block(n, block))
      }
    }
  }
}
