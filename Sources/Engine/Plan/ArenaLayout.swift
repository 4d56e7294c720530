/// Where every value of a program lies in a session's arena.
package struct ArenaLayout: Sendable {
  /// One a value; nil for values that nobody makes.
  package let places: [ArenaPlace?]
  /// Floats of the arena.
  package let count: Int

  package init(_ program: Program, batch: Int) {
    let lifetimes = Lifetimes(program)
    let roots = lifetimes.roots
    let extents = Self.extents(program)
    let strides = roots.map { ArenaPlace.aligned(extents[$0] ?? 0) }
    // Images pass one after another: what outlives an image's turn holds all of them all the time.
    let kept = Set((program.results + [program.input]).map { program.root(of: $0).parent })
    let blocks = zip(roots, strides).map { root, stride in
      batch > 1 && kept.contains(root)
        ? MemoryPlanner.Block(
          size: saturatingProduct(stride, batch), steps: -1...program.steps.count)
        : MemoryPlanner.Block(size: stride, steps: lifetimes.range(root))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    var owners: [ValueID: ArenaPlace] = [:]
    for (index, root) in roots.enumerated() {
      owners[root] = ArenaPlace(
        offset: offsets[index], imageStride: kept.contains(root) ? strides[index] : 0)
    }
    places = program.places(owners)
    count = total
  }

  /// Elements of one image of each tensor that owns memory, the filling of its parts included.
  static func extents(_ program: Program) -> [ValueID: Int] {
    var extents: [ValueID: Int] = [:]
    for (index, place) in program.roots().enumerated() {
      let (end, overflow) = place.offset.addingReportingOverflow(program.values[index].count)
      extents[place.parent] = max(extents[place.parent] ?? 0, overflow ? .max : end)
    }
    return extents
  }
}
