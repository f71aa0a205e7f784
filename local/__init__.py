"""The pipeline without AWS: a real PostgreSQL, an emulated S3, SNS, SQS and Secrets Manager, and Lambda's own runtime.

`Stack` brings it all up on loopback and leaves nothing behind; see `local.stack`.
"""
