#pragma once

namespace assay::reference {

// Signals that would end the process wait for the writes that are going on in any of its threads, and take effect after
// the last of them (GU-SYS-05). A write costs no system call for it. Signals that the host handles itself, those that
// it ignores, those that stop, and what a thread does wrong itself (SIGSEGV and its like) are left alone.
namespace write_section {

// To be called once in a process that is to wait so, before its threads and its writes; forked children inherit it.
// Takes each signal whose action is the default one. Without it begin() and end() count and nothing waits.
void delay_ending_signals();

// Around a write; may nest, in any thread. A forked child is in none of its parent's writes and must not end() them.
void begin();
void end();

}  // namespace write_section
}  // namespace assay::reference
