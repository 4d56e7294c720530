/// What other programs call something that a cfg can say, and what it is called here.
///
/// Advice goes by meaning before it goes by spelling: `bn` is near to no key, and `silu` nearest to
/// `selu`, which is another function.
public enum Synonym: Hashable, Sendable {
  /// The same thing under the name that cfgs have.
  case name(String)
  /// Nothing does the same; the text says what to do.
  case advice(String)

  /// - Parameter known: the names that may be used here.
  public static func key(_ name: String, in known: [String]) -> Synonym? {
    find(name, in: keys, known)
  }

  public static func section(_ name: String, in known: [String]) -> Synonym? {
    find(name, in: sections, known)
  }

  public static func activation(_ name: String, in known: [String]) -> Synonym? {
    find(name, in: activations, known)
  }

  /// The word for the same thing, of those that a key takes.
  static func word(_ name: String, in known: [String]) -> String? {
    guard case .name(let word) = find(name, in: words, known) else { return nil }
    return word
  }

  private static func find(
    _ name: String, in table: [String: [Synonym]], _ known: [String]
  ) -> Synonym? {
    guard name.utf8.count <= 64 else { return nil }
    return table[folded(name)]?.first { synonym in
      if case .name(let name) = synonym { known.contains(name) } else { true }
    }
  }

  /// Lower case, letters and digits alone.
  private static func folded(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func table(_ rows: [(String, [Synonym])]) -> [String: [Synonym]] {
    var table: [String: [Synonym]] = [:]
    for (names, synonyms) in rows {
      for name in names.split(separator: " ") { table[String(name), default: []] += synonyms }
    }
    return table
  }

  // MARK: Tables

  private static let keys = table([
    ("bn batchnorm batchnormalization batchnormalise usebn norm", [.name("batch_normalize")]),
    ("kernel kernelsize ksize k filtersize", [.name("size")]),
    ("strides downsample", [.name("stride")]),
    ("scalefactor upsamplefactor factor", [.name("stride")]),
    ("stridew stridewidth", [.name("stride_x")]),
    ("strideh strideheight", [.name("stride_y")]),
    (
      "padw padh padx pady padwidth padheight",
      [.advice("'padding' takes one number, for all four sides")]
    ),
    (
      "outchannels outputchannels channelsout numfilters nfilters nfilter cout outputs",
      [.name("filters")]
    ),
    ("units outfeatures numoutput outputs outputsize", [.name("output")]),
    (
      "inchannels inputchannels channelsin cin infeatures",
      [.advice("remove this line; the layer before decides")]
    ),
    (
      "bias usebias",
      [.advice("remove this line; there is a bias wherever there is no batch_normalize")]
    ),
    ("act activationfunction nonlinearity", [.name("activation")]),
    ("dilations dilationrate", [.name("dilation")]),
    ("numgroups ngroups", [.name("groups")]),
    ("numclasses nclasses nc classnum classescount", [.name("classes")]),
    ("numanchors nanchors anchorsnum", [.name("num")]),
    ("anchormask masks", [.name("mask")]),
    ("dropprob droprate dropoutrate p rate keepprob", [.name("probability")]),
    ("layer inputs sources source concat from", [.name("layers"), .name("from")]),
    ("layers add skip", [.name("from")]),
    ("lr initiallr baselr", [.name("learning_rate")]),
    ("weightdecay wd l2", [.name("decay")]),
    ("batchsize", [.name("batch")]),
    ("warmup warmupsteps warmupiterations", [.name("burn_in")]),
    ("maxiter maxiterations iterations maxsteps", [.name("max_batches")]),
    ("milestones lrsteps", [.name("steps")]),
    (
      "optimizer optim solver",
      [.advice("remove this line; adam=1 chooses Adam, and without it momentum is used")]
    ),
    ("beta1", [.name("B1")]), ("beta2", [.name("B2")]), ("epsilon", [.name("eps")]),
    (
      "epochs numepochs nepochs",
      [.advice("write max_batches = epochs x images / batch; a training counts iterations")]
    ),
    (
      "imgsz imgsize imagesize inputsize inputshape resolution",
      [.advice("write width=..., height=... and channels=3")]
    ),
  ])

  private static let words = table([
    ("cosine cosineannealing cosinedecay cos", [.name("sgdr")]),
    ("multistep multisteplr", [.name("steps")]), ("polynomial", [.name("poly")]),
    ("exponential", [.name("exp")]), ("fixed", [.name("constant")]),
  ])

  private static let sections = table([
    ("conv2d convolution convolution2d conv2 convlayer", [.name("convolutional")]),
    (
      "dwconv depthwise depthwiseconv depthwiseconvolutional dwconv2d",
      [.advice("write [convolutional] with 'groups' equal to the channels of its input")]
    ),
    ("maxpool2d maxpooling maxpooling2d pool pooling maxpoollayer", [.name("maxpool")]),
    (
      "averagepool avgpooling globalavgpool globalaveragepool globalaveragepooling gap"
        + " adaptiveavgpool", [.name("avgpool")]
    ),
    ("avgpool2d averagepool2d", [.name("local_avgpool")]),
    ("concat concatenate cat merge concatenation", [.name("route")]),
    ("add residual sum skip eltwise elementwise addition plus", [.name("shortcut")]),
    ("upsampling upsampling2d upsample2d interpolate resize unpool", [.name("upsample")]),
    ("fc dense linear fullyconnected innerproduct", [.name("connected")]),
    ("bn batchnorm2d batchnormalization batchnorm", [.name("batchnorm")]),
    ("focus spacetodepth passthrough", [.name("reorg")]),
    ("yololayer yolov2 detect yolohead", [.name("yolo")]),
    ("leaky relu mish swish silu sigmoid act", [.name("activation")]),
    ("input data network config", [.name("net")]),
    ("split slice chunk", [.advice("write [route] with 'groups' and 'group_id'")]),
    ("flatten reshape", [.advice("remove it; [connected] and [softmax] read a map as a vector")]),
    ("identity noop", [.advice("remove it")]),
  ])

  private static let activations = table([
    ("silu swishbeta1 sil", [.name("swish")]),
    ("sigmoid sig logit", [.name("logistic")]),
    ("leakyrelu lrelu leakyre", [.name("leaky")]),
    ("none identity lin no null off noactivation", [.name("linear")]),
    ("rectifier rectified rectlinear relufn", [.name("relu")]),
    ("hardtanh htanh hardtanhyperbolic", [.name("hardtan")]),
    ("tanhyperbolic hyperbolictangent", [.name("tanh")]),
    (
      "hswish hardswish hsilu hardsilu",
      [.advice("Darknet has none that is the same; 'swish' is the function that it approximates")]
    ),
    (
      "hsigmoid hardsigmoid",
      [
        .advice(
          "Darknet has none that is the same; 'logistic' is the function that it approximates")
      ]
    ),
    (
      "prelu rrelu",
      [.advice("Darknet has none that is the same; 'leaky' has a fixed slope of 0.1")]
    ),
    ("softmax", [.advice("write a [softmax] section after this one, with activation=linear here")]),
    (
      "softplus softsign celu glu swiglu logsigmoid tanhshrink exp",
      [.advice("Darknet has none that is the same")]
    ),
  ])
}
