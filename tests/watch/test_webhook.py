import base64
import datetime
import hashlib
import hmac
import ipaddress
import ssl
import time

import gevent
import gevent.ssl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eslbot.greenlets import Greenlets
from eslbot.watch.webhook import Webhook, WebhookOptions, signature
from tests.watch.receiver import Receiver, until

QUICK = {"within": 1.0, "first_pause": 0.01, "longest_pause": 0.05}


@pytest.fixture
def greenlets():
    failures = []
    group = Greenlets(lambda name, error: failures.append((name, error)))
    yield group
    group.stop()
    assert failures == []


@pytest.fixture
def told():
    return []


def hook(url, greenlets, told, secret="s3cret", **options):
    webhook = Webhook(
        WebhookOptions(url, secret, **(QUICK | options)), greenlets, time.time, lambda *end: told.append(end)
    )
    webhook.start()
    return webhook


def test_the_signature_is_that_of_the_published_standard():
    # The worked example of the Standard Webhooks specification.
    assert signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    ) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_post_is_signed_over_its_id_its_time_and_its_body(greenlets, told):
    with Receiver() as receiver:
        hook(receiver.url(), greenlets, told).post("call#7", b'{"a":1}')
        until(lambda: told)
    ((headers, body, path),) = receiver.got
    assert (body, path, headers["webhook-id"]) == (b'{"a":1}', "/hook?a=b", "call#7")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    signed = f"call#7.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.digest(b"s3cret", signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert told[0][:3] == ("call#7", "delivered", 1)


def test_without_a_secret_there_is_no_signature_that_would_look_like_one(greenlets, told):
    with Receiver() as receiver:
        hook(receiver.url(), greenlets, told, secret="").post("a", b"{}")
        until(lambda: told)
    assert "webhook-signature" not in receiver.got[0][0]


def test_a_receiver_that_fails_is_tried_again_under_the_same_id(greenlets, told):
    with Receiver("500 Oops", "302 Found", "404 Not Found", "204 No Content") as receiver:
        hook(receiver.url(), greenlets, told).post("a", b"{}")
        until(lambda: told)
    assert told[0][:3] == ("a", "delivered", 4)
    assert [headers["webhook-id"] for headers, _, _ in receiver.got] == ["a"] * 4


def test_a_post_that_nobody_takes_fails_after_its_tries(greenlets, told):
    with Receiver("500 Oops") as receiver:
        webhook = hook(receiver.url(), greenlets, told, tries=3)
        webhook.post("a", b"{}")
        until(lambda: told)
    assert told == [("a", "failed", 3, None)]
    assert len(receiver.got) == 3
    assert webhook.waiting == 0


def test_an_hour_of_refusals_loses_no_alert_and_a_day_ends_it():
    """As WebhookOptions has it: pauses that double and then stay."""
    usual = WebhookOptions("http://localhost/", "")
    waited = sum(min(usual.first_pause * 2 ** (tried - 1), usual.longest_pause) for tried in range(1, usual.tries))
    assert 23 * 3600 < waited < 25 * 3600


def test_a_receiver_that_points_to_this_machine_is_not_followed(greenlets, told):
    """A redirect is an answer that took nothing: the post goes to the address that the admin gave, and nowhere else."""
    with Receiver("200 OK") as inside, Receiver("307 Temporary Redirect", "200 OK") as receiver:
        receiver.more.append(("Location", inside.url()))
        hook(receiver.url(), greenlets, told).post("a", b"{}")
        until(lambda: told)
    assert told[0][:3] == ("a", "delivered", 2)
    assert inside.got == []


def test_a_receiver_that_hangs_holds_up_no_post_for_longer_than_its_turns(greenlets, told):
    with Receiver(None, None, "200 OK") as receiver:
        webhook = hook(receiver.url(), greenlets, told, within=0.2, first_pause=0.1)
        for name in ("a", "b", "c"):
            webhook.post(name, b"{}")
        until(lambda: len(told) == 3)
    assert sorted(end[:2] for end in told) == [("a", "delivered"), ("b", "delivered"), ("c", "delivered")]


def test_one_that_is_refused_again_and_again_does_not_hold_up_the_next(greenlets, told):
    with Receiver("500 Oops", "200 OK") as receiver:
        webhook = hook(receiver.url(), greenlets, told, first_pause=1.0, longest_pause=1.0)
        webhook.post("refused", b"{}")
        until(lambda: receiver.got)
        webhook.post("next", b"{}")
        until(lambda: len(told) == 2)
    assert [end[0] for end in told] == ["next", "refused"]


def test_silence_and_an_absent_receiver_count_as_failed_tries(greenlets, told):
    with Receiver(None, "200 OK") as receiver:
        url = receiver.url()
        hook(url, greenlets, told, within=0.2).post("a", b"{}")
        until(lambda: told)
        assert told[0][:3] == ("a", "delivered", 2)
    hook(url, greenlets, told, tries=2).post("b", b"{}")
    until(lambda: len(told) == 2)
    assert told[1] == ("b", "failed", 2, None)


def test_the_queue_is_bounded_and_what_is_dropped_is_told(greenlets, told):
    with Receiver(None) as receiver:
        webhook = hook(receiver.url(), greenlets, told, within=30.0, most_waiting=3)
        for number in range(5):
            webhook.post(str(number), b"{}")
        assert webhook.waiting == 3
    assert told == [("0", "dropped", 0, None), ("1", "dropped", 0, None)]


def test_posting_never_waits(greenlets, told):
    with Receiver(None) as receiver:
        webhook = hook(receiver.url(), greenlets, told)
        reached = []
        gevent.spawn(reached.append, "another greenlet ran")
        webhook.post("a", b"{}")
        assert reached == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself: (its file, its key's file)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    directory = tmp_path_factory.mktemp("tls")
    (directory / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (directory / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return str(directory / "cert.pem"), str(directory / "key.pem")


def test_https_is_verified(greenlets, told, certificate):
    cert, key = certificate
    serving = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    with Receiver(ssl_context=serving) as receiver:
        url = receiver.url(scheme="https")
        hook(url, greenlets, told, ca_file=cert).post("trusted", b"{}")
        until(lambda: told)
        assert told[0][:3] == ("trusted", "delivered", 1)
        hook(url, greenlets, told, tries=1).post("unknown issuer", b"{}")
        until(lambda: len(told) == 2)
        wrong_name = receiver.url(scheme="https", host="localhost")
        hook(wrong_name, greenlets, told, ca_file=cert, tries=1).post("wrong name", b"{}")
        until(lambda: len(told) == 3)
    assert told[1:] == [("unknown issuer", "failed", 1, None), ("wrong name", "failed", 1, None)]
    assert len(receiver.got) == 1


def test_a_url_that_is_none_is_refused_at_the_start(greenlets, told):
    with pytest.raises(ValueError, match="http or https"):
        hook("ftp://a", greenlets, told)
