// SPDX-License-Identifier: MIT
// What dispatcher/base takes from FreeBSD's header of this name: for syntax checks only.
#pragma once

#include <pthread.h>

extern "C" int pthread_attr_get_np(pthread_t thread, pthread_attr_t *attributes);
