import PenumbraCfg

/// Keys that influence training alone: read, checked and kept. Inference ignores them.
///
/// Source: Darknet `parser.c`; meanings in `network.c`, `detector.c` and the layers' files.
enum TrainingKeys {
  static func int(
    _ name: String, _ fallback: Int, _ meaning: String, quirk: String = ""
  ) -> any KeyDescription {
    Key(name, default: fallback, meaning, quirk: quirk, .training)
  }

  static func float(
    _ name: String, _ fallback: Float, _ meaning: String, quirk: String = ""
  ) -> any KeyDescription {
    Key(name, default: fallback, meaning, quirk: quirk, .training)
  }

  static func flag(_ name: String, _ meaning: String, quirk: String = "")
    -> any KeyDescription
  {
    Key<Bool>(name, meaning, quirk: quirk, .training)
  }

  static func ignored(_ name: String, _ meaning: String) -> any KeyDescription {
    Key(name, default: Float(0), meaning, .ignored)
  }

  /// Keys of every layer.
  static let layer: [any KeyDescription] = [
    float("clip", 0, "Bounds the weights after every update; 0 does not."),
    int("onlyforward", 0, "Gradients do not pass through this layer."),
    int("dont_update", 0, "The layer keeps its weights for this many iterations."),
    float("burnin_update", 0, "The layer keeps its weights for this many times 'burn_in'."),
    int("stopbackward", 0, "Gradients stop here: earlier layers are not trained."),
    int("train_only_bn", 0, "Only batch normalisation is trained, here and before."),
    float("learning_rate", 1, "Factor of the learning rate for this layer."),
    ignored("truth", "Read by the original Darknet alone."),
    ignored("dontsave", "Read by the original Darknet alone."),
    ignored("numload", "Read by the original Darknet alone."),
    ignored("smooth", "Read by the original Darknet alone."),
  ]

  static let streams: [any KeyDescription] = [
    int("stream", -1, "Scheduling on a graphics card."),
    int("wait_stream", -1, "Scheduling on a graphics card."),
  ]

  /// Ways to deform kernels in training, of which a convolution may use one.
  static let deformations = [
    Key<Bool>("sway", "Swing the kernels at random, on a graphics card.", .training),
    Key<Bool>("rotate", "Turn the kernels at random, on a graphics card.", .training),
    Key<Bool>("stretch", "Stretch the kernels at random, on a graphics card.", .training),
    Key<Bool>(
      "stretch_sway", "Stretch and swing the kernels at random, on a graphics card.", .training),
  ]

  static let convolutional: [any KeyDescription] =
    streams + deformations + [
      float("assisted_excitation", 0, "Iterations in which objects' activations are raised."),
      int("grad_centr", 0, "Subtract the mean of each filter's gradient."),
      float("reverse", 0, "Update with the opposite sign."),
      float("angle", 15, "Largest angle of 'rotate' and 'sway', in degrees."),
      int("coordconv", 0, "Read by Darknet, used by nobody."),
      float("dot", 0, "Read by Darknet, used by nobody."),
    ]

  static let dropout: [any KeyDescription] = [
    flag("dropblock", "Drop blocks instead of single elements."),
    float("dropblock_size_rel", 0, "Side of the blocks as a share of the map."),
    float("dropblock_size_abs", 0, "Side of the blocks in pixels of the map."),
  ]

  static let cost: [any KeyDescription] = [
    Key(
      "type", oneOf: ["sse", "masked", "smooth", "seg", "L1"], defaultText: "sse", unknown: "sse",
      "Which difference is summed.",
      .training),
    float("scale", 1, "Factor of the gradient."), float("ratio", 0, "Share of elements counted."),
  ]

  static let crop: [any KeyDescription] = [
    flag("flip", "Mirror at random."), float("angle", 0, "Largest turn, in degrees."),
    float("saturation", 1, "Largest change of saturation."),
    float("exposure", 1, "Largest change of brightness."),
    float("shift", 0, "Largest colour shift."),
  ]

  static let contrastive: [any KeyDescription] = [
    int("classes", 1000, "Classes told apart."),
    float("temperature", 1, "Divides the similarities."),
    float("cls_normalizer", 1, "Factor of the loss."),
    maxDelta,
    int("contrastive_neg_max", 3, "Negatives a positive."),
    ignored("steps", "Stands in published files; read by nobody."),
  ]

  private static let maxDelta = Key<Float?>(
    "max_delta", defaultText: "no bound", in: 0...3.4e38, "Bounds each gradient.", .training
  ).allowing("at least 0")

  static let map = Key<String?>("map", "File that maps the classes of labels.", .training)
  static let counters = Key<[Int]?>(
    "counters_per_class", "Examples of each class, to weigh rare ones higher.", .training)
  static let embedding = Key<Int?>(
    "embedding_layer", defaultText: "none", in: -1_000_000...1_000_000,
    "Layer of the embeddings that tracking compares.", .training
  ).namingLayers()

  /// What `[yolo]` and `[Gaussian_yolo]` share.
  private static let anchorLoss: [any KeyDescription] = [
    float("ignore_thresh", 0.5, "Boxes that overlap a truth by more are not pushed to 0."),
    float("truth_thresh", 1, "Boxes that overlap a truth by more count as found."),
    float("iou_thresh", 1, "Further anchors that fit a truth better than this learn it too."),
    Key(
      "iou_thresh_kind", oneOf: ["iou", "giou", "diou", "ciou"], defaultText: "iou",
      unknown: "iou", "The measure of 'iou_thresh'.", .training),
    Key(
      "iou_loss", oneOf: ["mse", "iou", "giou", "diou", "ciou"], defaultText: "mse",
      unknown: "iou", "The loss of the box.", .training),
    float("iou_normalizer", 0.75, "Factor of the box loss."),
    float("obj_normalizer", 1, "Factor of the objectness loss."),
    float("cls_normalizer", 1, "Factor of the class loss."),
    float("delta_normalizer", 1, "Factor of all of the head's gradients."),
    maxDelta,
    float("uc_normalizer", 1, "Factor of the uncertainty loss ([Gaussian_yolo])."),
    flag("objectness_smooth", "The objectness learns the overlap instead of 1."),
    float("label_smooth_eps", 0, "Moves class targets away from 0 and 1."),
    counters,
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."),
    float("random", 0, "Train at changing sizes; above 1 the largest factor."),
    int("max", 200, "Truths of one image.", quirk: "90 in the original Darknet."),
    flag("focal_loss", "Weigh hard examples higher."),
    map,
  ]

  static let yolo: [any KeyDescription] =
    anchorLoss + [
      int("show_details", 1, "Which text the loss is printed in."),
      embedding,
      int("track_history_size", 5, "Frames that tracking remembers."),
      float(
        "sim_thresh", 0.8, "Similarity that tracking asks for.",
        quirk: "Cut to a whole number, the default too, which is therefore 0."),
      int("dets_for_track", 1, "Frames until a track begins."),
      int("dets_for_show", 1, "Frames until a track is shown."),
      float("track_ciou_norm", 0.01, "Weight of the box in tracking."),
      ignored("beta1", "Stands in published files; read by nobody."),
    ]

  static let gaussianYolo: [any KeyDescription] = anchorLoss

  static let region: [any KeyDescription] = [
    float("thresh", 0.5, "Boxes that overlap a truth by more are not pushed to 0."),
    flag("bias_match", "Truths are matched to anchors rather than to boxes."),
    flag("rescore", "The objectness learns the overlap instead of 1."),
    float("object_scale", 1, "Factor of the objectness loss where there is an object."),
    float("noobject_scale", 1, "Factor of the objectness loss where there is none."),
    float("class_scale", 1, "Factor of the class loss."),
    float("coord_scale", 1, "Factor of the box loss."),
    float("mask_scale", 1, "Factor of a mask's loss."),
    flag("focal_loss", "Weigh hard examples higher."),
    int("max", 200, "Truths of one image.", quirk: "30 in the original Darknet."),
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."), float("random", 0, "Train at changing sizes."),
    flag("absolute", "Stands in published files; used by nobody."),
    flag("log", "Stands in published files; used by nobody."),
    flag("sqrt", "Stands in published files; used by nobody."),
    ignored("background", "Read by the original Darknet alone."),
  ]

  static let detection: [any KeyDescription] = [
    flag("rescore", "The objectness learns the overlap instead of 1."),
    flag("forced", "One box of a cell always learns."),
    float("object_scale", 1, "Factor of the objectness loss where there is an object."),
    float("noobject_scale", 1, "Factor of the objectness loss where there is none."),
    float("class_scale", 1, "Factor of the class loss."),
    float("coord_scale", 1, "Factor of the box loss."),
    int("max", 200, "Truths of one image.", quirk: "90 in the original Darknet."),
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."), float("random", 0, "Train at changing sizes."),
    flag("reorg", "Stands in published files; used by nobody."),
  ]
}
