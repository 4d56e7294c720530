extension HostileCase {
  static let dataSets: [HostileCase] = []
}
