package main

import (
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
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
// gets it, and the page takes it out of the address at once. Where the output is kept (a file, a pipe, a service's log) it is
// the plain address, and the page asks for the token.
func webUIAddress(out io.Writer, addr, token string) string {
	if f, ok := out.(*os.File); !ok || !term.IsTerminal(f.Fd()) {
		return "http://" + addr + "/   (it asks for the token below)"
	}
	return "http://" + addr + "/#token=" + url.QueryEscape(token)
}
