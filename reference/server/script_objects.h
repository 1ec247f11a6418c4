#pragma once

#include <optional>
#include <string>

#include "reference/php/interpreter/interpreter.h"
#include "reference/static_cache/object_hooks.h"

namespace assay::reference {

class Worker;

// The objects of a request as the static cache stores and restores them, with the classes that its scripts have declared
// and the methods that these have for it: __serialize, __unserialize, __sleep, __wakeup. The worker's interpreter is
// made only when there is an object.
//
// What a hook throws passes through where a script called the cache. Where the cache was asked from outside any script
// there is nobody to catch it: the operation fails, and end() says how.
class ScriptObjects final : public ObjectHooks {
 public:
  enum class Caller { script, outside };
  ScriptObjects(Worker& worker, Caller caller) : worker_(worker), caller_(caller) {}

  std::uint64_t most_bytes() override;
  Expected<State> state_of(const std::shared_ptr<Object>& object) override;
  Expected<std::shared_ptr<Object>> make(const std::string& class_name) override;
  Expected<std::shared_ptr<Object>> enum_case(const std::string& class_name, const std::string& name) override;
  Expected<void> restore(const std::shared_ptr<Object>& object, Array state) override;

  // How code that was called from outside ended, where it did not come to its own end.
  const std::optional<php::RunResult>& end() const { return end_; }

 private:
  template <class Result>
  Expected<Result> run(const std::function<Expected<Result>(php::Machine&)>& code);

  Worker& worker_;
  Caller caller_;
  std::optional<php::RunResult> end_;
  std::string made_name_;  // of the object that was made last
  php::RuntimeClass* made_type_ = nullptr;
};

}  // namespace assay::reference
