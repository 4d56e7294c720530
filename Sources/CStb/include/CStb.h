#ifndef CSTB_H
#define CSTB_H
#endif
