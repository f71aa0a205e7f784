# The Lambda image: the function, its locked dependencies, and the authorities that vouch for RDS.
# The digest is the multi-platform index of the tag before it; Dependabot moves both.
ARG PYTHON_IMAGE=public.ecr.aws/lambda/python:3.13@sha256:1e784863b7d21e1ba661e397520508598d000b9999bcc08d4c2f12eb52e74f95

# Built on the machine's own processor, for the target's: nothing of the target is run, so nothing is emulated.
FROM --platform=$BUILDPLATFORM ${PYTHON_IMAGE} AS build
ARG TARGETARCH
# The bundle changes when AWS opens a region or renews a root: then look at the new one, and put its digest here.
ARG RDS_CA_URL=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
ARG RDS_CA_SHA256=fe45bbebf92ad3e27a583bbb2ddd1553c521ed4d49af5514dc0a40372ea5395c
SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]
WORKDIR /build

RUN mkdir -p /out/var/task \
 && curl --fail --silent --show-error --location --retry 3 --output /out/var/task/rds-ca.pem "${RDS_CA_URL}" \
 && echo "${RDS_CA_SHA256}  /out/var/task/rds-ca.pem" | sha256sum --check --strict

COPY function/requirements.txt .
# Of botocore's models of some 400 services, only those of the services that the function calls are kept.
RUN case "${TARGETARCH}" in arm64) machine=aarch64 ;; amd64) machine=x86_64 ;; *) exit 1 ;; esac \
 && python3 -m pip install --no-cache-dir --no-compile --disable-pip-version-check \
      --require-hashes --only-binary=:all: \
      --platform "manylinux_2_28_${machine}" --platform "manylinux_2_17_${machine}" \
      --platform "manylinux2014_${machine}" \
      --target /out/var/task --requirement requirements.txt \
 && find /out/var/task/botocore/data /out/var/task/boto3/data -mindepth 1 -maxdepth 1 -type d \
      ! -name s3 ! -name sns ! -name secretsmanager -exec rm -r {} + \
 && rm -rf /out/var/task/bin

COPY function /out/var/task/function
# The same tree gives the same bytes: no times, no modes of the machine it was checked out on.
RUN rm /out/var/task/function/requirements.txt \
 && python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash \
      -s /out -p / /out/var/task \
 && chmod -R u=rwX,go=rX /out \
 && find /out -exec touch --no-dereference --date=@0 {} +

FROM ${PYTHON_IMAGE}
COPY --from=build /out/ /
ENV DATABASE_CA_FILE=/var/task/rds-ca.pem
USER 1000:1000
CMD ["function.handler.handler"]
