#include "support/proc/process_tree.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "support/tests/fake_proc.h"

namespace assay {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ProcessTree, ListsChildrenOfAllThreads) {
  FakeProc proc;
  proc.process(10, 'S', 1, 0);
  proc.children(10, "20 21 ");
  proc.thread(10, 11, 'S', 1, 0);
  proc.process(20, 'S', 1, 0);
  proc.children(20, "30 ");
  EXPECT_THAT(threads_of(10, proc.path()), testing::UnorderedElementsAre(10, 11));
  EXPECT_THAT(children_of(10, proc.path()), ElementsAre(20, 21));
  EXPECT_THAT(descendants_of(10, proc.path()), ElementsAre(20, 21, 30));
}

TEST(ProcessTree, FindsChildrenWhereTheKernelListsNone) {
  FakeProc proc;
  proc.process(10, 'S', 1, 0);
  proc.parent(20, 10);
  proc.parent(21, 11);
  EXPECT_THAT(children_of(10, proc.path()), ElementsAre(20));
}

TEST(ProcessTree, OfNobodyIsEmpty) {
  const FakeProc proc;
  EXPECT_THAT(threads_of(10, proc.path()), IsEmpty());
  EXPECT_THAT(descendants_of(10, proc.path()), IsEmpty());
}

TEST(ProcessTree, ReadsTheRealOne) {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  EXPECT_THAT(children_of(getpid()), Contains(child));
  EXPECT_THAT(threads_of(child), ElementsAre(child));
  std::thread other([] { EXPECT_THAT(threads_of(getpid()), SizeIs(testing::Ge(2u))); });
  other.join();
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST(ProcessTree, TheNameOfAProcessMayHoldParentheses) {
  EXPECT_EQ(fields_after_name("7 (a) b (c) S 1 2"), " S 1 2");
  EXPECT_EQ(fields_after_name(""), "");
}

}  // namespace
}  // namespace assay
