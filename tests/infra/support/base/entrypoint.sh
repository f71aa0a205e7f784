#!/bin/sh
# As AWS's own base image: the emulator in front of the runtime, the handler as its argument.
exec /usr/local/bin/aws-lambda-rie \
  --runtime-interface-emulator-address "$EMULATOR_ADDRESS" --runtime-api-address "$RUNTIME_API_ADDRESS" \
  /var/lang/bin/python3 -m awslambdaric "$@"
