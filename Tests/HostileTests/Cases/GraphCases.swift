extension HostileCase {
  static let graph: [HostileCase] = []
}
