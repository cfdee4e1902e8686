import pytest

from eslbot.config import ConfigError, load
from tests.config.examples import ENVIRON, SMALLEST, write


def settings(directory, text=""):
    return load(write(directory, SMALLEST + text), ENVIRON)


def test_by_itself_nothing_is_signed_and_no_reason_is_asked_for(tmp_path):
    audit = settings(tmp_path).audit
    assert (audit.key, audit.checkpoint, audit.reasons, audit.every) == (None, None, False, 3600.0)


def test_a_checkpoint_without_a_key_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="needs key"):
        settings(tmp_path, '[audit]\ncheckpoint = "c"\n')
