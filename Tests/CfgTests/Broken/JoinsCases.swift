/// References to other layers.
extension Broken {
  static let joins = [
    Broken(
      "[route] without layers",
      [
        Finding(
          "9:1 error required-key",
          says: "[route] lacks 'layers'",
          help: "for example layers=-1,-3")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        groups=2
        """),
    Broken(
      "[route] to a later layer",
      [
        Finding(
          "10:12 error bad-reference",
          says: "'layers' names 3, which is layer 3 and comes after this layer (this is",
          help: "use -1 or 0, which both mean the only layer before this one")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=-1, 3
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "[route] to itself",
      [
        Finding(
          "10:8 error bad-reference",
          says: "'layers' names 1, which is layer 1 and is this layer itself (this is layer",
          help: "use -1 or 0, which both mean the only layer before this one")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=1
        """),
    Broken(
      "[route] to before the first layer",
      [
        Finding(
          "10:11 error bad-reference",
          says: "'layers' names -9, which is layer -8 and does not exist (this is layer 1)",
          help: "use -1 or 0, which both mean the only layer before this one")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=-1,-9
        """),
    Broken(
      "[route] of different sizes",
      [
        Finding(
          "13:11 error shapes-differ",
          says: "layer 0 cannot be joined to layer 1: expected a map of 16x16, found 32x32x8")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxpool]
        size=2
        stride=2
        [route]
        layers=-1,-2
        """),
    Broken(
      "[route] of different sizes at an odd input",
      [
        Finding(
          "14:11 error shapes-differ",
          says: "layer 0 cannot be joined to layer 2: expected a map of 16x16, found 15x15x3")
      ],
      whole: """
        [net]
        width=30
        height=30
        channels=3
        [maxpool]
        size=2
        stride=2
        [maxpool]
        size=2
        stride=2
        [upsample]
        stride=2
        [route]
        layers=-1,0
        """),
    Broken(
      "groups that do not divide a route",
      [
        Finding(
          "11:8 error not-divisible",
          says: "the 9 channels of layer 0 cannot be divided by groups=2",
          help: "use a divisor of 9")
      ],
      onNet: """
        [convolutional]
        filters=9
        size=1
        activation=linear
        [route]
        layers=-1
        groups=2
        group_id=1
        """),
    Broken(
      "a group too many",
      [
        Finding(
          "12:10 error out-of-range",
          says: "'group_id' is 2, but there are 2 groups",
          help: "use 0 to 1")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=-1
        groups=2
        group_id=2
        """),
    Broken(
      "[shortcut] without from",
      [
        Finding(
          "9:1 error required-key",
          says: "[shortcut] lacks 'from'",
          help: "for example from=-3")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [shortcut]
        activation=linear
        """),
    Broken(
      "[shortcut] of sizes that do not divide",
      [
        Finding(
          "15:6 error shapes-differ",
          says: "layer 0 cannot be added to the layer before: expected 30x15x8, or a map a",
          help: "use a stride of 1 in between, or 'from' of a layer of the same size")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxpool]
        size=3
        stride=2
        padding=0
        stride_x=1
        [shortcut]
        from=0
        """),
    Broken(
      "[shortcut] between sizes",
      [
        Finding(
          "13:6 note differs-from-darknet",
          says: "layer 0 is 32x32x8, the layer before is 16x16x8: pixels are sampled as in")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxpool]
        size=2
        stride=2
        [shortcut]
        from=0
        """),
    Broken(
      "[shortcut] of other channels",
      [
        Finding(
          "14:6 note surplus-ignored",
          says: "layer 0 has 8 channels, the layer before has 16: the first 8 are added")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=16
        size=1
        activation=linear
        [shortcut]
        from=-2
        """),
    Broken(
      "[shortcut] with weights and no normalization",
      [
        Finding(
          "15:14 error required-key",
          says: "[shortcut] with 'weights_type' needs 'weights_normalization', found",
          help: "for example weights_normalization=softmax")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [shortcut]
        from=-2
        weights_type=per_channel
        """),
    Broken(
      "[shortcut] with an unknown weights_type",
      [
        Finding(
          "15:14 error not-one-of",
          says: "'weights_type' is 'per_chanel', expected none, per_feature, per_layer,",
          help: "did you mean 'per_channel'?")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [shortcut]
        from=-2
        weights_type=per_chanel
        """),
    Broken(
      "[scale_channels] of other channels",
      [
        Finding(
          "15:6 error shapes-differ",
          says: "the layer before must hold one scale a channel of layer 0: expected 1x1x8,")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [avgpool]
        [convolutional]
        filters=4
        size=1
        activation=linear
        [scale_channels]
        from=0
        """),
    Broken(
      "[scale_channels] of a map that is no vector",
      [
        Finding(
          "14:6 error shapes-differ",
          says: "the layer before must hold one scale a channel of layer 0: expected 1x1x8,")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [scale_channels]
        from=0
        """),
    Broken(
      "[sam] of other channels",
      [
        Finding(
          "14:6 error shapes-differ",
          says: "[sam] multiplies the layer before by layer 0: expected 32x32x4, found")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=4
        size=1
        activation=linear
        [sam]
        from=-2
        """),
    Broken(
      "two sources where one is read",
      [
        Finding(
          "14:9 warning surplus-ignored",
          says: "only the first layer of 'from' is read")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [sam]
        from=-2,-1
        """),
  ]
}
