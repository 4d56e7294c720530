// Movement and arithmetic on whole blocked tensors.
#include "lanes.h"

#define BODY "blocked/movement_body.h"
#include "../every_tier.h"
