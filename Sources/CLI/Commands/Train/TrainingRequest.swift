import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraImaging
import PenumbraTraining

/// What somebody asked `train` for, in either spelling; nil leaves it to cfg and data.
struct TrainingRequest {
  enum Page {
    case none, inOutput
    case file(String)

    func path(_ names: CheckpointNames) -> String? {
      switch self {
      case .none: nil
      case .inOutput: names.page
      case .file(let path): path
      }
    }
  }

  var cfg: String
  /// The files that the cfg may name.
  var companions = CompanionAccess.nearby
  var data: String
  var from: String?
  var isCleared = false
  var isResumed = false
  var overwrites = false
  var seed: UInt64?

  var iterations: Int?
  var seconds: Double?
  var earlyStopping: EarlyStopping?

  var batch: Int?
  var subdivisions: Int?
  var memoryLimit: Int?
  var threads: Int?
  var loaderThreads = 1
  var backend: any Backend = Backends.standard
  var isAugmented = true
  var faults = FaultPolicy.skip
  /// How large a picture may be.
  var limits = DecodingLimits()

  /// Whether there is any; a data set without images for it is judged by those it learns from only
  /// where that is asked for.
  var isValidated = true
  var validatesOnTraining = false
  var validateEvery: Int?
  var firstValidation: Int?
  var validationEpochs = 4
  /// The confidence above which boxes count in precision and recall.
  var threshold: Float = 0.25

  var output: String?
  var nameRule = CheckpointNames.Rule.wholeName
  var saveEvery: Int?
  var saveLast: Int?
  var outlivesWriteFailures = false
  var page = Page.inOutput

  init(cfg: String, data: String) { (self.cfg, self.data) = (cfg, data) }
}
