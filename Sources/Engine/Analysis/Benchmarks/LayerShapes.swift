/// A layer, or a few that belong together, as published networks have them.
struct LayerShape: Sendable {
  /// Kind and shape: `conv-3x3/26x26x256-256`, or `/2` behind it for a stride.
  let name: String
  let input: Shape
  /// Whether the input is an image, and not what an earlier convolution made.
  let isFirst: Bool
  let sections: String

  private init(
    _ kind: String, _ size: Int, _ channels: Int, _ sections: String, to text: String = ""
  ) {
    name = "\(kind)/\(size)x\(size)x\(channels)\(text)"
    input = Shape(channels, size, size)
    isFirst = channels == 3
    self.sections = sections
  }

  private static func convolution(
    _ window: Int, _ size: Int, _ channels: Int, _ filters: Int, stride: Int = 1, groups: Int = 1,
    _ activation: String = "leaky"
  ) -> LayerShape {
    let kind = groups == 1 ? "conv" : groups == channels ? "depthwise" : "grouped"
    return LayerShape(
      "\(kind)-\(window)x\(window)", size, channels,
      convolutional(window, filters, stride: stride, groups: groups, activation),
      to: "-\(filters)" + (stride > 1 ? "/\(stride)" : "")
        + (activation == "leaky" ? "" : "-\(activation)"))
  }

  private static func convolutional(
    _ window: Int, _ filters: Int, stride: Int = 1, groups: Int = 1, _ activation: String = "leaky"
  ) -> String {
    """
    [convolutional]
    batch_normalize=1
    filters=\(filters)
    size=\(window)
    stride=\(stride)
    pad=1
    groups=\(groups)
    activation=\(activation)

    """
  }

  // MARK: All

  static let all = convolutions + groupedConvolutions + others

  private static let convolutions = [
    // First layers: Yolo-Fastest, YOLOv3-tiny, Darknet-53, YOLOv4-tiny, CSPResNeXt-50.
    convolution(3, 320, 3, 8, stride: 2),
    convolution(3, 416, 3, 16),
    convolution(3, 416, 3, 32),
    convolution(3, 416, 3, 32, stride: 2),
    convolution(7, 256, 3, 64, stride: 2),
    // YOLOv4-tiny and YOLOv3-tiny.
    convolution(3, 208, 32, 64, stride: 2),
    convolution(3, 104, 64, 64),
    convolution(3, 52, 128, 128),
    convolution(3, 26, 256, 256),
    convolution(3, 13, 512, 512),
    convolution(3, 13, 512, 1024),
    // Darknet-53 at 256.
    convolution(3, 64, 64, 128, stride: 2),
    convolution(3, 32, 128, 256),
    convolution(3, 16, 256, 512),
    convolution(3, 8, 512, 1024),
    convolution(3, 16, 512, 512, "mish"),
    // Pointwise: CSPDarknet-53, CSPResNeXt-50, detectors.
    convolution(1, 104, 64, 64, "mish"),
    convolution(1, 64, 128, 128),
    convolution(1, 32, 256, 256),
    convolution(1, 16, 512, 512),
    convolution(1, 16, 2048, 512),
    convolution(1, 8, 1024, 1024),
    convolution(1, 13, 512, 255, "linear"),
    // Pointwise with few channels: Yolo-Fastest, EfficientNet.
    convolution(1, 160, 8, 8),
    convolution(1, 40, 16, 96),
    convolution(1, 20, 136, 24, "linear"),
    convolution(1, 52, 192, 32, "linear"),
  ]

  private static let groupedConvolutions = [
    // CSPResNeXt-50: 4 to 32 channels a group.
    convolution(3, 64, 128, 128, groups: 32),
    convolution(3, 32, 256, 256, groups: 32),
    convolution(3, 64, 256, 256, stride: 2, groups: 32),
    convolution(3, 16, 512, 512, groups: 32),
    convolution(3, 8, 1024, 1024, groups: 32),
    // Yolo-Fastest, CSPMobileNet-v2 (two filters a channel), EfficientNet.
    convolution(3, 160, 8, 8, groups: 8),
    convolution(3, 40, 96, 96, groups: 96),
    convolution(3, 160, 24, 24, stride: 2, groups: 24),
    convolution(5, 20, 120, 120, groups: 120),
    convolution(3, 28, 192, 384, groups: 192),
    convolution(5, 26, 576, 576, groups: 576, "swish"),
    convolution(3, 52, 384, 384, groups: 384, "swish"),
  ]

  private static let others = [
    LayerShape(
      "conv-3x3-maxpool", 416, 3, convolutional(3, 16) + "[maxpool]\nsize=2\nstride=2\n", to: "-16"),
    LayerShape(
      "conv-3x3-maxpool", 104, 64, convolutional(3, 128) + "[maxpool]\nsize=2\nstride=2\n",
      to: "-128"),
    LayerShape("maxpool-2x2", 104, 64, "[maxpool]\nsize=2\nstride=2\n", to: "/2"),
    LayerShape("maxpool-2x2", 13, 512, "[maxpool]\nsize=2\nstride=1\n"),
    LayerShape(
      "spp-5-9-13", 16, 512,
      """
      [maxpool]
      size=5
      stride=1
      [route]
      layers=-2
      [maxpool]
      size=9
      stride=1
      [route]
      layers=-4
      [maxpool]
      size=13
      stride=1
      [route]
      layers=-1,-3,-5,-6

      """),
    LayerShape("upsample", 13, 256, "[upsample]\nstride=2\n"),
    LayerShape("avgpool", 8, 2048, "[avgpool]\n"),
    LayerShape(
      "residual", 52, 128,
      convolutional(1, 64) + convolutional(3, 128) + "[shortcut]\nfrom=-3\nactivation=linear\n"),
    LayerShape(
      "csp-half", 52, 128,
      convolutional(3, 128) + "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n" + convolutional(3, 64)
        + convolutional(3, 64) + "[route]\nlayers=-1,-2\n" + convolutional(1, 128)
        + "[route]\nlayers=-6,-1\n"),
    LayerShape(
      "squeeze-excite", 26, 384,
      "[avgpool]\n" + convolutional(1, 16, "swish") + convolutional(1, 384, "logistic")
        + "[scale_channels]\nfrom=-4\nactivation=linear\n"),
  ]
}
