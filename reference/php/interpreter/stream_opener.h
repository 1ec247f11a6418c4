#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::reference::php {

class Machine;
class RequestContext;

// What a stream wrapper gave for a name: all that it leads to, or why there is nothing.
struct StreamText {
  std::optional<std::string> bytes;
  std::string path;                     // what __FILE__ names
  std::vector<std::string> complaints;  // warnings before that of the failure, without the function's name
  std::string reason;   // of the failure, as after "Failed to open stream: "; empty: nothing more to say
  bool is_own = false;  // by a wrapper of the request's scripts: for this request alone (SC-KEY-15)
};

// Who opens names by other wrappers than that of plain files. Has no state: which wrappers there are is the request's.
class StreamOpener {
 public:
  // For an include, or for its content.
  enum class Purpose { include, contents };

  virtual ~StreamOpener() = default;
  // Whether such a wrapper opens the name in this request; of a scheme that nobody has, nobody does.
  virtual bool takes(const RequestContext& context, std::string_view name) const = 0;
  // Of a name that it takes; `function` is what asks. May run code of the scripts, and throw what unwinds the machine.
  virtual StreamText read(Machine& machine, const std::string& name, Purpose purpose,
                          const std::string& function) const = 0;
  // Whether there is something by that name, which it takes.
  virtual bool exists(Machine& machine, const std::string& name, const std::string& function) const = 0;
};

}  // namespace assay::reference::php
