import PenumbraAnalysis
import Testing

struct CostTests {
  /// A map of 8x32x32, of which each section reads the last.
  private static let sections = """
    [convolutional]
    batch_normalize=1
    filters=8
    size=3
    pad=1
    activation=leaky
    [convolutional]
    filters=16
    size=3
    stride=2
    pad=1
    groups=4
    activation=linear
    [maxpool]
    size=2
    stride=2
    [shortcut]
    from=-1
    [maxout]
    pieces=2
    [route]
    layers=-1,-2
    [upsample]
    stride=2
    [avgpool]
    [connected]
    output=10
    activation=linear
    """

  private func layers() throws -> [LayerCost] { try NetworkCost(graph(Self.sections)).layers }

  @Test func `parameters count everything, weights the matrices alone`() throws {
    let layers = try layers()
    #expect(layers[0].tally.parameters == 8 * 27 + 4 * 8)
    #expect(layers[0].tally.weights == 8 * 27)
    #expect(layers[1].tally.parameters == 16 * 2 * 9 + 16)
    #expect(layers[8].tally.parameters == 24 * 10 + 10)
    #expect(layers[8].tally.weights == 240)
    #expect(layers[2...7].allSatisfy { $0.tally.parameters == 0 })
  }

  @Test func `operations differ by convention`() throws {
    let tallies = try layers().map(\.tally)
    #expect(
      tallies.map(\.multiplyAdds) == [216 * 1024, 288 * 256, 0, 0, 0, 0, 0, 0, 240])
    // Additions of the shortcut are today's; the mean of [avgpool] counts in neither.
    let pool = 4 * 16 * 64
    let maxout = 16 * 64
    #expect(
      tallies.map(\.paperOperations)
        == [2 * 216 * 1024, 2 * 288 * 256, pool, 0, maxout, 0, 0, 0, 0])
    #expect(
      tallies.map(\.darknetOperations)
        == [2 * 216 * 1024, 2 * 288 * 256, pool, 16 * 64, maxout, 0, 0, 0, 0])
  }

  @Test func `CIO counts convolutions and pools, MAC convolutions with their weights`() throws {
    let tallies = try layers().map(\.tally)
    #expect(
      tallies.map(\.convolutionalIO) == [
        11 * 1024, 8 * 1024 + 16 * 256, 16 * 256 + 16 * 64, 0, 24 * 64, 0, 0, 24 * 256 + 24, 34,
      ])
    #expect(
      tallies.map(\.memoryAccess) == [
        11 * 1024 + 216, 8 * 1024 + 16 * 256 + 288, 0, 0, 0, 0, 0, 0, 24 + 10 + 240,
      ])
  }

  @Test func `bytes are inputs, parameters and outputs, and nothing for views`() throws {
    let tallies = try layers().map(\.tally)
    #expect(tallies[0].bytesRead == 4 * (3 * 1024 + 248))
    #expect(tallies[0].bytesWritten == 4 * 8 * 1024)
    #expect(tallies[3].bytesRead == 4 * 2 * 16 * 64)
    #expect(tallies[5].bytes == 0)
    #expect(tallies[5].intensity == nil)
    #expect(tallies[0].intensity == Double(2 * 216 * 1024) / Double(4 * (11 * 1024 + 248)))
    #expect(tallies[8].intensity == 480.0 / Double(4 * (24 + 250 + 10)))
  }

  @Test func `totals are sums`() throws {
    let cost = try NetworkCost(graph(Self.sections))
    #expect(cost.total == cost.layers.map(\.tally).total)
    #expect(cost.total(of: 0...1).multiplyAdds == 216 * 1024 + 288 * 256)
  }

  @Test func `the bottleneck is the layer with the most operations`() throws {
    let cost = try NetworkCost(graph(Self.sections))
    #expect(cost.bottleneck?.index == 0)
    #expect(cost.heaviest(5).map(\.index) == [0, 1, 2, 4])
    let all = Double(2 * 216 * 1024 + 2 * 288 * 256 + 4096 + 1024)
    #expect(cost.share(of: cost.layers[0]) == Double(2 * 216 * 1024) / all)
    #expect(try NetworkCost(graph("[upsample]\n")).bottleneck == nil)
  }

  @Test func `weights that layers share are stored once and used twice`() throws {
    let convolution = "[convolutional]\nfilters=3\nsize=3\npad=1\nactivation=linear\n"
    let tallies = try NetworkCost(graph(convolution + convolution + "share_index=0\n")).layers
      .map(\.tally)
    #expect(tallies.map(\.parameters) == [84, 0])
    #expect(tallies[0].memoryAccess == tallies[1].memoryAccess)
  }

  @Test func `sizes that cannot be counted saturate`() throws {
    let wide = "[convolutional]\nfilters=1024\nsize=255\npad=1\nactivation=linear\n"
    let cost = try NetworkCost(
      graph("[upsample]\nstride=64\n" + wide + wide + wide, side: 128, channels: 1024))
    #expect(cost.total.multiplyAdds == .max)
    #expect(cost.total.paperOperations == .max)
  }
}

struct ReceptiveFieldTests {
  private static let rows: [(String, Double, Double)] = [
    ("[convolutional]\nsize=3\npad=1\nactivation=linear\n", 3, 1),
    ("[convolutional]\nsize=3\npad=1\nstride=2\nactivation=linear\n", 3, 2),
    ("[convolutional]\nsize=3\npad=1\ndilation=2\nactivation=linear\n", 5, 1),
    // 3 for the kernel, 3 - 1 more for the blur that takes the stride.
    ("[convolutional]\nsize=3\npad=1\nstride=2\nantialiasing=1\nactivation=linear\n", 5, 2),
    ("[maxpool]\nsize=2\nstride=2\n[convolutional]\nsize=3\npad=1\nactivation=linear\n", 6, 2),
    ("[maxpool]\nsize=2\nstride=2\n[upsample]\nstride=2\n", 2, 1),
    ("[reorg]\nstride=2\n", 2, 2),
    ("[avgpool]\n", 32, 32),
    // Both inputs of the join look 2 pixels apart; the wider one sees 2 + 4.
    ("[maxpool]\nsize=2\nstride=2\n[maxpool]\nsize=3\nstride=1\n[route]\nlayers=-1,-2\n", 6, 2),
  ]

  @Test(arguments: rows.indices)
  func `grows by windows and strides`(row: Int) throws {
    let (sections, size, stride) = Self.rows[row]
    let field = try #require(NetworkCost(graph(sections, channels: 4)).layers.last?.field)
    #expect(field.width == size && field.height == size, "\(sections)")
    #expect(field.strideX == stride && field.strideY == stride, "\(sections)")
  }

  @Test func `a sum with a smaller map keeps the stride of the layer before`() throws {
    let sections = """
      [convolutional]
      size=3
      pad=1
      activation=linear
      [maxpool]
      size=2
      stride=2
      [shortcut]
      from=-2
      """
    let field = try #require(NetworkCost(graph(sections)).layers.last?.field)
    #expect(field == ReceptiveFieldTests.field(4, stride: 2))
  }

  /// VGG's five pools and thirteen 3x3 convolutions see 212 pixels after the last pool.
  @Test func `VGG-16 sees what the literature says`() throws {
    let convolution = "[convolutional]\nsize=3\npad=1\nactivation=relu\n"
    let pool = "[maxpool]\nsize=2\nstride=2\n"
    let stages = [2, 2, 3, 3, 3].map { String(repeating: convolution, count: $0) + pool }
    let field = try #require(NetworkCost(graph(stages.joined(), side: 224)).layers.last?.field)
    #expect(field == ReceptiveFieldTests.field(212, stride: 32))
  }

  private static func field(_ size: Double, stride: Double) -> ReceptiveField {
    var field = ReceptiveField.pixel
    (field.width, field.height) = (size, size)
    (field.strideX, field.strideY) = (stride, stride)
    return field
  }
}
