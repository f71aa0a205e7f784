#!/usr/bin/env bash
# Waits for ECR's scan of an image. Fails if it found something that is HIGH or CRITICAL, unless there is no fix for
# it, or .github/accepted-vulnerabilities accepts it today.
#
#   .github/scripts/scan.sh REPOSITORY DIGEST
#
# Only enhanced scanning says whether there is a fix; what basic scanning finds counts as having one.
# Exit status: 0 nothing, 1 something, 2 ECR gave no answer.
set -euo pipefail

repository=${1:?the name of the repository} digest=${2:?the digest of the image}
accepted="$("$(dirname "$0")/accepted.sh")"
looks=60 pause=${SCAN_PAUSE:-10} # ten minutes; a scan takes one or two

# ask QUERY [OPTION]: a part of the answer as text.
ask() {
  aws ecr describe-image-scan-findings --repository-name "$repository" --image-id "imageDigest=$digest" \
    --output text --query "$@" 2>&1
}

# give_up SENTENCE
give_up() {
  echo "::error title=Scan of the image::$*"
  exit 2
}

for ((look = 1; ; look++)); do
  if status=$(ask imageScanStatus.status --no-paginate); then
    case "$status" in
      COMPLETE | ACTIVE) break ;;
      PENDING | IN_PROGRESS) ;;
      *) give_up "ECR could not scan $digest: $status" ;;
    esac
  elif [[ "$status" != *ScanNotFoundException* ]]; then # the scan begins some seconds after the push
    give_up "${status//$'\n'/ }"
  fi
  ((look < looks)) || give_up "ECR has not scanned $digest in time: $status"
  sleep "$pause"
done

grave="(severity=='HIGH' || severity=='CRITICAL')"
basic="(imageScanFindings.findings || \`[]\`)[?$grave].[name, severity]"
details='packageVulnerabilityDetails.vulnerabilityId'
enhanced="(imageScanFindings.enhancedFindings || \`[]\`)[?$grave && fixAvailable!='NO'].[$details, severity]"
found=$(ask "[$basic, $enhanced][]") || give_up "${found//$'\n'/ }"

failed=0
while read -r id severity; do
  [[ "$id" ]] || continue
  if grep --quiet --line-regexp --fixed-strings -- "$id" <<< "$accepted"; then
    echo "$id ($severity) is accepted"
  else
    echo "::error title=Scan of the image::$id ($severity) is in $digest. Refresh what has it, or accept it for a while"
    failed=1
  fi
done < <(sort --unique <<< "$found")
exit "$failed"
