#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace assay::conformance {

// What a command prints on standard output. Nothing here throws or dies of a full disk or a closed pipe: the first error
// is remembered, and end_output turns it into a message and status 70. One thread; a forked process that printed ends
// its own output.
void put(std::string_view text);

template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  put(fmt::format(format, std::forward<Arguments>(arguments)...));
}

// Writes out what is kept, so that something else can be printed behind it.
void flush_output();

// `status`, or 70 with a message on standard error where something could not be written. A verdict of the run is in the
// message's place then.
int end_output(int status);

// Prints "assay: message" on standard error, after what was printed until then.
void complain(const std::string& message);

}  // namespace assay::conformance
