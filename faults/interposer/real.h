#pragma once

// The function behind a wrapper: the next definition of the same name, usually the C library's. All are looked up when
// the library is loaded, because dlsym() is not safe in a forked child; a wrapper that is called even earlier (by the
// constructor of another library) looks its own up.

#include <dlfcn.h>
#include <atomic>

namespace assay::interposer {

struct RealFunction {
  const char* name;
  std::atomic<void*> address;  // this record's own: there is none

  // Null where nothing has the name.
  void* get() {
    void* known = address.load(std::memory_order_relaxed);
    if (known == this) return nullptr;
    if (known != nullptr) return known;
    known = dlsym(RTLD_NEXT, name);
    address.store(known != nullptr ? known : this, std::memory_order_relaxed);
    return known;
  }
};

// Looks all of them up.
void resolve_real_functions();

}  // namespace assay::interposer

// ASSAY_REAL(open) defines real_open(), which returns the function that the program would have called. The pointer in
// its own section lets resolve_real_functions() find all of them without a constructor.
#define ASSAY_REAL(function)                                                                                      \
  constinit assay::interposer::RealFunction real_##function##_record = {#function, {nullptr}};                    \
  __attribute__((section("assay_real"), used)) assay::interposer::RealFunction* const real_##function##_pointer = \
      &real_##function##_record;                                                                                  \
  inline decltype(&::function) real_##function() {                                                                \
    return reinterpret_cast<decltype(&::function)>(real_##function##_record.get());                               \
  }

#define ASSAY_EXPORT extern "C" __attribute__((visibility("default")))
