"""A webhook receiver over a real socket: answers as it is told and keeps what it got."""

import gevent
from gevent import pywsgi


class Receiver:
    """`answers`: the status of each request in turn, the last one for all that follow; `None` answers never."""

    def __init__(self, *answers, **options):
        self.answers = list(answers) or ["200 OK"]
        self.got = []
        self.more = []
        """Headers of every answer."""
        self._server = pywsgi.WSGIServer(("127.0.0.1", 0), self._answer, log=None, error_log=None, **options)

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(timeout=0)

    @property
    def port(self):
        return self._server.server_port

    def url(self, path="/hook?a=b", scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}{path}"

    def _answer(self, environ, start_response):
        headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key[:5] == "HTTP_"}
        self.got.append((headers, environ["wsgi.input"].read(), environ["PATH_INFO"] + "?" + environ["QUERY_STRING"]))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status is None:
            gevent.sleep(60)
        start_response(status, [("Content-Length", "0"), *self.more])
        return [b""]


def until(condition, seconds=30.0):
    """Waits until the condition holds; fails after `seconds`."""
    with gevent.Timeout(seconds):
        while not condition():
            gevent.sleep(0.005)
