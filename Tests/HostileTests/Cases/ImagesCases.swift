extension HostileCase {
  static let images: [HostileCase] = []
}
