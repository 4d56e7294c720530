/// Refuses a plan that places a tensor beyond its arena or beyond the images around it.
struct ArenaCheck {
  let program: Program
  /// Floats of the arena.
  let count: Int
  /// Images whose tensors are in the arena at the same time.
  let batch: Int

  /// - Parameter places: where each value is; nil for what has no memory.
  func check(_ id: ValueID, _ places: [ArenaPlace?], layer: Int?, _ what: String)
    throws(PlanError)
  {
    guard let place = places[id.index] else {
      throw .broken(layer: layer, operation: what, problem: "it has no place in the arena")
    }
    let size = program[id].count
    let images = saturatingProduct(place.imageStride, batch - 1)
    let end = saturatingSum(saturatingSum(place.offset, images), size)
    guard place.offset >= 0, place.imageStride >= 0, end <= count else {
      throw .broken(
        layer: layer, operation: what,
        problem: "\(size) floats from \(place.offset) on are not within an arena of \(count)")
    }
    guard batch == 1 || place.imageStride == 0 || place.imageStride >= size else {
      throw .broken(
        layer: layer, operation: what,
        problem: "images of \(size) floats are \(place.imageStride) apart")
    }
  }

  /// What a kernel saves for the backward pass.
  func check(saved floats: Int, at offset: Int, of step: Program.Step) throws(PlanError) {
    guard floats >= 0, offset >= 0, saturatingSum(offset, floats) <= count else {
      throw step.broken("\(floats) saved floats at \(offset) are not within an arena of \(count)")
    }
  }
}

extension ArenaLayout {
  /// Every tensor that a step, the input or a result touches lies in the arena.
  func check(_ program: Program, batch: Int) throws(PlanError) {
    let arena = ArenaCheck(program: program, count: count, batch: batch)
    try arena.check(program.input, places, layer: nil, "input")
    for step in program.steps {
      for id in step.inputs + [step.output] {
        try arena.check(id, places, layer: step.layer, step.operation.name)
      }
    }
    for result in program.results { try arena.check(result, places, layer: nil, "result") }
  }
}

extension TrainingMemory {
  /// The same in both directions, with gradients and what is saved between them.
  func check(
    _ program: Program, _ kernels: [any TrainingKernel], _ flow: GradientFlow, batch: Int
  ) throws(PlanError) {
    let arena = ArenaCheck(program: program, count: count, batch: batch)
    try arena.check(program.input, values, layer: nil, "input")
    for (index, step) in program.steps.enumerated() {
      for id in step.inputs + [step.output] {
        try arena.check(id, values, layer: step.layer, step.operation.name)
      }
      try arena.check(
        saved: kernels[index].savedFloats(batch: batch), at: saved[index], of: step)
      guard flow.isPropagated[index] else { continue }
      let targets = flow.targets[index].compactMap(\.value)
      for id in targets + flow.cleared[index] + [step.output] {
        try arena.check(id, gradients, layer: step.layer, step.operation.name)
      }
    }
    for result in program.results {
      try arena.check(result, values, layer: nil, "result")
      try arena.check(result, gradients, layer: nil, "result")
    }
  }
}
