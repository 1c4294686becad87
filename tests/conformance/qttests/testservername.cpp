// SPDX-License-Identifier: MIT
// tst_qtcpserver skips everything unless the name of Qt's network test server can be looked up, though only
// its proxy rows talk to that server. Linked into the test, this getaddrinfo takes the place of the C
// library's and answers that one name with the loopback address; catalogue.py names what still needs the
// server.

#include <dlfcn.h>
#include <netdb.h>

#include <cstring>

extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                                  const addrinfo *hints, addrinfo **result)
{
    using Lookup = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto lookup = reinterpret_cast<Lookup>(dlsym(RTLD_NEXT, "getaddrinfo"));
    const bool isTestServer = node && std::strcmp(node, "qt-test-server.qt-test-net") == 0;
    return lookup(isTestServer ? "127.0.0.1" : node, service, hints, result);
}
