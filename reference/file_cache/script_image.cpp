#include "reference/file_cache/script_image.h"

#include "reference/php/compiler/persist.h"

namespace assay::reference {
namespace {

constexpr std::uint64_t kWord = sizeof(std::uint64_t);

std::uint64_t address_of(const void* place) {
  return reinterpret_cast<std::uintptr_t>(place);
}

}  // namespace

// The same graph is copied to two places: the words in which the copies differ are the pointers, whatever the graph
// looks like. The bytes are a function of the script alone, not of what the process did before.
Expected<ScriptImage> image_of(const php::Script& script) {
  php::Persister persister(script);
  ScriptImage image;
  image.words.resize(persister.size() / kWord);
  std::vector<std::uint64_t> other(image.words.size());
  const auto first = ASSAY_TRY(persister.copy(image.words.data(), persister.size()));
  ASSAY_TRY(persister.copy(other.data(), persister.size()));
  const std::uint64_t base = address_of(image.words.data());
  image.root = address_of(first) - base;
  for (std::size_t i = 0; i < other.size(); ++i) {
    if (image.words[i] == other[i]) continue;
    image.pointers.push_back(static_cast<std::uint32_t>(i));
    image.words[i] -= base;
  }
  return image;
}

const php::Script* restore(ScriptImage& image) {
  const std::uint64_t size = image.words.size() * kWord;
  const std::uint64_t base = address_of(image.words.data());
  for (const std::uint32_t place : image.pointers) {
    if (place >= image.words.size() || image.words[place] >= size || image.words[place] % kWord != 0) return nullptr;
    image.words[place] += base;
  }
  if (image.root % kWord != 0 || image.root > size || size - image.root < sizeof(php::Script)) return nullptr;
  return reinterpret_cast<const php::Script*>(image.words.data() + image.root / kWord);
}

}  // namespace assay::reference
