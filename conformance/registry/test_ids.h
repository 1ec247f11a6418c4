#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::conformance {

// Ids of tests are a contract: expectations, filters, baselines and scripts of other people name them. Once published
// (test_ids.txt), an id means the same test for good, or renamed_tests.txt says what became of it.

constexpr std::size_t longest_test_id = 40;
// "CLAUSE/slug" with a slug of lower-case words, digits and single hyphens, none of the words an article.
bool is_test_id(std::string_view id);

// The title of that test; empty where there is none.
std::string title_of(const std::string& id);

// A former id and the id now; "-" where the test is gone for good. Sorted by the former id.
using RenamedTest = std::pair<std::string_view, std::string_view>;
std::span<const RenamedTest> renamed_tests();

// What a former id is called now, through several renamings where there were several; nothing for what is no former id,
// or for a test that is gone.
std::optional<std::string> id_now(std::string_view former);

// What to say about an id, or a glob over ids, that names no test: "; it is now RP-ENT-01/root", "; near it: ..".
// Empty where nothing is near.
std::string hint_for_unknown_test(const std::string& id_or_glob);
// The same for a filter, which nobody leaves without advice: "; a filter is a glob over whole ids, so try '*window*', ..".
std::string hint_for_unmatched_filter(const std::string& glob);

// What is wrong with the published ids (a line each in test_ids.txt), given the ids that tests have. Empty if nothing is.
std::vector<std::string> broken_ids(std::span<const std::string> published, std::span<const std::string> registered,
                                    std::span<const RenamedTest> renamed);

}  // namespace assay::conformance
