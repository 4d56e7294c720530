// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "FindObjects",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Penumbra", path: "../..")],
  targets: [
    .executableTarget(
      name: "FindObjects", dependencies: [.product(name: "Penumbra", package: "Penumbra")])
  ]
)
