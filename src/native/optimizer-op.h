// RnnlabOptimizer: one step of an optimiser over all variables of a model.
#pragma once

namespace rnnlab {

/// Registers the op. Its inputs are
/// - settings: decay, limit, and the rule's coefficients (update.h), numbers that change between steps;
/// - variables: what they are before the step;
/// - gradients: each of its variable's shape, or [n, 1, columns + 1] as RnnlabRowGradient makes it;
/// - slots: for each variable those of the rule, of its shape. They are written to in place, so that nobody else may
///   look at their memory: the optimiser makes them and gives away copies only.
/// The outputs are the variables after the step, in memory of their own: whoever kept the values before, kept them.
void registerOptimizerOp();

}  // namespace rnnlab
