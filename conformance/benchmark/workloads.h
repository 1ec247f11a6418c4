#pragma once

// The payloads of the proposal's workloads (docs/spec/static-cache.md, appendix B), with PHP's own dates in the place of Carbon's:
// one text that PHP and the reference's interpreter run alike, so that both store the same. `return NAME();` behind it is the
// payload.
namespace {

constexpr const char* kPayloads = R"php(
class Label { public $label; public $revision;
  function __construct($label, $revision) { $this->label = $label; $this->revision = $revision; } }
class Graph { public $name; public $rows; public $child; }
class Metadata { public $name; public $routes; public $services; public $owner; }
class Dates { public $created; public $zone; public $updated; public $interval; }
class Timeline { public $created; public $updated; public $zone; public $entries; }
class Collection extends ArrayObject { public $name = 'collection'; public $revision = 11; }
class Entity { public $attributes; public $related;
  function __serialize(): array { return ['attributes' => $this->attributes, 'related' => $this->related]; }
  function __unserialize(array $data): void { $this->attributes = $data['attributes']; $this->related = $data['related']; } }
class Peer { public $name; public $revision = 1; public $peer; }
function routes() {
  $controllers = ['Home', 'Shop', 'Cart', 'User', 'Blog', 'News', 'Help', 'Admin'];
  $routes = [];
  for ($i = 0; $i < 384; ++$i)
    $routes["route_$i"] = ['path' => "/section/$i/{slug}", 'controller' => 'App\Controller\\' . $controllers[$i % 8],
      'methods' => $i % 3 == 0 ? ['GET', 'POST'] : ['GET'], 'variables' => ['slug', 'page'],
      'defaults' => ['_locale' => $i % 2 == 0 ? 'en' : 'fr', '_format' => 'html'],
      'requirements' => ['slug' => '[a-z0-9-]+', 'page' => '[0-9]+'], 'score' => 1000 + $i];
  return $routes;
}
function route_table_read() {
  $generators = [];
  for ($i = 0; $i < 64; ++$i)
    $generators["generator_$i"] = ['prefix' => '/prefix/' . $i % 12, 'tokens' => ['text', 'variable', 'slug', "end_$i"],
      'host' => 'host-' . $i % 4 . '.example'];
  return ['name' => 'routes', 'routes' => routes(), 'generators' => $generators];
}
function rows() {
  $rows = [];
  for ($i = 0; $i < 192; ++$i)
    $rows[] = ['id' => $i, 'path' => "/row/$i", 'controller' => 'App\Controller\Row',
      'title' => "Row $i " . str_repeat((string)($i % 10), 64), 'flags' => [$i % 2 == 0, $i % 3 == 0, $i % 5 == 0],
      'weights' => [$i, 2 * $i, 3 * $i, 5 * $i, 8 * $i],
      'metadata' => ['tenant' => 'tenant-' . $i % 8, 'locale' => $i % 2 == 0 ? 'en' : 'fr',
        'tags' => ['one', 'two', "three_$i"], 'last' => 'shard-' . $i % 16]];
  return $rows;
}
function large_array() {
  return ['name' => 'rows', 'rows' => rows(), 'flags' => [true, false, true, true]];
}
function large_object_graph() {
  $graph = new Graph;
  $graph->name = 'graph';
  $graph->rows = rows();
  $graph->child = new Label('child', 1);
  return $graph;
}
function metadata_object_read() {
  $services = [];
  for ($i = 0; $i < 96; ++$i)
    $services["service_$i"] = ['class' => "App\\Service\\Service$i",
      'factory' => $i % 5 == 0 ? ['App\Factory', "make_$i"] : null, 'tags' => ['service', 'group_' . $i % 8],
      'arguments' => ['%kernel.root%', '@logger', $i]];
  $metadata = new Metadata;
  $metadata->name = 'metadata';
  $metadata->routes = routes();
  $metadata->services = $services;
  $metadata->owner = new Label('owner', 7);
  return $metadata;
}
function multi_key_config_read() {
  return ['name' => 'config', 'tenant' => 'tenant-3', 'features' => [true, false, true],
    'limits' => ['items' => 103, 'burst' => 13], 'seed' => str_repeat('7', 48)];
}
function cycle_object() {
  $one = new Peer;
  $two = new Peer;
  $one->name = 'one';
  $two->name = 'two';
  $one->peer = $two;
  $two->peer = $one;
  return $one;
}
function nested_array_assignment() {
  $nodes = [];
  for ($i = 0; $i < 24; ++$i) {
    $children = [];
    for ($j = 0; $j < 4; ++$j) $children[] = ['label' => "child_{$i}_$j", 'enabled' => $j % 2 == 0];
    $nodes[] = ['label' => "node_$i", 'revision' => 1, 'children' => $children];
  }
  return ['name' => 'nodes', 'nodes' => $nodes];
}
function safe_direct_object() {
  $dates = new Dates;
  $dates->created = new DateTimeImmutable('2024-05-06 07:08:09.123456', new DateTimeZone('Asia/Tokyo'));
  $dates->zone = new DateTimeZone('Europe/Paris');
  $dates->updated = new DateTimeImmutable('2024-06-07 08:09:10', new DateTimeZone('Europe/Paris'));
  $dates->interval = new DateInterval('P3DT5H8M13S');
  return $dates;
}
function timeline_object() {
  $zones = [new DateTimeZone('Europe/Paris'), new DateTimeZone('Asia/Tokyo')];
  $timeline = new Timeline;
  $timeline->created = new DateTimeImmutable('2024-01-01 10:00:00', $zones[0]);
  $timeline->updated = new DateTime('2024-01-02 10:00:00', $zones[1]);
  $timeline->zone = $zones[0];
  for ($i = 0; $i < 64; ++$i)
    $timeline->entries[] = ['created' => $timeline->created->modify("+$i days"),
      'updated' => new DateTime('2024-02-0' . (1 + $i % 9), $zones[$i % 2]),
      'timezone' => new DateTimeZone($i % 2 == 0 ? 'Europe/Paris' : 'Asia/Tokyo'), 'label' => "entry_$i"];
  return $timeline;
}
function spl_rows() {
  $rows = [];
  for ($i = 0; $i < 64; ++$i) $rows["row_$i"] = ['id' => $i, 'label' => "label_$i", 'score' => 1000 + 7 * $i];
  return $rows;
}
function spl_collection_object() {
  $leaves = ['branch' => ['leaf_17' => ['score' => 17017], 'leaf_31' => ['score' => 31031]]];
  $collection = new Collection(['fixed' => SplFixedArray::fromArray(array_values(spl_rows())),
    'object' => new ArrayObject(spl_rows()), 'iterator' => new ArrayIterator(spl_rows()),
    'recursive' => new RecursiveArrayIterator($leaves)], ArrayObject::ARRAY_AS_PROPS);
  return $collection;
}
function spl_linked_lists() {
  $lists = [new SplDoublyLinkedList, new SplQueue, new SplStack];
  foreach ($lists as $list)
    foreach (spl_rows() as $row) $list->push($row);
  return $lists;
}
function serialize_entity() {
  $entities = [new Entity, new Entity];
  foreach ($entities as $number => $entity)
    for ($i = 0; $i < 40; ++$i) $entity->attributes["attribute_$i"] = "value $number " . str_repeat('x', 16) . $i;
  $entities[0]->related = $entities[1];
  return $entities[0];
}
function large_string() {
  return str_repeat(str_repeat('0123456789abcdef', 3), 4096);
}
)php";

}  // namespace
