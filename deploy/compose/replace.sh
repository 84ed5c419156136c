#!/bin/sh
# replace.sh SERVICE...: each container of these services makes room for a new one, of the image and the settings of now, one after another. The
# new one is healthy before the old one is told to leave, and whoever leaves finishes what it has. `docker-compose up -d` does it the other way
# round: stop, make, start. One that does not become healthy is taken away again, and the old ones go on. COMPOSE='docker compose' chooses where both
# are there; PATIENCE_S is how long a new one may take.
set -eu
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-$(command -v docker-compose || echo docker compose)}
patience_s=${PATIENCE_S:-120}

# Docker starts one that ended again: it may have been early. One that ended five times will not get well.
becomes_healthy() {
  for _ in $(seq "$patience_s"); do
    case $(docker inspect --format '{{.State.Health.Status}} {{.RestartCount}}' "$1") in
      healthy*) return 0 ;;
      *" "[5-9] | *" "[1-9][0-9]*) break ;;
    esac
    sleep 1
  done
  echo "A new container of $service did not become healthy in $patience_s s (PATIENCE_S), or ended five times; the old ones go on. It said:" >&2
  docker logs --tail 20 "$1" >&2
  docker rm --force "$1" > /dev/null
  return 1
}

if [ $# -eq 0 ]; then
  echo "Which service? replace.sh gateway | registry | runner | secrets ..." >&2
  exit 1
fi

# Two engines on one volume would write over each other, and the door's port is one container's. Said before anything is done.
for service; do
  case $service in
    gateway | registry | runner | secrets) ;;
    *)
      echo "$service is none of gateway, registry, runner and secrets: they alone may run twice for a moment. For an engine or the door: $compose up -d, with a gap." >&2
      exit 1
      ;;
  esac
done

for service; do
  before=$($compose ps -q "$service")
  if [ -z "$before" ]; then
    echo "No $service is running: $compose up -d starts one." >&2
    exit 1
  fi
  # One that is not here docker-compose 1.29 would fetch by its name, from a registry where that may be anybody's, and lend it our keys.
  image=$($compose config | sed -n "/^  $service:\$/,/^  [^ ]/s/^    image: //p")
  if ! docker image inspect "$image" > /dev/null; then
    echo "Make it (npm run images), or docker pull it from where you trust." >&2
    exit 1
  fi
  for old in $before; do
    known=$($compose ps -q "$service")
    count=$(echo "$known" | wc -l)
    all=$($compose ps -aq "$service")
    # Compose v2 counts those that ended when it scales, and would start one of them, or take away one that serves.
    if ended=$(echo "$all" | grep -vxF "$known"); then
      echo "$(docker inspect --format '{{.Name}}' $ended) has ended: docker start or docker rm, then again." >&2
      exit 1
    fi
    $compose up -d --no-deps --no-recreate --scale "$service=$((count + 1))" "$service"
    new=$($compose ps -aq "$service" | grep -vxF "$known")
    becomes_healthy "$new"
    docker stop -t 30 "$old" > /dev/null
    docker rm "$old" > /dev/null
    echo "$service: the new one serves, the old one has left."
  done
done
