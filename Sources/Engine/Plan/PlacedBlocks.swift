/// The blocks that have a place so far, found by the steps at which they hold: a segment tree, so that
/// long chains of short lives are looked through in a time that grows with the neighbours alone.
struct PlacedBlocks {
  private let blocks: [MemoryPlanner.Block]
  private let firstStep: Int
  /// Leaves of the tree: a power of two.
  private let width: Int
  /// By node, the blocks that hold at all of its steps but not at all of its parent's.
  private var whole: [[Int]]
  /// By node, the blocks that are `whole` at some node further down.
  private var partial: [[Int]]
  /// By block, the last search that found it.
  private var found: [Int]
  private var search = 0

  init(_ blocks: [MemoryPlanner.Block]) {
    self.blocks = blocks
    firstStep = blocks.map(\.steps.lowerBound).min() ?? 0
    let steps = (blocks.map(\.steps.upperBound).max() ?? 0) - firstStep + 1
    var width = 1
    while width < steps { width *= 2 }
    self.width = width
    whole = Array(repeating: [], count: 2 * width)
    partial = whole
    found = Array(repeating: 0, count: blocks.count)
  }

  mutating func insert(_ block: Int) {
    var above: Set<Int> = []
    for node in nodes(covering: blocks[block].steps) {
      whole[node].append(block)
      var parent = node / 2
      while parent > 0, above.insert(parent).inserted { parent /= 2 }
    }
    for node in above { partial[node].append(block) }
  }

  /// The blocks that hold at some step of the given one, in no order.
  mutating func neighbours(of block: Int) -> [Int] {
    search += 1
    var neighbours: [Int] = []
    func add(_ candidates: [Int]) {
      for candidate in candidates where found[candidate] != search {
        found[candidate] = search
        neighbours.append(candidate)
      }
    }
    var above: Set<Int> = []
    for node in nodes(covering: blocks[block].steps) {
      add(whole[node])
      add(partial[node])
      var parent = node / 2
      while parent > 0, above.insert(parent).inserted {
        add(whole[parent])
        parent /= 2
      }
    }
    return neighbours
  }

  /// The fewest nodes that together cover some steps.
  private func nodes(covering steps: ClosedRange<Int>) -> [Int] {
    var low = steps.lowerBound - firstStep + width
    var high = steps.upperBound - firstStep + width + 1
    var nodes: [Int] = []
    while low < high {
      if low % 2 == 1 {
        nodes.append(low)
        low += 1
      }
      if high % 2 == 1 {
        high -= 1
        nodes.append(high)
      }
      low /= 2
      high /= 2
    }
    return nodes
  }
}
