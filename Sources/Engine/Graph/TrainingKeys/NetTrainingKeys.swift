import PenumbraCfg

/// The keys of `[net]` that describe training.
extension TrainingKeys {
  static let policies = [
    "constant", "step", "exp", "poly", "steps", "sig", "sigmoid", "random", "sgdr",
  ]

  static let policy = Key<String?>(
    "policy", defaultText: "constant", "How the learning rate changes.",
    quirk: "A word that Darknet does not know means constant.", .training)
  static let steps = Key<[Int]?>(
    "steps", in: 0...1_000_000_000, "Iterations at which the rate is scaled.", .training)
  static let scales = Key<[Float]?>("scales", "Factors of the rate, one a step.", .training)
  static let maxBatches = Key(
    "max_batches", default: 0, in: 0...1_000_000_000, "Iterations of a whole training.", .training)
  static let burnIn = Key(
    "burn_in", default: 0, in: 0...1_000_000_000, "Iterations in which the rate rises.", .training)

  static let net: [any KeyDescription] =
    [policy, steps, scales, maxBatches, burnIn] + rateKeys + augmentationKeys + machineKeys

  private static let rateKeys: [any KeyDescription] = [
    net("learning_rate", 0.001, "Size of an update."),
    net("learning_rate_min", 0.00001, "The least rate of sgdr."),
    net("momentum", 0.9, "Share of the last update that is kept."),
    net("decay", 0.0001, "How strongly weights are drawn to 0."),
    net("power", 4, "Exponent of burn_in, poly and random."),
    net("step", 1, "Iterations between changes (step), or the middle (sigmoid)."),
    net("scale", 1, "Factor of each change (step)."),
    net("gamma", 1, "Base (exp) or steepness (sigmoid)."),
    Key<[Float]?>("seq_scales", "Factors of the sequence length, one a step.", .training),
    net("sgdr_cycle", 0, "Iterations of the first cycle of sgdr; max_batches when absent."),
    net("sgdr_mult", 2, "How much longer each cycle is than the one before."),
    net("adam", 0, "Use Adam instead of momentum."), net("B1", 0.9, "Adam's first decay."),
    net("B2", 0.999, "Adam's second decay."), net("eps", 0.000001, "Adam's summand."),
    net("ema_alpha", 0, "Share of the old value in the moving average of the weights."),
    net("label_smooth_eps", 0, "Moves class targets away from 0 and 1."),
    net("loss_scale", 1, "Factor of the loss at half precision."),
    net("adversarial_lr", 0, "Rate of adversarial training."),
    net("attention", 0, "Show what adversarial training attends to."),
    net("unsupervised", 0, "Learn without labels."), net("contrastive", 0, "Learn by comparing."),
    net("contrastive_jit_flip", 0, "Mirror what is compared."),
    net("contrastive_color", 0, "Change the colour of what is compared."),
    net("badlabels_rejection_percentage", 0, "Share of the worst labels that is left out."),
    net("num_sigmas_reject_badlabels", 0, "Deviation from which labels are left out."),
    net("equidistant_point", 0, "Iteration from which bad labels are sought."),
    net("weights_reject_freq", 0, "How often small weights are removed."),
    net("seen", 0, "Stands in published files; read by nobody."),
    net("max_epochs", 0, "Stands in published files; read by nobody."),
  ]

  private static let augmentationKeys: [any KeyDescription] = [
    net("angle", 0, "Largest turn, in degrees (classifiers)."),
    net("aspect", 1, "Largest change of proportions (classifiers)."),
    net("saturation", 1, "Largest factor of saturation."),
    net("exposure", 1, "Largest factor of brightness."), net("hue", 0, "Largest shift of hue."),
    net("flip", 1, "Mirror at random."),
    net("max_crop", 0, "Longest short side (classifiers); twice the width when absent."),
    net("min_crop", 0, "Shortest short side (classifiers); the width when absent."),
    net("blur", 0, "Blur at random."), net("gaussian_noise", 0, "Add noise at random."),
    net("mixup", 0, "Blend two pictures at random."),
    net("cutmix", 0, "Paste a part of another picture (classifiers)."),
    net("mosaic", 0, "Join four pictures at random."),
    net("mosaic_bound", 0, "Boxes of a mosaic end at their own picture."),
    net("resize_step", 32, "Step of the sizes of multi-scale training."),
    net("augment_speed", 2, "How fast a sequence's augmentation changes."),
    net("sequential_subdivisions", 0, "Subdivisions of a sequence."),
    net("track", 0, "Train on sequences."),
    net("init_sequential_subdivisions", 0, "Their first number."),
  ]

  private static let machineKeys: [any KeyDescription] = [
    net("optimized_memory", 0, "Save graphics-card memory."),
    net("workspace_size_limit_MB", 1024, "Scratch memory of convolutions on a graphics card."),
    net("dynamic_minibatch", 0, "Larger batches at smaller sizes."),
    net("try_fix_nan", 0, "Replace values that are not numbers."),
    net("max_chart_loss", 20, "Upper edge of the loss chart."),
    net("use_cuda_graph", 0, "Record the graphics card's work."),
    net("show_receptive_field", 0, "Print receptive fields."),
  ]

  /// The schedule a policy needs, and how its parts fit.
  static func checkSchedule(_ section: inout SectionReader) {
    let word = section.read(policy) ?? "constant"
    let (points, factors) = (section.read(steps), section.read(scales))
    if !policies.contains(word) {
      section.report(
        .notOneOf("policy", found: word, known: policies, fallback: "constant", severity: .warning),
        at: policy)
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
    if zip(points, points.dropFirst()).contains(where: { $0 >= $1 }) {
      section.report(.scheduleUnordered, at: steps)
    }
  }
}

extension Problem {
  fileprivate static func scheduleLacks(_ key: String) -> Problem {
    Problem(
      .schedule, .warning, "policy=steps needs '\(key)'; Darknet stops without it",
      help: "add \(key)=..., or use policy=constant")
  }

  fileprivate static func scheduleDiffers(_ steps: Int, _ scales: Int) -> Problem {
    Problem(
      .schedule, .warning, "\(steps) steps have \(scales) scales",
      help: "write one scale for each step")
  }

  fileprivate static let scheduleUnordered = Problem(
    .schedule, .warning,
    "the steps do not rise; the rate stops changing at the first that is too low",
    help: "order them from first to last")
}
