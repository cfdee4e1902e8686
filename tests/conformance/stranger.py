"""The INVITE of somebody who is no phone of ours, byte by byte. Pure text."""


def invite(name: str, number: str, port: int, to_port: int, sdp_line: str) -> bytes:
    """A SIP INVITE as anybody on the network could send it, to the phone that only rings."""
    lines = ["v=0", "o=x 1 1 IN IP4 127.0.0.1", "s=x", "c=IN IP4 127.0.0.1", "t=0 0", f"m=audio {port} RTP/AVP 0"]
    sdp = "".join(f"{line}\r\n" for line in [*lines, *filter(None, [sdp_line])])
    head = (
        f"INVITE sip:9487@127.0.0.1:{to_port} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{number}",
        "Max-Forwards: 70",
        f'From: "{name}" <sip:{number}@127.0.0.1:{port}>;tag={number}',
        f"To: <sip:9487@127.0.0.1:{to_port}>",
        f"Call-ID: {number}@stranger",
        "CSeq: 1 INVITE",
        f"Contact: <sip:{number}@127.0.0.1:{port}>",
        "Content-Type: application/sdp",
        f"Content-Length: {len(sdp)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + sdp).encode()
