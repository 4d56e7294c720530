/// Lets an operation apply the activation that follows it, before the result is stored.
public struct FuseActivation: Pass {
  public init() {}

  public func apply(to program: inout Program) {
    program.absorb { producer, consumer in
      guard let activate = consumer.operation as? Activate else { return nil }
      return (producer.operation as? any FusesActivation)?.fusing(activate.function)
    }
  }
}

extension Program {
  /// Merges each step into the one that makes its input, where `merge` gives an operation for both
  /// and nobody else reads what lies between them.
  ///
  /// - Parameter onlyNeighbours: whether no other step may stand between them, because what the second
  ///   one writes to has been given a place that the steps before it may still read.
  mutating func absorb(
    onlyNeighbours: Bool = false, _ merge: (_ producer: Step, _ consumer: Step) -> (any Operation)?
  ) {
    var producer: [ValueID: Int] = [:]
    var readers: [ValueID: Int] = [:]
    for step in steps { for input in step.inputs { readers[input, default: 0] += 1 } }
    for value in values { if let view = value.view { readers[view.parent, default: 0] += 1 } }

    var kept: [Step] = []
    for step in steps {
      if step.inputs.count == 1, let index = producer[step.inputs[0]],
        readers[step.inputs[0]] == 1, !results.contains(step.inputs[0]),
        self[step.inputs[0]].view == nil, !onlyNeighbours || index == kept.count - 1,
        let merged = merge(kept[index], step)
      {
        kept[index].operation = merged
        kept[index].output = step.output
        producer[step.output] = index
        continue
      }
      producer[step.output] = kept.count
      kept.append(step)
    }
    steps = kept
  }
}
