/// The part of a picture that becomes a classifier's input: scaled, turned, cut at a place drawn.
///
/// - Source: Darknet `image.c` (`random_augment_image`, `rotate_crop_image`): a square of the
///   input's longer side is cut, then resized to the input.
struct TurnedCut {
  let map: PixelMap

  init(
    width: Int, height: Int, _ augmentation: Augmentation, inputWidth: Int, inputHeight: Int,
    _ dice: inout Dice
  ) {
    let aspect = dice.factor(augmentation.aspect)
    let side = Double(max(inputWidth, inputHeight))
    let low = Int((augmentation.shortSide.lowerBound * side).rounded())
    let high = Int((augmentation.shortSide.upperBound * side).rounded())
    let length = Double(dice.int(max(low, 1)...max(high, low, 1)))
    let (w, h) = (Double(width), Double(height))
    let scale = length / min(h, w * aspect)
    let angle = dice.uniform(-augmentation.angle, augmentation.angle)
    let roomX = max(0, (w * scale / aspect - side) / 2)
    let roomY = max(0, (h * scale - side) / 2)
    let (dx, dy) = (dice.uniform(-roomX, roomX), dice.uniform(-roomY, roomY))
    let isMirrored = augmentation.flip && dice.chance(oneIn: 2)

    // An input column is `side / inputWidth` columns of the square, of which each is `aspect /
    // scale` columns of the picture; rows alike, without the aspect.
    let (sine, cosine) = sineAndCosine(degrees: angle)
    let columnStep = (isMirrored ? -1 : 1) * side / Double(inputWidth) * aspect / scale
    let rowStep = side / Double(inputHeight) / scale
    let u = -columnStep * (Double(inputWidth) - 1) / 2 + dx / scale * aspect
    let v = -rowStep * (Double(inputHeight) - 1) / 2 + dy / scale
    map = PixelMap(
      x: cosine * u - sine * v + w / 2 - 0.5, y: sine * u + cosine * v + h / 2 - 0.5,
      xPerColumn: cosine * columnStep, xPerRow: -sine * rowStep, yPerColumn: sine * columnStep,
      yPerRow: cosine * rowStep, columns: -1 << 20..<1 << 20, rows: -1 << 20..<1 << 20)
  }
}
