// Masks and anchors of heads.
extension Broken {
  static let anchors = [
    Broken(
      "a mask beyond num",
      [
        Finding(
          "11:10 error mask-out-of-range",
          says: "the mask names anchor 3, but num=3",
          help: "use 0 to 2, or raise 'num' and add anchors")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        mask=0,1,3
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "a mask below 0",
      [
        Finding(
          "11:6 error mask-out-of-range",
          says: "the mask names anchor -1, but num=3",
          help: "use 0 to 2, or raise 'num' and add anchors")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        mask=-1,0,1
        num=3
        anchors=1,2,3,4,5,6
        """),
    Broken(
      "too few anchors",
      [
        Finding(
          "12:9 warning anchor-count",
          says: "num=3 anchors need 6 numbers, found 4; Darknet takes 0.5 for the rest",
          help: "add anchors, or write num=2")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4
        """),
    Broken(
      "an odd number of anchors",
      [
        Finding(
          "12:9 warning anchor-count",
          says: "num=3 anchors need 6 numbers, found 5; Darknet takes 0.5 for the rest",
          help: "write a width and a height for each anchor")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5
        """),
    Broken(
      "more anchors than num",
      [
        Finding(
          "13:9 note anchor-count",
          says: "num=3 anchors need 6 numbers, found 8; the rest is ignored",
          help: "write num=4 if all are meant")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        mask=0,1,2
        num=3
        anchors=1,2,3,4,5,6,7,8
        """),
    Broken(
      "an anchor that is no number",
      [
        Finding(
          "12:13 error not-a-number",
          says: "'anchors' holds 'three', expected numbers separated by commas",
          help: "write a number there")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,three,4,5,6
        """),
  ]
}
