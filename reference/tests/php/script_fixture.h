#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "reference/php/compiler/persist.h"
#include "reference/php/interpreter/file_loader.h"
#include "reference/php/interpreter/interpreter.h"
#include "reference/php/interpreter/linked_class_keeper.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/streams/streams.h"
#include "source_dir.h"

namespace assay::reference::php {

// Memory as a shared segment is: mapped once, written once, then read-only, so that a write to a cached script is a
// segmentation fault.
class SealedBlock {
 public:
  explicit SealedBlock(std::size_t bytes) : bytes_(bytes) {
    memory_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  ~SealedBlock() { munmap(memory_, bytes_); }
  SealedBlock(const SealedBlock&) = delete;
  SealedBlock& operator=(const SealedBlock&) = delete;
  void* memory() { return memory_; }
  void seal() { mprotect(memory_, bytes_, PROT_READ); }

 private:
  std::size_t bytes_;
  void* memory_;
};

// A loader that keeps what it compiled as the script cache does: persisted, sealed, and used again by later requests.
// The arena is gone before the copy runs.
class PersistingLoader : public ScriptLoader {
 public:
  explicit PersistingLoader(const Compiler& compiler) : compiler_(compiler) {}

  LoadResult load(const LoadRequest& request, RequestContext& context) override {
    FileLoader files(compiler_);
    LoadResult loaded = files.load(request, context);
    if (loaded.script == nullptr) return loaded;
    const std::string path(loaded.script->path->view());
    auto& kept = kept_[path];
    if (kept.script == nullptr) {
      Persister persister(*loaded.script);
      kept.block = std::make_unique<SealedBlock>(persister.size());
      auto copied = persister.copy(kept.block->memory(), persister.size());
      if (!copied) std::abort();
      kept.script = *copied;
      kept.block->seal();
    }
    loaded.script = kept.script;
    return loaded;
  }

 private:
  struct Kept {
    std::unique_ptr<SealedBlock> block;
    const Script* script = nullptr;
  };
  const Compiler& compiler_;
  std::map<std::string, Kept> kept_;
};

// Keeps linked classes as the script cache does, each once; all graphs last.
class LinkedClasses : public LinkedClassKeeper {
 public:
  const LinkedClass* find(const ClassData& type, const List<const ClassData*>& ancestry) override {
    for (const auto& [linked, block] : kept_) {
      const auto& bases = linked->ancestry;
      if (linked->type != &type || !std::equal(bases.begin(), bases.end(), ancestry.begin(), ancestry.end())) continue;
      ++found_;
      return linked;
    }
    return nullptr;
  }
  bool lasts(const void*) const override { return true; }
  void keep(const LinkedClass& linked) override {
    std::vector<std::uint64_t> block(bytes_of(linked) / 8);
    const LinkedClass* copy = copy_of(linked, block.data());
    kept_.emplace_back(copy, std::move(block));
  }

  std::size_t count() const { return kept_.size(); }
  std::size_t found() const { return found_; }

 private:
  std::vector<std::pair<const LinkedClass*, std::vector<std::uint64_t>>> kept_;
  std::size_t found_ = 0;
};

inline std::filesystem::path data_folder() {
  return std::filesystem::path(ASSAY_SOURCE_DIR) / "reference/tests/php/data";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The folder of the data is not part of what is expected.
inline std::string without_folder(std::string text) {
  const std::string folder = std::filesystem::canonical(data_folder()).string() + "/";
  for (std::size_t at; (at = text.find(folder)) != std::string::npos;) text.replace(at, folder.size(), "DIR/");
  return text;
}

// One request that runs one main script and shows its messages as PHP does.
inline std::string run_main(const Builtins& builtins, ScriptLoader& loader, const std::string& path, Limits limits = {},
                            LinkedClassKeeper* linked_classes = nullptr) {
  RequestContext context;
  context.linked_classes = linked_classes;
  context.streams = &all_streams();
  context.display.display_errors = true;
  Interpreter interpreter(context, builtins, loader, limits);
  interpreter.include(IncludeKind::require, std::filesystem::canonical(path).string());
  interpreter.run_shutdown_functions();
  return context.output;
}

// Compiles and runs source that is no file.
struct SourceRun {
  std::string output;
  RunResult result;
  std::vector<Diagnostic> diagnostics;
};

class NoLoader : public ScriptLoader {
 public:
  LoadResult load(const LoadRequest& request, RequestContext&) override {
    return open_failure(request, request.path, "No such file or directory", ".");
  }
};

inline SourceRun run_source(std::string_view source, Limits limits = {}) {
  static const auto builtins = standard_builtins();
  Arena arena;
  SourceRun run;
  auto compiled = SubsetCompiler().compile(source, "/test/source.php", arena);
  if (!compiled) {
    run.result.error = RunError{compiled.error().severity == Severity::parse ? "ParseError" : "",
                                compiled.error().message, compiled.error().file, compiled.error().line, nullptr};
    return run;
  }
  NoLoader loader;
  RequestContext context;
  context.streams = &all_streams();
  Interpreter interpreter(context, *builtins, loader, limits);
  run.result = interpreter.run(*compiled->script);
  run.output = context.output;
  run.diagnostics = context.diagnostics;
  // What is looked at afterwards must not need the request.
  if (run.result.error) run.result.error->object.reset();
  return run;
}

}  // namespace assay::reference::php
