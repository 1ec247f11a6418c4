#pragma once

#include <memory>
#include <string>

#include "reference/php/interpreter/machine.h"
#include "reference/php/interpreter/stream_opener.h"

namespace assay::reference::php {

// One use of a wrapper that is a class of the scripts: an object of it, and the methods that PHP calls for that. Lives within
// the call that asked; what its methods throw goes on through it.
class UserStream {
 public:
  // All but the class's name are borrowed. `function` is what asks.
  UserStream(Machine& machine, const std::string& class_name, const std::string& function);

  StreamText read(const std::string& name, StreamOpener::Purpose purpose);
  bool exists(const std::string& name);

 private:
  bool open(const std::string& name, StreamOpener::Purpose purpose);
  // All of it; nothing where it cannot be read at all.
  std::optional<std::string> read_all();
  bool has(const std::string& method) const;
  Value call(const std::string& method, std::vector<Value> arguments = {});
  // The same with a warning in the place of a method that is not there.
  std::optional<Value> call_or_warn(const std::string& method, std::vector<Value> arguments,
                                    const std::string& more = "");

  Machine& machine_;
  const std::string& function_;
  RuntimeClass& type_;
  std::shared_ptr<Object> object_;
};

}  // namespace assay::reference::php
