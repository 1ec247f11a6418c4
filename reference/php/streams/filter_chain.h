#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::reference::php {

// What `php://filter/...` asks for: filters by name, in order, over what another name leads to.
struct FilterChain {
  std::vector<std::string> filters;
  std::string resource;  // empty: none was named
};

// Of what follows `php://filter/`. Filters for writing are left out.
FilterChain parse_filter_chain(std::string_view rest);

// Changes the text as the filter does; false where there is none of that name.
bool apply_filter(std::string_view name, std::string& text);

}  // namespace assay::reference::php
