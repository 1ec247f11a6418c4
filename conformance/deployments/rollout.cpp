#include "conformance/deployments/rollout.h"

#include <algorithm>

#include "conformance/adapter/rendezvous.h"

namespace assay::conformance {
namespace {

std::string including(const std::string& file, RolloutKind kind) {
  std::string parts = "include __DIR__ . '/" + file + "'";
  if (kind != RolloutKind::resolved_root) parts += ", include '@/current/" + file + "'";
  return parts;
}

}  // namespace

Rollout::Rollout(const Description& target, RolloutKind kind, const Directives& own_ini, Deploy deploy, Deploy refresh)
    : Scenario(target),
      target_(target),
      kind_(kind),
      ini_(own_ini),
      deploy_(std::move(deploy)),
      refresh_(std::move(refresh)) {}

bool Rollout::has_web_server() const {
  return target_.features.contains("deploy.web_server");
}

void Rollout::write_release(const std::string& folder, const std::string& name) {
  const std::string tells = "'" + name + "', include __DIR__ . '/own.php', include './working.php'";
  const std::string by_link = kind_ == RolloutKind::resolved_root ? "" : ", include '@/current/linked.php'";
  write(folder + "/index.php", php("echo json_encode([" + tells + by_link + "]);"));
  write(folder + "/straddle.php",
        php("$first = [" + including("first.php", kind_) + "];\n" + php_rendezvous("deployed") +
            "\necho json_encode(array_merge($first, [" + including("second.php", kind_) + "]));"));
  for (const char* part : {"own", "working", "linked", "first", "second"})
    write(folder + "/" + part + ".php", returns(name));
}

void Rollout::releases() {
  const bool directory = kind_ == RolloutKind::directory;
  write_release(directory ? "@/current" : "@/releases/old", "old");
  // A release that is unpacked later is younger.
  write_release("@/releases/new", "new");
  for (const char* name : {"index", "straddle", "own", "working", "linked", "first", "second"})
    set_mtime(std::string("@/releases/new/") + name + ".php", clock_start - 500);
  if (!directory) make_link("@/current", "releases/old");
  if (kind_ != RolloutKind::front_controller) return;
  write("@/front/index.php", php("$root = '@/' . readlink('@/current');\n"
                                 "echo json_encode([include $root . '/first.php', include $root . '/own.php']);"));
  write("@/front/straddle.php",
        php("$root = '@/' . readlink('@/current');\n$first = include $root . '/first.php';\n" +
            php_rendezvous("deployed") + "\necho json_encode([$first, include $root . '/second.php']);"));
}

// Without a web server the trace itself names the release whose root one would have found.
Operation Rollout::page_of(const std::string& script) const {
  if (kind_ == RolloutKind::front_controller)
    return make_operation(OperationKind::serve, {{"path", "@/front" + script}});
  if (kind_ != RolloutKind::resolved_root)
    return make_operation(OperationKind::serve, {{"path", "@/current" + script}});
  if (!has_web_server() || script != "/index.php")
    return make_operation(OperationKind::serve, {{"path", "@/releases/" + release_ + script}});
  return make_operation(OperationKind::visit, {{"page", script}, {"document_root", "@/current"}, {"resolved", true}});
}

void Rollout::poll() {
  for (WorkerHandle worker : front_) worker.ask(page_of("/index.php"));
}

void Rollout::warm() {
  for (std::size_t i = 0; i < front_.size(); ++i) {
    front_[i].ask(page_of("/index.php"));
    advance_clock(std::chrono::seconds((i + 1 < front_.size() ? kWarmedAt[i + 1] : kDeployedAt) - kWarmedAt[i]));
  }
}

void Rollout::swap_with_a_gap() {
  remove("@/current");
  poll();
  make_link("@/current", "releases/new");
}

void Rollout::move_directories() {
  move("@/current", "@/before");
  poll();
  move("@/releases/new", "@/current");
}

void Rollout::replace_files(bool in_place) {
  for (const char* part : {"linked", "own", "first", "second"}) {
    const std::string path = std::string("@/current/") + part + ".php";
    if (in_place) overwrite(path, "<?php\nret", 400);
    if (in_place) poll();
    if (in_place)
      overwrite(path, returns("new"), 400);
    else
      write(path, returns("new"), 400);
  }
  poll();
  write("@/current/working.php", returns("new"), 400);
  const std::string main =
      php("echo json_encode(['new', include __DIR__ . '/own.php', include './working.php', include "
          "'@/current/linked.php']);");
  if (in_place)
    overwrite("@/current/index.php", main, 400);
  else
    write("@/current/index.php", main, 400);
}

void Rollout::steps() {
  for (const auto& [name, value] : ini_) ini(name, value);
  for (WorkerHandle& handle : front_) handle = worker();
  back_ = front_;
  if (kind_ == RolloutKind::second_pool)
    for (WorkerHandle& handle : back_) handle = worker();
  if (kind_ == RolloutKind::second_master)
    for (WorkerHandle& handle : back_) handle = worker_of_master(1);
  passenger_ = worker();
  releases();
  warm();
  RequestBuilder under_way = passenger_.background("under way");
  under_way.ends("any");
  under_way.ask(page_of("/straddle.php"));
  wait_for_arrival("deployed");
  if (deploy_)
    deploy_(*this);
  else
    swap_to_new();
  release_ = "new";
  release("deployed");
  await("under way");
  if (refresh_) refresh_(*this);
  for (std::int64_t second = 0; second <= kWatched; ++second) {
    poll();
    advance_clock(std::chrono::seconds(1));
  }
  advance_clock(std::chrono::seconds(kLongAfter));
  poll();
}

}  // namespace assay::conformance
