#!/bin/sh
# Makes the database when there is none, then becomes the server. POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE; POSTGRES_USER, POSTGRES_DB.
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

unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*'
