import PenumbraCompute

/// One number for each number of the weights file, in memory that can be written: the parameters
/// while they are trained, their gradients, or an optimizer's moments.
///
/// Nothing guards it: its owner sees to it that nobody writes what others read, and that the buffer
/// outlives every pointer into it.
public final class ParameterBuffer: @unchecked Sendable {
  public let layout: WeightsLayout
  /// All numbers, tensor after tensor in file order, each on a 64-byte boundary.
  public let values: UnsafeMutableBufferPointer<Float>
  private let memory: AlignedBuffer<Float>
  private let offsets: [Int]

  /// Zeros.
  public init(_ layout: WeightsLayout) throws(WeightsError) {
    var (offsets, count): ([Int], Int) = ([], 0)
    for entry in layout.entries {
      offsets.append(count)
      count = saturatingSum(count, (entry.parameter.count + 15) / 16 * 16)
    }
    do throws(ComputeError) {
      memory = try AlignedBuffer<Float>(count: count)
    } catch {
      throw WeightsError("the parameters", .noMemory(bytes: saturatingProduct(4, count)))
    }
    self.layout = layout
    self.offsets = offsets
    values = memory.buffer
  }

  /// A copy of weights, to be trained.
  public convenience init(copying weights: Weights) throws(WeightsError) {
    try self.init(weights.layout)
    for entry in layout.entries {
      pointer(entry.id).update(from: weights.pointer(entry.id), count: entry.parameter.count)
    }
  }

  /// The numbers of one tensor.
  public func pointer(_ id: ParameterID) -> UnsafeMutablePointer<Float> {
    values.baseAddress! + offsets[layout.firstEntry[id.layer] + id.index]
  }

  /// A copy of the numbers of one tensor.
  public func numbers(_ id: ParameterID) -> [Float] {
    withExtendedLifetime(self) {
      Array(UnsafeBufferPointer(start: pointer(id), count: layout[id].parameter.count))
    }
  }
}
