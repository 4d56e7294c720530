// Depthwise convolution of blocked tensors.
#include "lanes.h"

#define BODY "blocked/depthwise_body.h"
#include "../every_tier.h"
