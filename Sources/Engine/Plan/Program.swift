/// A network as a list of primitive operations over values, before memory is assigned.
///
/// Layers lower themselves into it, passes rewrite it, a backend compiles it. Steps stand in an
/// order in which they can run.
public struct Program: Sendable {
  public internal(set) var values: [Value]
  public package(set) var steps: [Step]
  public let input: ValueID
  /// The value that is each layer's output.
  public internal(set) var outputs: [ValueID]
  /// The values that must hold when a run is over.
  public internal(set) var results: Set<ValueID>

  /// A tensor that a step makes, or a part of one.
  public struct Value: Sendable {
    public let shape: Shape
    public internal(set) var layout = Layout.planar
    /// The tensor this one is a part of: it starts `offset` elements into each image of `parent`.
    public internal(set) var view: View?

    /// Elements of one image in memory.
    var count: Int { layout.count(shape) }
  }

  public struct View: Hashable, Sendable {
    public let parent: ValueID
    public let offset: Int
  }

  /// One operation on values.
  public struct Step: Sendable {
    public internal(set) var operation: any Operation
    public package(set) var inputs: [ValueID]
    public internal(set) var output: ValueID
    /// The layer the step belongs to.
    public let layer: Int
  }

  public subscript(id: ValueID) -> Value {
    get { values[id.index] }
    set { values[id.index] = newValue }
  }

  /// The tensor that owns a value's memory, and where the value starts in it.
  public func root(of id: ValueID) -> View {
    var (root, offset) = (id, 0)
    while let view = self[root].view { (root, offset) = (view.parent, offset + view.offset) }
    return View(parent: root, offset: offset)
  }

  /// The same of every value: long chains of parts are walked once.
  func roots() -> [View] {
    var roots: [View?] = Array(repeating: nil, count: values.count)
    for index in values.indices where roots[index] == nil {
      var chain = [index]
      while let parent = values[chain[chain.count - 1]].view?.parent.index, roots[parent] == nil {
        chain.append(parent)
      }
      for index in chain.reversed() {
        if let view = values[index].view, let above = roots[view.parent.index] {
          roots[index] = View(
            parent: above.parent, offset: saturatingSum(above.offset, view.offset))
        } else {
          roots[index] = View(parent: ValueID(index: index), offset: 0)
        }
      }
    }
    return roots.compactMap(\.self)
  }

  /// How many steps read a value itself; views of it count as their own.
  func readers(of id: ValueID) -> [Int] {
    steps.indices.filter { steps[$0].inputs.contains(id) }
  }
}

extension Program {
  /// Drops the steps that no result depends on.
  fileprivate mutating func dropUnreadSteps() {
    var needed = Set(results.map { root(of: $0).parent })
    var kept: [Step] = []
    for step in steps.reversed() where needed.contains(root(of: step.output).parent) {
      needed.formUnion(step.inputs.map { root(of: $0).parent })
      kept.append(step)
    }
    steps = kept.reversed()
  }
}

/// Names a value of a program.
public struct ValueID: Hashable, Sendable {
  public let index: Int
}

/// Names a tensor of the weights.
public struct ParameterID: Hashable, Sendable {
  public let layer: Int
  /// Its place in the layer's `parameters`.
  public let index: Int
}

/// Collects the operations of one layer after another.
public struct ProgramBuilder {
  private(set) var program: Program
  /// The layer being lowered.
  public private(set) var layer = 0

  /// - Parameters:
  ///   - results: the layers whose outputs must hold when a run is over.
  ///   - isTrained: whether layers that do something else in training lower themselves for that.
  init(_ graph: Graph, results: [Int], isTrained: Bool = false) {
    let input = ValueID(index: 0)
    program = Program(
      values: [Program.Value(shape: graph.net.input)], steps: [], input: input, outputs: [],
      results: [])
    for (index, node) in graph.nodes.enumerated() {
      layer = index
      let inputs = node.layer.inputs.map { $0.layer < 0 ? input : program.outputs[$0.layer] }
      if isTrained, let layer = node.layer as? any LowersForTraining {
        program.outputs.append(layer.lowerForTraining(inputs, into: &self))
      } else {
        program.outputs.append(node.layer.lower(inputs, into: &self))
      }
    }
    program.results = Set(results.map { program.outputs[$0] })
    program.dropUnreadSteps()
  }

  /// Appends an operation and returns the value it makes.
  public mutating func emit(_ operation: any Operation, _ inputs: [ValueID], _ shape: Shape)
    -> ValueID
  {
    let output = newValue(shape, view: nil)
    program.steps.append(
      Program.Step(operation: operation, inputs: inputs, output: output, layer: layer))
    return output
  }

  /// A part of each image of a value, without a copy.
  public mutating func view(of value: ValueID, offset: Int, shape: Shape) -> ValueID {
    newValue(shape, view: Program.View(parent: value, offset: offset))
  }

  /// The layer's own parameter of the given place.
  public func parameter(_ index: Int) -> ParameterID { ParameterID(layer: layer, index: index) }

  public func shape(of value: ValueID) -> Shape { program[value].shape }

  private mutating func newValue(_ shape: Shape, view: Program.View?) -> ValueID {
    program.values.append(Program.Value(shape: shape, view: view))
    return ValueID(index: program.values.count - 1)
  }
}

extension ProgramBuilder {
  /// Appends an activation; the linear one is nothing.
  public mutating func activate(_ value: ValueID, _ function: ActivationFunction) -> ValueID {
    guard function != .linear else { return value }
    return emit(Activate(function: function), [value], shape(of: value))
  }

  /// Joins values along the channels.
  public mutating func concatenate(_ parts: [ValueID], _ shape: Shape) -> ValueID {
    var offsets: [Int] = []
    var offset = 0
    for part in parts {
      offsets.append(offset)
      offset += self.shape(of: part).count
    }
    return emit(Concatenate(offsets: offsets), parts, shape)
  }
}
