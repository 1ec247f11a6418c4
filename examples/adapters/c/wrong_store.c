/* Stores that are wrong in one way each, for people who want to see Assay find it: cc -DWAY=... wrong_store.c, or: assay demo */
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "assay_plugin.h"

#define perform right_perform
#define start right_start
#define assay_plugin right_plugin
#include "store.c"
#undef perform
#undef start
#undef assay_plugin

enum { LOST_WRITE = 1, TORN_VALUES, KEPT_LOCK, NO_TTL, TWO_STATES, LEAK };
static const char *const names[] = {"", "lost-write", "torn-values", "kept-lock", "no-ttl", "two-states", "leak"};

/* Beside the store, shared by the workers too. */
static struct { atomic_int held; atomic_int writers[CHAINS]; atomic_ulong leaked; } *more;

static int wrong_set(store *s, assay_text key, const assay_value *value, int64_t ttl) {
  assay_text bytes = host->encoded(value);
  atomic_int *writer = &more->writers[chain_of(s, key) - s->chains];
  lock(s);
  record *old = *find(s, key) ? at(s, *find(s, key)) : NULL;
  int ok = 1, keeps = old && !expired(old);
  if (WAY == LOST_WRITE && keeps && *writer != getpid()) {
    /* what another worker has stored is never replaced */
  } else if (WAY == TORN_VALUES && keeps && old->value_size == bytes.size && bytes.size > 16) {
    /* written over the old one, half by half, while others read */
    char *to = old->bytes + old->key_size;
    memcpy(to, bytes.bytes, bytes.size / 2);
    pthread_mutex_unlock(&s->mutex);
    for (int i = 0; i < 20; i++) sched_yield();
    lock(s);
    memcpy(to + bytes.size / 2, bytes.bytes + bytes.size / 2, bytes.size - bytes.size / 2);
  } else {
    ok = set(s, key, bytes, WAY == NO_TTL ? 0 : ttl);
    *writer = getpid();
  }
  pthread_mutex_unlock(&s->mutex);
  return ok;
}

static void wrong_list(store *s, const assay_value *parameters, assay_reply *reply) {
  const assay_value *keys = host->find(parameters, "keys"), *otherwise = host->find(parameters, "default");
  char number[24];
  assay_text key;
  for (size_t i = 0; i < host->count(keys); i++)
    if (!key_from(host->element(keys, i), &key, number, reply)) return;
  host->begin_array(reply);
  for (size_t i = 0; i < host->count(keys); i++) {
    key_from(host->element(keys, i), &key, number, reply);
    lock(s);
    host->put_key(reply, key.bytes, key.size), put_found(s, key, otherwise, reply);
    pthread_mutex_unlock(&s->mutex);
    sched_yield();
  }
  host->end_array(reply);
}

/* Makes an entry that nobody finds, and nobody counts, of the size of the deleted one. */
static void leak(store *s, assay_text key) {
  char name[40];
  lock(s);
  if (*find(s, key)) {
    record *r = at(s, *find(s, key));
    assay_text value = {r->bytes + r->key_size, r->value_size};
    char *copy = malloc(value.size + 1);
    memcpy(copy, value.bytes, value.size);
    delete(s, key);
    assay_text hidden = {name, snprintf(name, sizeof name, "%c%lu", 1, (unsigned long)more->leaked++)};
    if (set(s, hidden, (assay_text){copy, value.size}, 0)) s->count--;
    free(copy);
  }
  pthread_mutex_unlock(&s->mutex);
}

static void perform(void *cache, const char *operation, const assay_value *parameters, assay_reply *reply) {
  store *s = cache;
  char number[24];
  assay_text key;
  const assay_value *name = host->find(parameters, "key"), *value = host->find(parameters, "value");
  int64_t ttl = host->integer(host->find(parameters, "ttl"));
  int sets = !strcmp(operation, "cache_set") && s->size && ttl >= 0;
  if (sets && (WAY == LOST_WRITE || WAY == TORN_VALUES || WAY == NO_TTL)) {
    if (key_from(name, &key, number, reply)) host->put_bool(reply, wrong_set(s, key, value, ttl));
    return;
  }
  if (WAY == TWO_STATES && s->size && !strcmp(operation, "cache_get_multiple")) return wrong_list(s, parameters, reply);
  if (WAY == LEAK && s->size && !strcmp(operation, "cache_delete") && host->text(name).size) leak(s, host->text(name));
  if (WAY == KEPT_LOCK) /* nobody takes it away when its owner dies */
    for (int none = 0; !atomic_compare_exchange_weak(&more->held, &none, 1); none = 0) usleep(100);
  right_perform(cache, operation, parameters, reply);
  more->held = 0;
}

static void *start(const assay_host *h, const assay_value *ini, const char *folder, char *error, size_t error_size) {
  more = mmap(NULL, sizeof *more, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return more == MAP_FAILED ? NULL : right_start(h, ini, folder, error, error_size);
}

const assay_plugin_info *assay_plugin(void) {
  static char name[40];
  static assay_plugin_info info;
  info = *right_plugin();
  snprintf(name, sizeof name, "c-store-%s", names[WAY]);
  info.name = name, info.start = start, info.perform = perform;
  return &info;
}
