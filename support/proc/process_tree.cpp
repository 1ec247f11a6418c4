#include "support/proc/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

#include "support/file_descriptor.h"

namespace assay {
namespace {

std::vector<pid_t> numbered_entries(const std::string& folder) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  while (const dirent* entry = directory ? readdir(directory.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

pid_t parent_of(pid_t pid, const std::string& proc) {
  std::istringstream fields(fields_after_name(proc_text(proc + "/" + std::to_string(pid) + "/stat")));
  char state = '?';
  pid_t parent = 0;
  fields >> state >> parent;
  return parent;
}

// Nothing where the kernel keeps no such list, or the thread is gone.
std::optional<std::vector<pid_t>> listed_children(pid_t pid, pid_t thread, const std::string& proc) {
  const std::string file = proc + "/" + std::to_string(pid) + "/task/" + std::to_string(thread) + "/children";
  if (access(file.c_str(), R_OK) != 0) return std::nullopt;
  std::istringstream list(proc_text(file));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

}  // namespace

std::string proc_text(const std::string& file) {
  const FileDescriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char chunk[4096];
  for (ssize_t count = 0; descriptor.is_open() && (count = read(descriptor.get(), chunk, sizeof chunk)) > 0;) {
    text.append(chunk, static_cast<std::size_t>(count));
  }
  return text;
}

std::string fields_after_name(const std::string& stat) {
  const std::size_t close = stat.rfind(')');
  return close == std::string::npos ? "" : stat.substr(close + 1);
}

std::vector<pid_t> all_processes(const std::string& proc) {
  return numbered_entries(proc);
}

std::vector<pid_t> threads_of(pid_t pid, const std::string& proc) {
  return numbered_entries(proc + "/" + std::to_string(pid) + "/task");
}

std::vector<pid_t> children_of(pid_t pid, const std::string& proc) {
  std::vector<pid_t> children;
  bool is_listed = false;
  for (const pid_t thread : threads_of(pid, proc)) {
    const auto of_thread = listed_children(pid, thread, proc);
    if (!of_thread) continue;
    is_listed = true;
    children.insert(children.end(), of_thread->begin(), of_thread->end());
  }
  if (is_listed) return children;
  // A kernel without this list costs a walk over all processes.
  for (const pid_t other : all_processes(proc)) {
    if (parent_of(other, proc) == pid) children.push_back(other);
  }
  return children;
}

std::vector<pid_t> descendants_of(pid_t pid, const std::string& proc) {
  std::vector<pid_t> found = children_of(pid, proc);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const pid_t child : children_of(found[i], proc)) found.push_back(child);
  }
  return found;
}

}  // namespace assay
