package main

import (
	"net/url"
	"strings"
)

// temporalUI is where the Web UI finds a workflow in Temporal's: that of `slipway dev`, or the one that payloads are decoded
// for; "" where none is known.
func (p *parts) temporalUI() string {
	base := p.engineUI
	if base == "" && len(p.cfg.CodecOrigins) > 0 {
		base = p.cfg.CodecOrigins[0]
	}
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + "/namespaces/" + url.PathEscape(p.cfg.TemporalNamespace)
}

// webUIAddress is a link that signs in whoever sees the terminal. What follows # stays in the browser: no server, proxy or log
// gets it, and the page takes it out of the address at once.
func webUIAddress(addr, token string) string {
	return "http://" + addr + "/#token=" + url.QueryEscape(token)
}
