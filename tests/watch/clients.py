"""Raw HTTP clients over real sockets, for servers on the same hub."""

import gevent
from gevent import socket


def talk(port, data, *, timeout=10.0):
    """Sends `data` whole and returns all that comes back until the server closes."""
    with gevent.Timeout(timeout), socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(data)
        return receive(connection)


def receive(connection):
    pieces = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pieces.append(b"<reset>")
    return b"".join(pieces)


def get(port, path, *headers):
    """(status line, body) of one GET."""
    lines = "".join(f"{header}\r\n" for header in headers)
    answer = talk(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0].decode(), body
