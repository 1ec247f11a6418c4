// GU-LIV-08: names and keys at which a cache has been seen to crash or hang. The monitor judges each request of each other test.
#include <string>

#include "conformance/registry/registration.h"

using namespace assay::conformance;
using namespace std::string_literals;

CLAUSE_TEST(Scenario, "GU-LIV-08/odd-keys", "ST-KEY-03",
            "no operation on a key of any length or any bytes ends its worker") {
  auto [one, two] = workers<2>();
  const std::size_t longest = longest_key();
  for (const std::size_t length :
       {1, 2, 63, 64, 65, 250, 251, 255, 256, 257, 1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537}) {
    for (const char* bytes : {"k", "\xff", "\xc3\xa9", "%s"}) {
      std::string key;
      while (key.size() < length) key += bytes;
      auto request = one.request();
      const bool is_key = key.size() <= longest;
      expect(request.has_key(key), false);
      expect(request.set(key, key), is_key);
      expect(two.get(key, "nothing"), is_key ? key : "nothing");
      expect(two.remove_key(key), is_key ? equals(true) : of_type("bool"));
      expect(one.get(key, "nothing"), "nothing");
    }
  }
}

CLAUSE_TEST(Scenario, "GU-LIV-08/odd-names", "SC-API-05", "no question about a script of any name ends its worker") {
  auto [one, two] = workers<2>();
  write("@/a.php", returns("a"));
  expect(one.include("@/a.php"), "a");
  for (const std::string& name :
       {""s, "."s, "/"s, "//"s, "@/."s, "@/a.php/"s, "@/a.php/a.php"s, "@/missing/../a"s, "%s%n"s, "\xff\xfe"s,
        std::string(255, 'n'), "@/" + std::string(300, 'n'), std::string(4095, '/'), std::string(5000, 'n'),
        std::string(70'000, '/'), "nothing://x"s}) {
    for (WorkerHandle worker : {one, two}) expect(worker.is_cached(name), false);
  }
  expect(two.include("@/a.php"), "a");
  expect(one.is_cached("@/a.php"), true);
}
