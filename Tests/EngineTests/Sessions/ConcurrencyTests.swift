import Foundation
import Penumbra
import TestSupport
import Testing

/// One network, many threads. `make test-tsan` runs these under the thread sanitizer.
struct ConcurrencyTests {
  private static let sections = """
    [convolutional]
    filters=8
    size=3
    pad=1
    batch_normalize=1
    activation=mish
    [partial]
    ratio=0.5
    take=block
    [convolutional]
    filters=8
    size=3
    pad=1
    activation=leaky
    [partial]
    from=0
    ratio=0.5
    take=bypass
    [route]
    layers=-1,-2
    [shortcut]
    from=2
    [maxpool]
    size=5
    stride=1
    [convolutional]
    filters=12
    activation=linear
    [yolo]
    classes=1
    num=2
    anchors=2,3,4,5
    """

  /// Calls `body` from `count` threads at once.
  private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      let thread = Thread {
        body(index)
        group.leave()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    group.wait()
  }

  private final class Results: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var values: [Int: [Int: [UInt32]]] = [:]

    func set(_ index: Int, _ value: [Int: [UInt32]]) { lock.withLock { values[index] = value } }
    var all: [Int: [Int: [UInt32]]] { lock.withLock { values } }
  }

  /// Sessions of `networks` in turn, eight at once, three runs each; the last outputs by thread.
  private func run(_ networks: [Network], _ input: [Float]) -> [Int: [Int: [UInt32]]] {
    let results = Results()
    onThreads(8) { index in
      let network = networks[index % networks.count]
      guard var session = try? network.makeSession() else { return }
      for _ in 0..<3 {
        session.withInput { _ = $0.update(fromContentsOf: input[..<$0.count]) }
        session.run()
      }
      results.set(index, session.readableOutputs().bits)
    }
    return results.all
  }

  @Test(arguments: [1, 2, 4])
  func `eight sessions of one network at once give one result`(threads: Int) throws {
    let made = try TestNetwork(cfg(Shape(3, 13, 17), Self.sections))
    let network: any Sendable = try Network(
      graph: made.graph, weights: made.weights, options: PlanOptions(threads: threads))
    let shared = try #require(network as? Network)
    KernelChoice.held {
      let all = run([shared], made.input())
      #expect(all.count == 8)
      #expect(all.values.allSatisfy { $0 == all[0] })
    }
  }

  @Test func `sessions of different networks do not disturb each other`() throws {
    let shapes = [Shape(3, 13, 17), Shape(3, 9, 8), Shape(2, 11, 5)]
    let networks = try shapes.map { shape in
      let made = try TestNetwork(cfg(shape, Self.sections))
      return try Network(
        graph: made.graph, weights: made.weights, options: PlanOptions(threads: 2))
    }
    let input = try TestNetwork(cfg(Shape(3, 13, 17), Self.sections)).input()
    try KernelChoice.held {
      let all = run(networks, input)
      for (index, network) in networks.enumerated() {
        var session = try network.makeSession()
        session.withInput { _ = $0.update(fromContentsOf: input[..<$0.count]) }
        session.run()
        let alone = session.readableOutputs().bits
        for thread in stride(from: index, to: 8, by: networks.count) {
          #expect(all[thread] == alone)
        }
      }
    }
  }
}
