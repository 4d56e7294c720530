// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// For the modules that read what strangers wrote.
let guarded = strict + [.strictMemorySafety()]

let package = Package(
  name: "Penumbra",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Penumbra", targets: ["Penumbra"]),
    .executable(name: "penumbra", targets: ["PenumbraProgram"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // C: kernels, and what the stb headers need around them.
    .target(name: "CKernels"),
    .target(name: "CStb"),
    .target(name: "CPixels"),
    .target(name: "CFiles"),
    // Expat by its functions' names, loaded when an XML file is read.
    .target(name: "CExpat", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

    .target(
      name: "PenumbraCompute", dependencies: ["CKernels"],
      path: "Sources/Compute", swiftSettings: strict,
      linkerSettings: [.linkedFramework("Accelerate", .when(platforms: [.macOS]))]),
    // Files and text: what every other module needs.
    .target(name: "PenumbraSupport", path: "Sources/Support", swiftSettings: strict),
    .target(
      name: "PenumbraCfg", dependencies: ["PenumbraSupport"],
      path: "Sources/Cfg", swiftSettings: guarded),
    .target(
      name: "PenumbraEngine",
      dependencies: ["CFiles", "PenumbraCfg", "PenumbraCompute", "PenumbraSupport"],
      path: "Sources/Engine", swiftSettings: strict),
    .target(
      name: "PenumbraImaging", dependencies: ["CStb", "PenumbraSupport"],
      path: "Sources/Imaging", swiftSettings: strict),
    .target(
      name: "PenumbraAnalysis", dependencies: ["PenumbraCfg", "PenumbraEngine", "PenumbraSupport"],
      path: "Sources/Analysis", swiftSettings: strict),
    .target(
      name: "PenumbraZoo",
      dependencies: [
        "PenumbraAnalysis", "PenumbraCfg", "PenumbraCompute", "PenumbraEngine", "PenumbraSupport",
      ],
      path: "Sources/Zoo", swiftSettings: strict),
    .target(
      name: "PenumbraPaper",
      dependencies: ["PenumbraAnalysis", "PenumbraCfg", "PenumbraEngine", "PenumbraSupport"],
      path: "Sources/Paper", swiftSettings: strict),
    // What a network learns from and is judged by.
    .target(
      name: "PenumbraData",
      dependencies: [
        "CExpat", "CPixels", "PenumbraCfg", "PenumbraCompute", "PenumbraEngine", "PenumbraImaging",
        "PenumbraSupport",
      ],
      path: "Sources/Data", swiftSettings: guarded),
    .target(
      name: "PenumbraScenes",
      dependencies: ["PenumbraCompute", "PenumbraEngine", "PenumbraImaging", "PenumbraSupport"],
      path: "Sources/Scenes", swiftSettings: strict),
    .target(
      name: "PenumbraEvaluation", dependencies: ["PenumbraEngine", "PenumbraSupport"],
      path: "Sources/Evaluation", swiftSettings: strict),
    .target(
      name: "PenumbraTraining",
      dependencies: [
        "PenumbraCfg", "PenumbraCompute", "PenumbraData", "PenumbraEngine", "PenumbraEvaluation",
        "PenumbraImaging", "PenumbraSupport",
      ],
      path: "Sources/Training", swiftSettings: strict),
    .target(
      name: "Penumbra",
      dependencies: [
        "PenumbraAnalysis", "PenumbraCfg", "PenumbraCompute", "PenumbraEngine", "PenumbraImaging",
        "PenumbraSupport",
      ],
      path: "Sources/Penumbra", swiftSettings: strict),
    .target(
      name: "PenumbraCLI",
      dependencies: [
        "Penumbra", "PenumbraAnalysis", "PenumbraCfg", "PenumbraCompute", "PenumbraData",
        "PenumbraEngine", "PenumbraEvaluation", "PenumbraImaging", "PenumbraPaper",
        "PenumbraScenes", "PenumbraTraining", "PenumbraZoo",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), "PenumbraSupport",
      ],
      path: "Sources/CLI", swiftSettings: guarded),
    .executableTarget(
      name: "PenumbraProgram", dependencies: ["PenumbraCLI"], path: "Sources/Program",
      swiftSettings: guarded),

    // Every reader on untrusted bytes: `make fuzz`, and `make test` on the inputs of Fuzz/Corpus.
    .target(
      name: "PenumbraFuzzing",
      dependencies: [
        "Penumbra", "PenumbraAnalysis", "PenumbraCfg", "PenumbraCLI", "PenumbraData",
        "PenumbraEngine", "PenumbraEvaluation", "PenumbraImaging", "PenumbraTraining",
        "PenumbraZoo",
      ],
      path: "Fuzz/Targets", swiftSettings: strict),
    .executableTarget(
      name: "penumbra-fuzz", dependencies: ["PenumbraFuzzing"], path: "Fuzz/Runner",
      swiftSettings: strict),

    // The library in long use: `make soak`, and `make test` for less long.
    .executableTarget(
      name: "penumbra-soak", dependencies: ["Penumbra"], path: "Tests/Soak", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["PenumbraEngine", "PenumbraCfg", "PenumbraSupport"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "SupportTests", dependencies: ["PenumbraSupport", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CfgTests",
      dependencies: ["PenumbraCfg", "PenumbraEngine", "TestSupport", "PenumbraSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ComputeTests", dependencies: ["PenumbraCompute"], swiftSettings: strict),
    .testTarget(
      name: "ImagingTests", dependencies: ["PenumbraImaging", "PenumbraSupport", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Penumbra", "PenumbraEngine", "PenumbraCfg", "PenumbraCompute", "TestSupport",
        "PenumbraSupport",
      ],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "PenumbraAnalysis", "PenumbraEngine", "PenumbraCfg", "TestSupport", "PenumbraSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PaperTests",
      dependencies: ["PenumbraPaper", "PenumbraCfg", "TestSupport", "PenumbraSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ZooTests",
      dependencies: [
        "PenumbraZoo", "PenumbraEngine", "PenumbraCfg", "TestSupport", "PenumbraSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DataTests",
      dependencies: [
        "PenumbraCfg", "PenumbraData", "PenumbraEngine", "PenumbraImaging", "TestSupport",
        "PenumbraSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ScenesTests",
      dependencies: [
        "PenumbraScenes", "PenumbraEngine", "PenumbraImaging", "TestSupport", "PenumbraSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["PenumbraEvaluation", "PenumbraEngine", "TestSupport", "PenumbraSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "PenumbraTraining", "PenumbraData", "PenumbraEngine", "PenumbraCfg", "PenumbraCompute",
        "PenumbraImaging", "TestSupport", "PenumbraSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "FaultTests", dependencies: ["TestSupport"], exclude: ["Shim"], swiftSettings: strict),
    .testTarget(
      name: "FuzzReplayTests", dependencies: ["PenumbraFuzzing", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SoakTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "HostileTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
