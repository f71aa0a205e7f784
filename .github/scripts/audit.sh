#!/usr/bin/env bash
# Fails if a locked package has a known vulnerability, unless .github/accepted-vulnerabilities accepts it today.
set -euo pipefail

accepted="$("$(dirname "$0")/accepted.sh")"
ignored=()
for id in $accepted; do
  ignored+=(--ignore "$id")
done

uv audit --preview-features audit --locked "${ignored[@]}"
