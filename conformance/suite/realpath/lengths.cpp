// RP-PATH-06: no text of a resolution exceeds 4094 bytes. Lengths below the sandbox depend on where it is.
#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {
namespace {

constexpr std::size_t longest = 4094;

class AtTheLimit : public Scenario {
 public:
  AtTheLimit(const Description& target, std::size_t root_length) : Scenario(target), root_(root_length) {}

 protected:
  std::size_t root_;  // bytes of "@"
};

// "l" -> "dd": the text of the link, joined to its parent, is one byte longer than the link's raw path.
class JoinedLink final : public AtTheLimit {
  using AtTheLimit::AtTheLimit;
  void steps() override {
    auto w = worker();
    make_directory("@/dd");
    make_link("@/l", "dd");
    const std::string slashes(longest - root_ - 2, '/');
    auto r = w.request();
    r.clear_realpath_cache();
    expect(r.realpath("@" + slashes + "/l"), false);
    expect(r.is_dir("@" + slashes + "/l"), true);
    expect(r.realpath_size(), 0);
    expect(r.realpath("@" + slashes + "l"), "@/dd");
  }
};

// A short path through a link into a deep tree: the result is too long, the prefixes stay.
class LongResult final : public AtTheLimit {
  using AtTheLimit::AtTheLimit;
  void steps() override {
    auto w = worker();
    std::string deep = "@";
    while (root_ - 1 + deep.size() + 201 <= longest - 10) deep += "/" + std::string(200, 'd');
    const std::size_t rest = longest - (root_ - 1 + deep.size()) - 1;
    const std::string fits(rest, 'x'), exceeds(rest + 1, 'x');
    make_directory(deep + "/" + fits);
    make_directory(deep + "/" + exceeds);
    make_link("@/link", deep);
    auto r = w.request();
    r.clear_realpath_cache();
    r.realpath("@");
    const ReplyRef before = r.realpath_size();
    expect(r.realpath("@/link/" + exceeds), false);
    expect(r.is_dir("@/link/" + exceeds), true);
    expect(r.realpath_listing(), all_of({has({"@/link"}), has({deep}), lacks({"@/link/" + exceeds})}));
    expect(r.realpath_size(), at_least(before, {}));
    expect(r.realpath("@/link/" + fits), deep + "/" + fits);
  }
};

}  // namespace

BODY_TEST("clause", "RP-PATH-06/link-text", "", "a relative link's text is judged together with its parent",
          {"realpath_cache"}) {
  const std::size_t root = root_of_first_run(context).size();
  return execute(context, JoinedLink(context.target.description(), root).build("", {}));
}

BODY_TEST("clause", "RP-PATH-06/long-result", "RP-ENT-13",
          "a result that becomes too long fails and leaves its prefixes", {"realpath_cache"}) {
  const std::size_t root = root_of_first_run(context).size();
  return execute(context, LongResult(context.target.description(), root).build("", {}));
}

}  // namespace assay::conformance
