/// Where every value of a program lies in a session's arena.
package struct ArenaLayout: Sendable {
  package struct Place: Sendable {
    /// Floats from the start of the arena to the value in the first image.
    package let offset: Int
    /// Floats from one image to the next; 0 where all images use the same memory in turn.
    package let imageStride: Int
  }

  /// One a value; nil for values that nobody makes.
  package let places: [Place?]
  /// Floats of the arena.
  package let count: Int

  /// Floats to which tensors are aligned: a cache line.
  private static let alignment = 16

  package init(_ program: Program, batch: Int) {
    let lifetimes = Lifetimes(program)
    let roots = lifetimes.roots
    let extents = Self.extents(program)
    let strides = roots.map { Self.aligned(extents[$0] ?? 0) }
    // Images pass one after another: what outlives an image's turn holds all of them all the time.
    let kept = Set((program.results + [program.input]).map { program.root(of: $0).parent })
    let blocks = zip(roots, strides).map { root, stride in
      batch > 1 && kept.contains(root)
        ? MemoryPlanner.Block(
          size: saturatingProduct(stride, batch), steps: -1...program.steps.count)
        : MemoryPlanner.Block(size: stride, steps: lifetimes.range(root))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    var placeOfRoot: [ValueID: Place] = [:]
    for (index, root) in roots.enumerated() {
      placeOfRoot[root] = Place(
        offset: offsets[index], imageStride: kept.contains(root) ? strides[index] : 0)
    }
    places = program.values.indices.map { index in
      let view = program.root(of: ValueID(index: index))
      return placeOfRoot[view.parent].map {
        Place(offset: saturatingSum($0.offset, view.offset), imageStride: $0.imageStride)
      }
    }
    count = total
  }

  /// Elements of one image of each tensor that owns memory, the filling of its parts included.
  static func extents(_ program: Program) -> [ValueID: Int] {
    var extents: [ValueID: Int] = [:]
    for index in program.values.indices {
      let place = program.root(of: ValueID(index: index))
      let (end, overflow) = place.offset.addingReportingOverflow(program.values[index].count)
      extents[place.parent] = max(extents[place.parent] ?? 0, overflow ? .max : end)
    }
    return extents
  }

  private static func aligned(_ count: Int) -> Int {
    saturatingSum(count, alignment - 1) / alignment * alignment
  }
}
