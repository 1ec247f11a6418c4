#pragma once

#include <optional>
#include <string>

#include "reference/config/blacklist.h"
#include "reference/php/interpreter/stream_opener.h"
#include "reference/script_cache/source_file.h"
#include "reference/server/source_compiler.h"

namespace assay::reference {

// A script that a stream wrapper gave: to the script cache a path whose file has no known time (SC-KEY-15, SC-VAL-09).
class StreamFile final : public SourceFile {
 public:
  // All are borrowed for the life of this object; the text has bytes.
  StreamFile(const php::StreamText& text, SourceCompiler& compiler, const Blacklist& blacklist)
      : text_(text), compiler_(compiler), blacklist_(blacklist) {}

  std::optional<std::string> find() override { return text_.path; }
  std::optional<std::string> resolve() override { return text_.path; }
  std::optional<FileStatus> status(const std::string&) override { return FileStatus{0, text_.bytes->size()}; }
  bool is_excluded(const std::string& path) override { return blacklist_.excludes(path); }
  const php::Script* compile(const std::string& path) override { return compiler_.compile(*text_.bytes, path); }

 private:
  const php::StreamText& text_;
  SourceCompiler& compiler_;
  const Blacklist& blacklist_;
};

}  // namespace assay::reference
