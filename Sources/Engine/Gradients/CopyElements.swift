/// The input as it is: where a loss begins that has no activation of its own.
struct CopyElements: Operation {
  let name = "copy"

  func run(_ call: borrowing KernelCall) {
    eachImage(call) { $1.update(from: $0, count: call.output.shape.count) }
  }
}

extension CopyElements: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) { call.passOn() }
}

extension BackwardCall {
  /// Adds the output's gradient to the input's as it is.
  func passOn() {
    let count = outputGradient.shape.count
    eachImage { _, dx, dy in
      for i in 0..<count { dx[i] += dy[i] }
    }
  }
}
