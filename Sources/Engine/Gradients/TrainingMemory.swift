/// Where the tensors of a training program, their gradients and what is saved between the directions
/// lie in one arena, and which gradients are added to.
///
/// Time runs through the steps, past the loss, and back: step `i` of `n` is computed at `i`, the
/// loss at `n`, and the step's backward pass at `2n - i`.
struct TrainingMemory: Sendable {
  struct Place: Sendable {
    let offset: Int
    let imageStride: Int
  }

  /// Where an input's gradient goes.
  struct Target: Sendable {
    /// Nil where nobody needs it.
    let value: ValueID?
    let accumulates: Bool
  }

  /// One a value; nil where there is none.
  let values: [Place?]
  let gradients: [Place?]
  /// The start of what each step saves.
  let saved: [Int]
  /// Whether a step has a backward pass.
  let isPropagated: [Bool]
  /// One an input of each step.
  let targets: [[Target]]
  /// Tensors whose gradients are set to 0 before a step's backward pass, because it, or those after
  /// it, add to parts of them.
  let cleared: [[ValueID]]
  /// Floats of an image of each tensor, by its root.
  let extents: [ValueID: Int]
  /// Floats of the arena.
  let count: Int

  private static let alignment = 16

  init(_ program: Program, _ kernels: [any TrainingKernel], _ options: TrainingOptions) {
    let extents = ArenaLayout.extents(program)
    let flow = GradientFlow(program, kernels, extents, lastFrozenLayer: options.lastFrozenLayer)
    (isPropagated, targets, cleared) = (flow.isPropagated, flow.targets, flow.cleared)
    self.extents = extents

    let steps = program.steps.count
    var lives: [ValueID: ClosedRange<Int>] = [:]
    var gradientLives: [ValueID: ClosedRange<Int>] = [:]
    func touch(_ id: ValueID, at time: Int, _ lives: inout [ValueID: ClosedRange<Int>]) {
      let root = program.root(of: id).parent
      let old = lives[root] ?? time...time
      lives[root] = min(old.lowerBound, time)...max(old.upperBound, time)
    }
    touch(program.input, at: -1, &lives)
    for (i, step) in program.steps.enumerated() {
      let back = 2 * steps - i
      for id in step.inputs + [step.output] { touch(id, at: i, &lives) }
      guard flow.isPropagated[i] else { continue }
      if kernels[i].keeps.contains(.inputs) {
        for id in step.inputs { touch(id, at: back, &lives) }
      }
      if kernels[i].keeps.contains(.output) { touch(step.output, at: back, &lives) }
      touch(step.output, at: back, &gradientLives)
      for target in flow.targets[i] {
        if let value = target.value { touch(value, at: back, &gradientLives) }
      }
      for root in flow.cleared[i] { touch(root, at: back, &gradientLives) }
    }
    for result in program.results {
      touch(result, at: steps, &lives)
      touch(result, at: steps, &gradientLives)
    }

    var blocks: [MemoryPlanner.Block] = []
    func add(_ floats: Int, _ life: ClosedRange<Int>) -> Int {
      blocks.append(MemoryPlanner.Block(size: floats, steps: life))
      return blocks.count - 1
    }
    func addAll(_ lives: [ValueID: ClosedRange<Int>]) -> [ValueID: Int] {
      var indices: [ValueID: Int] = [:]
      for root in lives.keys.sorted(by: { $0.index < $1.index }) {
        indices[root] = add(
          saturatingProduct(Self.aligned(extents[root] ?? 0), options.batch), lives[root]!)
      }
      return indices
    }
    let (valueBlocks, gradientBlocks) = (addAll(lives), addAll(gradientLives))
    let savedBlocks = kernels.enumerated().map { i, kernel in
      add(Self.aligned(kernel.savedFloats(batch: options.batch)), i...(2 * steps - i))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    func places(_ indices: [ValueID: Int]) -> [Place?] {
      program.values.indices.map { index in
        let view = program.root(of: ValueID(index: index))
        return indices[view.parent].map {
          Place(
            offset: saturatingSum(offsets[$0], view.offset),
            imageStride: Self.aligned(extents[view.parent] ?? 0))
        }
      }
    }
    (values, gradients) = (places(valueBlocks), places(gradientBlocks))
    saved = savedBlocks.map { offsets[$0] }
    count = total
  }

  private static func aligned(_ count: Int) -> Int {
    saturatingSum(count, alignment - 1) / alignment * alignment
  }
}

/// Which steps gradients pass through, and whether they find something to add to.
private struct GradientFlow {
  private(set) var isPropagated: [Bool]
  private(set) var targets: [[TrainingMemory.Target]]
  private(set) var cleared: [[ValueID]]

  init(
    _ program: Program, _ kernels: [any TrainingKernel], _ extents: [ValueID: Int],
    lastFrozenLayer: Int
  ) {
    let steps = program.steps
    isPropagated = Array(repeating: false, count: steps.count)
    targets = steps.map { _ in [] }
    cleared = steps.map { _ in [] }

    var needed: Set<ValueID> = []
    for (i, step) in steps.enumerated() where step.layer > lastFrozenLayer {
      let learns = !((step.operation as? any Differentiable)?.parameters.isEmpty ?? true)
      guard learns || step.inputs.contains(where: { needed.contains(program.root(of: $0).parent) })
      else { continue }
      isPropagated[i] = true
      needed.insert(program.root(of: step.output).parent)
    }

    // The losses fill their own gradients.
    var written = Set(program.results.map { program.root(of: $0).parent })
    for (i, step) in steps.enumerated().reversed() where isPropagated[i] {
      let output = program.root(of: step.output).parent
      // Where no reader passes anything back, nothing comes in.
      if written.insert(output).inserted { cleared[i].append(output) }
      for input in step.inputs {
        let root = program.root(of: input).parent
        guard needed.contains(root) else {
          targets[i].append(.init(value: nil, accumulates: false))
          continue
        }
        let coversAll = input == root && program[input].count == extents[root]
        let isFirst = written.insert(root).inserted
        if isFirst, !coversAll { cleared[i].append(root) }
        targets[i].append(.init(value: input, accumulates: !(isFirst && coversAll)))
      }
    }
  }
}
