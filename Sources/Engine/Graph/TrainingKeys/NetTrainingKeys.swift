import PenumbraCfg

/// The keys of `[net]` that describe training.
extension TrainingKeys {
  static let policy = Key(
    "policy",
    oneOf: ["constant", "step", "exp", "poly", "steps", "sigmoid", "random", "sgdr"],
    defaultText: "constant", unknown: "constant", "How the learning rate changes.", .training)
  static let steps = Key<[Int]?>(
    "steps", "Iterations at which the rate is scaled.",
    quirk: "Steps up to 1, below 0 too, scale it from the start.", .training)
  static let scales = Key<[Float]?>("scales", "Factors of the rate, one a step.", .training)
  static let maxBatches = Key(
    "max_batches", default: 0, in: 0...1_000_000_000, "Iterations of a whole training.", .training)
  static let burnIn = Key(
    "burn_in", default: 0, in: 0...1_000_000_000, "Iterations in which the rate rises.", .training)
  static let contrastiveLoss = Key(
    "contrastive", default: false, "Learn by comparing; needs two images in each part of a batch.",
    .training)

  static let net: [any KeyDescription] =
    [policy, steps, scales, maxBatches, burnIn, contrastiveLoss] + rateKeys + augmentationKeys
    + lessonKeys + machineKeys + forgottenKeys

  private static let rateKeys: [any KeyDescription] = [
    float("learning_rate", 0.001, "Size of an update."),
    float("learning_rate_min", 0.00001, "The least rate of sgdr."),
    float("momentum", 0.9, "Share of the last update that is kept."),
    float("decay", 0.0001, "How strongly weights are drawn to 0."),
    float("power", 4, "Exponent of burn_in, poly and random."),
    int("step", 1, "Iterations between changes (step), or the middle (sigmoid)."),
    float("scale", 1, "Factor of each change (step)."),
    float("gamma", 1, "Base (exp) or steepness (sigmoid)."),
    Key<[Float]?>("seq_scales", "Factors of the sequence length, one a step.", .training),
    Key<Int?>(
      "sgdr_cycle", defaultText: "max_batches", "Iterations of the first cycle of sgdr.", .training),
    int("sgdr_mult", 2, "How much longer each cycle is than the one before."),
    flag("adam", "Use Adam instead of momentum."),
    float("B1", 0.9, "Adam's first decay."), float("B2", 0.999, "Adam's second decay."),
    float("eps", 0.000001, "Adam's summand.", quirk: "1e-7 in the original Darknet."),
    float("ema_alpha", 0, "Share of the old value in the moving average of the weights."),
    float("loss_scale", 1, "Factor of the loss at half precision."),
  ]

  private static let augmentationKeys: [any KeyDescription] = [
    float("angle", 0, "Largest turn, in degrees (classifiers)."),
    float("aspect", 1, "Largest change of proportions (classifiers)."),
    float("saturation", 1, "Largest factor of saturation."),
    float("exposure", 1, "Largest factor of brightness."), float("hue", 0, "Largest shift of hue."),
    Key("flip", default: true, "Mirror at random.", .training),
    Key<Int?>(
      "max_crop", defaultText: "2 width", "Longest short side (classifiers).", .training),
    Key<Int?>("min_crop", defaultText: "width", "Shortest short side (classifiers).", .training),
    int("blur", 0, "Blur at random."), int("gaussian_noise", 0, "Add noise at random."),
    int(
      "mixup", 0, "Blend two pictures at random.",
      quirk: "Overruled by 'cutmix' and 'mosaic': 2 is cutmix, 3 mosaic, 4 either."),
    flag("cutmix", "Paste a part of another picture (classifiers)."),
    flag("mosaic", "Join four pictures at random."),
    flag("mosaic_bound", "Boxes of a mosaic end at their own picture."),
    float(
      "resize_step", 32, "Step of the sizes of multi-scale training.",
      quirk: "Read as a fraction, then cut to a whole number."),
  ]

  private static let lessonKeys: [any KeyDescription] = [
    float("label_smooth_eps", 0, "Moves class targets away from 0 and 1."),
    int("track", 0, "Train on sequences."),
    int("augment_speed", 2, "How fast a sequence's augmentation changes."),
    Key<Int?>(
      "sequential_subdivisions", defaultText: "subdivisions", "Subdivisions of a sequence.",
      quirk: "At most 'subdivisions'.", .training),
    int("contrastive_jit_flip", 0, "Mirror what is compared."),
    int("contrastive_color", 0, "Change the colour of what is compared."),
    int("unsupervised", 0, "Learn without labels."),
    float("adversarial_lr", 0, "Rate of adversarial training."),
    int("attention", 0, "Show what adversarial training attends to."),
    int("equidistant_point", 0, "Iteration from which bad labels are sought."),
    float("badlabels_rejection_percentage", 0, "Share of the worst labels that is left out."),
    float("num_sigmas_reject_badlabels", 0, "Deviation from which labels are left out."),
    int("weights_reject_freq", 0, "How often small weights are removed."),
  ]

  private static let machineKeys: [any KeyDescription] = [
    int("optimized_memory", 0, "Save graphics-card memory."),
    float("workspace_size_limit_MB", 1024, "Scratch memory of convolutions on a graphics card."),
    int("dynamic_minibatch", 0, "Larger batches at smaller sizes."),
    int("try_fix_nan", 0, "Replace values that are not numbers."),
    float("max_chart_loss", 20, "Upper edge of the loss chart."),
    int("use_cuda_graph", 0, "Record the graphics card's work."),
    float("show_receptive_field", 0, "Print receptive fields."),
  ]

  /// Keys of published files and of the original Darknet that AlexeyAB's does not read.
  private static let forgottenKeys: [any KeyDescription] = [
    ignored("seen", "Stands in published files; read by nobody."),
    ignored("max_epochs", "Stands in published files; read by nobody."),
    ignored("notruth", "Read by the original Darknet alone."),
    ignored("random", "Read by the original Darknet alone."),
    ignored("min_ratio", "Read by the original Darknet alone."),
    ignored("max_ratio", "Read by the original Darknet alone."),
    ignored("center", "Read by the original Darknet alone."),
    ignored("clip", "Read by the original Darknet alone."),
  ]

  /// The schedule a policy needs, how its parts fit, and what contrastive training needs.
  static func checkSchedule(_ section: inout SectionReader, batch: Int, subdivisions: Int) {
    let word = section.read(policy) ?? "constant"
    let (points, factors) = (section.read(steps), section.read(scales))
    if section.read(contrastiveLoss), batch / subdivisions < 2 {
      section.report(.contrastiveBatch(batch / subdivisions), at: contrastiveLoss)
    }
    guard word == "steps" else { return }
    guard let points, let factors else {
      for key in [steps as any KeyDescription, scales] where !section.has(key) {
        section.report(.scheduleLacks(key.name), at: policy)
      }
      return
    }
    if points.count != factors.count {
      section.report(.scheduleDiffers(points.count, factors.count), at: scales)
    }
    if let late = zip(points, points.dropFirst()).enumerated().first(where: { $1.0 >= $1.1 }) {
      section.report(.scheduleUnordered, at: steps, element: late.offset + 1)
    }
  }
}
