/* A cache of values in shared memory behind a robust mutex, for Assay: cc -shared -fPIC -o store.so store.c -lpthread
 * Records stand one behind the other and are found through a table of chains. One that was replaced or deleted is dead until
 * the living are moved together. Whoever gets the mutex from a dead owner cannot know what that had done, and empties all. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "assay_plugin.h"

enum { CHAINS = 16384, FIRST = 8 };
#define FOREVER (INT64_MAX / 2)
typedef struct { uint32_t next, size, key_size, value_size; int64_t end; char bytes[]; } record; /* dead: key_size is 0 */
typedef struct {
  pthread_mutex_t mutex;
  size_t size, used, count;
  uint32_t chains[CHAINS]; /* offsets of records; 0: none */
  char bytes[];
} store;
static const assay_host *host;
static record *at(store *s, uint32_t offset) { return (record *)(s->bytes + offset); }
static int expired(const record *r) { return r->end != 0 && time(NULL) >= r->end; }
static void empty(store *s) { memset(s->chains, 0, sizeof s->chains); s->used = FIRST; s->count = 0; }
static void lock(store *s) { if (pthread_mutex_lock(&s->mutex) == EOWNERDEAD) empty(s), pthread_mutex_consistent(&s->mutex); }
static uint32_t *chain_of(store *s, assay_text key) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < key.size; i++) hash = (hash ^ (unsigned char)key.bytes[i]) * 16777619u;
  return &s->chains[hash % CHAINS];
}
/* Where the offset of a record stands: 0 where there is none. */
static uint32_t *find(store *s, assay_text key) {
  uint32_t *link = chain_of(s, key);
  for (; *link; link = &at(s, *link)->next)
    if (at(s, *link)->key_size == key.size && memcmp(at(s, *link)->bytes, key.bytes, key.size) == 0) break;
  return link;
}
static void delete(store *s, assay_text key) {
  uint32_t *link = find(s, key);
  if (*link) at(s, *link)->key_size = 0, *link = at(s, *link)->next, s->count--;
}
static void compact(store *s) {
  size_t end = s->used, to = FIRST;
  empty(s);
  for (size_t from = FIRST, size; from < end; from += size) {
    record *r = at(s, from);
    size = r->size;
    if (r->key_size == 0 || expired(r)) continue;
    r = memmove(s->bytes + to, r, size);
    uint32_t *chain = chain_of(s, (assay_text){r->bytes, r->key_size});
    r->next = *chain, *chain = to, to += size, s->count++;
  }
  s->used = to;
}
static int set(store *s, assay_text key, assay_text value, int64_t ttl) {
  size_t size = (sizeof(record) + key.size + value.size + 7) & ~(size_t)7;
  if (s->used + size > s->size) compact(s);
  if (s->used + size > s->size) return 0;
  delete(s, key);
  record *r = at(s, s->used);
  *r = (record){*chain_of(s, key), size, key.size, value.size, ttl > FOREVER ? FOREVER : ttl ? time(NULL) + ttl : 0};
  memcpy(r->bytes, key.bytes, key.size), memcpy(r->bytes + key.size, value.bytes, value.size);
  *chain_of(s, key) = s->used, s->used += size, s->count++;
  return 1;
}
/* Who was found to be expired stays so, if the clock goes back too. */
static record *live(store *s, assay_text key) {
  record *r = *find(s, key) ? at(s, *find(s, key)) : NULL;
  return r && expired(r) ? delete(s, key), NULL : r;
}
static void put_found(store *s, assay_text key, const assay_value *otherwise, assay_reply *reply) {
  record *r = live(s, key);
  r ? host->put_encoded(reply, r->bytes + r->key_size, r->value_size) : host->put_value(reply, otherwise);
}
/* Throws where a value is no key; `number` holds the text of an integer. */
static int key_from(const assay_value *value, assay_text *key, char number[24], assay_reply *reply) {
  *key = host->text(value);
  if (host->type(value) == ASSAY_INTEGER) *key = (assay_text){number, snprintf(number, 24, "%lld", (long long)host->integer(value))};
  int pinned = key->size >= 20 && !memcmp(key->bytes, "pinned_static_class:", 20);
  if (key->size && !pinned && (key->size < 22 || memcmp(key->bytes, "volatile_static_class:", 22))) return 1;
  host->throw_error(reply, "ValueError", "a key must be an integer or a text, not empty, without a reserved prefix");
  return 0;
}
static void info(store *s, assay_reply *reply) {
  const char *names[] = {"enabled", "available", "backend_initialized", "startup_failed", "configured_memory", "shared_memory", "entry_count", "segment_count"};
  const int64_t on = s->size != 0, numbers[] = {on, on, on, 0, s->size, s->size, s->count, on};
  host->begin_array(reply);
  for (int i = 0; i < 8; i++) host->put_key(reply, names[i], strlen(names[i])), i < 4 ? host->put_bool(reply, numbers[i]) : host->put_integer(reply, numbers[i]);
  host->put_key(reply, "shared_model", 12), host->put_text(reply, "mmap", 4);
  host->put_key(reply, "failure_reason", 14), host->put_null(reply), host->end_array(reply);
}
static void perform(void *cache, const char *operation, const assay_value *parameters, assay_reply *reply) {
  store *s = cache;
  const assay_value *one = host->find(parameters, "key"), *keys = host->find(parameters, "keys");
  const assay_value *values = host->find(parameters, "values"), *otherwise = host->find(parameters, "default");
  size_t n = one ? 1 : host->count(keys ? keys : values);
  int64_t ttl = host->integer(host->find(parameters, "ttl"));
  assay_text *key = calloc(n + 1, sizeof *key);
  char(*numbers)[24] = calloc(n + 1, sizeof *numbers);
  int good = ttl >= 0, ok = 1;
  if (!good) host->throw_error(reply, "ValueError", "the time to live must not be negative");
  for (size_t i = 0; good && i < n; i++) {
    const assay_value *name = one ? one : values ? host->key(values, i) : host->element(keys, i);
    good = key_from(name, &key[i], numbers[i], reply);
    if (good && values && host->type(name) == ASSAY_INTEGER) host->throw_error(reply, "ValueError", "keys must be texts"), good = 0;
  }
  if (good) {
    lock(s);
    if (!strcmp(operation, "cache_info")) info(s, reply);
    else if (!s->size) host->put_bool(reply, 0);
    else if (!strcmp(operation, "cache_get")) put_found(s, key[0], otherwise, reply);
    else if (!strcmp(operation, "cache_has")) host->put_bool(reply, live(s, key[0]) != NULL);
    else if (!strcmp(operation, "cache_get_multiple")) {
      host->begin_array(reply);
      for (size_t i = 0, j; i < n; i++) {
        for (j = 0; key[j].size != key[i].size || memcmp(key[j].bytes, key[i].bytes, key[i].size); j++);
        if (j == i) host->put_key(reply, key[i].bytes, key[i].size), put_found(s, key[i], otherwise, reply);
      }
      host->end_array(reply);
    } else if (!strncmp(operation, "cache_set", 9)) {
      for (size_t i = 0; ok && i < n; i++) ok = set(s, key[i], host->encoded(one ? host->find(parameters, "value") : host->element(values, i)), ttl);
      host->put_bool(reply, ok);
    } else if (!strcmp(operation, "cache_clear")) empty(s), host->put_bool(reply, 1);
    else if (!strncmp(operation, "cache_delete", 12)) {
      for (size_t i = 0; i < n; i++) delete(s, key[i]);
      host->put_bool(reply, 1);
    } else host->unsupported(reply, "the store does not have it");
    pthread_mutex_unlock(&s->mutex);
  }
  free(key), free(numbers);
}
static void *start(const assay_host *h, const assay_value *ini, const char *folder, char *error, size_t error_size) {
  (void)folder, host = h;
  const assay_value *mib = host->find(ini, "opcache.static_cache.volatile_size_mb");
  size_t size = (mib ? strtoul(host->text(mib).bytes, NULL, 10) : 8) << 20;
  store *s = mmap(NULL, sizeof *s + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s == MAP_FAILED) return snprintf(error, error_size, "mmap: %s", strerror(errno)), NULL;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes), pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), pthread_mutex_init(&s->mutex, &attributes);
  s->size = size, empty(s);
  return s;
}
const assay_plugin_info *assay_plugin(void) {
  static const char *const features[] = {"static_cache", "static_cache.volatile", "static_cache.ttl", NULL};
  static const char *const choices[] = {"evict", "refuse", "dead-owner", "emptied", "multi-read", "snapshot", "class-keys", "no", "scalar-inline", "no", NULL};
  static const assay_plugin_info info = {sizeof info, ASSAY_PLUGIN_VERSION, "c-store", "1", features, choices, start, perform, NULL, NULL, NULL};
  return &info;
}
