#pragma once

#include <memory>
#include <string>

#include "reference/php/interpreter/builtins.h"

// The standard functions of the script subset, by kind. Each answers as PHP's function of that name.
namespace assay::reference::php {

// Everything a script finds undeclared: the classes and constants of the subset, and all functions below. Built once for
// a process, shared read-only afterwards (builtins.h).
std::unique_ptr<Builtins> standard_builtins();

void add_string_functions(Builtins& builtins);
void add_array_functions(Builtins& builtins);
void add_value_functions(Builtins& builtins);
void add_class_functions(Builtins& builtins);
void add_request_functions(Builtins& builtins);
void add_process_functions(Builtins& builtins);
void add_error_functions(Builtins& builtins);
void add_file_functions(Builtins& builtins);
void add_stream_functions(Builtins& builtins);
void add_iterator_functions(Builtins& builtins);

// Collections, written in the subset. Their state is in private properties whose names begin with "__".
void add_array_classes(Builtins& builtins);    // ArrayObject, ArrayIterator, RecursiveArrayIterator, SplFixedArray
void add_list_classes(Builtins& builtins);     // SplDoublyLinkedList, SplQueue, SplStack
void add_storage_classes(Builtins& builtins);  // SplObjectStorage
void add_heap_classes(Builtins& builtins);     // SplHeap and its kin, SplPriorityQueue
void add_collection_functions(Builtins& builtins);

// DateTime and its kin, DateTimeZone, DateInterval, DatePeriod.
void add_date_classes(Builtins& builtins);
void add_date_functions(Builtins& builtins);

// An argument of a builtin as a string, int or array; PHP's TypeError otherwise. `number` counts from 0.
tl::expected<std::string, BuiltinError> string_argument(BuiltinCall& call, std::size_t number, std::string_view name);
tl::expected<std::int64_t, BuiltinError> int_argument(BuiltinCall& call, std::size_t number, std::string_view name);
tl::expected<const Array*, BuiltinError> array_argument(BuiltinCall& call, std::size_t number, std::string_view name);

BuiltinError argument_error(const BuiltinCall& call, std::size_t number, std::string_view name, std::string_view must);

}  // namespace assay::reference::php
