extension HostileCase {
  static let resources: [HostileCase] = []
}
