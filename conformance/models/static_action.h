#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::conformance {

// Small scripts that each do one thing with one declared static: what a random history consists of. Their names say what
// they do, so that a model knows it from a trace. All of them use one library of classes.

// A declared static of the library: how it is kept, and where.
struct DeclaredStaticSpec {
  enum class Form { property, variable, plain };
  const char* name;        // in names of scripts
  const char* class_name;  // that declares it
  Form form;
  const char* access;   // a property: how a script names it; a method: its name
  const char* backend;  // "volatile", "pinned", or "" where no attribute stands
  bool is_tracked;
  std::int64_t ttl;
  bool is_class;  // one entry for all of the class (ST-ATT-02)
};
const std::vector<DeclaredStaticSpec>& declared_statics();
const DeclaredStaticSpec& declared_static(const std::string& name);

// What a script does with a static before it replies with its value, as `shown`:
//   read      nothing
//   int       assigns a number; list: an array of it; box: an object with it; date: the DateTime of so many seconds; queue: an
//             SplQueue of it; closure: a closure. The reply is "refused" where that threw StaticCacheException
//   inc       ++, where it holds a number
//   append, key   writes an element, where it holds an array: [] or ['k']
//   mutate    changes the object in it, where there is one: writes a property, or calls a method of the date or queue
//   throw     throws LogicException afterwards; exit: ends the request
struct StaticAction {
  std::string verb;
  std::string target;
  std::int64_t number = 0;
};
const std::vector<std::string>& static_verbs();

// What scripts reply with: a number or an array as it is, ["box", number] of an object, ["date", seconds], ["queue", numbers
// ...], "closure" of a closure.
inline constexpr const char* initial_value = "initial";

inline constexpr const char* statics_library_path = "@/statics.php";
std::string statics_library();
std::string path_of(const StaticAction& action);
std::string script_of(const StaticAction& action);
// Nothing for the path of any other script.
std::optional<StaticAction> static_action(const std::string& path);

}  // namespace assay::conformance
