import PenumbraImaging

/// The pictures of a data set as a source of examples takes them, by the numbers of its examples.
struct ExamplePictures<Item: DataSetItem>: Sendable {
  let items: [Item]
  let store: PictureStore
  /// What happens where a picture cannot be read: the next one takes its place, or an error.
  private let policy: FaultPolicy
  private let order: ExampleOrder?

  /// - Parameter shuffleSeed: the seed of an order drawn anew in every epoch; nil keeps that of the
  ///   data set.
  /// - Precondition: the data set has items.
  init(
    _ data: DataSet<Item>, shuffleSeed: UInt64?, channels: Int, orientation: OrientationMode,
    policy: FaultPolicy, memoryBytes: Int
  ) {
    precondition(!data.items.isEmpty, "a data set without items")
    items = data.items
    store = PictureStore(
      paths: data.items.map(\.image), channels: channels, orientation: orientation,
      limits: data.limits, memoryBytes: memoryBytes)
    self.policy = policy
    order = shuffleSeed.map { ExampleOrder(count: data.items.count, seed: $0) }
  }

  /// Examples of one epoch.
  var count: Int { items.count }

  /// The place of an example's picture, by the example's number from 0.
  func index(_ number: Int) -> Int { order?.index(number) ?? number % count }

  /// The item at a place with its picture, or the next one that can be read.
  func usable(from index: Int) throws(DataError) -> (item: Item, picture: Picture) {
    let (found, picture) = try store.usable(from: index, policy: policy)
    return (items[found], picture)
  }
}
