import PenumbraCompute

/// The largest value, or the mean of the valid values, of each window of each channel.
struct Pool: Operation {
  enum Kind: Hashable, Sendable { case largest, mean }

  let kind: Kind
  let window: PoolWindow

  var name: String { kind == .largest ? "max-pool" : "average-pool" }

  func run(_ call: borrowing KernelCall) {
    let channels = Int(window.channels)
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(channels) { c, _ in
        switch kind {
        case .largest: Reference.maxPool(window, input, into: output, channels: c..<c + 1)
        case .mean: Reference.averagePool(window, input, into: output, channels: c..<c + 1)
        }
      }
    }
  }
}

/// The mean of each channel.
struct GlobalAverage: Operation {
  let name = "global-average"

  func run(_ call: borrowing KernelCall) {
    let shape = call.inputs[0].shape
    eachImage(call) { input, output in
      for c in 0..<shape.channels {
        var sum = 0.0
        for i in c * shape.planeCount..<(c + 1) * shape.planeCount { sum += Double(input[i]) }
        output[c] = Float(sum / Double(shape.planeCount))
      }
    }
  }
}

/// `y[g] = max(x[g], x[g + G], x[g + 2G], …)` over the channels, `G` of them in the output.
struct CompeteChannels: Operation {
  let name = "maxout"

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    let plane = to.planeCount
    eachImage(call) { input, output in
      for g in 0..<to.channels {
        for p in 0..<plane {
          var largest = -Float.greatestFiniteMagnitude
          for k in stride(from: g, to: from.channels, by: to.channels) {
            let value = input[k * plane + p]
            if value > largest { largest = value }
          }
          output[g * plane + p] = largest
        }
      }
    }
  }
}
