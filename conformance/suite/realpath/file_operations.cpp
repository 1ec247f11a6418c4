// Every operation on files and paths, refused at each of its system calls (RP-USE-01, RP-USE-02, RP-CLR-05).
#include "conformance/suite/realpath/file_operations.h"

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

void FileOperations::steps() {
  auto [hit, other] = workers<2>();
  for (const char* file : {"@/r1/a/f", "@/r1/touched", "@/r1/moved", "@/r1/removed"}) write(file, "r1");
  write("@/r1/s.php", returns("r1"));
  make_link("@/current", "r1");
  hit.realpath("@");
  other.realpath("@/current/a");
  // A worker that waits is past what its own start of a request asks of the kernel.
  auto r = hit.background("operations");
  expect(r.rendezvous("ready"), true);
  ask(r);
  change(r);
  move_about(r);
  wait_for_arrival("ready");
  act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
  release("ready");
  await("operations");
  act(ActionKind::disarm, {});
  right_again(other, "@/o");
  right_again(hit, "@/h");
}

// Operations that change nothing.
void FileOperations::ask(RequestBuilder& r) {
  // A name on the way that could not be looked at may stay as it is in the answer (RP-PATH-14).
  expect(r.realpath("@/current/a/f"), one_of({"@/r1/a/f", "@/current/a/f", false}));
  for (const char* path : {"@/r1/a/f", "@/current/a/f"}) {
    expect(r.read_file(path), read());
    expect(r.file_exists(path), done(true));
    expect(r.is_file(path), done(true));
    expect(r.is_readable(path), done(true));
    expect(r.file_size(path), done(2));
  }
  expect(r.is_dir("@/current/a"), done(true));
  expect(r.is_link("@/current"), done(true));
  expect(r.read_link("@/current"), done("r1"));
  expect(r.scan_dir("@/r1/a"), done(Value::list({".", "..", "f"})));
  expect(r.resolve_include_path("@/current/s.php"), one_of({"@/r1/s.php", "@/current/s.php", false}));
  expect(r.include("@/current/s.php"), done("r1"));
}

// Operations that change a name, each another one.
void FileOperations::change(RequestBuilder& r) {
  expect(r.put_file("@/r1/put", "data"), done(4));
  expect(r.touch("@/r1/touched"), done(true));
  expect(r.chmod("@/r1/touched", 0600), done(true));
  expect(r.copy("@/r1/a/f", "@/r1/copy"), done(true));
  expect(r.symlink("a", "@/r1/link"), done(true));
  expect(r.hard_link("@/r1/a/f", "@/r1/hard"), done(true));
  expect(r.rename("@/r1/moved", "@/r1/moved.new"), done(true));
  expect(r.unlink("@/r1/removed"), done(true));
  expect(r.make_dir("@/r1/d"), done(true));
  expect(r.make_dir("@/r1/p/q", true), done(true));
  expect(r.remove_dir("@/r1/d"), done(true));
}

// Paths that start at the working directory.
void FileOperations::move_about(RequestBuilder& r) {
  expect(r.change_dir("@/current/a"), done(true));
  expect(r.current_dir(), one_of({"@/r1/a", "@", false}));
  expect(r.realpath("f"), one_of({"@/r1/a/f", "./f", false}));
  expect(r.read_file("./f"), read());
}

void FileOperations::right_again(WorkerHandle worker, const std::string& name) {
  auto r = worker.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/current/a/f"), "@/r1/a/f");
  expect(r.read_file("@/current/a/f"), "r1");
  expect(r.include("@/current/s.php"), "r1");
  expect(r.put_file(name, "data"), 4);
  expect(r.copy(name, name + ".copy"), true);
  expect(r.rename(name + ".copy", name + ".moved"), true);
  expect(r.realpath_size(), 0);
  expect(r.unlink(name + ".moved"), true);
  expect(r.make_dir(name + ".d"), true);
  expect(r.remove_dir(name + ".d"), true);
  expect(r.symlink("r1", name + ".link"), true);
  expect(r.realpath(name + ".link/a"), "@/r1/a");
}

}  // namespace assay::conformance

using namespace assay::conformance;

BODY_TEST("sweep", "RP-CLR-05/refused-call", "RP-USE-02 GU-LIV-01",
          "a system call refused at any opportunity fails its own operation alone",
          {"realpath_cache", "fault", "workers.processes", "scripts", "rendezvous"}, Profile::standard) {
  Sweep sweep(200);
  const Trace pattern =
      FileOperations(context.target.description()).build("a call of a file operation is refused", {"RP-CLR-05"});
  std::vector<std::string> errors = {"EIO", "ENOENT", "EACCES", "ELOOP", "ENAMETOOLONG", "EINTR"};
  for (const char* point :
       {"files/*", "posix/io/stat/stat", "posix/io/stat/fstatat", "posix/io/dir/*", "posix/io/path/*"}) {
    for (const std::string& error : errors) {
      sweep.add(pattern, {.point = point, .effect = "fail", .error = error, .worker = 0});
    }
  }
  return Campaign(context.target, context.folder, {.least = 20}).run(sweep);
}
