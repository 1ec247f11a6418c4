#include "reference/server/preload_outcome.h"

#include <cstdint>
#include <cstring>

namespace assay::reference {
namespace {

// Numbers of 64 bits, texts and lists with their lengths in front.
class Writer {
 public:
  void add(std::uint64_t number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void add(const std::string& text) {
    add(text.size());
    bytes_ += text;
  }
  void add(const void* address) { add(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address))); }
  template <class T>
  void add_list(const std::vector<T>& list) {
    add(list.size());
    for (const T& each : list) add(each);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool is_whole() const { return is_good_ && bytes_.empty(); }
  void get(std::uint64_t& number) {
    number = 0;
    is_good_ = is_good_ && bytes_.size() >= sizeof number;
    if (!is_good_) return;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
  }
  void get(std::string& text) {
    std::uint64_t size = 0;
    get(size);
    is_good_ = is_good_ && size <= bytes_.size();
    if (!is_good_) return;
    text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
  }
  template <class T>
  void get(const T*& address) {
    std::uint64_t number = 0;
    get(number);
    address = reinterpret_cast<const T*>(static_cast<std::uintptr_t>(number));
  }
  template <class T>
  void get_list(std::vector<T>& list) {
    std::uint64_t count = 0;
    get(count);
    for (; is_good_ && count > 0; --count) get(list.emplace_back());
  }

 private:
  std::string_view bytes_;
  bool is_good_ = true;
};

}  // namespace

void PreloadOutcome::apply(php::Builtins& builtins) const {
  builtins.preload(functions, classes);
  for (const void* each : refused) builtins.refuse_again(each);
}

std::string to_bytes(const Expected<PreloadOutcome>& outcome) {
  Writer writer;
  writer.add(outcome ? 0 : static_cast<std::uint64_t>(outcome.error().code));
  writer.add(outcome ? std::string() : outcome.error().message);
  if (!outcome) return writer.take();
  const Preloaded& preloaded = outcome->run.preloaded;
  writer.add_list(preloaded.functions);
  writer.add_list(preloaded.classes);
  writer.add_list(preloaded.scripts);
  writer.add(preloaded.memory_consumption);
  writer.add(outcome->run.said);
  writer.add_list(outcome->run.messages);
  writer.add_list(outcome->functions);
  writer.add_list(outcome->classes);
  writer.add_list(outcome->refused);
  return writer.take();
}

Expected<PreloadOutcome> outcome_from_bytes(std::string_view bytes) {
  Reader reader(bytes);
  std::uint64_t code = 0;
  std::string message;
  reader.get(code);
  reader.get(message);
  if (!message.empty()) return failure(std::move(message), static_cast<int>(code));
  PreloadOutcome outcome;
  Preloaded& preloaded = outcome.run.preloaded;
  reader.get_list(preloaded.functions);
  reader.get_list(preloaded.classes);
  reader.get_list(preloaded.scripts);
  reader.get(preloaded.memory_consumption);
  reader.get(outcome.run.said);
  reader.get_list(outcome.run.messages);
  reader.get_list(outcome.functions);
  reader.get_list(outcome.classes);
  reader.get_list(outcome.refused);
  if (!reader.is_whole()) return failure("the preload script's process did not say what it did", preloading_failed);
  return outcome;
}

}  // namespace assay::reference
