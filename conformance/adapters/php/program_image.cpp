#include "conformance/adapters/php/program_image.h"

#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace assay::conformance::php {

namespace {

std::optional<Elf64_Ehdr> head_of(std::ifstream& file) {
  Elf64_Ehdr head{};
  if (!file.read(reinterpret_cast<char*>(&head), sizeof head)) return std::nullopt;
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  return head;
}

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "x86, 32 bits";
    case EM_AARCH64:
      return "AArch64";
    case EM_ARM:
      return "ARM, 32 bits";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "POWER";
    case EM_S390:
      return "S/390";
    default:
      return fmt::format("machine {} of ELF", machine);
  }
}

// The loader that the program asks for; empty: none.
std::string loader_of(std::ifstream& file, const Elf64_Ehdr& head) {
  for (unsigned number = 0; number < head.e_phnum; ++number) {
    Elf64_Phdr part{};
    file.seekg(static_cast<std::streamoff>(head.e_phoff + std::uint64_t{number} * head.e_phentsize));
    if (!file.read(reinterpret_cast<char*>(&part), sizeof part)) return "";
    if (part.p_type != PT_INTERP || part.p_filesz == 0 || part.p_filesz > 4096) continue;
    std::string loader(part.p_filesz, '\0');
    file.seekg(static_cast<std::streamoff>(part.p_offset));
    if (!file.read(loader.data(), static_cast<std::streamsize>(loader.size()))) return "";
    return loader.c_str();  // it ends with a null
  }
  return "";
}

}  // namespace

Result<void> check_image(const std::string& path, const ProgramRoot& root) {
  std::ifstream file(root.outside(path), std::ios::binary);
  std::ifstream own("/proc/self/exe", std::ios::binary);
  const auto head = head_of(file);
  const auto ours = head_of(own);
  if (!head || !ours) return {};
  if (head->e_machine != ours->e_machine || head->e_ident[EI_CLASS] != ours->e_ident[EI_CLASS])
    return unusable(path,
                    fmt::format("this program is for another machine: {}, and this one is {}",
                                machine_name(head->e_machine), machine_name(ours->e_machine)),
                    "Judge it on such a machine, with an Assay that was built there");
  const std::string loader = loader_of(file, *head);
  if (loader.empty())
    return unusable(path, "this program is statically linked, so that the interposer cannot be loaded into it",
                    "Name a PHP that is dynamically linked");
  if (loader.find("/ld-musl") != std::string::npos)
    return unusable(path, fmt::format("this program is for another C library, musl (its loader is {})", loader),
                    "Name a PHP for the GNU C library: the interposer is built for that");
  std::error_code code;
  if (!std::filesystem::exists(root.outside(loader), code))
    return unusable(path, fmt::format("its loader {} is not here", loader),
                    "Name the folder of the system that it belongs to with root=PATH");
  return {};
}

}  // namespace assay::conformance::php
