// assay-control: a control block by hand. See docs/interposer.md.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "faults/points/points.h"

namespace {

using assay::Error;
using assay::points::ControlBlock;

constexpr int kWrongUse = 64;
constexpr int kFailed = 1;

constexpr char kUsage[] =
    "usage: assay-control COMMAND FILE [ARGUMENT...]\n"
    "  create  FILE                make a control file: nothing armed, the clock real\n"
    "  arm     FILE FAULT...       put faults in force, each one argument:\n"
    "                              'POINT EFFECT [once:N|from:N|every:N] [limit:N] [worker:N] [pid:N]'\n"
    "                              EFFECT = fail:ERRNO | kill | pause | delay:MICROSECONDS | count\n"
    "  disarm  FILE                back to idle; held processes go on\n"
    "  reset   FILE                forget counters and evidence\n"
    "  show    FILE                plan, counters, evidence, held processes, clock\n"
    "  release FILE [POINT]        let processes go on that are held at POINT (default: all)\n"
    "  worker  FILE ID PID         tell the block which process a worker is\n"
    "  clock   FILE freeze|thaw|advance SECONDS|set SECONDS\n"
    "  points                      the catalogue of points\n"
    "  man                         this as a manual page\n";

// The manual page has the same text, as it is.
int print_manual() {
  std::fputs(
      ".TH ASSAY\\-CONTROL 1 \"\" \"Assay\" \"User Commands\"\n"
      ".SH NAME\nassay\\-control \\- faults and the virtual clock of a control block, by hand\n"
      ".SH SYNOPSIS\n.nf\n",
      stdout);
  for (const char* text = kUsage; *text != '\0'; ++text)
    std::fputs(*text == '-' ? "\\-" : std::string(1, *text).c_str(), stdout);
  std::fputs(
      ".fi\n.SH DESCRIPTION\nA control block is a file that the interposer of Assay, preloaded into a program, reads "
      "at each call\n"
      "that it knows: the n\\-th lock fails, a worker stops right after it got a lock, time stands still.\n"
      "POINT is a name of the catalogue, and may end with *.\n"
      ".SH ENVIRONMENT\nOf the program that is preloaded (LD_PRELOAD):\n"
      ".TP\n.B ASSAY_CONTROL\nthe file. Without it the library does nothing at all.\n"
      ".SH EXIT STATUS\n.TP\n0\ndone.\n.TP\n1\nthe file cannot be used, or a fault does not exist.\n.TP\n64\nwrong "
      "use.\n"
      ".SH SEE ALSO\n.BR assay (1)\n",
      stdout);
  return 0;
}

int wrong_use() {
  std::fputs(kUsage, stderr);
  return kWrongUse;
}

int failed(const Error& error) {
  std::fprintf(stderr, "assay-control: %s\n", error.message.c_str());
  return kFailed;
}

int list_points() {
  for (const auto& entry : assay::points::catalogue()) {
    std::printf("%-30.*s %.*s (%s)\n", static_cast<int>(entry.name.size()), entry.name.data(),
                static_cast<int>(entry.meaning.size()), entry.meaning.data(),
                assay::points::effects_text(entry.effects).c_str());
  }
  return 0;
}

int create(const std::string& path) {
  const auto block = ControlBlock::create(path, {.extra_points = {}, .owner = 0});
  return block ? 0 : failed(block.error());
}

int arm(ControlBlock& block, const std::vector<std::string>& texts) {
  assay::points::Plan plan;
  for (const std::string& text : texts) {
    auto fault = assay::points::parse_fault(text);
    if (!fault) return failed(fault.error());
    plan.push_back(*fault);
  }
  const auto armed = block.arm(plan);
  return armed ? 0 : failed(armed.error());
}

void show_plan(const ControlBlock& block) {
  std::printf("plan: %s\n", block.is_armed() ? "armed" : "idle");
  for (const auto& status : block.plan_status()) {
    std::printf("  %-60s seen %llu, fired %llu\n", to_text(status.fault).c_str(),
                static_cast<unsigned long long>(status.seen), static_cast<unsigned long long>(status.fired));
  }
}

void show_counters(const ControlBlock& block) {
  std::puts("counters:");
  for (const auto& counter : block.counters()) {
    std::printf("  %-40s %llu", counter.point.c_str(), static_cast<unsigned long long>(counter.reached));
    if (counter.fired != 0) std::printf(", fired %llu", static_cast<unsigned long long>(counter.fired));
    std::puts("");
  }
}

void show_evidence(const ControlBlock& block) {
  const auto log = block.evidence();
  std::printf("evidence: %zu records, %llu lost\n", log.records.size(), static_cast<unsigned long long>(log.lost));
  for (const auto& one : log.records) {
    std::printf("  #%llu %s %s at visit %llu by process %d", static_cast<unsigned long long>(one.number),
                one.point.c_str(), effect_name(one.effect), static_cast<unsigned long long>(one.occurrence), one.pid);
    if (one.worker != assay::points::kNoWorker) std::printf(" (worker %d)", one.worker);
    if (one.error != 0) std::printf(" with %s", assay::points::errno_name(one.error).c_str());
    if (!one.operation.empty()) std::printf(" in '%s'", one.operation.c_str());
    std::puts("");
  }
}

int show(const ControlBlock& block) {
  show_plan(block);
  show_counters(block);
  show_evidence(block);
  for (const auto& held : block.held()) std::printf("held: process %d at %s\n", held.pid, held.point.c_str());
  std::printf("clock: %s, %.9f seconds since 1970\n", block.clock_frozen() ? "frozen" : "real",
              static_cast<double>(block.realtime().count()) / 1e9);
  return 0;
}

int move_clock(ControlBlock& block, const std::vector<std::string>& arguments) {
  const std::string verb = arguments.empty() ? "" : arguments[0];
  if (verb == "freeze" && arguments.size() == 1) {
    block.freeze_clock();
  } else if (verb == "thaw" && arguments.size() == 1) {
    block.thaw_clock();
  } else if ((verb == "advance" || verb == "set") && arguments.size() == 2) {
    char* end = nullptr;
    const double seconds = std::strtod(arguments[1].c_str(), &end);
    if (end == arguments[1].c_str() || *end != '\0') return wrong_use();
    const std::chrono::nanoseconds amount(static_cast<std::int64_t>(seconds * 1e9));
    if (verb == "advance") {
      block.advance_clock(amount);
    } else {
      block.set_clock(amount, block.monotonic());
    }
  } else {
    return wrong_use();
  }
  return 0;
}

int name_worker(ControlBlock& block, const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) return wrong_use();
  const auto named = block.name_worker(std::atoi(arguments[0].c_str()), std::atoi(arguments[1].c_str()));
  return named ? 0 : failed(named.error());
}

int run(ControlBlock& block, const std::string& command, const std::vector<std::string>& arguments) {
  if (command == "arm") return arm(block, arguments);
  if (command == "clock") return move_clock(block, arguments);
  if (command == "worker") return name_worker(block, arguments);
  if (command == "release" && arguments.size() <= 1) {
    std::printf("%d released\n", block.release(arguments.empty() ? "*" : arguments[0]));
    return 0;
  }
  if (!arguments.empty()) return wrong_use();
  if (command == "show") return show(block);
  if (command == "disarm") {
    block.disarm();
  } else if (command == "reset") {
    block.reset();
  } else {
    return wrong_use();
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "points" && argc == 2) return list_points();
  if (command == "man" && argc == 2) return print_manual();
  if (command == "--help" || command == "-h") return std::fputs(kUsage, stdout) < 0 ? kFailed : 0;
  if (argc < 3) return wrong_use();
  if (command == "create") return argc == 3 ? create(argv[2]) : wrong_use();
  auto block = ControlBlock::open(argv[2]);
  if (!block) return failed(block.error());
  return run(*block, command, {argv + 3, argv + argc});
}
