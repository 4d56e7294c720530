import Penumbra

/// Valid cfgs to start from, and the words of the language.
struct CfgSeeds: Sendable {
  static let standard = CfgSeeds()

  let texts: [String]
  /// Names of every section and key, to put in odd places.
  let sections: [String]
  let keys: [String]

  var bytes: [[UInt8]] { texts.map { Array($0.utf8) } }

  var dictionary: [String] {
    let values = [
      "leaky", "mish", "swish", "relu6", "normalize_channels", "greedynms", "diounms", "block",
      "bypass", "steps", "softmax", "per_channel", "4294967296", "-1", "1e30", "nan",
    ]
    return sections.map { "[\($0)]\n" } + keys.map { "\n\($0)=" } + values
  }

  private init() {
    texts = [Self.csp, Self.heads]
    let layers = LayerRegistry.builtin.layers
    sections = LayerRegistry.builtin.names + ["net", "network", "rnn", "nothing", ""]
    let specs = layers.map { $0.spec } + [NetSection.spec]
    keys = Set(specs.flatMap { spec in spec.keys.map { $0.name } }).sorted()
  }

  private static let csp = """
    [net]
    width=24
    height=16
    channels=3
    [convolutional]
    filters=8
    size=3
    pad=1
    batch_normalize=1
    activation=mish
    [partial]
    ratio=0.5
    take=block
    [convolutional]
    filters=8
    groups=2
    activation=leaky
    [partial]
    from=0
    channels=4
    take=bypass
    [route]
    layers=-1,-2
    [maxout]
    pieces=3
    [shortcut]
    from=1
    weights_type=per_channel
    weights_normalization=softmax
    [upsample]
    stride=2
    [reorg3d]
    stride=2
    [local_avgpool]
    size=3
    stride=2
    [implicit]
    filters=16
    [scale_channels]
    from=-2
    [crop]
    crop_width=5
    crop_height=3
    [local]
    filters=2
    size=2
    activation=relu
    [normalization]
    [connected]
    output=12
    activation=tanh
    [softmax]
    groups=3
    [cost]
    """

  private static let heads = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    filters=21
    size=3
    stride=8
    activation=linear
    antialiasing=1
    [yolo]
    classes=2
    num=6
    mask=0,1,2
    anchors=1,2,3,4,5,6,7,8,9,10,11,12
    scale_x_y=1.1
    [route]
    layers=-2
    [convolutional]
    filters=22
    activation=linear
    [Gaussian_yolo]
    classes=2
    num=2
    anchors=1,2,3,4
    [convolutional]
    filters=14
    activation=linear
    [region]
    classes=2
    num=2
    anchors=1,2,3,4
    softmax=1
    [connected]
    output=48
    activation=logistic
    [detection]
    side=2
    num=2
    classes=2
    coords=4
    """
}
