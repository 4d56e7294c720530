/// A layer with more to show in a layer table than its shapes.
public protocol DescribedLayer: Layer {
  var details: LayerDetails { get }
}

/// The columns of a layer table that only some layers fill.
public struct LayerDetails: Hashable, Sendable {
  public var filters: Int?
  public var groups: Int?
  /// Side of the window.
  public var size: Int?
  public var strideX: Int?
  public var strideY: Int?
  public var dilation: Int?
  /// Side of the blur that follows and takes over the strides.
  public var blur: Int?
  /// Whether the cfg names the layers read, so that they are shown even where it is the one before.
  public var namesInputs: Bool
  /// What no column says, such as which channels are taken.
  public var note: String?

  public init(
    filters: Int? = nil, groups: Int? = nil, size: Int? = nil, strideX: Int? = nil,
    strideY: Int? = nil, dilation: Int? = nil, blur: Int? = nil, namesInputs: Bool = false,
    note: String? = nil
  ) {
    self.filters = filters
    self.groups = groups
    self.size = size
    self.strideX = strideX
    self.strideY = strideY
    self.dilation = dilation
    self.blur = blur
    self.namesInputs = namesInputs
    self.note = note
  }
}
