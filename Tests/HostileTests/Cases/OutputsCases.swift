extension HostileCase {
  static let outputs: [HostileCase] = []
}
