// Words of a control block are overwritten, as a process that has gone wrong would: who opens it refuses it or reads it,
// whoever visits a point comes back, and a block that is armed anew works. Behind the words, plans as text.
//
// Input: number of words (1 byte), for each its place (2 bytes) and value (8 bytes); then lines of a plan.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "faults/points/catalogue.h"
#include "faults/points/control_block.h"
#include "faults/points/mapping.h"
#include "faults/points/plan.h"
#include "faults/points/point.h"
#include "fuzz/common/byte_reader.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/private_world.h"

namespace {

using namespace assay;
using namespace assay::points;
using fuzz::demand;

constexpr std::size_t block_words = sizeof(Layout) / 8;

// The file of a block, and what stood in it when it was new.
class BlockFile {
 public:
  BlockFile() : path_((fuzz::PrivateWorld::of_process().run_folder() / "control").string()) {
    auto block = ControlBlock::create(path_);
    demand(block.has_value(), "a block is made", path_);
    const int file = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    words_ = static_cast<std::uint64_t*>(::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    ::close(file);
    demand(words_ != MAP_FAILED, "a block is mapped");
    fresh_.assign(words_, words_ + block_words);
  }

  void renew() { std::memcpy(words_, fresh_.data(), sizeof(Layout)); }
  void overwrite(std::size_t place, std::uint64_t value) { words_[place % block_words] = value; }
  Layout& layout() { return *reinterpret_cast<Layout*>(words_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::uint64_t* words_ = nullptr;
  std::vector<std::uint64_t> fresh_;
};

// What would end this process, or hold it, is what the block says: not to be followed here.
void disarm_the_rest(Layout& layout) {
  for (Slot& slot : layout.slots) {
    const auto effect = static_cast<Effect>(slot.effect.load());
    if (effect == Effect::kill || effect == Effect::pause || effect == Effect::delay) slot.effect.store(0);
  }
}

void visit_points(Layout& layout) {
  disarm_the_rest(layout);
  attach(&layout);
  for (int i = 0; i < 3; ++i) {
    demand(point("hit/lookup") == 0 || armed(), "an idle point fails nothing");
    (void)point(WorkerContext{i}, "files/open");
    (void)point("no/such/point");
    set_operation(WorkerContext{i}, "include");
  }
  attach(nullptr);
}

void read_everything(ControlBlock& block) {
  for (const FaultStatus& status : block.plan_status()) (void)to_text(status.fault);
  (void)block.counters();
  (void)block.tallies();
  (void)block.counter("hit/lookup");
  (void)block.evidence();
  (void)block.uncatalogued();
  (void)block.held();
  (void)block.realtime();
  (void)block.monotonic();
}

bool has_plan(ControlBlock& block) {
  return (block.layout().armed.load() & kPlanArmed) != 0;
}

void use_again(ControlBlock& block) {
  block.disarm();
  demand(!has_plan(block), "what is disarmed has no plan");
  block.reset();
  (void)block.release();
  block.set_clock(std::chrono::seconds(5), std::chrono::seconds(5));
  block.advance_clock(std::chrono::seconds(2));
  demand(block.realtime() == std::chrono::seconds(7), "the clock stands where it was put");
}

// A fault that is read is written and read as the same; a plan is armed, or refused with a reason.
void use_plan(const std::string& text, ControlBlock* block) {
  Plan plan;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto fault = parse_fault(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    if (!fault) {
      demand(!fault.error().message.empty(), "an error says something");
      continue;
    }
    const auto again = parse_fault(to_text(*fault));
    demand(again.has_value() && *again == *fault, "a fault is written and read back as the same", to_text(*fault));
    plan.push_back(*fault);
  }
  if (!block || plan.empty()) return;
  const auto armed = block->arm(plan);
  demand(armed.has_value() == has_plan(*block), "a plan is in force, or refused");
  if (!armed) return;
  const auto status = block->plan_status();
  demand(status.size() == plan.size(), "a plan is armed as a whole");
  for (std::size_t i = 0; i < plan.size(); ++i) demand(status[i].fault == plan[i], "a plan is armed as it is");
  visit_points(block->layout());
  block->disarm();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static BlockFile file;
  fuzz::ByteReader reader(data, size);
  file.renew();
  for (int words = reader.byte(); words > 0 && !reader.empty(); --words) {
    const auto place = reader.number<std::uint16_t>();
    file.overwrite(place, reader.number<std::uint64_t>());
  }
  const std::string plan = reader.text(4096);
  auto block = ControlBlock::open(file.path());
  demand(block.has_value() || block.error().message.find(file.path()) != std::string::npos, "an error names the file");
  if (!block) return use_plan(plan, nullptr), 0;
  read_everything(*block);
  visit_points(file.layout());
  use_again(*block);
  use_plan(plan, &*block);
  return 0;
}
