extension HostileCase {
  static let arguments: [HostileCase] = []
}
