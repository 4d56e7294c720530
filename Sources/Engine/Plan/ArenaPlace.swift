/// Where a value lies in a session's arena.
package struct ArenaPlace: Sendable {
  /// Floats from the start of the arena to the value in the first image.
  package let offset: Int
  /// Floats from one image to the next; 0 where all images use the same memory in turn.
  package let imageStride: Int

  /// Floats to which tensors are aligned: a cache line.
  private static let alignment = 16

  static func aligned(_ count: Int) -> Int {
    saturatingSum(count, alignment - 1) / alignment * alignment
  }
}

extension Program {
  /// The place of each value, from those of the tensors that own memory; nil for what has none.
  func places(_ owners: [ValueID: ArenaPlace]) -> [ArenaPlace?] {
    roots().map { view in
      owners[view.parent].map {
        ArenaPlace(offset: saturatingSum($0.offset, view.offset), imageStride: $0.imageStride)
      }
    }
  }
}
