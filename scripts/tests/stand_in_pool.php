<?php
// Entries that all processes share, for the stand-ins of caches that nobody can install yet: one file, which is replaced as a whole
// by whoever holds the lock beside it.
namespace StandIn;

final class Pool {
  public function __construct(private string $name, private int $most_bytes = 8 << 20) {}

  // By key: whatever the cache keeps of each.
  public function entries(): array {
    $text = @file_get_contents($this->path('.pool'));
    return $text ? unserialize($text) : [];
  }
  // False where there is no room: then nothing has changed.
  public function write(array $entries): bool {
    $text = serialize($entries);
    if (strlen($text) > $this->most_bytes) return false;
    return file_put_contents($this->path('.new'), $text) === strlen($text) && rename($this->path('.new'), $this->path('.pool'));
  }
  public function locked(callable $change): mixed {
    $lock = fopen($this->path('.lock'), 'c');
    flock($lock, LOCK_EX);
    return $change();
  }
  private function path(string $end): string { return sys_get_temp_dir() . "/$this->name$end"; }
}
