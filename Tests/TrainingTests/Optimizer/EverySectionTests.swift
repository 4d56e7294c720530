import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import Testing

/// Every section of the registry in a network that is to be trained: it is, or a message says why not.
struct EverySectionTests {
  /// What a section needs; those that read more than the layer before come with it.
  private static let needs = [
    "route": "layers=-1,-2", "shortcut": "from=-2", "partial": "ratio=0.5\ntake=block",
    "scale_channels": "from=-2", "sam": "from=-2", "crop": "crop_width=2\ncrop_height=2",
    "reorg": "stride=2", "reorg3d": "stride=2", "maxout": "pieces=2", "softmax": "groups=2",
    "detection": "classes=1\ncoords=4\nside=2\nnum=1",
  ]
  /// Sections with a loss of their own.
  private static let losses: Set = [
    "yolo", "Gaussian_yolo", "region", "detection", "softmax", "cost", "contrastive",
  ]
  private static let filters = ["yolo": 25, "region": 25, "Gaussian_yolo": 29, "detection": 6]

  private static func text(_ section: String) -> String {
    let count = filters[section] ?? 4
    let side = section == "detection" ? 2 : 4
    let before =
      section == "scale_channels"
      ? "[avgpool]\n" : "[convolutional]\nfilters=\(count)\nactivation=linear\n"
    return """
      [net]
      width=\(side)
      height=\(side)
      channels=3
      [convolutional]
      filters=\(count)
      batch_normalize=1
      activation=leaky
      \(before)[\(section)]
      \(needs[section] ?? "")
      activation=linear
      \(losses.contains(section) ? "" : "[cost]")
      """
  }

  @Test(arguments: LayerRegistry.builtin.layers.map { $0.spec.name })
  func `is trained for a step or refused with a message`(section: String) throws {
    let file = CfgFile(text: Self.text(section), name: "test.cfg")
    let graph = try Graph(file)
    let hyperparameters = try Hyperparameters(net: file.sections[0])
    let losses: [LayerLoss]
    do {
      losses = try LayerLoss.losses(of: graph, net: file.sections[0])
    } catch let error as CfgError {
      // Lint says the same before.
      let told = TrainingCheck.diagnostics(file, graph)
      #expect(error.diagnostics.allSatisfy { told.contains($0) })
      return
    }
    let optimizer = try Optimizer(graph, hyperparameters, threads: 1)
    let options = TrainingOptions(
      batch: 2, threads: 1, lossLayers: losses.map(\.layer),
      lastFrozenLayer: optimizer.rules.lastFrozenLayer)
    let parameters = try ParameterBuffer(copying: Weights(seed: 1, for: graph))
    let gradients = try ParameterBuffer(parameters.layout)
    let session = try TrainingSession(
      TrainingPlan(graph, options: options), parameters: parameters, gradients: gradients)
    session.forward(images: 2, moment: TrainingMoment(seed: 1, iteration: 1))
    for loss in losses {
      let count = graph.nodes[loss.layer].layer.output.count
      for image in 0..<2 {
        session.lossGradient(layer: loss.layer, image: image).update(repeating: 0.1, count: count)
      }
    }
    session.backward(images: 2)
    let bad = optimizer.step(
      parameters: parameters, gradients: gradients, iteration: 1, rate: 0.01)
    #expect(bad == nil)
  }

  @Test(arguments: ["reorg", "reorg3d"])
  func `a key reverse that is no convolution's does not reverse updates`(section: String) throws {
    let file = CfgFile(
      text: Self.text(section).replacing("stride=2", with: "stride=2\nreverse=1"),
      name: "test.cfg")
    let graph = try Graph(file)
    #expect(TrainingCheck.diagnostics(file, graph).isEmpty)
    _ = try Optimizer(graph, Hyperparameters(net: file.sections[0]), threads: 1)
  }

  @Test(arguments: [
    ("learning_rate=0", "", "'learning_rate' is 0"), ("momentum=1", "", "'momentum' is 1"),
    ("policy=step\nstep=0", "", "'step' is 0"), ("track=1", "", "'track' asks for"),
    ("", "onlyforward=1", "'onlyforward' asks for"), ("", "clip=-1", "'clip' is -1"),
    ("", "stopbackward=-1", "'stopbackward' is -1"), ("", "reverse=x", "'reverse'"),
    ("", "grad_centr=x", "'grad_centr'"),
  ])
  func `what training refuses is known before`(
    net: String, layer: String, message: String
  ) throws {
    let text = "[net]\nwidth=4\nheight=4\nchannels=3\n\(net)\n"
    let file = CfgFile(
      text: text + "[convolutional]\nactivation=linear\n\(layer)\n[cost]\n", name: "test.cfg")
    let graph = try Graph(file)
    let found = TrainingCheck.diagnostics(file, graph)
    #expect(found.count == 1)
    #expect(found.first?.problem.message.contains(message) == true, "\(found)")
    let error = #expect(throws: CfgError.self) {
      try Optimizer(graph, Hyperparameters(net: file.sections[0]), threads: 1)
    }
    #expect(error?.diagnostics == found)
  }
}
