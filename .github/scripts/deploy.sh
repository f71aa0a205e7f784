#!/usr/bin/env bash
# Deploys this checkout to a stack and tries it. If either fails, deploys the former image again, tries that, and
# fails all the same. What was done, and what runs now, is in the log and in the summary of the workflow's run.
#
#   .github/scripts/deploy.sh STACK
#
# Takes pulumi and uv on the PATH, `make setup`, credentials for AWS, and Docker logged in to ECR.
# Exit status: 0 this commit runs and works, 1 it does not.
# shellcheck disable=SC2329 # attempt calls the functions by their names
set -euo pipefail
cd "$(dirname "$0")/../.."

stack=${1:?the name of the stack}
former=

up() {
  pulumi up --stack "$stack" --yes --non-interactive --policy-pack policy
}

smoke() {
  uv run --locked --no-sync pipeline smoke --stack "$stack"
}

# Sets the digest in this checkout alone: nothing is committed, and with a digest nothing is built.
go_back() {
  pulumi config set --stack "$stack" imageDigest "$former" && up
}

# The digest of the image that the last finished deployment left; nothing if there was none. All outputs are asked for,
# as one that is missing would look like a state that cannot be read.
deployed() {
  pulumi stack output --stack "$stack" --json | sed -n 's/.*"image_uri": *"[^"@]*@\(sha256:[0-9a-f]*\)".*/\1/p'
}

# summarise LINE...: adds lines to the summary of the run.
summarise() {
  printf '%s\n' "$@" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
}

# attempt STEP COMMAND: runs the command and reports how it ended; its exit status is the command's.
attempt() {
  local status=0
  echo "::group::$1"
  "$2" || status=$?
  echo "::endgroup::"
  if ((status)); then
    echo "::error title=$1::failed with exit status $status"
    summarise "| $1 | **failed** with exit status $status |"
  else
    summarise "| $1 | succeeded |"
  fi
  return "$status"
}

# fail SENTENCE...: ends the run.
fail() {
  echo "::error title=Deployment to $stack failed::$*"
  summarise '' "**The deployment failed.** $*"
  exit 1
}

summarise "### Deployment to $stack" ''
former=$(deployed) || fail 'The outputs of the stack cannot be read. Nothing was changed. Does the stack exist?'
summarise '| step | outcome |' '| --- | --- |'

if attempt 'pulumi up' up && attempt 'pipeline smoke' smoke; then
  summarise '' 'This commit runs, and works.'
  exit 0
fi

[[ $former ]] || fail 'There is no former image to go back to: no deployment of this stack has finished yet.' \
  'Mend the cause and run the workflow again.'

back=failed works=failed
attempt 'pulumi up with the former image' go_back && back=succeeded
attempt 'pipeline smoke after going back' smoke && works=succeeded

next='Nothing was committed: the next deployment takes its own commit and configuration. See docs/deploy.md, What can go wrong.'
case "$back, $works" in
  'succeeded, succeeded') fail "The former image $former runs again, and works. $next" ;;
  'succeeded, failed') fail "The former image $former runs again, and fails as well:" \
    "the cause is in the configuration, the account or AWS rather than in the image. $next" ;;
  'failed, succeeded') fail "The former image $former could not be deployed again, but what runs now works." \
    "\`pipeline releases\` says which image that is. $next" ;;
  *) fail "The former image $former could not be deployed again, and what runs now does not work. $next" ;;
esac
