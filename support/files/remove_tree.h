#pragma once

#include <filesystem>

namespace assay {

// Removes a folder and everything below, also what a test made unreadable or unwritable; links are removed, never
// followed. What cannot be removed stays, without a word.
void remove_tree(const std::filesystem::path& path);

// The same of everything in the folder, which stays itself.
void empty_folder(const std::filesystem::path& folder);

}  // namespace assay
