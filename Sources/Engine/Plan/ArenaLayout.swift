/// Where every value of a program lies in a session's arena.
package struct ArenaLayout: Sendable {
  package struct Place: Sendable {
    /// Floats from the start of the arena to the value in the first image.
    package let offset: Int
    /// Floats from one image to the next.
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
    let strides = roots.map { Self.aligned(program[$0].count) }
    let blocks = zip(roots, strides).map { root, stride in
      MemoryPlanner.Block(size: saturatingProduct(stride, batch), steps: lifetimes.range(root))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    var placeOfRoot: [ValueID: Place] = [:]
    for (index, root) in roots.enumerated() {
      placeOfRoot[root] = Place(offset: offsets[index], imageStride: strides[index])
    }
    places = program.values.indices.map { index in
      let view = program.root(of: ValueID(index: index))
      return placeOfRoot[view.parent].map {
        Place(offset: saturatingSum($0.offset, view.offset), imageStride: $0.imageStride)
      }
    }
    count = total
  }

  private static func aligned(_ count: Int) -> Int {
    saturatingSum(count, alignment - 1) / alignment * alignment
  }
}
