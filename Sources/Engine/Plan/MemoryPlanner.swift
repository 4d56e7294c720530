/// When each tensor that owns memory is first written and last read, by step.
package struct Lifetimes {
  private var first: [ValueID: Int] = [:]
  private var lastRead: [ValueID: Int] = [:]

  package init(_ program: Program) {
    let roots = program.roots().map(\.parent)
    touch(roots[program.input.index], at: -1)
    for (index, step) in program.steps.enumerated() {
      touch(roots[step.output.index], at: index)
      for input in step.inputs { touch(roots[input.index], at: index) }
    }
    for result in program.results { touch(roots[result.index], at: program.steps.count) }
  }

  private mutating func touch(_ root: ValueID, at step: Int) {
    first[root] = min(first[root] ?? step, step)
    lastRead[root] = max(lastRead[root] ?? step, step)
  }

  /// The tensors that own memory, in the order of their numbers.
  package var roots: [ValueID] { first.keys.sorted { $0.index < $1.index } }
  package func last(_ root: ValueID) -> Int? { lastRead[root] }
  package func range(_ root: ValueID) -> ClosedRange<Int> { first[root]!...lastRead[root]! }
}

/// Places blocks that live for a while into one arena, so that blocks alive at the same step do not
/// overlap.
package enum MemoryPlanner {
  package struct Block: Hashable, Sendable {
    package let size: Int
    /// The steps at which the block must hold.
    package let steps: ClosedRange<Int>

    package init(size: Int, steps: ClosedRange<Int>) {
      self.size = size
      self.steps = steps
    }
  }

  /// The offset of each block, and the size of the arena: largest block first, each into the
  /// smallest gap that fits. What cannot be counted is `Int.max`.
  package static func place(_ blocks: [Block]) -> (offsets: [Int], total: Int) {
    var offsets = Array(repeating: 0, count: blocks.count)
    var placed = PlacedBlocks(blocks)
    var total = 0
    for index in blocks.indices.sorted(by: { (blocks[$0].size, $1) > (blocks[$1].size, $0) }) {
      let block = blocks[index]
      let neighbours = placed.neighbours(of: index).sorted {
        (offsets[$0], $0) < (offsets[$1], $1)
      }
      offsets[index] = smallestGap(for: block.size, among: neighbours, blocks, offsets)
      placed.insert(index)
      total = max(total, saturatingSum(offsets[index], block.size))
    }
    return (offsets, total)
  }

  private static func smallestGap(
    for size: Int, among neighbours: [Int], _ blocks: [Block], _ offsets: [Int]
  ) -> Int {
    var best: (offset: Int, gap: Int)?
    var end = 0
    for neighbour in neighbours {
      let gap = offsets[neighbour] - end
      if gap >= size, gap < best?.gap ?? .max { best = (end, gap) }
      end = max(end, saturatingSum(offsets[neighbour], blocks[neighbour].size))
    }
    return best?.offset ?? end
  }
}
