"""A complete offer, which a real server can answer: sound and a picture, from an address where nobody is."""

_ICE = """c=IN IP4 127.0.0.1
a=sendrecv
a=rtcp-mux
a=ice-ufrag:Kf8a
a=ice-pwd:0123456789abcdefABCDEF
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host
a=end-of-candidates
""".format(fingerprint=":".join(f"{number:02X}" for number in range(32)))

OFFER = f"""v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
m=audio 9 UDP/TLS/RTP/SAVPF 96
{_ICE}a=mid:0
a=rtpmap:96 opus/48000/2
a=content:main
m=video 9 UDP/TLS/RTP/SAVPF 97
{_ICE}a=mid:1
a=rtpmap:97 VP8/90000
a=content:main
""".replace("\n", "\r\n")
