/// A kernel that keeps weights in a form of its own.
protocol PackingKernel: Kernel {
  /// Bytes of them.
  var packedBytes: Int { get }
}
