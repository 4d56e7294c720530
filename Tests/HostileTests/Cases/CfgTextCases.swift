extension HostileCase {
  static let cfgText: [HostileCase] = []
}
