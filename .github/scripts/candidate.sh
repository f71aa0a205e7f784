#!/usr/bin/env bash
# Builds the image of this checkout, pushes it beside the one that is deployed, and waits for ECR's scan of it. What
# fails here is not deployed; `pulumi up` builds the same layers again, from this builder's cache.
#
#   .github/scripts/candidate.sh STACK
#
# Takes pulumi on the PATH, credentials for AWS, and Docker logged in to ECR.
# Exit status: that of scan.sh; 0 where there is nothing to build, or no repository yet.
set -euo pipefail
cd "$(dirname "$0")/../.."

stack=${1:?the name of the stack}

# configured KEY DEFAULT
configured() {
  pulumi config get "$1" --stack "$stack" 2> /dev/null || echo "$2"
}

if [[ $(configured imageDigest '') ]]; then
  echo 'The configuration names an image: nothing is built.'
  exit 0
fi
outputs=$(pulumi stack output --stack "$stack" --json)
repository=$(sed -n 's/.*"repository_url": *"\([^"]*\)".*/\1/p' <<< "$outputs")
if [[ ! $repository ]]; then
  echo '::notice title=Scan of the image::There is no repository before the first deployment; it is scanned behind it.'
  exit 0
fi

machine=$(configured architecture arm64)
about=$(mktemp)
# One manifest, without attestations: Lambda refuses an index.
docker buildx build --platform "linux/${machine/x86_64/amd64}" --provenance=false --sbom=false \
  --build-arg SOURCE_DATE_EPOCH=0 --tag "$repository:candidate" --push --metadata-file "$about" .
digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$about")
[[ $digest ]] || { echo '::error title=Scan of the image::The build names no digest'; exit 2; }
.github/scripts/scan.sh "${repository#*/}" "$digest"
