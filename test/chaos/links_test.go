package chaos

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// links are the connections between the parts, each through a proxy that can cut it and slow it down.
type links struct {
	t      *testing.T
	server *toxiproxy.ApiServer
	byName map[string]*toxiproxy.Proxy
}

func newLinks(t *testing.T) *links {
	return &links{t: t, server: toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), byName: map[string]*toxiproxy.Proxy{}}
}

// add puts a proxy before target (host:port) and returns its address.
func (l *links) add(name, target string) string {
	l.t.Helper()
	p := toxiproxy.NewProxy(l.server, name, "127.0.0.1:0", target)
	require.NoError(l.t, p.Start())
	l.t.Cleanup(p.Stop)
	l.byName[name] = p
	return p.Listen
}

// Ways in which a link fails.
const (
	cut  = "cut"  // connections are closed and refused
	hang = "hang" // connections stay, and nothing comes through
	slow = "slow" // everything takes 100 to 500 ms longer, each way
)

// spoil has a link fail and returns what repairs it.
func (l *links) spoil(name, how string) (repair func()) {
	p := l.byName[name]
	if how == cut {
		p.Stop()
		return func() {
			if err := p.Start(); err != nil {
				l.t.Errorf("the link %s cannot be repaired: %v", name, err)
			}
		}
	}
	for _, stream := range []string{"upstream", "downstream"} {
		toxic := map[string]any{"name": stream, "stream": stream, "type": "timeout", "attributes": map[string]any{"timeout": 0}}
		if how == slow {
			toxic["type"], toxic["attributes"] = "latency", map[string]any{"latency": 300, "jitter": 200}
		}
		raw, err := json.Marshal(toxic)
		if err == nil {
			_, err = p.Toxics.AddToxicJson(strings.NewReader(string(raw)))
		}
		if err != nil {
			l.t.Errorf("the link %s cannot be spoiled: %v", name, err)
		}
	}
	return func() { p.Toxics.ResetToxics(context.Background()) }
}

func (l *links) dsn(name, dsn, address string) string {
	return strings.Replace(dsn, address, l.add(name, address), 1)
}
