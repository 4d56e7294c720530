/// What a section cannot do with its input.
extension Broken {
  static let shapes = [
    Broken(
      "an image section after a flat one",
      [
        Finding(
          "6:1 error not-an-image",
          says: "[convolutional] needs an image (width x height x channels), found a vector",
          help: "move it before the section that flattens the maps")
      ],
      onNet: """
        [softmax]
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a window larger than the image",
      [
        Finding(
          "7:6 error window-too-large",
          says: "a window of 33x33 does not fit the input of 32x32x3 with 0 pixels on every",
          help: "lower 'size', raise the padding, or use a larger [net] width and height")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=33
        activation=linear
        """),
    Broken(
      "a pool larger than the image",
      [
        Finding(
          "6:6 error window-too-large",
          says: "a window of 40x40 does not fit the input of 32x32x3 with 0 pixels in all",
          help: "lower 'size', raise the padding, or use a larger [net] width and height")
      ],
      onNet: """
        [maxpool]
        size=40
        stride=1
        padding=0
        """),
    Broken(
      "a pool beside the image",
      [
        Finding(
          "8:9 error window-too-large",
          says: "with padding 5 some windows of 2x2 lie outside the image altogether",
          help: "use padding=1 or less")
      ],
      onNet: """
        [maxpool]
        size=2
        stride=1
        padding=5
        """),
    Broken(
      "groups that do not divide the input",
      [
        Finding(
          "7:8 error not-divisible",
          says: "the input's 3 channels cannot be divided by groups=2",
          help: "use a divisor of both, for example groups=1")
      ],
      onNet: """
        [convolutional]
        filters=8
        groups=2
        activation=linear
        """),
    Broken(
      "groups that do not divide the filters",
      [
        Finding(
          "11:8 error not-divisible",
          says: "filters=6 cannot be divided by groups=4",
          help: "use a divisor of both, for example groups=2")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=6
        groups=4
        activation=linear
        """),
    Broken(
      "dilation without same padding",
      [
        Finding(
          "8:10 error unsupported-key",
          says: "'dilation' is not supported: Darknet reads garbage unless pad=1 and 'size'")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=3
        dilation=2
        activation=linear
        """),
    Broken(
      "padding of a point",
      [
        Finding(
          "8:9 note differs-from-darknet",
          says: "Darknet computes garbage for size=1 with padding; here zeros surround the")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        padding=1
        activation=linear
        """),
    Broken(
      "a point with one stride",
      [
        Finding(
          "9:10 note differs-from-darknet",
          says: "Darknet's CPU code computes garbage for size=1 with stride_x=1 and another")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        stride_x=1
        stride_y=2
        activation=linear
        """),
    Broken(
      "shared weights of another shape",
      [
        Finding(
          "13:13 error shapes-differ",
          says: "the convolution of layer 0 shares its weights: expected 8 filters of 3x3x8")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=3
        pad=1
        share_index=0
        activation=linear
        """),
    Broken(
      "shared weights of a pool",
      [
        Finding(
          "10:13 error shapes-differ",
          says: "'share_index' names layer 0: expected a [convolutional], found [maxpool]")
      ],
      onNet: """
        [maxpool]
        size=2
        stride=2
        [convolutional]
        filters=8
        share_index=-1
        activation=linear
        """),
    Broken(
      "[reorg] of an odd map",
      [
        Finding(
          "6:8 error not-divisible",
          says: "the input's 3 channels cannot be divided by stride x stride=9")
      ],
      onNet: """
        [reorg]
        stride=3
        """),
    Broken(
      "a stride of 0",
      [
        Finding(
          "6:8 error out-of-range",
          says: "'stride' is 0, expected 1 to 64, or -64 to -1 to shrink",
          help: "for example stride=2")
      ],
      onNet: """
        [upsample]
        stride=0
        """),
    Broken(
      "a crop larger than the image",
      [
        Finding(
          "6:12 error shapes-differ",
          says: "the crop is larger than its input: expected at most 32x32, found 40x20",
          help: "lower crop_width and crop_height, or raise width and height of [net]")
      ],
      onNet: """
        [crop]
        crop_width=40
        crop_height=20
        """),
    Broken(
      "softmax groups that do not divide",
      [
        Finding(
          "7:8 error not-divisible",
          says: "the input of 3 cannot be divided by groups=2",
          help: "use a divisor of 3")
      ],
      onNet: """
        [avgpool]
        [softmax]
        groups=2
        """),
    Broken(
      "a tensor for no machine",
      [
        Finding(
          "5:1 error too-large",
          says: "the output of this layer would hold 4294967296000000 numbers; the limit is")
      ],
      whole: """
        [net]
        width=65536
        height=65536
        channels=3
        [convolutional]
        filters=1000000
        activation=linear
        [upsample]
        stride=64
        """),
    Broken(
      "an input for no machine",
      [
        Finding(
          "2:7 error too-large",
          says: "the input would hold 17592186044416 numbers; the limit is 68719476736")
      ],
      whole: """
        [net]
        width=65536
        height=65536
        channels=4096
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "sizes that overflow",
      [
        Finding(
          "5:1 error too-large",
          says: "the output of this layer would hold 52776558133248 numbers; the limit is")
      ],
      whole: """
        [net]
        width=65536
        height=65536
        channels=3
        [upsample]
        stride=64
        [upsample]
        stride=64
        [upsample]
        stride=64
        [upsample]
        stride=64
        [upsample]
        stride=64
        [upsample]
        stride=64
        """),
    Broken(
      "weights for no machine",
      [
        Finding(
          "3:1 error too-large",
          says: "its weights would hold 16777216000000000 numbers; the limit is 68719476736")
      ],
      whole: """
        [net]
        inputs=1000000000
        [connected]
        output=16777216
        activation=linear
        """),
    Broken(
      "padding that [local] reads as pixels",
      [
        Finding(
          "8:5 warning differs-from-darknet",
          says: "the shape of [local] assumes half the kernel as padding, but pad=1 pixels",
          help: "use size=3 with pad=1, or pad=0")
      ],
      onNet: """
        [local]
        filters=2
        size=5
        pad=1
        activation=linear
        """),
  ]
}
