/// More than one mistake: all are found, and none causes another.
extension Broken {
  static let several = [
    Broken(
      "every mistake of a file, in line order",
      [
        Finding(
          "4:1 warning unknown-key",
          says: "[net] has no key 'witdh'",
          help: "did you mean 'width'?"),
        Finding(
          "7:9 warning not-a-number",
          says: "'filters' is '12x'; Darknet reads 12 and ignores the rest",
          help: "write a whole number, and nothing after it"),
        Finding(
          "9:12 warning unknown-activation",
          says: "no activation is called 'lekay'; Darknet runs it as relu, and so does",
          help: "did you mean 'leaky'?"),
        Finding(
          "11:11 error bad-reference",
          says: "'layers' names -7, which is layer -6 and does not exist (this is layer 1)",
          help: "use -1 or 0, which both mean the only layer before this one"),
        Finding(
          "12:1 error unknown-section",
          says: "no section is called [foo]"),
        Finding(
          "18:6 error bad-reference",
          says: "'from' names 20, which is layer 20 and comes after this layer (this is",
          help: "use -4 to -1 (counting back) or 0 to 3 (counting from the first layer)"),
      ],
      whole: """
        [net]
        width=32
        height=32
        witdh=3
        channels=3
        [convolutional]
        filters=12x
        size=3
        activation=lekay
        [route]
        layers=-1,-7
        [foo]
        [convolutional]
        filters=8
        size=1
        activation=linear
        [shortcut]
        from=20
        """),
    Broken(
      "a wrong number is not followed by wrong shapes",
      [
        Finding(
          "6:9 error not-a-number",
          says: "'filters' is 'abc', expected a whole number",
          help: "for example filters=1")
      ],
      onNet: """
        [convolutional]
        filters=abc
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        [reorg]
        stride=5
        """),
    Broken(
      "a wrong route is not followed by wrong joins",
      [
        Finding(
          "13:11 error shapes-differ",
          says: "layer 1 cannot be joined to layer 0: expected a map of 32x32, found 16x16x8")
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
        layers=-2,-1
        [shortcut]
        from=0
        [scale_channels]
        from=2
        """),
    Broken(
      "references stay right behind a refused section",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[lstm] is not supported: it is recurrent: it keeps state between images,"),
        Finding(
          "12:10 error bad-reference",
          says: "'layers' names 4, which is layer 4 and comes after this layer (this is",
          help: "use -2 to -1 (counting back) or 0 to 1 (counting from the first layer)"),
      ],
      onNet: """
        [lstm]
        output=4
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=1,4
        """),
  ]
}
