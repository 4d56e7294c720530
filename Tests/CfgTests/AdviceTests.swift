import PenumbraCfg
import PenumbraEngine
import Testing

/// Advice goes by what a word means in other programs, then by its spelling.
struct AdviceTests {
  /// The help for the first diagnostic of a cfg with one convolution, `keys` in it and `more` after.
  private func help(_ keys: String, _ more: String = "") throws -> String {
    let cfg = """
      [net]
      width=96
      height=96
      channels=3
      [convolutional]
      filters=18
      size=1
      \(keys)
      \(more)
      """
    let found = Graph.check(CfgFile(text: cfg, name: "net.cfg")).diagnostics
    return try #require(found.first { $0.problem.code != .missingActivation }?.problem.help)
  }

  @Test(arguments: [
    ("silu", "swish"), ("SiLU", "swish"), ("sigmoid", "logistic"), ("leaky_relu", "leaky"),
    ("leakyrelu", "leaky"), ("LeakyReLU", "leaky"), ("lrelu", "leaky"), ("none", "linear"),
    ("identity", "linear"), ("hardtanh", "hardtan"),
  ])
  func `an activation of another name is named`(_ name: String, known: String) throws {
    #expect(
      try help("activation=\(name)") == "write activation=\(known), which is its name in a cfg")
  }

  @Test(arguments: [
    "hard_swish", "hswish", "h_swish", "hsigmoid", "hard_sigmoid", "prelu", "softplus", "celu",
  ])
  func `an activation without an equal is said to have none`(_ name: String) throws {
    #expect(try help("activation=\(name)").hasPrefix("Darknet has none that is the same"))
  }

  @Test(arguments: [("leakey", "leaky"), ("mis", "mish"), ("reluu", "relu")])
  func `a misspelt activation is corrected`(_ name: String, known: String) throws {
    #expect(try help("activation=\(name)") == "did you mean '\(known)'?")
  }

  @Test func `an activation that Darknet knows is none of these`() {
    let cfg = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nactivation="
    for name in ActivationFunction.names {
      #expect(
        Graph.check(CfgFile(text: cfg + name, name: "net.cfg")).diagnostics.isEmpty, "\(name)")
    }
  }

  @Test(arguments: [
    ("bn", "batch_normalize"), ("batch_norm", "batch_normalize"), ("kernel_size", "size"),
    ("strides", "stride"), ("out_channels", "filters"), ("strideW", "stride_x"),
    ("stride_w", "stride_x"), ("stride_h", "stride_y"), ("num_filters", "filters"),
    ("dilation_rate", "dilation"), ("act", "activation"),
  ])
  func `a key of another name is named`(_ name: String, known: String) throws {
    let advice = try help("activation=linear\n\(name)=1")
    #expect(advice == "write '\(known)', which is its name in a cfg")
  }

  @Test(arguments: [
    ("num_classes", "classes"), ("nc", "classes"), ("anchor_mask", "mask"), ("num_anchors", "num"),
  ])
  func `a key of a head is named`(_ name: String, known: String) throws {
    let head = "[yolo]\nclasses=1\nnum=3\nanchors=1,1,2,2,3,3\n\(name)=1"
    let advice = try help("activation=linear", head)
    #expect(advice == "write '\(known)', which is its name in a cfg")
  }

  @Test(arguments: ["padW", "pad_h", "in_channels", "bias"])
  func `a key that nothing corresponds to is explained`(_ name: String) throws {
    let advice = try help("activation=linear\n\(name)=1")
    #expect(!advice.hasPrefix("did you mean") && !advice.hasPrefix("write '"))
  }

  @Test(arguments: [
    ("conv2d", "convolutional"), ("max_pool", "maxpool"), ("MaxPool2d", "maxpool"),
    ("concat", "route"), ("add", "shortcut"), ("residual", "shortcut"), ("upsampling", "upsample"),
    ("dense", "connected"), ("fc", "connected"), ("silu", "activation"),
  ])
  func `a section of another name is named`(_ name: String, known: String) throws {
    let advice = try help("activation=linear", "[\(name)]")
    let isNamed = advice == "write [\(known)], which is its name in a cfg"
    #expect(isNamed || advice == "did you mean [\(known)]?")
  }

  // MARK: Lists

  @Test(arguments: [
    ("-1 -2", "-1,-2"), ("-1;-2", "-1,-2"), ("[-1, -2]", "-1,-2"), ("-1  ,  -2 -2", "-1,-2,-2"),
    ("-1\t-2", "-1,-2"), ("-1\u{FF0C}-2", "-1,-2"),
  ])
  func `a list of layers is written out with commas`(_ value: String, meant: String) throws {
    let layers = "[convolutional]\nactivation=linear\n[route]\nlayers=\(value)"
    #expect(try help("activation=linear", layers) == "separate them with commas: layers=\(meant)")
  }

  @Test(arguments: [
    ("10 10 20 20 40 40", "10,10,20,20,40,40"), ("10,10; 20,20; 40,40", "10,10,20,20,40,40"),
    ("10x10, 20x20, 40x40", "10,10,20,20,40,40"),
    ("(10,10) (20,20) (4.5,40)", "10,10,20,20,4.5,40"),
  ])
  func `a list of anchors is written out with commas`(_ value: String, meant: String) throws {
    let head = "[yolo]\nclasses=1\nnum=3\nanchors=\(value)"
    #expect(try help("activation=linear", head) == "separate them with commas: anchors=\(meant)")
  }

  @Test(arguments: ["10,10,  20,20,  40,40", "10, 10,20 ,20,40,40", " 1.5,1e1,20,20,40,40"])
  func `spaces next to commas are no mistake`(_ value: String) {
    let cfg = """
      [net]
      width=96
      height=96
      channels=3
      [convolutional]
      filters=18
      activation=linear
      [yolo]
      classes=1
      num=3
      anchors=\(value)
      """
    #expect(Graph.check(CfgFile(text: cfg, name: "net.cfg")).diagnostics.isEmpty)
  }

  @Test(arguments: [
    // Stride 64, and an input of 4.5 times that.
    (288, 288, "width and height 288 is not a multiple of the network's stride 64: use 256 or 320"),
    (288, 320, "width 288 is not a multiple of the network's stride 64: use 256 or 320"),
    (352, 288, "width 352 is not a multiple"),
  ])
  func `an input that the stride does not divide is the reason`(
    width: Int, height: Int, advice: String
  ) throws {
    let found = Graph.check(CfgFile(text: Self.pyramid(width, height), name: "p6.cfg")).diagnostics
    let help = try #require(found.first { $0.severity == .error }?.problem.help)
    #expect(help.contains(advice))
  }

  @Test(arguments: [256, 320, 640]) func `what is advised runs`(side: Int) {
    #expect(Graph.check(CfgFile(text: Self.pyramid(side, side), name: "p6.cfg")).graph != nil)
  }

  private static func pyramid(_ width: Int, _ height: Int) -> String {
    """
    [net]
    width=\(width)
    height=\(height)
    channels=3
    [convolutional]
    filters=4
    size=3
    stride=32
    pad=1
    activation=leaky
    [convolutional]
    filters=4
    size=3
    stride=2
    pad=1
    activation=leaky
    [upsample]
    stride=2
    [route]
    layers=-1,0
    """
  }
}
