#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "conformance/suite/guarantees/live_runtime.h"

namespace assay::conformance {

// What tests need that look at files of the cache.
inline const std::set<std::string> kFileCache = {"script_cache", "script_cache.file_cache"};
// Bytes of a file before its body.
inline constexpr std::size_t kFileHeader = 80;

// A runtime with a file cache, in the hands of a test that looks at the files themselves: their place depends on the
// build, so that no trace can name it.
class FiledRuntime {
 public:
  // `ini` on top; the log names what is refused.
  static Expected<std::unique_ptr<FiledRuntime>> start(const TestContext& context, Directives ini = {},
                                                       int workers = 1) {
    Configuration configuration;
    configuration.ini = std::move(ini);
    configuration.ini.insert(
        {{"opcache.file_cache", "@"}, {"opcache.log_verbosity_level", "2"}, {"opcache.error_log", "@/log"}});
    configuration.pools.assign(static_cast<std::size_t>(workers), Pool{});
    auto live = ASSAY_TRY(LiveRuntime::start(context.target, context.folder / "live", configuration));
    return std::unique_ptr<FiledRuntime>(new FiledRuntime(std::move(live)));
  }

  LiveRuntime& live() { return *live_; }
  const std::filesystem::path& root() const { return live_->sandbox().root; }

  void write_script(const std::string& name, const std::string& result, std::int64_t age = 1000) {
    const auto path = script(name);
    std::ofstream(path) << "<?php\nreturn '" << result << "';\n";
    const timespec old{clock_start - age, 0};
    const timespec times[] = {old, old};
    ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  }
  // What the script returned; nothing when the request came to no reply.
  std::optional<Value> include(const std::string& name, int worker = 0) {
    const auto replies =
        live_->request(worker, {make_operation(OperationKind::include, {{"path", script(name).string()}})});
    if (replies.size() != 1 || replies[0].kind != Reply::Kind::value) return std::nullopt;
    return replies[0].value;
  }
  bool is_right(const std::string& name, const std::string& result, int worker = 0) {
    return include(name, worker) == Value(result);
  }
  // Everything is out of memory afterwards; the files stay.
  void empty_memory(int worker = 0) {
    (void)live_->request(worker, {make_operation(OperationKind::reset, {})});
    (void)status(worker);
  }
  Value status(int worker = 0) {
    const auto replies = live_->request(worker, {make_operation(OperationKind::script_status, {})});
    return replies.size() == 1 ? replies[0].value : Value();
  }
  bool is_cached(const std::string& name, int worker = 0) {
    const auto replies =
        live_->request(worker, {make_operation(OperationKind::is_cached, {{"path", script(name).string()}})});
    return replies.size() == 1 && replies[0].value == Value(true);
  }

  std::filesystem::path script(const std::string& name) const { return root() / (name + ".php"); }
  // The file of a script, existing or not; nothing before there is any file.
  std::optional<std::filesystem::path> file_of(const std::string& name) const {
    for (const auto& entry : std::filesystem::directory_iterator(root())) {
      const std::string id = entry.path().filename().string();
      if (entry.is_directory() && id.size() == 32) return entry.path().string() + script(name).string() + ".bin";
    }
    return std::nullopt;
  }
  std::string log() const { return content(root() / "log"); }
  void forget_log() const { std::filesystem::remove(root() / "log"); }

  static std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  static void put(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

 private:
  explicit FiledRuntime(std::unique_ptr<LiveRuntime> live) : live_(std::move(live)) {}
  std::unique_ptr<LiveRuntime> live_;
};

inline TestResult passed(std::uint64_t traces, std::uint64_t operations) {
  TestResult result;
  result.evidence.traces = traces;
  result.evidence.operations = operations;
  return result;
}

}  // namespace assay::conformance
