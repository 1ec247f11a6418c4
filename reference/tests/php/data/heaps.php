<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }

$heap = new SplMinHeap;
foreach ([5, 1, 3, 4, 2] as $value) var_dump($heap->insert($value));
var_dump($heap->top(), $heap->extract(), count($heap), $heap->isEmpty());
$copy = clone $heap;
foreach ($heap as $key => $value) echo "$key=>$value ";
echo count($heap), count($copy), "\n";
show(fn() => $heap->extract());
show(fn() => $heap->top());
var_dump($heap->isEmpty(), $heap->valid(), $heap->current(), $heap->key(), $heap->isCorrupted());
$heap = new SplMaxHeap;
foreach ([3, 9, 4, 9, 1, 7] as $value) $heap->insert($value);
foreach ($heap as $value) echo $value, ' ';
echo "\n";
$heap = new SplMinHeap;
foreach ([['b', 0], ['a', 1], ['a', 0]] as $value) $heap->insert($value);
while ($heap->valid()) {
  echo json_encode($heap->current());
  $heap->next();
}
echo "\n";
foreach ($copy as $value) {
  if ($value === 3) break;
}
var_dump(count($copy));

class ByLength extends SplHeap {
  public $own = 1;
  protected function compare(mixed $one, mixed $other): int { return strlen($one) - strlen($other); }
}
$lengths = new ByLength;
foreach (['aaa', 'b', 'cc'] as $value) $lengths->insert($value);
foreach ($lengths as $value) echo $value, ' ';
var_dump($lengths->own);
class Throwing extends SplMinHeap {
  protected function compare(mixed $one, mixed $other): int { throw new LogicException('no order'); }
}
$throwing = new Throwing;
$throwing->insert(1);
show(fn() => $throwing->insert(2));
var_dump($throwing->isCorrupted(), count($throwing));
show(fn() => $throwing->top());
show(fn() => $throwing->insert(3));
show(fn() => $throwing->extract());
var_dump($throwing->recoverFromCorruption(), $throwing->isCorrupted());
show(fn() => $throwing->top());

$queue = new SplPriorityQueue;
var_dump($queue->insert('low', 1), $queue->insert('high', 10));
$queue->insert('list', [5, 1]);
$queue->insert('middle', 5);
var_dump($queue->top(), count($queue), $queue->getExtractFlags());
var_dump($queue->setExtractFlags(SplPriorityQueue::EXTR_BOTH), $queue->top());
$copy = clone $queue;
$queue->setExtractFlags(SplPriorityQueue::EXTR_PRIORITY);
foreach ($queue as $key => $priority) echo $key, json_encode($priority), ' ';
show(fn() => $queue->extract());
show(fn() => $queue->top());
show(fn() => $queue->setExtractFlags(0));
var_dump($queue->current(), $queue->valid(), count($copy), $copy->extract());
$same = new SplPriorityQueue;
foreach ([1, 2, 3, 4, 5, 6, 7, 8] as $value) $same->insert($value, 1);
while (count($same)) echo $same->extract(), ' ';
echo "\n";
class Reversed extends SplPriorityQueue {
  private $name = 'reversed';
  public function compare(mixed $one, mixed $other): int { return $other <=> $one; }
  public function name() { return $this->name; }
}
$reversed = new Reversed;
foreach ([3, 1, 2] as $value) $reversed->insert("p$value", $value);
while (!$reversed->isEmpty()) echo $reversed->extract(), ' ';
echo $reversed->name(), $reversed->compare(1, 2), "\n";
var_dump($reversed instanceof Countable, new SplMinHeap instanceof SplHeap, new SplMinHeap instanceof Iterator);
show(fn() => new SplHeap);
