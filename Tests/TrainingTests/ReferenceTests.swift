import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

/// Training against an independent computation with numpy: `Fixtures/reference.py` made
/// `Fixtures/reference.json` (Python 3, numpy 2.4), and says what is computed.
struct ReferenceTests {
  private struct Fixture: Decodable {
    let momentum, decay, rate: Double
    let labels: [Int]
    /// Of each image: class, x, y, width, height.
    let boxes: [[[Float]]]
    let mse, ciou, softmax: Run
  }

  struct Run: Decodable {
    /// By layer and role.
    let initial: [String: [Float]]
    /// The first two.
    let iterations: [Iteration]
    /// The loss of each of 50 iterations.
    let curve: [Double]
    let final: [String: [Float]]
  }

  struct Iteration: Decodable {
    let loss: Double
    let gradients: [String: [Float]]
    let updated: [String: [Float]]
  }

  private static let fixture = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/reference.json")
    return try JSONDecoder().decode(Fixture.self, from: try Data(contentsOf: file))
  }

  enum Case: String, CaseIterable, Sendable {
    case mse, ciou, softmax

    var net: String {
      """
      [net]
      width=16
      height=16
      channels=2
      batch=2
      momentum=0.9
      decay=0.0005
      learning_rate=0.01
      """
    }

    var layers: String {
      if self == .softmax {
        return """
          [convolutional]
          filters=4
          size=3
          pad=1
          activation=leaky
          [avgpool]
          [softmax]
          """
      }
      return """
        [convolutional]
        batch_normalize=1
        filters=4
        size=3
        stride=2
        pad=1
        activation=leaky
        [convolutional]
        filters=14
        size=1
        activation=linear
        [yolo]
        classes=2
        num=2
        mask=0,1
        anchors=5,6, 11,9
        iou_loss=\(rawValue)
        ignore_thresh=\(self == .mse ? 0.5 : 0.6)
        iou_normalizer=\(self == .mse ? 0.75 : 0.07)
        """
    }
  }

  /// One of the networks, at its initial weights.
  private final class Lesson {
    let fixture: Fixture
    let run: Run
    let session: TrainingSession
    let optimizer: Optimizer
    let schedule: LearningRate
    let loss: LayerLoss

    init(_ which: Case, backend: any Backend) throws {
      fixture = try ReferenceTests.fixture.get()
      run =
        switch which {
        case .mse: fixture.mse
        case .ciou: fixture.ciou
        case .softmax: fixture.softmax
        }
      let file = CfgFile(text: which.net + "\n" + which.layers + "\n", name: "test.cfg")
      let graph = try Graph(file)
      let hyperparameters = try Hyperparameters(net: file.sections[0])
      optimizer = try Optimizer(graph, hyperparameters)
      schedule = hyperparameters.learningRate
      loss = try #require(LayerLoss.losses(of: graph, net: file.sections[0]).first)
      let parameters = try ParameterBuffer(WeightsLayout(graph))
      for entry in parameters.layout.entries {
        let name = "\(entry.id.layer).\(entry.parameter.role.rawValue)"
        let values = try #require(run.initial[name], "\(name)")
        try #require(values.count == entry.parameter.count)
        _ = parameters.tensor(entry.id).update(fromContentsOf: values)
      }
      let plan = try TrainingPlan(
        graph,
        options: TrainingOptions(
          backend: backend, batch: hyperparameters.miniBatch, lossLayers: [loss.layer],
          lastFrozenLayer: optimizer.rules.lastFrozenLayer))
      session = try TrainingSession(
        plan, parameters: parameters, gradients: try ParameterBuffer(parameters.layout))
    }

    /// The loss of an iteration and its gradients, which then update the parameters.
    func iterate(_ iteration: Int) throws -> (loss: Double, gradients: [String: [Float]]) {
      session.clearGradients()
      let numbers = [0, 1].map { (2 * (iteration - 1) + $0) % 4 }
      for (place, number) in numbers.enumerated() {
        session.withInput(image: place) { input in
          for k in input.indices {
            input[k] = Float(Double((k * (37 + 6 * number) + 11 * number) % 101) / 101)
          }
        }
      }
      session.forward(images: 2, moment: TrainingMoment(seed: 1, iteration: iteration))
      var parts = LossParts()
      let graph = session.plan.graph
      for (place, number) in numbers.enumerated() {
        parts += loss.loss.compute(
          LossCall(
            output: session.output(layer: loss.layer, image: place),
            shape: graph.nodes[loss.layer].layer.inputs[0].shape,
            gradient: session.lossGradient(layer: loss.layer, image: place),
            example: target(number), network: graph.net.input, seen: 2 * iteration))
      }
      session.backward(images: 2)
      let gradients = session.gradients.copies
      #expect(
        optimizer.step(
          parameters: session.parameters, gradients: session.gradients, iteration: iteration,
          rate: schedule.rate(iteration: iteration)) == nil)
      try session.parametersChanged()
      return (parts.total / 2, gradients)
    }

    private func target(_ number: Int) -> LossCall.Target {
      var shares = [Float](repeating: 0, count: 4)
      shares[fixture.labels[number]] = 1
      let boxes = fixture.boxes[number].map {
        labelled(Int($0[0]), $0[1], $0[2], $0[3], $0[4])
      }
      return LossCall.Target(boxes: boxes, classShares: shares)
    }

    var parameters: [String: [Float]] { session.parameters.copies }
  }

  private static let backends: [any Backend] = [ReferenceBackend(), Backends.standard]

  @Test(arguments: Case.allCases, backends.indices)
  func `two iterations are those of the reference: losses, gradients, parameters`(
    which: Case, backend: Int
  ) throws {
    let lesson = try Lesson(which, backend: Self.backends[backend])
    for (index, expected) in lesson.run.iterations.enumerated() {
      let found = try lesson.iterate(index + 1)
      #expect(abs(found.loss - expected.loss) <= 1e-4 * expected.loss, "\(found.loss)")
      for (name, values) in expected.gradients {
        let error = worstError(found.gradients[name] ?? [], values, relative: 1e-4)
        #expect(error <= 1, "gradient of \(name) in iteration \(index + 1)")
      }
      for (name, values) in expected.updated {
        let error = worstError(lesson.parameters[name] ?? [], values, absolute: 1e-6)
        #expect(error <= 1, "\(name) after iteration \(index + 1)")
      }
    }
  }

  @Test(arguments: Case.allCases, backends.indices)
  func `fifty iterations follow the reference's curve`(which: Case, backend: Int) throws {
    let lesson = try Lesson(which, backend: Self.backends[backend])
    #expect(lesson.run.curve.count == 50)
    for (index, expected) in lesson.run.curve.enumerated() {
      let found = try lesson.iterate(index + 1).loss
      #expect(abs(found - expected) <= 1e-3 * expected, "iteration \(index + 1): \(found)")
    }
    for (name, values) in lesson.run.final {
      #expect(
        worstError(lesson.parameters[name] ?? [], values, relative: 1e-3) <= 1, "\(name)")
    }
  }
}
