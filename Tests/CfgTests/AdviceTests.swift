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

  // MARK: Values

  @Test(arguments: [
    ("batch_normalize=no", "write batch_normalize=0"),
    ("batch_normalize=false", "write batch_normalize=0"),
    ("batch_normalize=off", "write batch_normalize=0"),
    ("batch_normalize=none", "write batch_normalize=0"),
    ("batch_normalize=True", "write batch_normalize=1"),
    ("batch_normalize=maybe", "write batch_normalize=1 for yes, batch_normalize=0 for no"),
    ("stride=yes", "write a whole number, for example stride=1"),
    ("blur=yes", "write a whole number, for example blur=1"), ("blur=no", "write blur=0"),
    ("stride=\"2\"", "write stride=2"),
    ("stride=\u{FF12}", "write stride=2"), ("stride=\u{662}", "write stride=2"),
    ("stride=2px", "write 2"), ("stride=2.0", "write 2"),
    ("stride=2.5", "write a whole number, and nothing after it"),
    ("stride=2 size=3", "give 'size' a line of its own"),
    ("stride=1 6", "write one number, without blanks"),
    ("learning_rate=0,001", "write 0.001"), ("max_batches=5,000", "write 5000"),
    ("max_batches=5_000", "write 5000"), ("max_batches=10k", "write 10000"),
    ("max_batches=1.5k", "write 1500"), ("max_batches=8,5", "write a whole number, and nothing"),
    ("learning_rate=5,000", "write a number, and nothing after it"),
    ("steps=80%", "write a whole number, and nothing after it"), ("mosaic=yes", "write mosaic=1"),
    ("mosaic=no", "write mosaic=0"), ("hue=yes", "write a number"), ("policy=cosine", "sgdr"),
    ("steps=10 scales=.1", "give 'scales' a line of its own"),
    ("pad=1 // same", "move the comment"),
  ])
  func `a value is corrected to what it means, or not at all`(
    _ line: String, advice: String
  ) throws {
    let isOfNet = ["learning_rate", "max_batches", "steps", "mosaic", "hue", "policy", "blur"]
      .contains(String(line.prefix { $0 != "=" }))
    let cfg = """
      [net]
      width=96
      height=96
      channels=3
      \(isOfNet ? line : "")
      [convolutional]
      filters=18
      activation=linear
      \(isOfNet ? "" : line)
      """
    let found = Graph.check(CfgFile(text: cfg, name: "net.cfg")).diagnostics
    let help = try #require(found.first { $0.sourceLine == line }?.problem.help)
    #expect(help.contains(advice))
    #expect(!advice.hasPrefix("write a ") || help.hasPrefix(advice))
  }

  @Test(arguments: [
    ("-1:-2", "layers=-1,-2"), ("-1/-2", "layers=-1,-2"), ("\"-1,-2\"", "layers=-1,-2"),
    ("\u{2212}1,\u{2212}2", "layers=-1,-2"), ("-1..-2", "write all the numbers"),
    ("-1-2", "write all the numbers that are meant, separated by commas"),
  ])
  func `no layer of a list is lost`(_ value: String, advice: String) throws {
    let layers = "[convolutional]\nactivation=linear\n[route]\nlayers=\(value)"
    #expect(try help("activation=linear", layers).contains(advice))
    let cfg =
      "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nactivation=linear\n" + layers
    #expect(Graph.check(CfgFile(text: cfg, name: "net.cfg")).graph == nil)
  }

  @Test func `anchors with points between them are written out`() throws {
    let head = "[yolo]\nclasses=1\nnum=3\nanchors=10.13.16.30.33.23"
    #expect(
      try help("activation=linear", head)
        == "separate them with commas: anchors=10,13,16,30,33,23")
  }

  @Test(arguments: [
    ("stride: 2", "write stride=2, or # in front of it"), ("stride 2", "write stride=2, or"),
    ("stride : 2", "write stride=2, or"), ("layers -1, -2", "write layers=-1,-2, or"),
    ("this is a note", "write key=value, or"), ("stride", "write stride=value, or"),
    ("(convolutional)", "write [convolutional]"), ("convolutional]", "write [convolutional]"),
    ("{convolutional}", "write [convolutional]"),
    ("\u{FF3B}convolutional\u{FF3D}", "write [convolutional]"),
  ])
  func `a line without = is read as its writer meant`(_ line: String, advice: String) throws {
    #expect(try help("activation=linear\n\(line)").hasPrefix(advice))
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
