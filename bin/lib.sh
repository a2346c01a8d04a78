# Shared by bin/run, bin/test and bin/lint: finds Python, makes .venv, installs a hashed lock, compiles the catalogue.
# Sourced, never run. Plain bash 3.2 upwards.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
cd "$ROOT"
unset PYTHONDONTWRITEBYTECODE # five processes that compile every module at every start take four times as long

say() { printf '%s\n' "$*" >&2; }
die() {
  say "bin/$(basename "$0"): $*"
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# The oldest supported versions first: 3.11 and 3.12 also have the embedded Redis as a wheel.
find_python() {
  local candidate
  for candidate in ${DCC_PYTHON:-python3.12 python3.11 python3.13 python3}; do
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  die "needs Python 3.11 or newer with venv. On Debian or Ubuntu: apt-get install python3 python3-venv"
}

# True when what is installed is the wanted lock; the test lock holds everything of the runtime lock.
installed() {
  cmp -s "$1" "$VENV/installed.txt" || { [ "$1" = requirements.txt ] && cmp -s tests/requirements.txt "$VENV/installed.txt"; }
}

usable_venv() {
  "$VENV/bin/python" -c '' 2>/dev/null && grep -qF -- " $VENV" "$VENV/pyvenv.cfg"
}

# bootstrap LOCK: a .venv that holds exactly the lock. Two at once wait for each other.
bootstrap() {
  local lock="$1" python
  exec 9<"$ROOT/bin/lib.sh"
  if command -v flock >/dev/null; then flock 9; fi
  if ! usable_venv; then
    python="$(find_python)"
    say "Making .venv with $("$python" --version 2>&1) ..."
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
  fi
  if ! installed "$lock"; then
    say "Installing $lock ..."
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r bin/uv.txt
    "$VENV/bin/uv" pip sync --quiet --system-certs --require-hashes --python "$VENV/bin/python" "$lock"
    cp "$lock" "$VENV/installed.txt"
  fi
  compile_catalogues
  exec 9<&-
}

# The .mo files are made here, not kept in git: one less thing to forget in a merge.
compile_catalogues() {
  local po mo
  for po in commandcenter/locale/*/LC_MESSAGES/django.po; do
    mo="${po%.po}.mo"
    if [ -f "$po" ] && ! [ "$mo" -nt "$po" ]; then
      "$VENV/bin/pybabel" --quiet compile --input-file "$po" --output-file "$mo"
    fi
  done
}

# The real Redis this machine has: Debian's, else the one in the wheel (x86-64 Linux, Python 3.11 and 3.12).
find_redis() {
  command -v redis-server || { [ -x "$VENV/bin/redis-server" ] && printf '%s\n' "$VENV/bin/redis-server"; } ||
    die "no Redis: name one in REDIS_URL, or install redis-server (apt-get install redis-server)."
}

# A URL fit to be printed: without user and password.
without_password() { printf '%s\n' "$1" | sed -E 's#//[^@/]*@#//#'; }

# install_debian PACKAGE ...: only as root on Debian.
install_debian() {
  is_root && command -v apt-get >/dev/null || return 1
  say "Installing $* from Debian ..."
  local quiet="-qq -o=Dpkg::Use-Pty=0"
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install $quiet -y --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install $quiet -y --no-install-recommends "$@" >/dev/null; }
}

# The system libraries that WeasyPrint lays text out with; Debian's Pango brings a font for what ours does not have.
has_pango() {
  "$VENV/bin/python" -IS -c '
import ctypes
for name in ("gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz-subset.so.0", "fontconfig.so.1"):
    ctypes.CDLL("lib" + name)' >/dev/null 2>&1
}

# want_pango: installs it from Debian when it is missing and this is root.
want_pango() {
  has_pango && return
  install_debian libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || return 1
  has_pango
}

# want COMMAND PACKAGE: installs a Debian package when its command is missing and this is root on Debian.
want() {
  command -v "$1" >/dev/null && return
  install_debian "$2" || return 1
  command -v "$1" >/dev/null
}
