import Foundation
import PenumbraImaging
import Testing

struct PreprocessingTests {
  @Test(arguments: [
    (640, 427, 416, 416, [416, 277, 0, 69]), (427, 640, 416, 416, [277, 416, 69, 0]),
    (500, 500, 416, 416, [416, 416, 0, 0]), (768, 576, 608, 320, [426, 320, 91, 0]),
    (10000, 1, 416, 416, [416, 1, 0, 207]), (1, 10000, 416, 416, [1, 416, 207, 0]),
  ])
  func `places a letterboxed picture by integer division`(
    w: Int, h: Int, networkWidth: Int, networkHeight: Int, expected: [Int]
  ) {
    let place = Placement(
      imageWidth: w, imageHeight: h, networkWidth: networkWidth, networkHeight: networkHeight,
      letterbox: true)
    let numbers: [Int] = [place.newWidth, place.newHeight, place.left, place.top]
    #expect(numbers == expected)
  }

  @Test func `gives a stretched picture the whole input`() {
    let place = Placement(
      imageWidth: 640, imageHeight: 427, networkWidth: 416, networkHeight: 320, letterbox: false)
    let numbers: [Int] = [place.newWidth, place.newHeight, place.left, place.top]
    #expect(numbers == [416, 320, 0, 0] as [Int])
  }

  @Test func `letterboxes on grey, 69 rows above and 70 below`() {
    let picture = randomImage(640, 427, channels: 3)
    let boxed = picture.letterboxed(width: 416, height: 416)
    let inner = picture.resized(width: 416, height: 277)
    for channel in 0..<3 {
      for row in 0..<416 {
        let expected = (69..<346).contains(row) ? inner[channel, row - 69, 200] : 0.5
        #expect(boxed[channel, row, 200] == expected, "row \(row)")
      }
    }
  }

  @Test func `cuts the center for a classifier`() {
    let wide = Image(width: 4, height: 2, channels: 1, pixels: [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(wide.centerCropped(width: 2, height: 2).pixels == [1, 2, 5, 6])
    let high = Image(width: 2, height: 4, channels: 1, pixels: [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(high.centerCropped(width: 2, height: 2).pixels == [2, 3, 4, 5])
  }

  @Test func `repeats the edge where the cut is larger than the picture`() {
    let square = Image(width: 2, height: 2, channels: 1, pixels: [0, 1, 2, 3])
    #expect(square.centerCropped(width: 2, height: 4).pixels == [0, 1, 0, 1, 2, 3, 2, 3])
  }

  @Test func `scales the shorter side first`() {
    let picture = randomImage(90, 61, channels: 3)
    let scaled = picture.resized(width: 90 * 32 / 61, height: 32)
    let cut = picture.centerCropped(width: 32, height: 32)
    let left = (scaled.width - 32) / 2
    for (row, column) in [(0, 0), (31, 31), (31, 0), (17, 5)] {
      #expect(cut[2, row, column] == scaled[2, row, left + column])
    }
  }

  @Test func `crops a picture of extreme proportions without scaling all of it`() {
    let line = Image(width: 60000, height: 1, channels: 1, filledWith: 0.25)
    #expect(line.centerCropped(width: 224, height: 224)[0, 100, 100] == 0.25)
  }

  @Test(arguments: [
    (Preset.alexeyab, false, Fit.stretch), (.alexeyab, true, .letterbox),
    (.pjreddie, false, .letterbox), (.pjreddie, true, .letterbox),
  ])
  func `fits a detector's input by preset`(preset: Preset, letterBox: Bool, fit: Fit) {
    #expect(Preprocessing.detector(preset, letterBox: letterBox).fit == fit)
  }

  @Test func `prepares what the preprocessing says`() throws {
    let picture = randomImage(20, 10, channels: 3)
    func input(_ preprocessing: Preprocessing) throws -> Image {
      try prepare(picture, width: 8, height: 8, channels: 3, preprocessing)
    }
    #expect(try input(.detector(.alexeyab)) == picture.resized(width: 8, height: 8))
    #expect(try input(.detector(.pjreddie)) == picture.letterboxed(width: 8, height: 8))
    #expect(try input(.classifier(.alexeyab)) == picture.centerCropped(width: 8, height: 8))
    #expect(try input(.classifier(.pjreddie)) == picture.letterboxed(width: 8, height: 8))
  }

  @Test func `changes the number of channels`() throws {
    let grey = Image(width: 1, height: 1, channels: 1, pixels: [0.5])
    #expect(try grey.converted(toChannels: 3).pixels == [0.5, 0.5, 0.5])
    let color = Image(width: 1, height: 1, channels: 3, pixels: [1, 0, 0])
    #expect(try color.converted(toChannels: 1).pixels == [77.0 / 256])
    let error = #expect(throws: ImageError.self) { try color.converted(toChannels: 4) }
    #expect(error?.reason == .unsupportedChannels(found: 3, wanted: 4))
  }

  @Test func `survives a trip through JSON`() throws {
    let original = Preprocessing(preset: .pjreddie, fit: .centerCrop, orientation: .ignore)
    let json = try JSONEncoder().encode(original)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == original)
    #expect(String(decoding: json, as: UTF8.self).contains("\"center-crop\""))
  }
}
