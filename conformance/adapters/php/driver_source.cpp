#include "conformance/adapters/php/driver_source.h"

#include <utility>

namespace assay::conformance::php {

namespace {

// A piece is evaluated, so it loses the line with the opening tag.
std::string_view without_tag(std::string_view piece) {
  return piece.substr(piece.find('\n') + 1);
}

}  // namespace

std::string driver_source() {
  const std::pair<const char*, std::string_view> pieces[] = {
      {"Operations", driver_pieces::kOperations},
      {"Ending", driver_pieces::kEnding},
      {"Form", driver_pieces::kForm},
      {"Reading", driver_pieces::kReading},
      {"Scripts", driver_pieces::kScripts},
      {"Files", driver_pieces::kFiles},
      {"Requests", driver_pieces::kRequests},
      {"StaticCaches", driver_pieces::kStaticCaches},
      {"MapInspection", driver_pieces::kMapInspection},
  };
  std::string source(driver_pieces::kCore);
  for (const auto& [name, piece] : pieces) {
    source.append("\x01piece ").append(name).append("\n").append(without_tag(piece));
  }
  return source;
}

}  // namespace assay::conformance::php
