#pragma once

#include <sys/types.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace assay {

// A procfs that says what a test wants. Removed by the destructor.
class FakeProc {
 public:
  FakeProc() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-proc-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(path_ + "/self");
    std::ofstream(path_ + "/self/schedstat") << "1000000 0 1\n";
  }
  FakeProc(const FakeProc&) = delete;
  FakeProc& operator=(const FakeProc&) = delete;
  ~FakeProc() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }

  // As where the kernel was compiled without these counts.
  void keeps_no_counts() {
    keeps_counts_ = false;
    std::ofstream(path_ + "/self/schedstat") << "0 0 0\n";
  }

  // How many are ready on the whole machine.
  void running(int count) { std::ofstream(path_ + "/loadavg") << "0.20 0.18 0.12 " << count << "/80 4711\n"; }

  // A thread as it is from now on. Times in milliseconds.
  void thread(pid_t pid, pid_t id, char state, long long on_processor, long long queued) {
    const std::string folder = folder_of(pid, id);
    std::filesystem::create_directories(folder);
    const long long ticks = on_processor / 10;
    std::ofstream(folder + "/stat") << id << " (a (strange) name) " << state << " 1 1 1 0 -1 4194304 0 0 0 0 " << ticks
                                    << " 0 0 0 20 0 1 0 0 0 0\n";
    std::ofstream(folder + "/schedstat") << (keeps_counts_ ? on_processor * 1'000'000 : 0) << " "
                                         << (keeps_counts_ ? queued * 1'000'000 : 0) << " 7\n";
  }
  void process(pid_t pid, char state, long long on_processor, long long queued) {
    thread(pid, pid, state, on_processor, queued);
  }
  void children(pid_t pid, const std::string& list) { std::ofstream(folder_of(pid, pid) + "/children") << list; }
  void end(pid_t pid) { std::filesystem::remove_all(path_ + "/" + std::to_string(pid)); }
  // For a kernel that lists no children.
  void parent(pid_t pid, pid_t parent) {
    std::filesystem::create_directories(path_ + "/" + std::to_string(pid));
    std::ofstream(path_ + "/" + std::to_string(pid) + "/stat") << pid << " (name) S " << parent << " 1 1\n";
  }

 private:
  std::string folder_of(pid_t pid, pid_t id) const {
    return path_ + "/" + std::to_string(pid) + "/task/" + std::to_string(id);
  }
  std::string path_;
  bool keeps_counts_ = true;
};

}  // namespace assay
