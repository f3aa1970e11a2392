// One call of a recurrent op: sizes, options and arrays. Plain data, so that the arithmetic knows nothing of TensorFlow.
#pragma once
#include <cstdint>

namespace rnnlab {

enum class CellKind { simpleRnn, lstm, gru, gruResetBefore };

/// The most threads that one op uses.
constexpr int maxParts = 64;

/// hardSigmoid is clip(x / 5 + 1/2, 0, 1), as in tfjs and Keras 2; hardSigmoid6 is clip(x / 6 + 1/2, 0, 1), as in Keras 3.
enum class Activation { linear, relu, tanh, sigmoid, hardSigmoid, hardSigmoid6 };

/// The most rows that make a group: their gates and gradients stay in the cache.
constexpr int64_t groupRows = 64;

/// Columns of gates are padded to whole blocks of this many floats, on every machine: what the forward pass saves
/// has one layout, and no vector instruction meets a ragged end.
constexpr int64_t block = 16;
constexpr int64_t padded(int64_t size) { return (size + block - 1) / block * block; }

/// Rows of the batch that go through time together. Masked steps are left out: the n-th step of a row is the n-th that
/// counts. The row with the most steps comes first, so those at work in a step come first.
struct Group {
  int64_t rows;             // of the batch
  int64_t steps;            // of its first row
  const int64_t* row;       // [rows] their places in the batch
  const int64_t* length;    // [rows] their steps, descending
  const int64_t* before;    // [steps + 1] rows of all steps before one
  const int64_t* position;  // places of the steps in the run; those of row r of the batch begin at r × positionStride
  int64_t positionStride;
  int64_t saved;    // where the states before the first step are saved, and after them the steps
  bool keepsSteps;  // else only the last two are
};

struct Call {
  int64_t batch = 0, time = 0, features = 0, units = 0;
  Activation activation = Activation::tanh;              // of the candidate: h, c
  Activation recurrentActivation = Activation::sigmoid;  // of the gates
  bool goBackwards = false;                              // position p of the run reads time T - 1 - p
  bool returnSequences = false;                          // outputs [batch, time, units], else [batch, units]

  const Group* groups = nullptr;
  int64_t groupCount = 0;
  float* saved = nullptr;  // [savedRows, slots of the cell × padded units]

  const float* x = nullptr;          // [batch, time, features]
  const float* kernel = nullptr;     // [features, gates × units]
  const float* recurrent = nullptr;  // [units, gates × units]
  const float* bias = nullptr;       // as many times units as the cell has biases; may be missing
  const float* initial[2] = {};      // [batch, units] each; zeros where missing

  float* outputs = nullptr;
  float* final[2] = {};  // [batch, units] each

  const float* dOutputs = nullptr;  // gradients have the shape of what they belong to
  const float* dFinal[2] = {};      // zeros where missing; dX is not computed where it is
  float *dX = nullptr, *dKernel = nullptr, *dRecurrent = nullptr, *dBias = nullptr;
  float* dInitial[2] = {};
};

/// What a cell needs to know about itself outside its arithmetic.
struct CellShape {
  int gates;   // columns of the kernels, in units
  int biases;  // length of the bias, in units
  int slots;   // what the forward pass saves per step and row, in padded units: gates, then the state after the step
  int states;  // h, or h and c
};

/// In the order of CellKind.
constexpr CellShape shapes[] = {{1, 1, 1, 1}, {4, 4, 6, 2}, {3, 6, 5, 1}, {3, 3, 5, 1}};
constexpr int cellKinds = sizeof shapes / sizeof *shapes;

}  // namespace rnnlab
