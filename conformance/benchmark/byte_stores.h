#pragma once

// Stores of bytes in shared memory, made of well-known libraries as somebody would who wants a cache of a few lines: what the
// reference is compared with. A store is for any number of processes; here one uses it. Each is there if its headers are.

#include <stdlib.h>
#include <sys/mman.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#if __has_include(<lmdb.h>)
#define ASSAY_HAS_LMDB 1
#include <lmdb.h>
#else
#define ASSAY_HAS_LMDB 0
#endif

#if __has_include(<boost/interprocess/managed_external_buffer.hpp>)
#define ASSAY_HAS_BOOST_INTERPROCESS 1
#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/containers/map.hpp>
#include <boost/interprocess/containers/string.hpp>
#include <boost/interprocess/managed_external_buffer.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#else
#define ASSAY_HAS_BOOST_INTERPROCESS 0
#endif

namespace {

#if ASSAY_HAS_LMDB
// One transaction an operation; nothing is synchronised with the disk.
class LmdbStore {
 public:
  static std::unique_ptr<LmdbStore> create(std::size_t bytes) {
    std::unique_ptr<LmdbStore> made(new LmdbStore);
    return made->open(bytes) ? std::move(made) : nullptr;
  }
  ~LmdbStore() {
    if (reader_ != nullptr) mdb_txn_abort(reader_);
    if (environment_ != nullptr) mdb_env_close(environment_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  LmdbStore(const LmdbStore&) = delete;
  LmdbStore& operator=(const LmdbStore&) = delete;

  bool get(const std::string& key, std::string& value) {
    MDB_val name = bytes_of(key), found{};
    if (mdb_txn_renew(reader_) != 0) return false;
    const bool there = mdb_get(reader_, database_, &name, &found) == 0;
    if (there) value.assign(static_cast<const char*>(found.mv_data), found.mv_size);
    mdb_txn_reset(reader_);
    return there;
  }
  bool set(const std::string& key, const std::string& value) {
    MDB_txn* writer = nullptr;
    MDB_val name = bytes_of(key), bytes = bytes_of(value);
    if (mdb_txn_begin(environment_, nullptr, 0, &writer) != 0) return false;
    if (mdb_put(writer, database_, &name, &bytes, 0) == 0) return mdb_txn_commit(writer) == 0;
    mdb_txn_abort(writer);
    return false;
  }

 private:
  LmdbStore() = default;
  static MDB_val bytes_of(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }
  bool open(std::size_t bytes) {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-lmdb-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return false;
    folder_ = pattern;
    MDB_txn* first = nullptr;
    return mdb_env_create(&environment_) == 0 && mdb_env_set_mapsize(environment_, bytes) == 0 &&
           mdb_env_open(environment_, folder_.c_str(), MDB_NOSYNC | MDB_WRITEMAP | MDB_NOMETASYNC, 0600) == 0 &&
           mdb_txn_begin(environment_, nullptr, 0, &first) == 0 &&
           mdb_dbi_open(first, nullptr, MDB_CREATE, &database_) == 0 && mdb_txn_commit(first) == 0 &&
           mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &reader_) == 0 && (mdb_txn_reset(reader_), true);
  }
  std::string folder_;
  MDB_env* environment_ = nullptr;
  MDB_txn* reader_ = nullptr;
  MDB_dbi database_ = 0;
};
#endif

#if ASSAY_HAS_BOOST_INTERPROCESS
// An ordered map behind one mutex, in an anonymous mapping.
class BoostStore {
 public:
  static std::unique_ptr<BoostStore> create(std::size_t bytes) {
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : std::unique_ptr<BoostStore>(new BoostStore(memory, bytes));
  }
  ~BoostStore() { ::munmap(memory_, bytes_); }
  BoostStore(const BoostStore&) = delete;
  BoostStore& operator=(const BoostStore&) = delete;

  bool get(const std::string& key, std::string& value) {
    const Lock lock(*mutex_);
    const auto found = map_->find(Text(key.data(), key.size(), buffer_.get_segment_manager()));
    if (found == map_->end()) return false;
    value.assign(found->second.data(), found->second.size());
    return true;
  }
  bool set(const std::string& key, const std::string& value) {
    const Lock lock(*mutex_);
    auto* manager = buffer_.get_segment_manager();
    map_->insert_or_assign(Text(key.data(), key.size(), manager), Text(value.data(), value.size(), manager));
    return true;
  }

 private:
  using Buffer = boost::interprocess::managed_external_buffer;
  template <typename T>
  using Allocator = boost::interprocess::allocator<T, Buffer::segment_manager>;
  using Text = boost::interprocess::basic_string<char, std::char_traits<char>, Allocator<char>>;
  using Map = boost::interprocess::map<Text, Text, std::less<Text>, Allocator<std::pair<const Text, Text>>>;
  using Mutex = boost::interprocess::interprocess_mutex;
  using Lock = boost::interprocess::scoped_lock<Mutex>;

  BoostStore(void* memory, std::size_t bytes)
      : memory_(memory),
        bytes_(bytes),
        buffer_(boost::interprocess::create_only, memory, bytes),
        mutex_(buffer_.construct<Mutex>("mutex")()),
        map_(buffer_.construct<Map>("map")(std::less<Text>(), buffer_.get_segment_manager())) {}
  void* memory_;
  std::size_t bytes_;
  Buffer buffer_;
  Mutex* mutex_;
  Map* map_;
};
#endif

}  // namespace
