/// What published files do: it must pass without errors.
extension Broken {
  static let published = [
    Broken(
      "values with comments, duplicate batch keys, fractions in training keys",
      [
        Finding(
          "6:1 warning duplicate-key",
          says: "'batch' was set in line 3 already; the first one counts: 1"),
        Finding(
          "7:1 warning duplicate-key",
          says: "'subdivisions' was set in line 4 already; the first one counts: 1"),
        Finding(
          "32:12 warning unknown-activation",
          says: "no activation is called 'leaky#c'; Darknet runs it as relu, and so does",
          help: "move the comment to a line of its own: activation=leaky"),
      ],
      whole: """
        [net]
        # Testing
        batch=1
        subdivisions=1
        # Training
        batch=64
        subdivisions=16
        height=416
        width=416
        channels=3
        momentum=0.949
        decay=0.0005
        angle=0
        saturation = 1.5
        exposure = 1.5
        hue=.1
        learning_rate=0.00261
        burn_in=1000
        max_batches = 500500
        policy=steps
        steps=400000,450000
        scales=.1,.1
        mosaic=1
        #:104x104 54:52x52
        seen=0
        [convolutional]
        batch_normalize=1
        filters=18
        size=3
        stride=32
        pad=1
        activation=leaky # c
        [convolutional]
        size=1
        filters=18
        activation=linear
        [yolo]
        mask = 0,1,2
        anchors = 10,13,  16,30,  33,23
        classes=1
        num=3
        jitter=.3
        ignore_thresh = .7
        truth_thresh = 1
        random=1.4
        resize=1.5
        nms_kind=greedynms
        beta_nms=0.6
        max_delta=5
        beta1=0.6
        """),
    Broken(
      "YOLOv1: local, dropout, detection",
      [],
      whole: """
        [net]
        batch=1
        subdivisions=1
        height=448
        width=448
        channels=3
        policy=steps
        steps=200,400,600,20000,30000
        scales=2.5,2,2,.1,.1
        [crop]
        crop_width=448
        crop_height=448
        flip=0
        angle=0
        saturation = 1.5
        exposure = 1.5
        noadjust=1
        [convolutional]
        filters=16
        size=3
        stride=64
        pad=1
        activation=leaky
        [local]
        size=3
        stride=1
        pad=1
        filters=256
        activation=leaky
        [dropout]
        probability=.5
        [connected]
        output= 1715
        activation=linear
        [detection]
        classes=20
        coords=4
        rescore=1
        side=7
        num=3
        softmax=0
        sqrt=1
        jitter=.2
        object_scale=1
        noobject_scale=.5
        class_scale=1
        coord_scale=5
        """),
    Broken(
      "an old classifier",
      [],
      whole: """
        [net]
        batch=128
        subdivisions=1
        height=256
        width=256
        max_crop=320
        channels=3
        momentum=0.9
        decay=0.0005
        learning_rate=0.1
        policy=poly
        power=4
        max_batches=1600000
        [convolutional]
        batch_normalize=1
        filters=1000
        size=3
        stride=2
        pad=1
        activation=leaky
        [avgpool]
        [softmax]
        groups=1
        [cost]
        type=sse
        """),
    Broken(
      "Go: no detector, channels of its own",
      [],
      whole: """
        [net]
        batch=512
        subdivisions=1
        height=19
        width=19
        channels=1
        momentum=0.9
        decay=0.0005
        burn_in=1000
        learning_rate=0.1
        policy=poly
        power=4
        max_batches=10000000
        [convolutional]
        filters=1
        size=1
        stride=1
        pad=1
        activation=linear
        [softmax]
        [cost]
        type=sse
        """),
  ]
}
