#!/bin/sh
# A kube-apiserver for `npm run verify -- helm`, from its source: build-api-server.sh [FOLDER]. It takes some six minutes of CPU and 2 GB of disk.
set -eu
version=34.2
folder=${1:-/usr/local/bin}
source=$(go mod download -json "k8s.io/kubernetes@v1.$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

# Its own go.mod has the parts that it shares with others as folders; taken from outside they are modules.
{
  echo 'module here'
  echo 'go 1.24.0'
  sed -n '/^require (/,/^)/p' "$source/go.mod" | sed "s/ v0\.0\.0$/ v0.$version/"
  sed -n "s#^\t\(k8s.io/[a-z-]*\) => ./staging.*#replace \1 => \1 v0.$version#p" "$source/go.mod"
  echo "require k8s.io/kubernetes v1.$version"
} > go.mod
names=k8s.io/component-base/version
nice go build -mod=mod -o "$folder/kube-apiserver" \
  -ldflags="-s -w -X $names.gitVersion=v1.$version -X $names.gitMajor=1 -X $names.gitMinor=${version%.*}" k8s.io/kubernetes/cmd/kube-apiserver
