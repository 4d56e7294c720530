import Foundation
import TestSupport
import Testing

/// The built command against what the reference Darknet found in photographs.
struct DetectGoldenTests {
  private static let cases: [String] = {
    guard let shared = sharedFolder else { return [] }
    let real = shared + "/golden/real"
    let networks = (try? FileManager.default.contentsOfDirectory(atPath: real)) ?? []
    return networks.sorted().flatMap { network in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(real)/\(network)")) ?? [])
        .filter { FileManager.default.fileExists(atPath: "\(real)/\(network)/\($0)/expected.json") }
        .sorted().map { "\(real)/\(network)/\($0)" }
    }
  }()

  @Test(arguments: cases)
  func `finds what Darknet finds`(path: String) throws {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let network = folder.path + "/" + folder.lastPathComponent
    let image = name.replacing("-letterbox", with: "")
    let preset = image == name ? "alexeyab" : "pjreddie"
    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path + "/expected.json"))
    ).detections

    let result = try penumbra(
      "detect", network + ".cfg", network + ".weights",
      folder.path + "/../../images/\(image).jpg", "--json", "--preset", preset, "--exif", "ignore",
      "--thresh", "\(expected.thresh)", "--nms", "\(expected.nms)")
    #expect(result.exitCode == 0)
    let got = try JSONDecoder().decode(Got.self, from: Data(result.stdout.utf8)).images[0]
    #expect(got.width == expected.width && got.height == expected.height)
    #expect(got.detections.count == expected.detections.count)
    for wanted in expected.detections {
      let box = wanted.box(width: Double(expected.width), height: Double(expected.height))
      #expect(
        got.detections.contains {
          $0.classID == wanted.class && abs($0.confidence - wanted.prob) <= 0.005
            && $0.box.iou(box) >= 0.98
        }, "class \(wanted.class), \(wanted.prob)")
    }
  }

  private struct Expected: Decodable {
    let detections: Boxes

    struct Boxes: Decodable {
      let width, height: Int
      let thresh, nms: Double
      let detections: [Wanted]
    }

    struct Wanted: Decodable {
      let `class`: Int
      let prob, x, y, w, h: Double

      func box(width: Double, height: Double) -> Box {
        Box(x: (x - w / 2) * width, y: (y - h / 2) * height, width: w * width, height: h * height)
      }
    }
  }

  private struct Got: Decodable {
    let images: [Picture]

    struct Picture: Decodable {
      let width, height: Int
      let detections: [Found]
    }

    struct Found: Decodable {
      let classID: Int
      let confidence: Double
      let box: Box

      enum CodingKeys: String, CodingKey {
        case classID = "class_id"
        case confidence, box
      }
    }
  }

  private struct Box: Decodable {
    let x, y, width, height: Double

    func iou(_ other: Box) -> Double {
      let w = min(x + width, other.x + other.width) - max(x, other.x)
      let h = min(y + height, other.y + other.height) - max(y, other.y)
      let both = max(w, 0) * max(h, 0)
      return both / (width * height + other.width * other.height - both)
    }
  }
}
