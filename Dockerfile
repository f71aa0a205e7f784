# The Lambda image: the function, its locked dependencies, and the authorities that vouch for RDS.
# The base stands in both FROM lines as it is, since Dependabot moves what a FROM names and no ARG; its digest is
# that of the tag for all platforms. It is Amazon Linux 2023 minimal, which has no find, tar or which:
# tests/infra/support/base/commands.txt lists what a RUN may call.

# Built on this machine's own processor, for the target's: nothing of the target is run, so nothing is emulated.
FROM --platform=$BUILDPLATFORM public.ecr.aws/lambda/python:3.13@sha256:1e784863b7d21e1ba661e397520508598d000b9999bcc08d4c2f12eb52e74f95 AS build
ARG TARGETARCH
WORKDIR /build

COPY function/requirements.txt .
# Of botocore's models of some 400 services, and of their endpoints, only those of the services that the function
# calls are kept: to read all of endpoints.json is a tenth of a cold start.
RUN case "${TARGETARCH}" in arm64) machine=aarch64 ;; amd64) machine=x86_64 ;; *) exit 1 ;; esac \
 && python3 -m pip install --no-cache-dir --no-compile --disable-pip-version-check --root-user-action=ignore \
      --require-hashes --only-binary=:all: \
      --platform "manylinux_2_28_${machine}" --platform "manylinux_2_17_${machine}" \
      --platform "manylinux2014_${machine}" \
      --target /packages/var/task --requirement requirements.txt \
 && rm -r /packages/var/task/bin \
 && for model in /packages/var/task/botocore/data/*/; do \
      case "${model}" in */s3/|*/sns/|*/secretsmanager/|*/stepfunctions/) ;; *) rm -r "${model}" || exit 1 ;; esac; \
    done \
 && python3 -c 'import json, pathlib; file = pathlib.Path("/packages/var/task/botocore/data/endpoints.json"); content = json.loads(file.read_bytes()); [part["services"].pop(name) for part in content["partitions"] for name in part["services"].keys() - {"s3", "sns", "secretsmanager", "states"}]; file.write_text(json.dumps(content))'

# AWS adds to the bundle when it opens a region or renews a root: then look at the new one, and put its digest here.
ARG RDS_CA_URL=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
ARG RDS_CA_SHA256=fe45bbebf92ad3e27a583bbb2ddd1553c521ed4d49af5514dc0a40372ea5395c
RUN curl --fail --silent --show-error --location --retry 3 --output rds-ca.pem "${RDS_CA_URL}" \
 && echo "${RDS_CA_SHA256}  rds-ca.pem" > rds-ca.sum \
 && sha256sum --check --strict rds-ca.sum \
 && mv rds-ca.pem /packages/var/task/

COPY function /function/var/task/function
# The same tree gives the same layers: no times, nor modes, of the machine it was checked out on.
RUN rm /function/var/task/function/requirements.txt \
 && for tree in /packages /function; do \
      python3 -m compileall -q --invalidation-mode unchecked-hash -s "${tree}" -p / "${tree}" || exit 1; \
    done \
 && chmod -R u=rwX,go=rX /packages /function \
 && python3 -c 'import os; [os.utime(os.path.join(folder, name), (0, 0), follow_symlinks=False) for tree in ("/packages", "/function") for folder, _, names in os.walk(tree) for name in (".", *names)]'

FROM public.ecr.aws/lambda/python:3.13@sha256:1e784863b7d21e1ba661e397520508598d000b9999bcc08d4c2f12eb52e74f95
COPY --from=build /packages/ /
COPY --from=build /function/ /
ENV DATABASE_CA_FILE=/var/task/rds-ca.pem
USER 1000:1000
CMD ["function.handler.handler"]
