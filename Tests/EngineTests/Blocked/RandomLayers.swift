import TestSupport
import Testing

/// Networks of an odd shape, a convolution that makes channels, and layers to be tested.
struct RandomLayers {
  private var generator: SeededGenerator
  private var attempts = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed &+ 77) }

  /// The next network that is one; windows that do not fit are passed over.
  mutating func next() throws -> (cfg: String, TestNetwork) {
    while true {
      let cfg = attempt()
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
