// What the engine calls to change an input whose first part is JSON (linked only where there is an engine).
#include <algorithm>
#include <cstring>

#include "fuzz/common/demand.h"
#include "fuzz/common/json_mutator.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr char separator = '\x1e';

std::string changed_bytes(std::string text) {
  const std::size_t size = text.size();
  text.resize(size + 32);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
  return text;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  const std::string text = assay::fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find(separator), text.size());
  const auto first = seed % 10 < 3 ? std::nullopt : assay::fuzz::mutated_json(text.substr(0, end), seed, changed_bytes);
  if (!first || first->size() + size - end > max_size) return LLVMFuzzerMutate(data, size, max_size);
  const std::string made = *first + text.substr(end);
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
