/// What only training would suffer from, and the size of the input.
extension Broken {
  static let training = [
    Broken(
      "no input size",
      [
        Finding(
          "1:1 error missing-input-size",
          says: "[net] gives no input size: missing or 0: width, height, channels",
          help: "write width=416, height=416 and channels=3, or 'inputs' for a flat input")
      ],
      whole: """
        [net]
        batch=1
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a flat input that is not the image's",
      [
        Finding(
          "5:8 warning conflicting-keys",
          says: "'inputs' and 'width' disagree: inputs=100, but width x height x channels is")
      ],
      onNet: """
        inputs=100
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "steps without scales",
      [
        Finding(
          "5:8 warning schedule",
          says: "policy=steps needs 'scales'; Darknet stops without it",
          help: "add scales=..., or use policy=constant")
      ],
      onNet: """
        policy=steps
        steps=1,2
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "fewer scales than steps",
      [
        Finding(
          "7:8 warning schedule",
          says: "'steps' has 2 numbers, but 'scales' has 1",
          help: "write one scale for each step")
      ],
      onNet: """
        policy=steps
        steps=1,2
        scales=.1
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "steps that fall",
      [
        Finding(
          "6:10 warning schedule",
          says: "the steps do not rise; the rate stops changing at the first that is too low")
      ],
      onNet: """
        policy=steps
        steps=10,5
        scales=.1,.1
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "an unknown policy",
      [
        Finding(
          "5:8 warning not-one-of",
          says: "'policy' is 'step5', expected constant, step, exp, poly, steps, sigmoid,",
          help: "did you mean 'step'?")
      ],
      onNet: """
        policy=step5
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a batch that does not divide",
      [
        Finding(
          "6:14 note schedule",
          says: "batch=64 in subdivisions=10 parts is 6 images each, so a step has 60",
          help: "use a multiple of 'subdivisions'")
      ],
      onNet: """
        batch=64
        subdivisions=10
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "contrastive training of single images",
      [
        Finding(
          "5:13 warning schedule",
          says: "contrastive training needs at least 2 images in a part of the batch, found",
          help: "lower 'subdivisions' or raise 'batch'")
      ],
      onNet: """
        contrastive=1
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "an unknown loss",
      [
        Finding(
          "13:10 warning not-one-of",
          says: "'iou_loss' is 'siou', expected mse, iou, giou, diou, ciou; Darknet takes iou",
          help: "did you mean 'iou'?")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        iou_loss=siou
        """),
    Broken(
      "counters of another number of classes",
      [
        Finding(
          "13:20 warning shapes-differ",
          says: "'counters_per_class' has 3 numbers, expected one for each of the 2 classes;",
          help: "write 2 numbers")
      ],
      onNet: """
        [convolutional]
        filters=21
        size=1
        activation=linear
        [yolo]
        classes=2
        num=3
        anchors=1,2,3,4,5,6
        counters_per_class=5,6,7
        """),
    Broken(
      "[contrastive] without its [yolo]",
      [
        Finding(
          "11:12 warning bad-reference",
          says: "'yolo_layer' must name a [yolo] section, found [convolutional] in layer 0;",
          help: "write the number of the [yolo] layer, or how far it lies back (-2)")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [contrastive]
        classes=4
        yolo_layer=-1
        """),
    Broken(
      "embeddings of a layer that does not exist",
      [
        Finding(
          "13:17 warning bad-reference",
          says: "'embedding_layer' names 77, which is layer 77 and comes after this layer",
          help: "use -1 or 0, which both mean the only layer before this one")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        embedding_layer=77
        """),
    Broken(
      "a cost of an unknown type",
      [
        Finding(
          "6:6 warning not-one-of",
          says: "'type' is 'sss', expected sse, masked, smooth, seg, L1; Darknet takes sse",
          help: "did you mean 'sse'?")
      ],
      onNet: """
        [cost]
        type=sss
        """),
  ]
}
