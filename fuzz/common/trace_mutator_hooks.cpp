// What the engine calls to change an input that is a trace (linked only where there is an engine).
#include <cstdint>
#include <cstring>

#include "fuzz/common/demand.h"
#include "fuzz/common/trace_mutator.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using assay::fuzz::text_of;

constexpr unsigned bytes_of_ten = 1;  // so many changes of ten are of the bytes

std::size_t put(const std::optional<std::string>& text, std::uint8_t* out, std::size_t max_size) {
  if (!text || text->size() > max_size) return 0;
  std::memcpy(out, text->data(), text->size());
  return text->size();
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  const bool of_bytes = seed % 10 < bytes_of_ten;
  const std::size_t made = of_bytes ? 0 : put(assay::fuzz::mutated_trace(text_of(data, size), seed), data, max_size);
  return made > 0 ? made : LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second, std::size_t second_size, std::uint8_t* out,
                                                 std::size_t max_size, unsigned seed) {
  return put(assay::fuzz::spliced_traces(text_of(first, first_size), text_of(second, second_size), seed), out,
             max_size);
}
