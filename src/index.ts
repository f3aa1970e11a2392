// What a notebook imports by `import { … } from "rnnlab"`. Each name comes from a module, as in
// `import { show } from "rnnlab/plot"`, and some modules have more, for who builds on them.
export { openComm, registerCommTarget, unregisterCommTarget } from "./comm/index.js";
export {
  decodeReview,
  encodeReview,
  getWordIndex,
  loadElectricity,
  loadImdb,
  loadImdbText,
  loadMnist,
  noisyLine,
  noisySineSegments,
  readNpy,
  readNpz,
  sortByDateText,
  twoSineSeries,
} from "./datasets/index.js";
export { clearOutput, display, html, markdown, ProgressBar, rich, updateDisplay } from "./display/index.js";
export { help } from "./help/index.js";
export { type Layers, layers, lstmGates, seededLayers } from "./layers/index.js";
export { LectureReport, lectureSettings, TrainingTimes } from "./lecture/index.js";
export { loadModel, loadWeights, predictText, saveModel, saveWeights, summary } from "./models/index.js";
export { adam, rmsprop, sgd } from "./optimizers/index.js";
export {
  barFigure,
  confusionMatrixFigure,
  forecastFigure,
  heatmapFigure,
  histogramFigure,
  historyFigure,
  imageGridFigure,
  lineFigure,
  palette,
  type Series,
  scatterFigure,
  show,
  showLive,
  smallMultiples,
} from "./plot/index.js";
export {
  accuracyScore,
  confusionMatrix,
  MinMaxScaler,
  meanSquaredError,
  naiveForecast,
  oneHot,
  padSequences,
  rootMeanSquaredError,
  type ShapedValues,
  type SlidingWindows,
  StandardScaler,
  seasonalDifference,
  seasonalNaiveForecast,
  slidingWindows,
  splitSeries,
  TextVectorization,
  trainTestSplit,
} from "./preprocessing/index.js";
export { RandomGenerator } from "./random/index.js";
export {
  autodiffGradients,
  backpropagatedGradients,
  CrossEntropyLoss,
  classicalState,
  DoubleExpSmooth,
  doubleSumGradients,
  type Gradients,
  identity,
  learnSmoothing,
  Matrix,
  MSELoss,
  numericGradients,
  RecurrentNetwork,
  Rnn,
  relativeErrors,
  Sgd,
  type SmoothingState,
  smoothingError,
  softmax,
  train,
} from "./recurrent/index.js";
export { dataFrame, describe, showTable, table } from "./table/index.js";
export * as tf from "./tensorflow.js";
export {
  type Callback,
  earlyStopping,
  type FitOptions,
  fit,
  fitDataset,
  fitTruncated,
  type History,
  LengthBatches,
  learningRateSchedule,
  reduceOnPlateau,
} from "./training/index.js";
