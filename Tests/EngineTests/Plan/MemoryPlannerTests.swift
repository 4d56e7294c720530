import Penumbra
import PenumbraEngine
import TestSupport
import Testing

struct MemoryPlannerTests {
  private typealias Block = MemoryPlanner.Block

  @Test(
    arguments: [
      ([], [], 0),
      ([(10, 0...3)], [0], 10),
      ([(10, 0...1), (10, 1...2)], [0, 10], 20),  // alive at the same step
      ([(10, 0...1), (10, 2...3)], [0, 0], 10),
      // A chain: only two neighbours are alive at a time.
      ([(8, 0...1), (8, 1...2), (8, 2...3), (8, 3...4)], [0, 8, 0, 8], 16),
      // The smallest gap that fits: 4 goes between the 16 and the 8, not behind.
      ([(16, 0...9), (6, 0...4), (8, 0...9), (4, 5...9)], [0, 24, 16, 24], 30),
      ([(0, 0...9), (5, 0...9)], [0, 0], 5),
    ] as [([(Int, ClosedRange<Int>)], [Int], Int)])
  func `places the largest first, into the smallest gap that fits`(
    blocks: [(Int, ClosedRange<Int>)], offsets: [Int], total: Int
  ) {
    let placed = MemoryPlanner.place(blocks.map { Block(size: $0.0, steps: $0.1) })
    #expect(placed.offsets == offsets)
    #expect(placed.total == total)
  }

  /// The rule as its definition reads, every block compared with every other.
  private func plainPlaces(_ blocks: [Block]) -> [Int] {
    var offsets = Array(repeating: 0, count: blocks.count)
    var placed: [Int] = []
    for index in blocks.indices.sorted(by: { (blocks[$0].size, $1) > (blocks[$1].size, $0) }) {
      let neighbours = placed.filter { blocks[$0].steps.overlaps(blocks[index].steps) }
      var (best, end): ((offset: Int, gap: Int)?, Int) = (nil, 0)
      for neighbour in neighbours.sorted(by: { offsets[$0] < offsets[$1] }) {
        let gap = offsets[neighbour] - end
        if gap >= blocks[index].size, gap < best?.gap ?? .max { best = (end, gap) }
        end = max(end, offsets[neighbour] + blocks[neighbour].size)
      }
      offsets[index] = best?.offset ?? end
      placed.append(index)
    }
    return offsets
  }

  @Test(arguments: 0..<100)
  func `finds the places that comparing every block with every other finds`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(900 + seed))
    let blocks = (0..<generator.int(1...90)).map { _ in
      let first = generator.int(-1...40)
      return Block(size: generator.int(0...12), steps: first...first + generator.int(0...30))
    }
    #expect(MemoryPlanner.place(blocks).offsets == plainPlaces(blocks))
  }

  @Test func `a chain of a hundred thousand blocks takes the memory of two`() {
    let blocks = (0..<100_000).map { Block(size: 8, steps: $0...$0 + 1) }
    #expect(MemoryPlanner.place(blocks).total == 16)
  }

  @Test(arguments: 0..<200)
  func `blocks alive at one step never overlap`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let blocks = (0..<generator.int(1...60)).map { _ in
      let first = generator.int(0...40)
      return Block(size: generator.int(0...100), steps: first...first + generator.int(0...20))
    }
    let (offsets, total) = MemoryPlanner.place(blocks)
    for (i, a) in blocks.enumerated() {
      #expect(offsets[i] >= 0 && offsets[i] + a.size <= total)
      for (j, b) in blocks.enumerated() where i < j && a.steps.overlaps(b.steps) {
        #expect(offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i])
      }
    }
    // No plan needs less than the busiest step, and none is worse than no reuse at all.
    let busiest = (0...60).map { step in
      blocks.reduce(0) { $0 + ($1.steps.contains(step) ? $1.size : 0) }
    }.max()
    #expect(total >= busiest ?? 0)
    #expect(total <= blocks.reduce(0) { $0 + $1.size })
  }

  @Test func `sizes beyond what can be counted saturate`() {
    let huge = Block(size: .max - 5, steps: 0...1)
    let placed = MemoryPlanner.place([huge, huge, Block(size: 7, steps: 1...1)])
    #expect(placed.total == .max)
  }

  @Test(arguments: 0..<60)
  func `tensors alive at one step have memory of their own`(seed: Int) throws {
    let graph = try Graph(
      CfgFile(text: RandomNetwork(seed: UInt64(400 + seed)).cfg, name: "test.cfg"))
    let program = Plan.program(graph, PlanOptions())
    let layout = ArenaLayout(program, batch: 3)
    let lifetimes = Lifetimes(program)
    // What outlives an image's turn holds all images, all the time; the rest one after another.
    let kept = Set((program.results + [program.input]).map { program.root(of: $0).parent })
    let places = lifetimes.roots.map { root -> (Range<Int>, ClosedRange<Int>) in
      let place = layout.places[root.index]!
      #expect(place.offset % 16 == 0)
      #expect(place.imageStride % 16 == 0)
      guard kept.contains(root) else {
        #expect(place.imageStride == 0)
        return (place.offset..<place.offset + program[root].shape.count, lifetimes.range(root))
      }
      #expect(place.imageStride >= program[root].shape.count)
      return (
        place.offset..<place.offset + 3 * place.imageStride, -1...program.steps.count
      )
    }
    for (i, a) in places.enumerated() {
      #expect(a.0.upperBound <= layout.count)
      for b in places[(i + 1)...] where a.1.overlaps(b.1) { #expect(!a.0.overlaps(b.0)) }
    }
    for (index, value) in program.values.enumerated() {
      guard let view = value.view, let place = layout.places[index] else { continue }
      let parent = try #require(layout.places[view.parent.index])
      #expect(place.offset == parent.offset + view.offset)
      #expect(view.offset + value.shape.count <= program[view.parent].shape.count)
    }
  }
}
