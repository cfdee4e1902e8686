"""An object store that speaks S3, by boto3 (`pip install 'eslbot[s3]'`). Credentials come from where boto3 finds them:
the environment, a file, the machine's role. Knows names and bytes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from eslbot.record.backup.layout import BackupProblem
from eslbot.record.backup.places import Missing


class Bucket:
    """A bucket, or what in it begins with a prefix."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        self._client, self._bucket, self._prefix = client, bucket, prefix
        self._failures = (BotoCoreError, ClientError)

    @classmethod
    def of(cls, url: str, endpoint: str | None) -> "Bucket":
        """`s3://bucket/prefix`; `endpoint`: URL of the server where it is not Amazon's. Raises BackupProblem."""
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError:
            raise BackupProblem("backup to s3:// needs boto3: pip install 'eslbot[s3]'") from None
        parts = urlsplit(url)
        if not parts.netloc:
            raise BackupProblem(f"{url}: names no bucket (s3://bucket/prefix)")
        try:
            config = Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"})
            client = boto3.client("s3", endpoint_url=endpoint, config=config)
        except (BotoCoreError, ValueError) as error:
            raise BackupProblem(f"{url}: {error}") from error
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "")

    def put(self, name: str, file: Path) -> None:
        """An object appears as a whole or not at all."""
        with self._told(name):
            self._client.upload_file(str(file), self._bucket, self._prefix + name)

    @contextlib.contextmanager
    def get(self, name: str) -> Iterator[BinaryIO]:
        with self._told(name):
            body = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"]
        with contextlib.closing(body), self._told(name):
            yield cast(BinaryIO, body)

    def names(self, prefix: str) -> Iterator[tuple[str, int]]:
        with self._told(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix)
            for page in pages:
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self._prefix), found["Size"]

    def delete(self, name: str) -> None:
        with self._told(name):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    @contextlib.contextmanager
    def _told(self, name: str) -> Iterator[None]:
        where = f"s3://{self._bucket}/{self._prefix}{name}"
        try:
            yield
        except self._failures as error:
            code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
            if code in ("NoSuchKey", "404"):
                raise Missing(f"{where}: is missing") from error
            raise BackupProblem(f"{where}: {code or error}") from error
        except Exception as error:
            if type(error).__module__.startswith("boto3"):   # S3UploadFailedError is neither of the two
                raise BackupProblem(f"{where}: {error}") from error
            raise
