<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }
function listed($list) { foreach ($list as $key => $value) echo "$key=>", is_array($value) ? 'array' : $value, ' '; echo '(', count($list), ")\n"; }

$list = new SplDoublyLinkedList;
var_dump($list->isEmpty(), count($list), $list->valid(), $list->current(), $list->key());
$list->push('a');
$list->push('b');
$list[] = 'c';
$list->unshift('first');
listed($list);
var_dump($list->top(), $list->bottom(), $list[1], isset($list[3]), isset($list[4]), isset($list[-1]), empty($list[0]), $list[9] ?? 'default');
var_dump($list->pop(), $list->shift());
listed($list);
$list[0] = 'A';
$list[0] .= '!';
listed($list);
unset($list[0]);
listed($list);
$list->add(0, 'zero');
$list->add(2, 'two');
$list->add(1, 'one');
listed($list);
show(fn() => $list->add(9, 'x'));
foreach ([9, -1, 'x'] as $index) {
  show(fn() => $list[$index]);
  show(function () use ($list, $index) { $list[$index] = 1; });
  show(function () use ($list, $index) { unset($list[$index]); });
}
foreach (['pop', 'shift', 'top', 'bottom'] as $method) show(fn() => (new SplDoublyLinkedList)->$method());
show(fn() => (new SplQueue)->dequeue());
show(fn() => $list->push());

// Modes.
var_dump($list->getIteratorMode(), (new SplQueue)->getIteratorMode(), (new SplStack)->getIteratorMode());
$list->setIteratorMode(SplDoublyLinkedList::IT_MODE_LIFO);
listed($list);
var_dump($list[0], $list->getIteratorMode());
$list->rewind();
var_dump($list->current(), $list->key());
$list->next();
var_dump($list->current());
$list->prev();
var_dump($list->key());
foreach ($list as $one) foreach ($list as $other) echo $one, $other, ' ';
echo "\n";
$list->setIteratorMode(SplDoublyLinkedList::IT_MODE_LIFO | SplDoublyLinkedList::IT_MODE_DELETE);
listed($list);
$list->push(1);
$list->push(2);
$list->push(3);
$list->setIteratorMode(SplDoublyLinkedList::IT_MODE_DELETE);
listed($list);

// Queues and stacks.
$queue = new SplQueue;
$queue->enqueue(1);
$queue->enqueue([2]);
$queue[] = 3;
$queue->unshift(0);
listed($queue);
var_dump($queue->dequeue(), $queue->dequeue(), count($queue), $queue->isEmpty());
show(fn() => $queue->setIteratorMode(SplDoublyLinkedList::IT_MODE_LIFO));
$stack = new SplStack;
$stack[] = 'a';
$stack->push('b');
$stack->push('c');
listed($stack);
var_dump($stack[0], $stack[2], $stack->top(), $stack->bottom());
$stack->add(1, 'added');
listed($stack);
unset($stack[2]);
$stack[0] = 'top';
listed($stack);
unset($stack[0]);
listed($stack);
var_dump($stack->pop(), $stack->shift(), $stack->isEmpty());
show(fn() => $stack->pop());
show(fn() => $stack->setIteratorMode(SplDoublyLinkedList::IT_MODE_FIFO));
var_dump($stack instanceof SplDoublyLinkedList, iterator_to_array($queue), iterator_count($queue));

// Copies and classes of scripts.
class Jobs extends SplQueue {
  public $name = 'jobs';
  private $done = 0;
  public function enqueue(mixed $value): void { echo "enqueue "; parent::enqueue($value); }
  public function push(mixed $value): void { echo "push "; parent::push($value); }
  public function work() { $this->done++; return $this->dequeue(); }
  public function done() { return $this->done; }
}
$jobs = new Jobs;
$jobs->enqueue('one');
$jobs->push('two');
$jobs[] = 'three';
$copy = clone $jobs;
var_dump($jobs->work(), $jobs->done(), count($jobs), count($copy), $copy->done(), $jobs->name, get_object_vars($jobs));
foreach ($copy as $at => $job) {
  if ($at === 0) $copy->push('late');
  echo "$job ";
}
echo "\n";
