import Foundation
import Penumbra
import PenumbraCompute
import PenumbraEngine

/// A tensor between forbidden pages. What lies between its images, and between it and the other page,
/// is marked.
final class GuardedTensor {
  let tensor: Tensor
  private let memory: GuardedMemory
  private let count: Int
  private let batch: Int

  private static let margin = 16
  private static let mark: Float = 123.25

  init(like other: Tensor, batch: Int, _ touchesEnd: Bool) {
    (count, self.batch) = (other.layout.count(other.shape), batch)
    let stride = count + Self.margin
    memory = GuardedMemory(bytes: 4 * (batch * stride - Self.margin), touchesEnd: touchesEnd)
    memory.pages.bindMemory(to: Float.self).update(repeating: Self.mark)
    tensor = Tensor(
      base: memory.base.assumingMemoryBound(to: Float.self), imageStride: stride,
      shape: other.shape, layout: other.layout)
    for n in 0..<batch { tensor.image(n).update(repeating: .nan, count: count) }
  }

  func copy(from other: Tensor) {
    for n in 0..<batch { tensor.image(n).update(from: other.image(n), count: count) }
  }

  func copy(to other: Tensor) {
    for n in 0..<batch { other.image(n).update(from: tensor.image(n), count: count) }
  }

  var isIntactAround: Bool {
    let pages = memory.pages.bindMemory(to: Float.self)
    let first = tensor.base - pages.baseAddress!
    let stride = tensor.imageStride
    return pages.indices.allSatisfy { index in
      let place = index - first
      let isInside = place >= 0 && place < batch * stride && place % stride < count
      return isInside || pages[index] == Self.mark
    }
  }
}

/// A block of scratch for each thread, each right before a forbidden page.
final class GuardedThreads {
  let first: UnsafeMutableRawPointer
  let stride: Int
  private let whole: GuardedMemory
  private let page = Int(getpagesize())

  init(_ threads: Int, bytes: Int) {
    stride = (bytes + page - 1) / page * page + page
    whole = GuardedMemory(bytes: threads * stride)
    whole.pages.initializeMemory(as: UInt8.self, repeating: 0xFF)
    first = whole.base + stride - page - bytes
    for thread in 1...threads {
      mprotect(whole.base + thread * stride - page, page, PROT_NONE)
    }
  }
}

extension Int {
  /// As a plan rounds scratch memory: to whole cache lines.
  var lineAligned: Int { (self + 63) / 64 * 64 }
}
