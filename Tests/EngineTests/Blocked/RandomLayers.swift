import TestSupport
import Testing

/// Networks of an odd shape, a convolution that makes channels, and layers to be tested.
struct RandomLayers {
  private var generator: SeededGenerator
  private var attempts = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed &+ 77) }

  /// The next network that is one; windows that do not fit are passed over.
  mutating func next(
    _ attempt: (inout RandomLayers) -> String = { $0.attempt() }
  ) throws -> (cfg: String, TestNetwork) {
    while true {
      let cfg = attempt(&self)
      attempts += 1
      if let network = try? TestNetwork(cfg, seed: UInt64(attempts)) { return (cfg, network) }
      try #require(attempts < 10_000, "no attempt makes a network")
    }
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    generator.pick(elements)
  }

  private mutating func attempt() -> String {
    let (width, height) = (pick(Array(1...21) + [32, 40]), pick(Array(1...21) + [32]))
    var cfg = "[net]\nwidth=\(width)\nheight=\(height)\nchannels=\(pick([1, 2, 3, 3, 5, 12]))\n"
    let channels = pick([1, 4, 7, 8, 12, 16, 20, 24, 32, 33, 40, 48])
    if pick([true, true, true, false]) {
      cfg += convolution(filters: channels, from: 1, size: 1)
      cfg += convolution(filters: pick([channels, 16, 24, 30, 40]), from: channels)
    } else {
      cfg += convolution(filters: channels, from: 1)
    }
    return cfg + tail()
  }

  /// Three convolutions, of which the third has small groups.
  mutating func expansion() -> String {
    let (width, height) = (pick(Array(2...21) + [40, 67]), pick(Array(1...21) + [32, 50]))
    var cfg = "[net]\nwidth=\(width)\nheight=\(height)\nchannels=3\n"
    let (channels, depth) = (pick([4, 7, 8, 12, 24, 40]), pick([1, 1, 1, 2, 4, 8]))
    let filters = depth * pick([2, 3, 5, 6, 8, 9, 16])
    cfg += convolution(filters: channels, from: 3, size: 1)
    cfg += convolution(filters: filters, from: channels, size: 1)
    let activations = ["linear", "leaky", "relu6", "swish"]
    cfg += "\n[convolutional]\nfilters=\(filters)\ngroups=\(filters / depth)\n"
    cfg += "size=\(pick([2, 3, 3, 5, 7]))\nactivation=\(pick(activations))\n"
    let strides = ["stride=1\n", "stride=2\n", "stride=3\n", "stride_x=2\nstride_y=1\n"]
    cfg += pick(depth == 8 ? ["stride=1\n"] : strides)
    cfg += pick(["pad=1\n", "pad=1\n", "pad=0\n", "padding=3\n"])
    return cfg + pick(["", "", "dilation=2\n"])
  }

  /// A 3x3 convolution, which may be Winograd's, and a max pool of every two by two outputs.
  mutating func pooledWinograd() -> String {
    let (width, height) = (2 * pick(Array(1...17) + [30]), 2 * pick(Array(1...17)))
    var cfg = "[net]\nwidth=\(width)\nheight=\(height)\nchannels=3\n"
    cfg += convolution(filters: pick([8, 12, 24, 33, 48]), from: 3, size: 1)
    cfg += "\n[convolutional]\nfilters=\(pick([5, 8, 16, 24, 40, 64]))\nsize=3\nstride=1\npad=1\n"
    cfg += "activation=\(pick(["linear", "leaky", "leaky", "relu"]))\n"
    return cfg + "\n[maxpool]\nsize=2\nstride=2\n"
  }

  /// A convolution of the image, and a max pool of every two by two outputs.
  mutating func pooledStem() -> String {
    var (width, height) = (2 * pick(Array(1...21) + [40, 75]), 2 * pick(Array(1...21) + [40]))
    if pick(Array(1...12)) == 1 { (width, height) = (1100, 2) }
    let (across, down) = (pick([1, 1, 2, 3]), pick([1, 1, 2, 3]))
    let (size, dilation) = (pick([1, 2, 3, 3, 3, 5, 7]), pick([1, 1, 1, 2]))
    var cfg = "[net]\nwidth=\(width * across)\nheight=\(height * down)\n"
    cfg += "channels=\(pick([1, 2, 3, 3, 3, 7]))\n"
    cfg += "\n[convolutional]\nfilters=\(pick([1, 5, 8, 16, 16, 20, 32, 48]))\nsize=\(size)\n"
    cfg += "batch_normalize=\(pick([0, 1]))\nstride_x=\(across)\nstride_y=\(down)\n"
    cfg += "padding=\(pick([size / 2, size / 2, 0, size]))\ndilation=\(dilation)\n"
    cfg += "activation=\(pick(["linear", "leaky", "leaky", "relu"]))\n"
    return cfg + "\n[maxpool]\nsize=2\nstride=2\n" + pick(["", "padding=0\n"])
  }

  private mutating func convolution(filters: Int, from channels: Int, size: Int? = nil) -> String {
    let divisors = (1...channels).filter { channels % $0 == 0 }
    let groups = size == nil ? pick([1, 1, 1, channels] + divisors) : 1
    let multiplied = groups == 1 ? filters : groups * pick([1, 1, 2, channels / groups])
    let activations = ["linear", "leaky", "relu", "mish", "swish", "logistic", "relu6", "plse"]
    var text = "\n[convolutional]\nfilters=\(multiplied)\ngroups=\(groups)\n"
    text += "size=\(size ?? pick([1, 1, 3, 3, 3, 3, 2, 5, 7]))\n"
    text += "batch_normalize=\(pick([0, 1]))\nactivation=\(pick(activations))\n"
    guard size == nil else { return text + "stride=1\n" }
    text += pick([
      "stride=1\n", "stride=1\n", "stride=2\n", "stride=3\n", "stride_x=2\nstride_y=1\n",
    ])
    text += pick(["pad=1\n", "pad=1\n", "pad=0\n", "padding=1\n", "padding=3\n"])
    return text + pick(["", "", "", "dilation=2\n", "dilation=3\n"])
  }

  private mutating func tail() -> String {
    let size = pick([1, 2, 3, 5, 9, 13])
    return pick([
      "", "", "",
      "\n[maxpool]\nsize=\(size)\nstride=\(pick([1, 2, 3]))\n",
      "\n[maxpool]\nsize=2\nstride=2\n",
      "\n[maxpool]\nsize=2\nstride=2\npadding=0\n",
      "\n[upsample]\nstride=\(pick([2, 3]))\nscale=1.5\n",
      "\n[avgpool]\n\n[scale_channels]\nfrom=-2\n",
      "\n[avgpool]\n",
      "\n[maxout]\npieces=2\n",
      "\n[avgpool]\n\n[shortcut]\nfrom=-2\nactivation=swish\n",
      "\n[shortcut]\nfrom=-2,-1\nweights_type=per_channel\nweights_normalization=softmax\n"
        + "activation=leaky\n",
      "\n[shortcut]\nfrom=-2\nweights_type=per_feature\nweights_normalization=relu\n"
        + "activation=linear\n",
      "\n[maxpool]\nsize=2\nstride=\(pick([2, 3]))\n\n[convolutional]\nfilters=\(pick([3, 8, 20]))\n"
        + "size=1\nstride=1\nactivation=linear\n\n[shortcut]\nfrom=-3\nactivation=relu\n"
        + "\n[shortcut]\nfrom=-4\nactivation=linear\n",
      "\n[shortcut]\nfrom=-2\nactivation=\(pick(["linear", "leaky", "mish"]))\n",
      "\n[shortcut]\nfrom=-2\nweights_type=\(pick(["per_feature", "per_channel"]))\n"
        + "weights_normalization=\(pick(["relu", "softmax"]))\nactivation=leaky\n",
      "\n[sam]\nfrom=-2\nactivation=logistic\n",
      "\n[reorg]\nstride=2\n",
      "\n[batchnorm]\n",
      "\n[convolutional]\nfilters=21\nactivation=linear\n\n"
        + pick([
          "[yolo]\nclasses=2\nnum=3\nanchors=1,2,3,4,5,6\nscale_x_y=1.1\n",
          "[region]\nclasses=2\nnum=3\ncoords=4\nanchors=1,2,3,4,5,6\n",
        ]),
      "\n[route]\nlayers=-1,-2\n\n[activation]\nactivation=swish\n",
      "\n[route]\nlayers=-1\ngroups=2\ngroup_id=1\n\n[maxpool]\nsize=3\nstride=1\n",
    ])
  }
}
