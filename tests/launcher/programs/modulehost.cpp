// SPDX-License-Identifier: MIT
// A program without Qt that loads the module named by its first argument, as script languages do: RTLD_LOCAL.
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

int main(int argc, char **argv)
{
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
    void *run = module ? dlsym(module, "runModule") : nullptr;
    if (!run) {
        std::fprintf(stderr, "%s\n", argc > 1 ? dlerror() : "no module given");
        return EXIT_FAILURE;
    }
    return reinterpret_cast<int (*)(int, char **)>(run)(argc, argv);
}
