public import PenumbraCompute

/// Something that computes one step of a plan for a whole batch.
public protocol Kernel: Sendable {
  /// Scratch memory that every thread taking part needs for itself.
  var threadScratchBytes: Int { get }
  /// Scratch memory that the threads share.
  var sharedScratchBytes: Int { get }
  /// What a convolution multiplies.
  var format: NumberFormat { get }
  /// How it computes, in benchmarks: `winograd 4x4`; nil where the operation's name says enough.
  var algorithm: String? { get }
  func run(_ call: borrowing KernelCall)
}

extension Kernel {
  public var threadScratchBytes: Int { 0 }
  public var sharedScratchBytes: Int { 0 }
  public var format: NumberFormat { .fp32 }
  public var algorithm: String? { nil }
}

/// A primitive computation on tensors: what a step does, and the plainest way to do it.
///
/// `run` is the definition: plain loops, sums in double. The `reference` backend runs it as it is;
/// other backends put faster kernels in its place where they have any.
public protocol Operation: Kernel {
  /// The name in benchmarks and errors.
  var name: String { get }
  /// Whether the output may share its memory with the first input.
  var canOverwriteInput: Bool { get }
  /// States what the shapes of inputs and output, and the counts of parameters, have to be so that
  /// no kernel of the operation touches anything beyond them.
  func check(_ contract: ShapeContract)
}

extension Operation {
  public var canOverwriteInput: Bool { false }
}

/// An operation that can apply an activation to what it computes, before it is stored.
public protocol FusesActivation: Operation {
  var activation: Activation { get set }
}

extension FusesActivation {
  /// The same operation followed by `function`; nil when one is applied already.
  func fusing(_ function: ActivationFunction) -> (any Operation)? {
    guard case .elementwise(let next) = function, activation == .linear else { return nil }
    var fused = self
    fused.activation = next
    return fused
  }
}

/// A tensor in a session's arena: `batch` images, each a block of contiguous channels.
public struct Tensor {
  public let base: UnsafeMutablePointer<Float>
  /// Elements from one image to the next; more than `shape.count` for a part of a tensor.
  public let imageStride: Int
  public let shape: Shape
  public let layout: Layout

  package init(
    base: UnsafeMutablePointer<Float>, imageStride: Int, shape: Shape, layout: Layout = .planar
  ) {
    self.base = base
    self.imageStride = imageStride
    self.shape = shape
    self.layout = layout
  }

  public func image(_ n: Int) -> UnsafeMutablePointer<Float> { base + n * imageStride }

  /// The same tensor from image `n` on.
  func ofImage(_ n: Int) -> Tensor {
    Tensor(base: image(n), imageStride: imageStride, shape: shape, layout: layout)
  }
}

/// What a kernel may touch while it runs.
public struct KernelCall: ~Copyable {
  public let inputs: UnsafePointer<Tensor>
  public let output: Tensor
  public let batch: Int
  public let weights: Weights
  public let threads: Int
  let scratch: Scratch

  /// One block for all threads, and one for each.
  package struct Scratch {
    package let shared: UnsafeMutableRawPointer
    /// The first thread's block, and how far apart they are.
    package let threads: UnsafeMutableRawPointer
    package let threadStride: Int

    package init(
      shared: UnsafeMutableRawPointer, threads: UnsafeMutableRawPointer, threadStride: Int
    ) {
      (self.shared, self.threads, self.threadStride) = (shared, threads, threadStride)
    }

    /// The block of one thread.
    func thread(_ thread: Int) -> UnsafeMutableRawPointer { threads + thread * threadStride }
    func floats(_ thread: Int) -> UnsafeMutablePointer<Float> {
      self.thread(thread).assumingMemoryBound(to: Float.self)
    }
  }

  public var sharedScratch: UnsafeMutableRawPointer { scratch.shared }

  /// The block of one participant of `parallel`.
  public func threadScratch(_ thread: Int) -> UnsafeMutableRawPointer {
    scratch.thread(thread)
  }

  /// The same call with other places for all it touches.
  package func moved(
    _ inputs: UnsafePointer<Tensor>, _ output: Tensor, _ scratch: Scratch
  ) -> KernelCall {
    KernelCall(
      inputs: inputs, output: output, batch: batch, weights: weights, threads: threads,
      scratch: scratch)
  }

  /// Runs `body` for 0..<count on the session's threads, in no particular order.
  public func parallel(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void) {
    ThreadPool.shared.parallelFor(count, threads: threads, body)
  }
}
