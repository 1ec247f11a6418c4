# shellcheck shell=bash
# The PHP of this machine, for scripts: the plain name or else the newest with a version behind it, as Assay itself looks for one.
# Each prints a path; it fails, printing nothing, where there is none.
newest_php() {
  local name
  if command -v "$1"; then return; fi
  name=$(compgen -c "$1" | grep -xE "$1[0-9]+\.[0-9]+" | sort -V | tail -n 1) && command -v "$name"
}
php_fpm() { newest_php php-fpm; }
php_cli() { newest_php php; }
# "8.2" of a program.
php_branch() { "$1" -n -v | sed -n '1s/^PHP \([0-9]*\.[0-9]*\).*/\1/p'; }
