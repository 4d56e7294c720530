import PenumbraSupport

/// JUnit's XML, which most CI servers show: a test suite for each network, a test for each check.
extension ZooReport {
  public var junit: String {
    let suites = networks.map(\.junitSuite).joined()
    let tests = networks.reduce(0) { $0 + max(1, $1.checks.count) }
    let failures = networks.reduce(0) { $0 + $1.failedChecks.count }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="penumbra zoo check" tests="\(tests)" failures="\(failures)" time="\(seconds)">
      \(suites)</testsuites>

      """
  }
}

extension NetworkReport {
  fileprivate var failedChecks: Set<Difference.Check> { Set(differences.map(\.check)) }

  /// Checks in order; those that failed before they were begun are tests too.
  private var tests: [Difference.Check] {
    Difference.Check.allCases.filter { checks.contains($0) || failedChecks.contains($0) }
  }

  fileprivate var junitSuite: String {
    let tests = tests.map { check in
      let failures = differences.filter { $0.check == check }
      let head = "    <testcase classname=\"\(name.xmlEscaped)\" name=\"\(check.rawValue)\""
      guard !failures.isEmpty else { return head + "/>\n" }
      let lines = failures.map { difference in
        (difference.line.map { "line \($0): " } ?? "") + difference.description
      }
      return """
        \(head)>
              <failure message="\(failures[0].description.xmlEscaped)">\
        \(lines.joined(separator: "\n").xmlEscaped)</failure>
            </testcase>

        """
    }
    return """
        <testsuite name="\(name.xmlEscaped)" tests="\(tests.count)" failures="\(failedChecks.count)" \
      time="\(seconds)">
      \(tests.joined())  </testsuite>

      """
  }
}
