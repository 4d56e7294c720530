// Convolution of planes with few channels, such as an image's, to blocks.
#include "lanes.h"

#define BODY "blocked/planar_body.h"
#include "../every_tier.h"
