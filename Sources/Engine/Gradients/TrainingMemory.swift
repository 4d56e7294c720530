/// Where the tensors of a training program, their gradients and what is saved between the directions
/// lie in one arena.
///
/// Time runs through the steps, past the loss, and back: step `i` of `n` is computed at `i`, the
/// loss at `n`, and the step's backward pass at `2n - i`.
struct TrainingMemory: Sendable {
  /// One a value; nil where there is none.
  let values: [ArenaPlace?]
  let gradients: [ArenaPlace?]
  /// The start of what each step saves.
  let saved: [Int]
  /// Floats of an image of each tensor, by its root.
  let extents: [ValueID: Int]
  /// Floats of the arena.
  let count: Int

  init(_ program: Program, _ kernels: [any TrainingKernel], _ flow: GradientFlow, batch: Int) {
    let extents = ArenaLayout.extents(program)
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
          saturatingProduct(ArenaPlace.aligned(extents[root] ?? 0), batch), lives[root]!)
      }
      return indices
    }
    let (valueBlocks, gradientBlocks) = (addAll(lives), addAll(gradientLives))
    let savedBlocks = kernels.enumerated().map { i, kernel in
      add(ArenaPlace.aligned(kernel.savedFloats(batch: batch)), i...(2 * steps - i))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    func places(_ indices: [ValueID: Int]) -> [ArenaPlace?] {
      var owners: [ValueID: ArenaPlace] = [:]
      for (root, index) in indices {
        owners[root] = ArenaPlace(
          offset: offsets[index], imageStride: ArenaPlace.aligned(extents[root] ?? 0))
      }
      return program.places(owners)
    }
    (values, gradients) = (places(valueBlocks), places(gradientBlocks))
    saved = savedBlocks.map { offsets[$0] }
    count = total
  }
}
