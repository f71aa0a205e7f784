#!/usr/bin/env bash
# Fails if a locked package has a known vulnerability, unless .github/accepted-vulnerabilities accepts it until a
# day that has not passed. A line there: ID, the last day as YYYY-MM-DD, and why; # begins a comment.
set -euo pipefail

accepted="$(dirname "$0")/../accepted-vulnerabilities"
today="$(date -u +%F)"
ignored=()
while read -r id until _; do
  case "$id" in "" | "#"*) continue ;; esac
  [[ "$until" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || { echo "$id has no last day" >&2; exit 2; }
  if [[ "$until" < "$today" ]]; then
    echo "$id was accepted until $until" >&2
  else
    ignored+=(--ignore "$id")
  fi
done < "$accepted"

uv audit --preview-features audit --locked "${ignored[@]}"
