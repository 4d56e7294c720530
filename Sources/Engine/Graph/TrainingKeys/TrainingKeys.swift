import PenumbraCfg

/// Keys that influence training alone: read, checked and kept. Inference ignores them.
///
/// Source: Darknet `parser.c`; meanings in `network.c`, `detector.c` and the layers' files.
enum TrainingKeys {
  private static func int(
    _ name: String, _ fallback: Int, _ meaning: String, quirk: String = ""
  ) -> any KeyDescription {
    Key(name, default: fallback, meaning, quirk: quirk, .training)
  }

  private static func float(
    _ name: String, _ fallback: Float, _ meaning: String, quirk: String = ""
  ) -> any KeyDescription {
    Key(name, default: fallback, meaning, quirk: quirk, .training)
  }

  private static func flag(_ name: String, _ meaning: String, quirk: String = "")
    -> any KeyDescription
  {
    Key<Bool>(name, meaning, quirk: quirk, .training)
  }

  private static func ignored(_ name: String, _ meaning: String) -> any KeyDescription {
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
  ]

  static let streams: [any KeyDescription] = [
    int("stream", 0, "Scheduling on a graphics card."),
    int("wait_stream", 0, "Scheduling on a graphics card."),
  ]

  static let convolutional: [any KeyDescription] =
    streams + [
      int("assisted_excitation", 0, "Iterations in which objects' activations are raised."),
      int("grad_centr", 0, "Subtract the mean of each filter's gradient."),
      int("reverse", 0, "Update with the opposite sign."),
      int("sway", 0, "Turn the kernels at random, on a graphics card."),
      int("rotate", 0, "Turn the kernels at random, on a graphics card."),
      int("stretch", 0, "Stretch the kernels at random, on a graphics card."),
      int("stretch_sway", 0, "Stretch and turn the kernels at random, on a graphics card."),
      float("angle", 15, "Largest angle of 'rotate' and 'sway', in degrees."),
      int("coordconv", 0, "Read by Darknet, used by nobody."),
      float("dot", 0, "Read by Darknet, used by nobody."),
    ]

  static let dropout: [any KeyDescription] = [
    float(
      "probability", 0.2, "Share of the elements dropped.", quirk: "0.5 in the original Darknet."),
    flag("dropblock", "Drop blocks instead of single elements."),
    float("dropblock_size_rel", 0, "Side of the blocks as a share of the map."),
    float("dropblock_size_abs", 0, "Side of the blocks in pixels of the map."),
  ]

  static let cost: [any KeyDescription] = [
    Key(
      "type", oneOf: ["sse", "masked", "smooth"], defaultText: "sse", "Which difference is summed.",
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
    int("yolo_layer", 0, "The [yolo] layer whose boxes are compared."),
    float("cls_normalizer", 1, "Factor of the loss."),
    float("max_delta", 1e9, "Bounds the gradient."),
    int("contrastive_neg_max", 3, "Negatives a positive."),
  ]

  /// What `[yolo]` and `[Gaussian_yolo]` share.
  private static let anchorLoss: [any KeyDescription] = [
    float("ignore_thresh", 0.5, "Boxes that overlap a truth by more are not pushed to 0."),
    float("truth_thresh", 1, "Boxes that overlap a truth by more count as found."),
    float("iou_thresh", 1, "Further anchors that fit a truth better than this learn it too."),
    Key(
      "iou_thresh_kind", oneOf: ["iou", "giou", "diou", "ciou"], defaultText: "iou",
      "The measure of 'iou_thresh'.", .training),
    Key(
      "iou_loss", oneOf: ["mse", "iou", "giou", "diou", "ciou"], defaultText: "mse",
      "The loss of the box.", quirk: "A word Darknet does not know means iou.", .training),
    float("iou_normalizer", 0.75, "Factor of the box loss."),
    float("obj_normalizer", 1, "Factor of the objectness loss."),
    float("cls_normalizer", 1, "Factor of the class loss."),
    float("delta_normalizer", 1, "Factor of all of the head's gradients."),
    float("max_delta", 3.4e38, "Bounds each gradient."),
    float("uc_normalizer", 1, "Factor of the uncertainty loss ([Gaussian_yolo])."),
    flag("objectness_smooth", "The objectness learns the overlap instead of 1."),
    float("label_smooth_eps", 0, "Moves class targets away from 0 and 1."),
    Key<[Int]?>(
      "counters_per_class", "Examples of each class, to weigh rare ones higher.", .training),
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."),
    float("random", 0, "Train at changing sizes; above 1 the largest factor."),
    int("max", 200, "Truths of one image.", quirk: "90 in the original Darknet."),
    flag("focal_loss", "Weigh hard examples higher."),
    Key<String?>("map", "File that maps classes.", .training),
  ]

  static let yolo: [any KeyDescription] =
    anchorLoss + [
      flag("show_details", "Which text the loss is printed in."),
      int("embedding_layer", 999_999, "Layer of the embeddings that tracking compares."),
      int("track_history_size", 5, "Frames that tracking remembers."),
      float("sim_thresh", 0.8, "Similarity that tracking asks for."),
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
    flag("focal_loss", "Weigh hard examples higher."), int("max", 30, "Truths of one image."),
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."), float("random", 0, "Train at changing sizes."),
    flag("absolute", "Stands in published files; used by nobody."),
    flag("log", "Stands in published files; used by nobody."),
    flag("sqrt", "Stands in published files; used by nobody."),
  ]

  static let detection: [any KeyDescription] = [
    flag("rescore", "The objectness learns the overlap instead of 1."),
    flag("forced", "One box of a cell always learns."),
    float("object_scale", 1, "Factor of the objectness loss where there is an object."),
    float("noobject_scale", 1, "Factor of the objectness loss where there is none."),
    float("class_scale", 1, "Factor of the class loss."),
    float("coord_scale", 1, "Factor of the box loss."), int("max", 30, "Truths of one image."),
    float("jitter", 0.2, "Largest shift of the picture's edges, as a share."),
    float("resize", 1, "Largest change of scale."), float("random", 0, "Train at changing sizes."),
    flag("reorg", "Stands in published files; used by nobody."),
  ]

  /// What only some places know under a general name.
  static func net(_ name: String, _ fallback: Float, _ meaning: String) -> any KeyDescription {
    float(name, fallback, meaning)
  }
}
