/// How a tensor's elements stand in memory.
///
/// Values start planar; a backend's passes may choose blocks for those that only its kernels touch.
/// The network's input and the program's results stay planar, because others read them.
public struct Layout: Hashable, Sendable {
  /// Channels that stand together at each pixel: 1 is planar (channels, height, width), 16 is
  /// `[channels / 16][height][width][16]`, the last block filled up with any finite numbers.
  public let channelBlock: Int

  public static let planar = Layout(channelBlock: 1)

  public init(channelBlock: Int) {
    precondition(channelBlock > 0, "a block holds at least one channel")
    self.channelBlock = channelBlock
  }

  /// Elements of one image, filling included.
  public func count(_ shape: Shape) -> Int {
    let blocks = (shape.channels + channelBlock - 1) / channelBlock
    return saturatingProduct(blocks, channelBlock, shape.height, shape.width)
  }
}
