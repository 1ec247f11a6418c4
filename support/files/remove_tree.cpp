#include "support/files/remove_tree.h"

#include <vector>

namespace assay {
namespace fs = std::filesystem;

void remove_tree(const fs::path& path) {
  std::error_code code;
  fs::remove_all(path, code);
  if (!code) return;
  for (auto entry = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, code);
       entry != fs::recursive_directory_iterator(); entry.increment(code)) {
    if (entry->is_directory(code) && !entry->is_symlink(code)) fs::permissions(*entry, fs::perms::owner_all, code);
  }
  fs::remove_all(path, code);
}

void empty_folder(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, code)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) remove_tree(entry);
}

}  // namespace assay
