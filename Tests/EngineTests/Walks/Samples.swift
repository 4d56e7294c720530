import Penumbra
import TestSupport
import Testing

/// A small network that ends in one kind of layer, for a random input.
struct Sample: Sendable, CustomTestStringConvertible {
  /// The section the sample is about.
  let section: String
  let name: String
  private let sections: @Sendable (Shape) -> String
  /// Factors that channels, height and width must have.
  private let multiples: (Int, Int, Int)

  var testDescription: String { "[\(section)] \(name)" }

  init(
    _ section: String, _ name: String = "", multiples: (Int, Int, Int) = (1, 1, 1),
    _ sections: @escaping @Sendable (Shape) -> String
  ) {
    self.section = section
    self.name = name
    self.sections = sections
    self.multiples = multiples
  }

  func network(seed: UInt64) throws -> TestNetwork {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape(
      multiples.0 * generator.int(1...5), multiples.1 * generator.int(1...9),
      multiples.2 * generator.int(1...11))
    return try TestNetwork(cfg(shape, "[dropout]\n" + sections(shape)), seed: seed)
  }
}

extension Sample {
  private static let heads: Set = ["yolo", "Gaussian_yolo", "region", "detection"]

  /// The same behind a convolution whose gradients tell of the sample's input, and with a loss; of
  /// one block of channels or several, full or not.
  func trainableNetwork(seed: UInt64) throws -> TestNetwork {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape(
      multiples.0 * generator.pick([1, 2, 3, 8, 13, 16, 24]), multiples.1 * generator.int(1...5),
      multiples.2 * generator.int(1...6))
    let first = "[convolutional]\nfilters=\(shape.channels)\nsize=1\nactivation=linear\n"
    let last = Self.heads.contains(section) ? "" : "\n[cost]\n"
    return try TestNetwork(cfg(shape, first + sections(shape) + last), seed: seed)
  }
}

extension Sample {
  /// At least one for every section that a graph can be built from.
  static let all: [Sample] = convolutions + pools + detectors + others

  private static func convolution(
    _ name: String, _ keys: String, multiples: (Int, Int, Int) = (1, 1, 1)
  ) -> Sample {
    Sample("convolutional", name, multiples: multiples) { shape in
      """
      [convolutional]
      filters=\(keys.contains("groups=all") ? 2 * shape.channels : 6)
      \(keys.replacing("groups=all", with: "groups=\(shape.channels)"))
      """
    }
  }

  private static let convolutions = [
    convolution("1x1", "size=1\nactivation=leaky"),
    convolution("1x1 stride 2", "size=1\nstride=2\nactivation=swish"),
    convolution("3x3", "size=3\npad=1\nbatch_normalize=1\nactivation=mish"),
    convolution("3x3 stride 2", "size=3\npad=1\nstride=2\nactivation=relu"),
    convolution("5x5 strides", "size=5\npad=1\nstride_x=2\nstride_y=3\nactivation=linear"),
    convolution("even", "size=2\npadding=1\nactivation=elu"),
    convolution("dilated", "size=3\npad=1\ndilation=2\nactivation=leaky"),
    convolution("groups", "size=3\npad=1\ngroups=3\nactivation=leaky", multiples: (3, 1, 1)),
    convolution("depthwise", "size=3\npad=1\ngroups=all\nactivation=relu6"),
    convolution("depthwise 5x5", "size=5\nstride=2\npad=1\ngroups=all\nactivation=swish"),
    convolution("blur 1", "size=3\npad=1\nstride=2\nactivation=leaky\nantialiasing=1"),
    convolution("blur 2", "size=4\npad=1\nstride=2\nactivation=leaky\nantialiasing=2"),
    convolution("normaliser", "size=1\nactivation=normalize_channels_softmax_maxval"),
  ]

  private static func pixelwise(_ filters: Int) -> String {
    "[convolutional]\nfilters=\(filters)\nsize=1\nactivation=leaky\n"
  }

  private static let pools = [
    Sample("maxpool") { _ in "[maxpool]\nsize=2\nstride=2" },
    Sample("maxpool", "5x5") { _ in "[maxpool]\nsize=5\nstride=1" },
    Sample("maxpool", "strides") { _ in "[maxpool]\nsize=3\nstride_x=2\nstride_y=3" },
    Sample("maxpool", "depth", multiples: (3, 1, 1)) { shape in
      "[maxpool]\nmaxpool_depth=1\nout_channels=\(shape.channels / 3 * 2)"
    },
    Sample("maxpool", "blur") { _ in "[maxpool]\nsize=2\nstride=2\nantialiasing=1" },
    Sample("local_avgpool") { _ in "[local_avgpool]\nsize=3\nstride=2" },
    Sample("avgpool") { _ in "[avgpool]" },
    Sample("maxout", multiples: (2, 1, 1)) { _ in "[maxout]\npieces=2" },
    Sample("maxout", "blocks") { _ in pixelwise(32) + "[maxout]\npieces=2" },
  ]

  private static let detectors = [
    Sample("yolo") { _ in
      """
      [convolutional]
      filters=16
      activation=linear
      [yolo]
      classes=3
      num=3
      mask=0,2
      anchors=3,4,5,6,7,8
      scale_x_y=1.2
      """
    },
    Sample("yolo", "new_coords") { _ in
      """
      [convolutional]
      filters=6
      activation=logistic
      [yolo]
      classes=1
      anchors=3,4
      new_coords=1
      scale_x_y=2
      """
    },
    Sample("Gaussian_yolo") { _ in
      """
      [convolutional]
      filters=22
      activation=linear
      [Gaussian_yolo]
      classes=2
      num=2
      anchors=3,4,5,6
      """
    },
    Sample("region") { _ in
      """
      [convolutional]
      filters=16
      activation=linear
      [region]
      classes=3
      num=2
      softmax=1
      anchors=1,2,3,4
      """
    },
    Sample("detection") { _ in
      """
      [connected]
      output=52
      activation=linear
      [detection]
      side=2
      num=2
      classes=3
      coords=4
      softmax=1
      """
    },
  ]

  private static let others = [
    Sample("route") { _ in "[convolutional]\nfilters=4\nactivation=leaky\n[route]\nlayers=-1,0" },
    Sample("route", "groups", multiples: (2, 1, 1)) { _ in
      "[route]\nlayers=0,0\ngroups=2\ngroup_id=1"
    },
    // The last convolutions stand in two joins, of which the second copies.
    Sample("route", "blocks") { _ in
      pixelwise(16) + pixelwise(8) + pixelwise(12) + "[route]\nlayers=-3,-2,-1\n"
        + "[route]\nlayers=-4,-1"
    },
    Sample("route", "groups of blocks") { _ in
      pixelwise(16) + pixelwise(32) + "[route]\nlayers=-2,-1\ngroups=2\ngroup_id=1"
    },
    Sample("partial", multiples: (2, 1, 1)) { _ in "[partial]\nratio=0.5\ntake=block" },
    Sample("shortcut") { _ in
      "[convolutional]\nfilters=3\nactivation=leaky\n[shortcut]\nfrom=0\nactivation=mish"
    },
    Sample("shortcut", "of a part and all of it") { _ in
      pixelwise(16) + "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n"
        + "[shortcut]\nfrom=-2\nactivation=linear"
    },
    Sample("shortcut", "of a join and a part of it") { _ in
      pixelwise(8) + pixelwise(8) + "[route]\nlayers=-1,-2\n"
        + "[shortcut]\nfrom=-2\nactivation=linear"
    },
    Sample("shortcut", "strided", multiples: (1, 2, 2)) { _ in
      "[maxpool]\nsize=2\nstride=2\n[shortcut]\nfrom=0"
    },
    Sample("shortcut", "weighted") { _ in
      """
      [convolutional]
      filters=4
      activation=leaky
      [shortcut]
      from=0,-1
      weights_type=per_channel
      weights_normalization=softmax
      activation=leaky
      """
    },
    Sample("upsample") { _ in "[upsample]\nstride=3\nscale=0.5" },
    Sample("upsample", "negative", multiples: (1, 2, 2)) { _ in "[upsample]\nstride=-2" },
    Sample("scale_channels") { _ in
      "[avgpool]\n[scale_channels]\nfrom=0\nactivation=leaky"
    },
    Sample("scale_channels", "pixels") { _ in
      "[maxout]\nout_channels=1\n[scale_channels]\nfrom=0\nscale_wh=1"
    },
    Sample("sam") { shape in
      """
      [convolutional]
      filters=\(shape.channels)
      activation=logistic
      [sam]
      from=0
      activation=leaky
      """
    },
    Sample("dropout") { _ in "[dropout]\nprobability=0.3" },
    Sample("empty") { _ in "[empty]" },
    Sample("reorg", multiples: (4, 2, 2)) { _ in "[reorg]\nstride=2" },
    Sample("reorg", "reverse", multiples: (4, 1, 1)) { _ in "[reorg]\nstride=2\nreverse=1" },
    Sample("reorg3d", multiples: (1, 3, 3)) { _ in "[reorg3d]\nstride=3" },
    Sample("reorg3d", "reverse", multiples: (9, 1, 1)) { _ in "[reorg3d]\nstride=3\nreverse=1" },
    Sample("connected") { _ in "[connected]\noutput=131\nbatch_normalize=1\nactivation=tanh" },
    Sample("softmax", multiples: (2, 1, 1)) { _ in "[softmax]\ngroups=2\ntemperature=1.5" },
    Sample("cost") { _ in "[softmax]\n[cost]" },
    Sample("contrastive") { _ in "[softmax]\n[contrastive]\nclasses=2" },
    Sample("crop", multiples: (1, 3, 3)) { _ in "[crop]\ncrop_height=2\ncrop_width=3" },
    Sample("local", multiples: (1, 2, 2)) { _ in
      "[local]\nfilters=3\nsize=2\nactivation=leaky"
    },
    Sample("batchnorm") { _ in "[batchnorm]" },
    Sample("activation") { _ in "[activation]\nactivation=gelu" },
    Sample("activation", "normaliser") { _ in "[activation]\nactivation=normalize_channels" },
    Sample("normalization") { _ in "[normalization]" },
    Sample("implicit") { shape in
      "[implicit]\nfilters=\(shape.channels)\n[scale_channels]\nfrom=0"
    },
  ]
}
