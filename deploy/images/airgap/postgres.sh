#!/bin/sh
# Makes the database when there is none, then becomes the server. POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE; POSTGRES_USER, POSTGRES_DB;
# with POSTGRES_TLS_CERT and POSTGRES_TLS_KEY (files) nobody gets in from outside without TLS.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:-/dev/null}")}
  if [ -z "$password" ]; then
    echo 'The database needs a password: set POSTGRES_PASSWORD_FILE to a file that holds it.' >&2
    exit 1
  fi
  umask 077
  printf '%s\n' "$password" > /tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth-local=peer --auth-host=scram-sha-256 --encoding=UTF8 --data-checksums
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  if [ "${POSTGRES_DB:-postgres}" != postgres ]; then
    echo "create database \"$POSTGRES_DB\" owner \"$user\"" | postgres --single -j postgres > /dev/null
  fi
fi

if [ -n "${POSTGRES_TLS_KEY:-}" ]; then
  # The server refuses a key that others may read; what an orchestrator mounts often is.
  install -m 0600 "$POSTGRES_TLS_KEY" /tmp/tls.key
  sed -i 's/^host all all all /hostssl all all all /' "$PGDATA/pg_hba.conf"
  set -- "$@" -c ssl=on -c ssl_cert_file="$POSTGRES_TLS_CERT" -c ssl_key_file=/tmp/tls.key
fi

unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*'
