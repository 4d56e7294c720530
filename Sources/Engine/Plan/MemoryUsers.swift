/// Which steps and results use the memory of each tensor that owns some, while tensors are joined.
struct MemoryUsers {
  struct Users {
    /// In no order, and some of them more than once.
    fileprivate(set) var steps: [Int] = []
    fileprivate(set) var results: [ValueID] = []

    fileprivate mutating func add(_ others: Users) {
      steps += others.steps
      results += others.results
    }
  }

  private var users: [ValueID: Users] = [:]

  init(_ program: Program) {
    for (index, step) in program.steps.enumerated() {
      for value in step.inputs + [step.output] {
        users[program.root(of: value).parent, default: Users()].steps.append(index)
      }
    }
    for result in program.results {
      users[program.root(of: result).parent, default: Users()].results.append(result)
    }
  }

  /// Who uses any of `tensors`; nil if more than `limit` steps do.
  func users(of tensors: [ValueID], limit: Int) -> Users? {
    let parts = tensors.compactMap { users[$0] }
    guard parts.reduce(0, { $0 + $1.steps.count }) <= limit else { return nil }
    return parts.reduce(into: Users()) { $0.add($1) }
  }

  /// Notes that `tensor` lies in the memory of `other` from now on.
  mutating func move(_ tensor: ValueID, into other: ValueID) {
    guard var fewer = users.removeValue(forKey: tensor) else { return }
    var more = users.removeValue(forKey: other) ?? Users()
    if more.steps.count < fewer.steps.count { swap(&more, &fewer) }
    more.add(fewer)
    users[other] = more
  }
}
