# Shared by bin/test and bin/bench, after lib.sh: a Redis, a PostgreSQL and a browser for one run, gone with it.
# Sourced, never run. What is missing becomes a note, said at once and again by say_notes at the end.
notes=()
postgres_options=()
children=()
scratch="$(mktemp -d "/tmp/dcc-$(basename "$0").XXXXXX")"
note() { notes+=("$1"); say "!!! $1"; }

# Everything this script started, newest first, each by its own pid.
tidy() {
  local i
  for ((i = ${#children[@]} - 1; i >= 0; i--)); do
    kill -INT "${children[$i]}" 2>/dev/null || continue # INT is PostgreSQL's quick shutdown; Redis takes it too
    wait "${children[$i]}" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap tidy EXIT
trap 'exit 130' INT TERM

# wait_for SECONDS WHAT COMMAND ...: until the command succeeds.
wait_for() {
  local until=$((SECONDS + $1)) what="$2"
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || die "$what did not start; its log: $scratch"
    sleep 0.1
  done
}

start_redis() {
  if [ -n "${REDIS_URL:-}" ]; then
    redis="$(without_password "$REDIS_URL") (REDIS_URL)"
    return
  fi
  local server socket="$scratch/redis.sock"
  server="$(find_redis)"
  "$server" --port 0 --unixsocket "$socket" --unixsocketperm 700 --dir "$scratch" --save "" --appendonly no \
    --loglevel warning >"$scratch/redis.log" 2>&1 &
  children+=($!)
  wait_for 10 "Redis" test -S "$socket"
  export REDIS_URL="unix://$socket"
  redis="its own $server"
}

find_browser() {
  local name
  want chromium chromium || true
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then
      DCC_CHROMIUM="$(command -v "$name")"
      export DCC_CHROMIUM
      browser="$DCC_CHROMIUM"
      return
    fi
  done
  browser="none"
  note "BROWSER TESTS ARE SKIPPED: no chromium (as root on Debian it is installed; else: apt-get install chromium)."
}

# The newest PostgreSQL of this machine: Debian keeps its binaries off the PATH.
find_postgres() {
  local folder
  folder="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)"
  [ -n "$folder" ] || folder="$(pg_config --bindir 2>/dev/null || dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")"
  [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && printf '%s\n' "$folder"
}

# A cluster on a socket in the scratch folder, with postgres_options. PostgreSQL refuses to run as root, so root lends it
# another name.
start_postgres() {
  local folder="$1" data="$scratch/postgres/data" user=nobody
  local lend=(env)
  mkdir -m 700 "$scratch/postgres"
  if is_root; then
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    chmod 711 "$scratch"
    chown "$user" "$scratch/postgres"
    lend=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  fi
  cd "$scratch"
  "${lend[@]}" "$folder/initdb" -D "$data" -U dcc --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    >"$scratch/initdb.log" 2>&1 || die "initdb failed: $(tail -n 3 "$scratch/initdb.log")"
  "${lend[@]}" "$folder/postgres" -D "$data" -k "$scratch/postgres" -c listen_addresses= -c max_connections=200 \
    ${postgres_options[@]+"${postgres_options[@]}"} >"$scratch/postgres.log" 2>&1 &
  children+=($!)
  cd "$ROOT"
  wait_for 20 "PostgreSQL" "$folder/psql" -h "$scratch/postgres" -U dcc -c 'select 1' postgres
  postgres_url="postgres://dcc@${scratch//\//%2F}%2Fpostgres/dcc"
}

# PostgreSQL for the second run: the named one, else a temporary one; else a loud note.
choose_postgres() {
  local folder
  postgres_url=
  case "${DATABASE_URL:-}" in
    postgres*)
      postgres_url="$DATABASE_URL"
      postgres="$(without_password "$DATABASE_URL") (DATABASE_URL)"
      ;;
    *)
      if folder="$(find_postgres)"; then
        start_postgres "$folder"
        postgres="a temporary $("$folder/postgres" --version)"
      else
        postgres=none
        note "NOT RUN ON POSTGRESQL: no PostgreSQL binary here and no DATABASE_URL (apt-get install postgresql)."
      fi
      ;;
  esac
}

say_notes() {
  local line
  for line in ${notes[@]+"${notes[@]}"}; do say "!!! $line"; done
}
