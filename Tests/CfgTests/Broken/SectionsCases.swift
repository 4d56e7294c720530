/// Which sections there are, and in which order.
extension Broken {
  static let sections = [
    Broken(
      "no [net]",
      [
        Finding(
          "1:1 error first-section-not-net",
          says: "the first section is [convolutional], expected [net]")
      ],
      whole: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "[net] in capitals",
      [
        Finding(
          "1:1 error first-section-not-net",
          says: "the first section is [NET], expected [net]",
          help: "write [net]; names are case-sensitive")
      ],
      whole: """
        [NET]
        width=32
        height=32
        channels=3
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "[net] further down",
      [
        Finding(
          "1:1 error first-section-not-net",
          says: "the first section is [convolutional], expected [net]",
          help: "move [net] from line 5 to the top")
      ],
      whole: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [net]
        width=32
        height=32
        channels=3
        """),
    Broken(
      "a second [net]",
      [
        Finding(
          "9:1 error second-net",
          says: "a second [net]; a file describes one network")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [net]
        width=32
        height=32
        channels=3
        """),
    Broken(
      "[net] alone",
      [
        Finding(
          "1:1 error no-layers",
          says: "the network has no layers",
          help: "add a section, such as [convolutional]")
      ],
      whole: """
        [net]
        width=32
        height=32
        channels=3
        """),
    Broken(
      "a misspelt section",
      [
        Finding(
          "5:1 error unknown-section",
          says: "no section is called [convolutionel]",
          help: "did you mean [convolutional]?")
      ],
      onNet: """
        [convolutionel]
        filters=8
        """),
    Broken(
      "a section in capitals",
      [
        Finding(
          "13:1 error unknown-section",
          says: "no section is called [Shortcut]",
          help: "did you mean [shortcut]?")
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
        [Shortcut]
        from=-2
        """),
    Broken(
      "a section like no other",
      [
        Finding(
          "5:1 error unknown-section",
          says: "no section is called [transformer]")
      ],
      onNet: """
        [transformer]
        heads=8
        """),
    Broken(
      "recurrent: [rnn]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[rnn] is not supported: it is recurrent: it keeps state between images,")
      ],
      onNet: """
        [rnn]
        output=8
        """),
    Broken(
      "recurrent: [gru]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[gru] is not supported: it is recurrent: it keeps state between images,")
      ],
      onNet: """
        [gru]
        output=8
        """),
    Broken(
      "recurrent: [lstm]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[lstm] is not supported: it is recurrent: it keeps state between images,")
      ],
      onNet: """
        [lstm]
        output=8
        """),
    Broken(
      "recurrent: [crnn]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[crnn] is not supported: it is recurrent: it keeps state between images,")
      ],
      onNet: """
        [crnn]
        output=8
        """),
    Broken(
      "recurrent: [conv_lstm]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[conv_lstm] is not supported: it is recurrent: it keeps state between")
      ],
      onNet: """
        [conv_lstm]
        output=8
        """),
    Broken(
      "recurrent: [history]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[history] is not supported: it is recurrent: it keeps state between images,")
      ],
      onNet: """
        [history]
        output=8
        """),
    Broken(
      "the original Darknet's [deconvolutional]",
      [
        Finding(
          "5:1 error unsupported-section",
          says: "[deconvolutional] is not supported: only the original Darknet knows it",
          help: "use [upsample] and a [convolutional] instead")
      ],
      onNet: """
        [deconvolutional]
        filters=8
        """),
    Broken(
      "what follows a misspelt section says no more",
      [
        Finding(
          "5:1 error unknown-section",
          says: "no section is called [convolutionel]",
          help: "did you mean [convolutional]?")
      ],
      onNet: """
        [convolutionel]
        filters=18
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
  ]
}
