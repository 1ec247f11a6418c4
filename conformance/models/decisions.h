#pragma once

#include <utility>
#include <vector>

namespace assay::conformance {

// What a model cannot know while it predicts: it asks, and is told one way; afterwards `others()` says with which answers
// it has to be asked again, so that every way is tried. One prediction, one thread.
class Decisions {
 public:
  Decisions() = default;
  explicit Decisions(std::vector<bool> taken) : taken_(std::move(taken)), given_(taken_.size()) {}

  // First yes; the other way is among others().
  bool decide() {
    if (at_ == taken_.size()) taken_.push_back(true);
    return taken_[at_++];
  }

  // The ways that begin like this one, and part from it at a question that was asked for the first time.
  std::vector<std::vector<bool>> others() const {
    std::vector<std::vector<bool>> ways;
    for (std::size_t i = given_; i < taken_.size(); ++i) {
      ways.emplace_back(taken_.begin(), taken_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      ways.back().back() = false;
    }
    return ways;
  }

 private:
  std::vector<bool> taken_;
  std::size_t given_ = 0;
  std::size_t at_ = 0;
};

// What `predict` gives, once for each way.
template <class Predict>
void every_way(Predict predict) {
  std::vector<std::vector<bool>> open{{}};
  while (!open.empty()) {
    Decisions decisions(std::move(open.back()));
    open.pop_back();
    predict(decisions);
    for (auto& other : decisions.others()) open.push_back(std::move(other));
  }
}

}  // namespace assay::conformance
