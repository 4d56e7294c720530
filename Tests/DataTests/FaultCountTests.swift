import Foundation
import PenumbraData
import TestSupport
import Testing

/// Faults that are too many to be kept.
struct FaultCountTests {
  private let most = DataFaults.mostKept

  private func faults(_ lines: Range<Int>, _ kind: DataFault.Kind = .missingImage) -> DataFaults {
    DataFaults(lines.map { DataFault(kind, file: "l", line: $0, "x", effect: .imageLeftOut) })
  }

  @Test func `of each kind so many are kept, and all are counted`() {
    let faults = faults(0..<most + 5) + faults(0..<3, .zeroSize)
    #expect(faults.count == most + 3 && faults.total == most + 8)
    #expect(faults.last?.kind == .zeroSize && faults[most - 1].line == most - 1)
    #expect(faults.counts.map(\.kind) == [.missingImage, .zeroSize])
    #expect(faults.counts.map(\.count) == [most + 5, 3])
    #expect(faults.count(of: .missingImage) == most + 5 && faults.count(of: .emptyList) == 0)
  }

  @Test func `a union counts once what both have, kept or not`() {
    let first = faults(0..<most + 5)
    #expect(first.union(first) == first)
    #expect(first.union(faults(0..<most + 9)).total == most + 9)
    #expect(faults(0..<2).union(first).total == most + 5)
    #expect(first.union(faults(3..<4, .zeroSize)).total == most + 6)
    #expect((first + first).total == 2 * most + 10)
  }
}
