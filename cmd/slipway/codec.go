package main

import (
	"encoding/base64"
	"net"
	"strconv"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/server"
)

// codecServer is what shows payloads to Temporal's Web UI and CLI: nil unless a
// Web UI is configured or `slipway dev` runs one.
func (p *parts) codecServer() *server.CodecServer {
	if len(p.cfg.CodecOrigins) == 0 && p.door == "" {
		return nil
	}
	p.log.Info("decoding payloads for the Web UI of Temporal", "origins", p.cfg.CodecOrigins)
	return &server.CodecServer{Origins: p.cfg.CodecOrigins, Door: p.door}
}

// devCodec lets the Web UI of the Temporal that `slipway dev` starts have
// payloads decoded by this process, which listens on l. Its browser has no token
// to send, so the way in is a path that only the Web UI is told. It adds the
// origins of that Web UI to the settings. Nothing is opened when the API does not
// listen on the loopback interface.
func devCodec(c *config.Config, l net.Listener) (door, endpoint string, err error) {
	addr, ok := l.Addr().(*net.TCPAddr)
	if c.TemporalAddress != "" || !ok || !addr.IP.IsLoopback() && !addr.IP.IsUnspecified() {
		return "", "", nil
	}
	keeper, err := openKeeper(*c)
	if err != nil {
		return "", "", err
	}
	// The same after a restart, so that a Temporal which lived on can be adopted.
	door = base64.RawURLEncoding.EncodeToString(keeper.MAC("codec server of slipway dev", []byte(c.TemporalNamespace)))
	host := "127.0.0.1"
	if addr.IP.IsLoopback() {
		host = addr.IP.String()
	}
	for _, name := range []string{"127.0.0.1", "localhost"} {
		c.CodecOrigins = append(c.CodecOrigins, "http://"+net.JoinHostPort(name, strconv.Itoa(c.TemporalUIPort)))
	}
	base := "http://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
	return door, base + server.CodecServer{Door: door}.DoorPath(), nil
}
