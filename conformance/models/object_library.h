#pragma once

#include <string>

namespace assay::conformance {

// What scripts about objects of PHP's own classes have in common: tells the *shape* of a value (classes, content, own
// properties, and which objects are one) as nested arrays of scalars. A text of the script subset that any PHP from 7.4 on
// runs.
inline constexpr const char* object_library_path = "@/objects.php";
const std::string& object_library();

// A script that runs these lines, with the library.
std::string object_script(const std::string& code);
// Code that stores `$value` and returns ["stored", key, what the store said, the value's shape, its shape after the value was
// changed].
std::string store_and_tell(const std::string& key);
// Code that returns ["fetched", key, shape, shape after the fetched value was changed, shape of a second fetch].
std::string fetch_and_tell(const std::string& key);

}  // namespace assay::conformance
