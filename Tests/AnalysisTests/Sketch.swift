import PenumbraCfg
import PenumbraEngine

/// Writes a cfg layer by layer; each function returns the index of the layer it appends, and puts a
/// `[route]` before it where it reads another layer than the last.
struct Sketch {
  private var text: String
  private var channels: [Int] = []
  private let inputChannels: Int

  init(side: Int = 64, channels: Int = 3) {
    inputChannels = channels
    text = "[net]\nwidth=\(side)\nheight=\(side)\nchannels=\(channels)\n"
  }

  func graph() throws -> Graph { try Graph(CfgFile(text: text, name: "sketch.cfg")) }

  private func depth(_ layer: Int) -> Int { layer < 0 ? inputChannels : channels[layer] }

  @discardableResult
  mutating func append(_ section: String, channels count: Int) -> Int {
    text += section + "\n"
    channels.append(count)
    return channels.count - 1
  }

  private mutating func turn(to layer: Int) {
    guard layer != channels.count - 1 else { return }
    append("[route]\nlayers=\(layer)", channels: depth(layer))
  }

  /// A convolution, normalised.
  @discardableResult
  mutating func conv(
    _ layer: Int, _ filters: Int, size: Int = 1, stride: Int = 1, groups: Int = 1,
    activation: String = "leaky"
  ) -> Int {
    turn(to: layer)
    return append(
      "[convolutional]\nbatch_normalize=1\nfilters=\(filters)\nsize=\(size)\nstride=\(stride)\n"
        + "pad=1\ngroups=\(groups)\nactivation=\(activation)", channels: filters)
  }

  mutating func pool(_ layer: Int, size: Int = 2, stride: Int = 2) -> Int {
    turn(to: layer)
    return append("[maxpool]\nsize=\(size)\nstride=\(stride)", channels: depth(layer))
  }

  mutating func maxout(_ layer: Int, _ channels: Int) -> Int {
    turn(to: layer)
    return append("[maxout]\nout_channels=\(channels)", channels: channels)
  }

  mutating func up(_ layer: Int) -> Int {
    turn(to: layer)
    return append("[upsample]\nstride=2", channels: depth(layer))
  }

  mutating func spread(_ layer: Int, _ times: Int) -> Int {
    turn(to: layer)
    return append("[upsample]\nstride=\(times)", channels: depth(layer))
  }

  mutating func mean(_ layer: Int) -> Int {
    turn(to: layer)
    return append("[avgpool]", channels: depth(layer))
  }

  mutating func join(_ layers: Int...) -> Int {
    append(
      "[route]\nlayers=" + layers.map(String.init).joined(separator: ","),
      channels: layers.reduce(0) { $0 + depth($1) })
  }

  mutating func add(_ layer: Int, _ other: Int) -> Int {
    turn(to: layer)
    return append("[shortcut]\nfrom=\(other)\nactivation=linear", channels: depth(layer))
  }

  /// Part `part` of `groups`.
  mutating func slice(_ layer: Int, _ part: Int, of groups: Int) -> Int {
    append(
      "[route]\nlayers=\(layer)\ngroups=\(groups)\ngroup_id=\(part)",
      channels: depth(layer) / groups)
  }

  mutating func partial(_ layer: Int, bypass: Int, _ take: String) -> Int {
    append(
      "[partial]\nfrom=\(layer)\nchannels=\(bypass)\ntake=\(take)",
      channels: take == "bypass" ? bypass : depth(layer) - bypass)
  }

  mutating func attention(_ layer: Int) -> Int {
    _ = conv(layer, depth(layer), activation: "logistic")
    return append("[sam]\nfrom=\(layer)", channels: depth(layer))
  }

  mutating func squeeze(_ layer: Int, to narrow: Int) -> Int {
    turn(to: layer)
    append("[avgpool]", channels: depth(layer))
    _ = conv(channels.count - 1, narrow)
    _ = conv(channels.count - 1, depth(layer), activation: "logistic")
    return append("[scale_channels]\nfrom=\(layer)", channels: depth(layer))
  }

  /// One anchor, one class.
  @discardableResult
  mutating func head(_ layer: Int) -> Int {
    turn(to: layer)
    append(
      "[convolutional]\nfilters=6\nsize=1\nstride=1\npad=1\nactivation=linear", channels: 6)
    return append("[yolo]\nmask=0\nanchors=4,4\nclasses=1\nnum=1", channels: 6)
  }

  mutating func classifier(_ layer: Int) {
    turn(to: layer)
    append("[avgpool]", channels: depth(layer))
    append("[convolutional]\nfilters=10\nsize=1\nactivation=linear", channels: 10)
    append("[softmax]", channels: 10)
  }

  // MARK: Blocks

  /// PeleeNet's dense layer: two 3x3 on one branch, one on the other.
  mutating func twoWay(_ layer: Int, _ growth: Int = 4) -> Int {
    let p = conv(conv(conv(layer, 4), growth, size: 3), growth, size: 3)
    let q = conv(conv(layer, 4), growth, size: 3)
    return join(q, p, layer)
  }

  mutating func dense(_ layer: Int, _ growth: Int = 4) -> Int {
    join(conv(conv(layer, 8), growth, size: 3), layer)
  }

  /// 1x1, 3x3 and 1x1, with a sum.
  mutating func residual(_ layer: Int, middle: Int, groups: Int = 1) -> Int {
    let narrow = conv(conv(layer, middle), middle, size: 3, groups: groups)
    return add(conv(narrow, depth(layer), activation: "linear"), layer)
  }

  /// A backbone of strided convolutions with a residual block at each resolution: strides 2, 4, ...
  mutating func backbone(_ widths: Int...) -> [Int] {
    var layer = -1
    return widths.map { width in
      layer = residual(conv(layer, width, size: 3, stride: 2), middle: width / 2)
      return layer
    }
  }
}
