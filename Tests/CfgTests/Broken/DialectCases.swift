/// `[partial]` and `[maxout]`.
extension Broken {
  static let dialect = [
    Broken(
      "[partial] without a share",
      [
        Finding(
          "9:1 error required-key",
          says: "[partial] lacks 'ratio' or 'channels'",
          help: "for example ratio=0.5")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        take=block
        """),
    Broken(
      "[partial] without take",
      [
        Finding(
          "9:1 error required-key",
          says: "[partial] lacks 'take'",
          help: "for example take=block")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=0.5
        """),
    Broken(
      "[partial] with an unknown take",
      [
        Finding(
          "11:6 error not-one-of",
          says: "'take' is 'blok', expected bypass, block",
          help: "did you mean 'block'?")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=0.5
        take=blok
        """),
    Broken(
      "[partial] with a ratio of 1",
      [
        Finding(
          "10:7 error out-of-range",
          says: "'ratio' is 1, expected above 0 and below 1",
          help: "for example ratio=0.5")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=1
        take=block
        """),
    Broken(
      "[partial] with a ratio above 1",
      [
        Finding(
          "10:7 error out-of-range",
          says: "'ratio' is 1.5, expected above 0 and below 1",
          help: "for example ratio=0.5")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=1.5
        take=block
        """),
    Broken(
      "[partial] with both shares",
      [
        Finding(
          "11:10 error conflicting-keys",
          says: "'ratio' and 'channels' state the same thing twice")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=0.5
        channels=4
        take=block
        """),
    Broken(
      "[partial] with all channels",
      [
        Finding(
          "10:10 error out-of-range",
          says: "the share round the block is 8 of 8 channels, expected 1 to 7, so that both",
          help: "use ratio=0.5, or channels=4")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        channels=8
        take=block
        """),
    Broken(
      "[partial] with a ratio that rounds to nothing",
      [
        Finding(
          "10:7 error out-of-range",
          says: "the share round the block is 0 of 8 channels, expected 1 to 7, so that both",
          help: "use ratio=0.5, or channels=4")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=0.01
        take=bypass
        """),
    Broken(
      "[partial] with an uneven ratio",
      [
        Finding(
          "10:7 note rounded-share",
          says: "ratio=0.3 of 8 channels is 2.4; the nearest, 2, is taken",
          help: "write channels=2 to say so")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        ratio=0.3
        take=bypass
        """),
    Broken(
      "[partial] of a later layer",
      [
        Finding(
          "10:6 error bad-reference",
          says: "'from' names 5, which is layer 5 and comes after this layer (this is layer",
          help: "use -1 or 0, which both mean the only layer before this one")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [partial]
        from=5
        ratio=0.5
        take=bypass
        """),
    Broken(
      "[maxout] with too many channels",
      [
        Finding(
          "10:14 error out-of-range",
          says: "maxout to 9 channels, expected at most the input's 8",
          help: "lower 'out_channels'; the surplus would have no competitors")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxout]
        out_channels=9
        """),
    Broken(
      "[maxout] with too many pieces",
      [
        Finding(
          "10:8 error out-of-range",
          says: "'pieces' is 9, but the input has 8 channels",
          help: "use 1 to 8")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxout]
        pieces=9
        """),
    Broken(
      "[maxout] with both keys",
      [
        Finding(
          "10:8 error conflicting-keys",
          says: "'out_channels' and 'pieces' state the same thing twice")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [maxout]
        pieces=2
        out_channels=4
        """),
    Broken(
      "[maxout] with an incomplete set",
      [
        Finding(
          "10:8 note rounded-share",
          says: "9 channels in sets of 2 leave an incomplete set; the output has 5 channels",
          help: "write out_channels=5 to say so")
      ],
      onNet: """
        [convolutional]
        filters=9
        size=1
        activation=linear
        [maxout]
        pieces=2
        """),
  ]
}
