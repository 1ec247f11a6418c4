#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "conformance/vocabulary/trace.h"

// The adapter interface: what the suite needs from an implementation. Three small abstract classes; nothing here names
// PHP, a file format or a transport. An adapter never judges: it executes and reports what came back.
//
// Threads: the suite may call different workers of one runtime from different threads at the same time; each worker,
// and everything else of a runtime, is used by one thread at a time. Errors: an Error says that the adapter or its
// environment is broken (verdict *error*). Whatever the implementation does wrong (dies, hangs, answers garbage) is an
// Outcome.
namespace assay::conformance {

// What a target says of itself before anything runs.
struct Description {
  std::string name;                // "reference", "php-fpm", "apcu", ...
  std::string version;             // of the implementation, for the report
  std::set<std::string> features;  // claims, each as in docs/adapter-guide.md#features; verified where they can be
  std::map<std::string, std::string> choices;             // declared freedom, for example {"ttl-edge", "inclusive"}
  std::string contract = "portable";                      // the default contract
  std::map<std::string, std::string> unknown_operations;  // operation -> why the target does not have it
};

// Folders of one run of one trace, made and removed by the suite. rendezvous.h says how a worker serves the operation
// `rendezvous` in `scratch`.
struct Sandbox {
  std::filesystem::path root;     // "@": the tree that operations and actions name; canonical, exists; see `start`
  std::filesystem::path scratch;  // for the adapter alone: sockets, configuration, logs
  std::filesystem::path control;  // the control block: clock, faults, evidence (faults/points/control_block.h); exists
};

// A request that was sent and is not collected yet. Used by one thread. May be dropped uncollected only together with
// its runtime.
class PendingRequest {
 public:
  virtual ~PendingRequest() = default;
  // Whether it has ended; does not block. The outcome's stamp is that of the first call that says so.
  virtual bool is_over() = 0;
  // Blocks until it has ended, or hangs; as Worker::execute. Called once.
  virtual Expected<Outcome> outcome() = 0;
};

// One worker: a process (or thread) that serves one request at a time and owns one realpath cache.
class Worker {
 public:
  virtual ~Worker() = default;

  // Serves one request: its operations in order, within the time limit. Blocks. Returns one reply for each operation;
  // the outcome says how the request ended. Stamps are taken just before sending and just after receiving.
  // After `hung` the worker may be used again only after Runtime::replace.
  virtual Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) = 0;

  // The process that serves this worker now; nullopt where the target has no processes to show.
  virtual std::optional<pid_t> process() const = 0;

  // Optional, for speed: whether a request is over when its answer can be read, so that the worker touches no shared
  // memory until it is sent the next one.
  virtual bool idle_after_reply() const { return false; }

  // Optional, for speed where workers take turns: sends the request and does not wait. `exchanges` live until it is
  // collected. Whoever implements it wakes the control block's waiters (points::wake_waiters) when the answer can be
  // read. nullptr: execute() in a thread is used instead.
  virtual std::unique_ptr<PendingRequest> begin(std::span<const Exchange> /*exchanges*/,
                                                std::chrono::milliseconds /*limit*/) {
    return nullptr;
  }
};

// The bytes of a file with whose record locks (fcntl) the processes of an implementation exclude each other from its
// script cache: `write` exclusively while one changes it; `usage` shared by each that uses it, while its request lasts.
struct LockBytes {
  std::filesystem::path file;  // can be opened while the runtime runs; of a file without a name, that in procfs
  std::int64_t write = 0;
  std::int64_t usage = 1;
};

// One running instance. Destruction stops it and leaves no process, segment, socket or file outside the sandbox.
class Runtime {
 public:
  virtual ~Runtime() = default;

  // The worker of that number (counted through all pools, from 0). Valid as long as the runtime.
  virtual Worker& worker(int number) = 0;

  // Waits until a worker that was killed, or hangs, is replaced by a fresh one under the same number; kills it first if
  // it still lives.
  virtual Expected<void> replace(int number) = 0;

  // Restarts gracefully: shared memory begins anew, workers are replaced.
  virtual Expected<void> reload() = 0;

  // What the implementation logged so far, for failure reports.
  virtual std::string log() const = 0;

  // Asked only of targets that claim script_cache.lock_bytes.
  virtual Expected<LockBytes> lock_bytes() const { return failure("this target has no lock bytes"); }
};

// An implementation under test.
class Target {
 public:
  virtual ~Target() = default;
  virtual const Description& description() const = 0;

  // Starts a runtime. An error says why the target cannot be started with this configuration, with its own words. The
  // root is empty, but for what a trace with the action `start` made there beforehand.
  virtual Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) = 0;
};

// A target by the text of --target: NAME[:OPTION=VALUE,...]. Errors name the known targets and options.
struct TargetKind {
  std::string name;
  std::string summary;
  std::vector<std::pair<std::string, std::string>> options;  // name, meaning
  // `options` are in the order given; an option may be repeated.
  Expected<std::unique_ptr<Target>> (*make)(const std::vector<std::pair<std::string, std::string>>& options);
  // What these options lead to on this machine, for people, a line each, where a target can be made of them; null: there is
  // nothing to say.
  std::string (*found)(const std::vector<std::pair<std::string, std::string>>& options) = nullptr;
};

// All target kinds that this program knows, in the order in which `assay targets` lists them.
std::span<const TargetKind> target_kinds();

// What a text means, before anything is looked for on the machine; an error is wrong use. `kind` lives as long as the
// program.
struct ChosenTarget {
  const TargetKind* kind;
  std::vector<std::pair<std::string, std::string>> options;
};
Expected<ChosenTarget> choose_target(const std::string& text);
Expected<std::unique_ptr<Target>> make_target(const std::string& text);

}  // namespace assay::conformance
