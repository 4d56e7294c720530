import PenumbraCompute

/// The weights of small groups in registers of filters, and the channels that each filter reads.
struct PackedLanes: Sendable {
  let units: [LaneUnit]
  /// `[units][size][sources][channels of a group][size][wide]`.
  let weights: PackedFloats
  private let geometry: ConvolutionGeometry
  /// Blocks of channels that a block of filters reads at most.
  private let sources: Int
  private let choice: PackedIndices

  /// Channels whose cells are copied, those a filter does not read among them.
  var depth: Int { sources * geometry.groupChannels }

  init(
    _ convolution: Convolution, _ scales: [Float]?, _ weights: Weights, wide: Int
  ) throws(PlanError) {
    let geometry = convolution.geometry
    let (group, size, step) = (geometry.groupChannels, geometry.size, wide / channelBlock)
    let sources = (0..<geometry.filterBlocks).reduce(1) { max($0, geometry.inputs(of: $1).count) }
    let unitWeights = size * size * sources * group * wide
    let unitChoice = sources * (2 + group * wide)
    let units = stride(from: 0, to: geometry.filterBlocks, by: step).map { block in
      LaneUnit(
        outputBlock: Int32(block), blockCount: Int32(min(step, geometry.filterBlocks - block)),
        weights: block / step * unitWeights, choice: block / step * unitChoice)
    }
    self.geometry = geometry
    self.sources = sources
    self.units = units
    choice = try PackedIndices(
      units.flatMap { Self.choice(of: $0, geometry, sources: sources, wide: wide) })
    self.weights = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: units.count * unitWeights, parts: units.count) { part, base in
        for lane in 0..<wide {
          guard let filter = units[part].filter(lane, geometry) else { continue }
          let first = geometry.inputs(of: filter / channelBlock).lowerBound
          for c in 0..<group {
            let source = geometry.channel(c, of: filter) / channelBlock - first
            let from = raw + (filter * group + c) * size * size
            for (ky, kx) in (0..<size * size).lazy.map({ ($0 / size, $0 % size) }) {
              let place = ((ky * sources + source) * group + c) * size + kx
              base[units[part].weights + place * wide + lane] =
                from[ky * size + kx] * (scales?[filter] ?? 1)
            }
          }
        }
      }
    }
  }

  /// The blocks of each source, then the lanes; those of the second block follow the first one's.
  private static func choice(
    of unit: LaneUnit, _ geometry: ConvolutionGeometry, sources: Int, wide: Int
  ) -> [Int32] {
    let blocks = (0..<2).map { Int(unit.outputBlock) + min($0, Int(unit.blockCount) - 1) }
    let inputs = blocks.map { geometry.inputs(of: $0) }
    var choice: [Int32] = []
    for source in 0..<sources {
      for inputs in inputs {
        choice.append(Int32(min(inputs.lowerBound + source, inputs.upperBound - 1)))
      }
    }
    for _ in 0..<sources {
      for c in 0..<geometry.groupChannels {
        for lane in 0..<wide {
          let half = lane / channelBlock * channelBlock
          let channel = unit.filter(lane, geometry).map { geometry.channel(c, of: $0) } ?? 0
          choice.append(Int32(half + channel % channelBlock))
        }
      }
    }
    return choice
  }

  /// What the kernels take.
  func groups(band: Int) -> LaneGroups {
    LaneGroups(
      sources: sources, depth: geometry.groupChannels, band: band,
      isDepthwise: geometry.groupChannels == 1 && geometry.groupFilters == 1, choice: choice.base)
  }
}

extension ConvolutionGeometry {
  var groupChannels: Int { channels / groups }
  fileprivate var filterBlocks: Int { (filters + channelBlock - 1) / channelBlock }

  /// The channel that is number `c` of a filter's group.
  fileprivate func channel(_ c: Int, of filter: Int) -> Int {
    filter / groupFilters * groupChannels + c
  }

  /// The blocks of channels that a block of filters reads.
  fileprivate func inputs(of block: Int) -> Range<Int> {
    let last = min((block + 1) * channelBlock, filters) - 1
    let first = channel(0, of: block * channelBlock) / channelBlock
    return first..<channel(groupChannels - 1, of: last) / channelBlock + 1
  }
}

extension LaneUnit {
  /// The filter of a lane; nil beyond the last one.
  fileprivate func filter(_ lane: Int, _ geometry: ConvolutionGeometry) -> Int? {
    let block = Int(outputBlock) + min(lane / channelBlock, Int(blockCount) - 1)
    let filter = block * channelBlock + lane % channelBlock
    return filter < geometry.filters ? filter : nil
  }
}

/// Whole numbers at an address that stays.
private final class PackedIndices: Sendable {
  private let buffer: AlignedBuffer<Int32>

  init(_ values: [Int32]) throws(PlanError) {
    do throws(ComputeError) {
      buffer = try AlignedBuffer<Int32>(count: values.count, zeroed: false)
    } catch {
      throw .noWeightsMemory(needed: saturatingProduct(4, values.count), error.problem)
    }
    buffer.baseAddress.initialize(from: values, count: values.count)
  }

  var base: UnsafePointer<Int32> { UnsafePointer(buffer.baseAddress) }
}
