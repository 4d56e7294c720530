/// Detection heads and the files that a cfg names.
extension Broken {
  static let heads = [
    Broken(
      "filters that do not fit [yolo]",
      [
        Finding(
          "6:9 error head-size",
          says: "[yolo] in line 9 needs 18 channels = (classes=1 + 5) x 3 anchors of 'num',",
          help: "write filters=18 here, or classes=80 in the [yolo]")
      ],
      onNet: """
        [convolutional]
        filters=255
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "filters that do not fit the mask",
      [
        Finding(
          "6:9 error head-size",
          says: "[yolo] in line 9 needs 12 channels = (classes=1 + 5) x 2 anchors of 'mask',",
          help: "write filters=12 here, or classes=4 in the [yolo]")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        mask=0,1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "filters that fit no classes",
      [
        Finding(
          "6:9 error head-size",
          says: "[yolo] in line 9 needs 18 channels = (classes=1 + 5) x 3 anchors of 'num',",
          help: "write filters=18 here, or correct 'classes', 'mask' or 'num' of the head")
      ],
      onNet: """
        [convolutional]
        filters=17
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "filters that do not fit [region]",
      [
        Finding(
          "6:9 error head-size",
          says: "[region] in line 9 needs 30 channels = (classes=1 + 5) x 5 anchors of",
          help: "write filters=30 here, or correct 'classes', 'mask' or 'num' of the head")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [region]
        classes=1
        num=5
        softmax=1
        anchors=1,1,1,1,1,1,1,1,1,1
        """),
    Broken(
      "filters that do not fit [Gaussian_yolo]",
      [
        Finding(
          "6:9 error head-size",
          says: "[Gaussian_yolo] in line 9 needs 30 channels = (classes=1 + 9) x 3 anchors",
          help: "write filters=30 here, or correct 'classes', 'mask' or 'num' of the head")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [Gaussian_yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "a head behind a route",
      [
        Finding(
          "11:1 error head-size",
          says: "[yolo] in line 11 needs 18 channels = (classes=1 + 5) x 3 anchors of 'num',",
          help: "write filters=18 in the [convolutional] before it, or correct 'classes',")
      ],
      onNet: """
        [convolutional]
        filters=17
        size=1
        activation=linear
        [route]
        layers=-1
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "a [connected] that does not fit [detection]",
      [
        Finding(
          "6:8 error head-size",
          says: "[detection] needs 1470 inputs = 7 x 7 cells x (5 x 2 boxes + 20 classes),",
          help: "write output=1470 in the [connected] before it")
      ],
      onNet: """
        [connected]
        output=100
        activation=linear
        [detection]
        classes=20
        coords=4
        num=2
        side=7
        """),
    Broken(
      "[detection] without coords",
      [
        Finding(
          "8:1 error out-of-range",
          says: "'coords' is 1 when absent, expected 4: x, y, width and height",
          help: "write coords=4")
      ],
      onNet: """
        [connected]
        output=1470
        activation=linear
        [detection]
        classes=20
        num=2
        side=7
        """),
    Broken(
      "an unknown nms_kind",
      [
        Finding(
          "11:10 warning not-one-of",
          says: "'nms_kind' is 'greedy', expected default, greedynms, diounms; Darknet takes",
          help: "did you mean 'greedynms'?")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        nms_kind=greedy
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "cornersnms in [yolo]",
      [
        Finding(
          "11:10 warning not-one-of",
          says: "'nms_kind' is 'cornersnms', expected default, greedynms, diounms; Darknet",
          help: "for example nms_kind=default")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        nms_kind=cornersnms
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "heads of different classes",
      [
        Finding(
          "18:9 error classes-differ",
          says: "this head has classes=2, the one of layer 1 has 1")
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
        [convolutional]
        filters=21
        size=1
        activation=linear
        [yolo]
        classes=2
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "an activation before [yolo]",
      [
        Finding(
          "7:12 warning head-activation",
          says: "activation=leaky before [yolo], expected linear: the head applies its own",
          help: "write activation=linear")
      ],
      onNet: """
        [convolutional]
        filters=18
        activation=leaky
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "new_coords without logistic",
      [
        Finding(
          "8:12 warning head-activation",
          says: "activation=linear before [yolo], expected logistic: with new_coords=1 the",
          help: "write activation=logistic")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        new_coords=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "an input that is no multiple of the stride",
      [
        Finding(
          "2:7 warning input-not-multiple-of-stride",
          says: "width 100 is not a multiple of the network's stride 8",
          help: "use width=96 or width=104")
      ],
      whole: """
        [net]
        width=100
        height=96
        channels=3
        [maxpool]
        size=2
        stride=2
        [maxpool]
        size=2
        stride=2
        [maxpool]
        size=2
        stride=2
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "a tree that is not there",
      [
        Finding(
          "7:6 error unreadable-file",
          says: "cannot read 'no/such.tree': there is no such file next to the cfg, in the folder")
      ],
      onNet: """
        [avgpool]
        [softmax]
        tree=no/such.tree
        """),
    Broken(
      "a map that is not there",
      [
        Finding(
          "13:5 warning unreadable-file",
          says: "cannot read 'no/such.map': there is no such file next to the cfg, in the folder")
      ],
      onNet: """
        [convolutional]
        filters=30
        size=1
        activation=linear
        [region]
        classes=1
        num=5
        anchors=1,1,1,1,1,1,1,1,1,1
        map=no/such.map
        """),
  ]
}
