#pragma once

#include <optional>
#include <string>
#include <vector>

namespace assay::conformance {

// A PHP script of the few forms that the generator of script traces writes, so that what it gives is known: text that it
// prints, functions that it declares where nobody has yet, and a list that it returns. Plain data.
struct ScriptBody {
  struct Element {
    enum class Kind { mark, own_file, own_directory, include };
    Kind kind = Kind::mark;
    std::string text{};   // a mark; the path of an include
    std::string how{};    // of an include: include, include_once, ...
    bool beside = false;  // an include of __DIR__ . '/' . text
    friend bool operator==(const Element&, const Element&) = default;
  };
  std::string printed{};            // echoed first; empty: nothing
  std::vector<Element> returned{};  // a list; empty: nothing is returned, which is the integer 1
  bool broken = false;              // a parse error
  bool is_cut = false;              // another: the file ends within the list
  int ballast = 0;                  // so many numbers in a list that nobody uses: bytes for the memory
  int strings = 0;                  // so many in another such list, each like no other: room for interned ones
  std::string series{};             // what these begin with
  bool is_broken() const { return broken || is_cut; }
  friend bool operator==(const ScriptBody&, const ScriptBody&) = default;
};

// The source of a body, and back: nullopt for any other text. An empty text is a script that returns nothing.
std::string source_of(const ScriptBody& body);
std::optional<ScriptBody> body_of(const std::string& source);

// Whether it is of that form and has no error in it (SC-PER-03).
bool is_whole(const std::string& source);

}  // namespace assay::conformance
