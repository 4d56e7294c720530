import Foundation
import TestSupport

/// Files that are found in a folder of somebody else's, and files that are not cfgs.
extension HostileCase {
  static let links: [HostileCase] = foundLinks + foreignCfgs + foundKinds

  /// `zoo` with a cfg `evil.cfg` that leads to a file out of it.
  private static func zoo(
    _ target: String
  ) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in
      try folder.write("api_token: hunter2-token\nuser=hunter2\n", to: "secret.ini")
      try folder.write("", to: "zoo/a.txt")
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("zoo/evil.cfg"), withDestinationPath: target)
    }
  }

  private static let targets = ["../secret.ini", "/proc/self/environ", "/etc/passwd"]

  private static let foundLinks: [HostileCase] = targets.flatMap { target in
    [
      HostileCase(
        "lint of a folder with a link to \(target)", "lint zoo", status: 65,
        stderr: ["zoo/evil.cfg: error: this link leads out of the folder", "--allow-outside"],
        absent: ["hunter2", "PATH=", "root:"], prepare: zoo(target)),
      HostileCase(
        "the same as SARIF", "lint zoo --format sarif", status: 65,
        absent: ["hunter2", "PATH=", "root:"], prepare: zoo(target)),
      HostileCase(
        "the same with permission", "lint zoo --allow-outside", status: 65,
        stdout: ["zoo/evil.cfg:1:"], absent: ["hunter2", "PATH=", "root:"], prepare: zoo(target)),
      HostileCase(
        "zoo check with a link to \(target)", "zoo check zoo --update", status: 65,
        stderr: ["zoo/evil.cfg: error: this link leads out"],
        absent: ["hunter2", "PATH=", "root:"],
        prepare: zoo(target)),
      HostileCase(
        "a link to \(target) by its name", "inspect zoo/evil.cfg", status: 65,
        stderr: ["zoo/evil.cfg:1:"], absent: ["hunter2", "PATH=", "root:"], prepare: zoo(target)),
    ]
  }

  private static let folderLink = HostileCase(
    "a folder in a folder that leads out of it", "lint zoo", status: 66,
    stderr: ["note: zoo/more leads out of the folder", "zoo/*.cfg: error: there is no such file"],
    absent: ["hunter2"],
    prepare: { folder in
      try folder.write("token=hunter2\n", to: "private/b.cfg")
      try folder.write("", to: "zoo/a.txt")
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("zoo/more"), withDestinationPath: "../private")
    })

  /// What may lie in a folder beside cfgs.
  private static let foundKinds: [HostileCase] =
    [
      folderLink,
      HostileCase(
        "a link that stays in its folder", "lint zoo", status: 0,
        stderr: ["2 files: 0 errors"],
        limit: "mkdir zoo && cp net.cfg zoo/a.cfg && ln -s a.cfg zoo/b.cfg",
        prepare: { try $0.write(network, to: "net.cfg") }),
      HostileCase(
        "a link to a cfg that a person names", "lint link.cfg", status: 0,
        limit: "mkdir far && cp net.cfg far && rm net.cfg && ln -s far/net.cfg link.cfg",
        prepare: { try $0.write(network, to: "net.cfg") }),
    ]
    + ["lint zoo", "zoo check zoo --update"].map { line in
      HostileCase(
        "a pipe as a cfg in a folder: \(line)", line, status: 65,
        stderr: ["zoo/x.cfg: error: this is a pipe or a device"],
        limit: "mkdir zoo && mkfifo zoo/x.cfg")
    }

  private static let network = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    filters=2
    size=1
    activation=linear

    """

  /// Files of settings that a path may lead to; none of their text is shown.
  private static let foreignCfgs: [HostileCase] = [
    ("an option first", "token=hunter2\n[section]\nkey hunter2\n"),
    ("a key and a colon", "token: hunter2\nother=1\n"),
    ("sections", "[default]\naws_id=hunter2\naws_secret hunter2\naws_key=\nhunter2=\n"),
    ("a section twice", "[a]\npassword=hunter2\npassword=hunter2b\n[hunter2hunter2hunter2]\nx=1\n"),
    ("comments first", "# mine\n; too\nDB_PASSWORD='hunter2'\n"),
    ("zeros between", "A=hunter2\0PATH=hunter2\0\n"),
  ].flatMap { name, text in
    [
      ["lint", "x.cfg"], ["lint", "x.cfg", "--json"], ["lint", "x.cfg", "--format", "sarif"],
      ["inspect", "x.cfg"], ["lower", "x.cfg"],
    ].map { arguments in
      HostileCase(
        "a file that is not a cfg, \(name): \(arguments.joined(separator: " "))", arguments,
        status: 65, absent: ["hunter2"], prepare: { try $0.write(text, to: "x.cfg") })
    }
  }
}
