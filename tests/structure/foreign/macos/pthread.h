// SPDX-License-Identifier: MIT
// What dispatcher/base takes from macOS' header beyond this system's: for syntax checks only.
#pragma once

#include_next <pthread.h>

#include <stddef.h>

extern "C" void *pthread_get_stackaddr_np(pthread_t thread);
extern "C" size_t pthread_get_stacksize_np(pthread_t thread);
