#pragma once
#include <uv.h>

#ifdef __linux__
#include <sys/prctl.h>
#else
#include <pthread.h>
#endif

/* Names the calling thread. libuv before 1.50 cannot, and Swift cannot call `prctl`, which is variadic. */
static inline void larder_name_thread(const char *name) {
#ifdef __linux__
    prctl(PR_SET_NAME, name, 0, 0, 0);
#else
    pthread_setname_np(name);
#endif
}
