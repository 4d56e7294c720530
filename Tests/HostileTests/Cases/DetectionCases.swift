extension HostileCase {
  static let detection: [HostileCase] = []
}
