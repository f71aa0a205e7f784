#!/usr/bin/env bash
# Prints the vulnerabilities that .github/accepted-vulnerabilities accepts today, one on each line.
# A line there: ID, the last day as YYYY-MM-DD, and why; # begins a comment. Exit status: 2 for a line without a day.
set -euo pipefail

today="$(date -u +%F)"
while read -r id until _; do
  case "$id" in "" | "#"*) continue ;; esac
  [[ "$until" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || { echo "$id has no last day" >&2; exit 2; }
  if [[ "$until" < "$today" ]]; then
    echo "$id was accepted until $until" >&2
  else
    echo "$id"
  fi
done < "$(dirname "$0")/../accepted-vulnerabilities"
