/// Names and values of keys, and activations.
extension Broken {
  static let keys = [
    Broken(
      "a misspelt key",
      [
        Finding(
          "6:1 warning unknown-key",
          says: "[convolutional] has no key 'fliters'",
          help: "did you mean 'filters'?")
      ],
      onNet: """
        [convolutional]
        fliters=8
        activation=linear
        """),
    Broken(
      "a key in capitals",
      [
        Finding(
          "6:1 warning unknown-key",
          says: "[convolutional] has no key 'Filters'",
          help: "did you mean 'filters'?")
      ],
      onNet: """
        [convolutional]
        Filters=8
        activation=linear
        """),
    Broken(
      "a key like no other",
      [
        Finding(
          "6:1 warning unknown-key",
          says: "[convolutional] has no key 'colour'")
      ],
      onNet: """
        [convolutional]
        colour=8
        activation=linear
        """),
    Broken(
      "a misspelt key of [net]",
      [
        Finding(
          "5:1 warning unknown-key",
          says: "[net] has no key 'learning_rat'",
          help: "did you mean 'learning_rate'?")
      ],
      onNet: """
        learning_rat=0.1
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a fraction for a whole number",
      [
        Finding(
          "6:9 error not-a-number",
          says: "'filters' is '.5', expected a whole number",
          help: "for example filters=1")
      ],
      onNet: """
        [convolutional]
        filters=.5
        activation=linear
        """),
    Broken(
      "an exponent for a whole number",
      [
        Finding(
          "6:9 warning not-a-number",
          says: "'filters' is '1e3'; Darknet reads 1 and ignores the rest",
          help: "write 1000")
      ],
      onNet: """
        [convolutional]
        filters=1e3
        activation=linear
        """),
    Broken(
      "a hexadecimal number",
      [
        Finding(
          "7:6 error out-of-range",
          says: "'size' is 0x3, expected 1 to 255",
          help: "for example size=1")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=0x3
        activation=linear
        """),
    Broken(
      "a word for a number",
      [
        Finding(
          "6:9 error not-a-number",
          says: "'filters' is 'eight', expected a whole number",
          help: "for example filters=1")
      ],
      onNet: """
        [convolutional]
        filters=eight
        activation=linear
        """),
    Broken(
      "a word for a switch",
      [
        Finding(
          "7:17 error not-a-number",
          says: "'batch_normalize' is 'yes', expected 0 or 1",
          help: "write batch_normalize=1")
      ],
      onNet: """
        [convolutional]
        filters=8
        batch_normalize=yes
        activation=linear
        """),
    Broken(
      "a number of thirty digits",
      [
        Finding(
          "6:9 error out-of-range",
          says: "'filters' is 111111111122222222223333333333, expected 1 to 1048576",
          help: "for example filters=1")
      ],
      onNet: """
        [convolutional]
        filters=111111111122222222223333333333
        activation=linear
        """),
    Broken(
      "a number below its range",
      [
        Finding(
          "6:9 error out-of-range",
          says: "'filters' is 0, expected 1 to 1048576",
          help: "for example filters=1")
      ],
      onNet: """
        [convolutional]
        filters=0
        activation=linear
        """),
    Broken(
      "a width below 0",
      [
        Finding(
          "2:7 error out-of-range",
          says: "'width' is -32, expected 0 to 65536",
          help: "for example width=416")
      ],
      whole: """
        [net]
        width=-32
        height=32
        channels=3
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a word for a training number",
      [
        Finding(
          "5:10 warning not-a-number",
          says: "'momentum' is 'big', expected a number",
          help: "for example momentum=0.9")
      ],
      onNet: """
        momentum=big
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a missing activation",
      [
        Finding(
          "5:1 warning missing-activation",
          says: "[convolutional] has no 'activation'; Darknet takes logistic, not linear",
          help: "write activation=linear, or activation=logistic if it is meant")
      ],
      onNet: """
        [convolutional]
        filters=8
        """),
    Broken(
      "a misspelt activation",
      [
        Finding(
          "7:12 warning unknown-activation",
          says: "no activation is called 'leeky'; Darknet runs it as relu, and so does",
          help: "did you mean 'leaky'?")
      ],
      onNet: """
        [convolutional]
        filters=8
        activation=leeky
        """),
    Broken(
      "an activation like no other",
      [
        Finding(
          "7:12 warning unknown-activation",
          says: "no activation is called 'softplus'; Darknet runs it as relu, and so does")
      ],
      onNet: """
        [convolutional]
        filters=8
        activation=softplus
        """),
    Broken(
      "an activation that Darknet computes as zeros",
      [
        Finding(
          "7:12 warning activation-unsupported-here",
          says: "Darknet computes zeros for mish in [connected]; here its formula is applied",
          help: "use another activation if the network is to run in Darknet")
      ],
      onNet: """
        [connected]
        output=8
        activation=mish
        """),
    Broken(
      "an activation that Darknet's [sam] computes as zeros",
      [
        Finding(
          "15:12 warning activation-unsupported-here",
          says: "Darknet computes zeros for swish in [sam]; here its formula is applied",
          help: "use another activation if the network is to run in Darknet")
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
        from=-2
        activation=swish
        """),
    Broken(
      "a binary network",
      [
        Finding(
          "7:6 error unsupported-key",
          says: "'xnor' is not supported: binary networks need bit kernels that no published")
      ],
      onNet: """
        [convolutional]
        filters=8
        xnor=1
        activation=linear
        """),
    Broken(
      "padding that pad overrules",
      [
        Finding(
          "9:9 note key-not-read",
          says: "'padding' has no effect here: pad=1 pads by size / 2")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=3
        pad=1
        padding=2
        activation=linear
        """),
    Broken(
      "two deformations",
      [
        Finding(
          "9:8 warning conflicting-keys",
          says: "'sway' and 'rotate' deform the kernels in training, each its own way;")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=3
        sway=1
        rotate=1
        activation=linear
        """),
    Broken(
      "a deformation of a point",
      [
        Finding(
          "8:9 warning no-effect",
          says: "'stretch' cannot deform a kernel of size=1; Darknet stops here")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        stretch=1
        activation=linear
        """),
    Broken(
      "out_channels without maxpool_depth",
      [
        Finding(
          "8:14 note key-not-read",
          says: "'out_channels' has no effect here: maxpool_depth is 0")
      ],
      onNet: """
        [maxpool]
        size=2
        stride=2
        out_channels=1
        """),
    Broken(
      "the original Darknet's alpha",
      [
        Finding(
          "15:7 warning differs-from-darknet",
          says: "'alpha' is a factor of the original Darknet's [shortcut] alone; it counts",
          help: "write alpha=1")
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
        alpha=0.5
        """),
  ]
}
