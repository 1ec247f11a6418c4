#pragma once

#include <string>
#include <string_view>

namespace assay::reference::php {

// A name with the scheme of a stream wrapper: `scheme://rest`, or `data:rest`. Without one the scheme is empty, and the rest
// is the name.
struct StreamName {
  std::string scheme;  // in lower case
  std::string_view rest;
  bool is_lower_case = true;  // as it was written
};

// The parts of the name, which is borrowed.
StreamName split_stream_name(std::string_view name);

// Whether scripts may register a wrapper for it.
bool is_scheme(std::string_view text);

}  // namespace assay::reference::php
