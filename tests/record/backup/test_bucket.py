"""What goes wrong with an object store is told with its name. (What goes right: test_places.py.)"""

import sys

import pytest

from eslbot.record.backup import BackupProblem, place_of
from eslbot.record.backup.places import put_bytes


def test_without_boto3_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BackupProblem, match=r"pip install 'eslbot\[s3\]'"):
        place_of("s3://bucket")


@pytest.mark.services
def test_a_bucket_that_is_not_there_is_told(bucket: tuple[str, str]) -> None:
    place = place_of("s3://no-such-bucket/x", bucket[1])
    with pytest.raises(BackupProblem, match="s3://no-such-bucket/x/call/"):
        list(place.names("call/"))
    with pytest.raises(BackupProblem, match="s3://no-such-bucket/x/a"):
        put_bytes(place, "a", b"1")


@pytest.mark.services
def test_two_prefixes_of_a_bucket_do_not_mix(bucket: tuple[str, str]) -> None:
    url, endpoint = bucket
    one, other = place_of(url, endpoint), place_of(url + "/other", endpoint)
    put_bytes(one, "call/x", b"1")
    assert list(other.names("call/")) == []
