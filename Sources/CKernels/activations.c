// Elementwise activations, alone or fused with the scale and bias of each channel.
//
// Against the formulas in double, on floats (ComputeTests holds every tier to it): exponential
// within 2 ulp, loggy, tanh, elu and selu within 3, logistic and swish within 4, mish within 5, gelu
// within 3 or an absolute 1e-6, where its cubic has lost them. Functions of e^-|x| may take it as 0
// where it is no normal number.
#include "tiers.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define EVERY_ACTIVATION(X)         \
  X(ACTIVATION_LINEAR, linear)      \
  X(ACTIVATION_LOGISTIC, logistic)  \
  X(ACTIVATION_LOGGY, loggy)        \
  X(ACTIVATION_RELU, relu)          \
  X(ACTIVATION_RELU6, relu6)        \
  X(ACTIVATION_ELU, elu)            \
  X(ACTIVATION_SELU, selu)          \
  X(ACTIVATION_GELU, gelu)          \
  X(ACTIVATION_RELIE, relie)        \
  X(ACTIVATION_RAMP, ramp)          \
  X(ACTIVATION_LEAKY, leaky)        \
  X(ACTIVATION_REVLEAKY, revleaky)  \
  X(ACTIVATION_TANH, tanh)          \
  X(ACTIVATION_PLSE, plse)          \
  X(ACTIVATION_STAIR, stair)        \
  X(ACTIVATION_HARDTAN, hardtan)    \
  X(ACTIVATION_LHTAN, lhtan)        \
  X(ACTIVATION_SWISH, swish)        \
  X(ACTIVATION_MISH, mish)          \
  X(ACTIVATION_HARD_MISH, hard_mish)

#define BODY "activations_body.h"
#include "every_tier.h"
