import PenumbraCompute

/// Something that computes one step of a training program, forwards and backwards, for all images of
/// a mini-batch at once.
///
/// Sums over images and pixels are taken in an order that the shapes alone decide, so that results
/// are the same bits for any number of threads.
public protocol TrainingKernel: Sendable {
  /// The tensors of the forward pass that `backward` reads.
  var keeps: KeptTensors { get }
  /// Floats that `forward` leaves for `backward` beside tensors, for a mini-batch of `batch` images.
  func savedFloats(batch: Int) -> Int
  /// Scratch memory that every thread taking part needs for itself, in either direction.
  var threadScratchBytes: Int { get }
  /// Scratch memory that the threads share.
  var sharedScratchBytes: Int { get }
  /// Bytes of weights that it keeps in a form of its own.
  var packedBytes: Int { get }

  /// Takes note of new numbers in the parameters: called once before the first pass, and after every
  /// update if gradients reach the step. A kernel that keeps weights in a form of its own packs them
  /// anew, on all threads.
  ///
  /// - Throws: when there is no memory for them.
  func parametersChanged(_ weights: Weights) throws(PlanError)
  func forward(_ call: borrowing ForwardCall)
  /// Computes the gradients of the inputs and adds to those of the parameters.
  func backward(_ call: borrowing BackwardCall)
}

extension TrainingKernel {
  public func savedFloats(batch: Int) -> Int { 0 }
  public var threadScratchBytes: Int { 0 }
  public var sharedScratchBytes: Int { 0 }
  public var packedBytes: Int { 0 }
  public func parametersChanged(_ weights: Weights) throws(PlanError) {}
}

/// Tensors of the forward pass that still hold when the backward pass comes to their step.
public struct KeptTensors: OptionSet, Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let inputs = KeptTensors(rawValue: 1)
  public static let output = KeptTensors(rawValue: 2)
}

/// An operation whose gradients can be computed, in the plainest way: loops, sums in double.
///
/// The `reference` backend trains with it as it is; other backends put faster kernels in its place
/// where they have any.
public protocol Differentiable: Operation, TrainingKernel {
  /// The parameters it reads and can learn.
  var parameters: [ParameterID] { get }
}

extension Differentiable {
  public var parameters: [ParameterID] { [] }
  public var threadScratchBytes: Int { 0 }
  public var sharedScratchBytes: Int { 0 }

  /// The same as without training, where the operation says nothing else.
  public func forward(_ call: borrowing ForwardCall) { call.withKernelCall(run) }
}

/// A point of a training run: what random choices inside the network follow.
public struct TrainingMoment: Hashable, Sendable {
  public let seed: UInt64
  public let iteration: Int
  /// The first image's number among those of the iteration, so that parts of a batch differ.
  public let firstImage: Int

  public init(seed: UInt64, iteration: Int, firstImage: Int = 0) {
    (self.seed, self.iteration, self.firstImage) = (seed, iteration, firstImage)
  }
}

/// What a kernel may touch in the forward pass of training.
public struct ForwardCall: ~Copyable {
  public let inputs: UnsafePointer<Tensor>
  public let output: Tensor
  public let batch: Int
  public let weights: Weights
  /// The same numbers, for the statistics that batch normalisation gathers.
  public let parameters: ParameterBuffer
  /// `savedFloats` of them, 64-byte aligned.
  public let saved: UnsafeMutablePointer<Float>
  public let moment: TrainingMoment
  public let threads: Int
  let scratch: KernelCall.Scratch

  /// Lends what the step's kernel for inference takes.
  // Swift 6.3 crashes where it clones the body into other modules, and where a property returns the
  // call.
  @_semantics("optimize.no.crossmodule")
  @inline(never)
  func withKernelCall(_ body: (borrowing KernelCall) -> Void) {
    body(
      KernelCall(
        inputs: inputs, output: output, batch: batch, weights: weights, threads: threads,
        scratch: scratch))
  }

  /// Lends the same call with other places for all it touches.
  @_semantics("optimize.no.crossmodule")
  @inline(never)
  package func withPlaces(
    _ inputs: UnsafePointer<Tensor>, _ output: Tensor, saved: UnsafeMutablePointer<Float>,
    _ scratch: KernelCall.Scratch, _ body: (borrowing ForwardCall) -> Void
  ) {
    body(
      ForwardCall(
        inputs: inputs, output: output, batch: batch, weights: weights, parameters: parameters,
        saved: saved, moment: moment, threads: threads, scratch: scratch))
  }

  public var sharedScratch: UnsafeMutableRawPointer { scratch.shared }
  public func threadScratch(_ thread: Int) -> UnsafeMutableRawPointer {
    scratch.thread(thread)
  }

  public func parallel(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void) {
    ThreadPool.shared.parallelFor(count, threads: threads, body)
  }
}

/// What a kernel may touch in the backward pass. All gradients are of the loss, so that parameters
/// move against them; those of tensors have the tensors' shapes and layouts.
public struct BackwardCall: ~Copyable {
  /// The inputs of the forward pass; their contents hold if `keeps` says so.
  public let inputs: UnsafePointer<Tensor>
  /// The output of the forward pass; its contents hold if `keeps` says so.
  public let output: Tensor
  public let outputGradient: Tensor
  /// One an input.
  public let inputGradients: UnsafePointer<InputGradient>
  public let inputCount: Int
  public let batch: Int
  public let weights: Weights
  /// What this pass adds to.
  public let parameterGradients: ParameterBuffer
  /// What `forward` left.
  public let saved: UnsafeMutablePointer<Float>
  public let moment: TrainingMoment
  public let threads: Int
  let scratch: KernelCall.Scratch

  public var sharedScratch: UnsafeMutableRawPointer { scratch.shared }
  public func threadScratch(_ thread: Int) -> UnsafeMutableRawPointer {
    scratch.thread(thread)
  }

  public func parallel(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void) {
    ThreadPool.shared.parallelFor(count, threads: threads, body)
  }

  /// Lends the same call with other places for all it touches but the parameters' gradients.
  @_semantics("optimize.no.crossmodule")
  @inline(never)
  package func withPlaces(
    _ inputs: UnsafePointer<Tensor>, _ output: Tensor, outputGradient: Tensor,
    inputGradients: UnsafePointer<InputGradient>, saved: UnsafeMutablePointer<Float>,
    _ scratch: KernelCall.Scratch, _ body: (borrowing BackwardCall) -> Void
  ) {
    body(
      BackwardCall(
        inputs: inputs, output: output, outputGradient: outputGradient,
        inputGradients: inputGradients, inputCount: inputCount, batch: batch, weights: weights,
        parameterGradients: parameterGradients, saved: saved, moment: moment, threads: threads,
        scratch: scratch))
  }

  /// Lends a call of a kernel for inference that is part of this pass, such as the convolution that
  /// gives an input's gradient; of all images, or of as many as `batch` says.
  @_semantics("optimize.no.crossmodule")
  @inline(never)
  func withKernelCall(
    _ inputs: UnsafePointer<Tensor>, _ output: Tensor, batch: Int? = nil,
    _ body: (borrowing KernelCall) -> Void
  ) {
    body(
      KernelCall(
        inputs: inputs, output: output, batch: batch ?? self.batch, weights: weights,
        threads: threads,
        scratch: scratch))
  }
}

/// Where an input's gradient goes.
public struct InputGradient {
  /// Nil where nobody needs it.
  public let tensor: Tensor?
  /// Whether the gradient is added to what stands there; else it replaces that, every element of it.
  public let accumulates: Bool

  package init(tensor: Tensor?, accumulates: Bool) {
    (self.tensor, self.accumulates) = (tensor, accumulates)
  }
}
