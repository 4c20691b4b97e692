package external

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Networks says which addresses may be called beyond the public Internet. The
// zero value allows no other.
type Networks struct {
	prefixes []netip.Prefix
	hosts    []string // lower case; "*.example.com" is every name below it
	only     bool     // nothing else, the public Internet included
	setting  string   // that allows more, for messages; "" = that of drivers
}

// DecidedBy names the setting that the networks come from, for messages.
func (n Networks) DecidedBy(setting string) Networks {
	n.setting = setting
	return n
}

// Only returns networks that allow what is listed and nothing else.
func (n Networks) Only() Networks {
	n.only = true
	return n
}

// IsBlocked reports whether a connection was refused because of its address.
func IsBlocked(err error) bool {
	var blocked *blockedError
	return errors.As(err, &blocked)
}

// ParseNetworks reads a list of CIDRs (10.1.0.0/16), addresses (10.1.2.3) and
// host names (driver.internal, *.svc.cluster.local). The name of a host allows
// loopback and private addresses behind it, never link-local ones, where clouds
// keep the credentials of machines: those need their CIDR.
func ParseNetworks(entries []string) (Networks, error) {
	var n Networks
	for _, entry := range entries {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			n.prefixes = append(n.prefixes, prefix.Masked())
			continue
		}
		if addr, err := netip.ParseAddr(entry); err == nil {
			addr = addr.Unmap().WithZone("")
			n.prefixes = append(n.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		if !isHostName(strings.TrimPrefix(entry, "*.")) {
			return Networks{}, fmt.Errorf("expected a CIDR, an IP address or a host name, got %q", entry)
		}
		n.hosts = append(n.hosts, entry)
	}
	return n, nil
}

func isHostName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	digits := true
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
		digits = digits && strings.Trim(label, "0123456789") == ""
	}
	return !digits // 300.1.1.1 is a mistyped address
}

// inside are the ranges that are not the public Internet. Source: the special-purpose
// address registries of IANA (RFC 6890 and its updates).
var inside = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

// never are the ranges that not even an allowed host name reaches.
var never = prefixes("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32")

// translated are prefixes that carry an IPv4 address, and at which byte.
var translated = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12}, // RFC 6052
	{netip.MustParsePrefix("::/96"), 12},        // IPv4-compatible, deprecated
	{netip.MustParsePrefix("2002::/16"), 2},     // 6to4
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// blockedError says that a connection is not allowed.
type blockedError struct {
	addr netip.Addr
	in   Networks
}

func (e *blockedError) Error() string {
	setting := e.in.setting
	if setting == "" {
		setting = "--driver-networks (SLIPWAY_DRIVER_NETWORKS)"
	}
	if e.in.only {
		return fmt.Sprintf("its address %s is not allowed by %s", e.addr, setting)
	}
	return fmt.Sprintf("its address %s is not on the public Internet and not allowed by %s", e.addr, setting)
}

// check decides about one address. named says that the host is allowed by its name.
func (n Networks) check(addr netip.Addr, named bool) error {
	addr = addr.Unmap().WithZone("")
	holds := func(p netip.Prefix) bool { return p.Contains(addr) }
	if slices.ContainsFunc(n.prefixes, holds) {
		return nil
	}
	if slices.ContainsFunc(never, holds) || (!named && (n.only || slices.ContainsFunc(inside, holds))) {
		return &blockedError{addr, n}
	}
	for _, t := range translated {
		if !t.prefix.Contains(addr) || addr == netip.IPv6Loopback() {
			continue
		}
		raw := addr.As16()
		if err := n.check(netip.AddrFrom4([4]byte(raw[t.at:t.at+4])), named); err != nil {
			return &blockedError{addr, n}
		}
	}
	return nil
}

// allowsHost reports whether the host is allowed by its name.
func (n Networks) allowsHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(n.hosts, func(allowed string) bool {
		if suffix, wild := strings.CutPrefix(allowed, "*"); wild {
			return strings.HasSuffix(host, suffix)
		}
		return host == allowed
	})
}

// Dial connects as http.Transport.DialContext does; see dial.
func (n Networks) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return n.dial(ctx, network, address)
}

// dial connects, checking the address that a name resolved to at that moment:
// a name may resolve to something else than when it was registered.
func (n Networks) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	named := n.allowsHost(host)
	dialer := &net.Dialer{
		Timeout: 10 * time.Second, KeepAlive: 30 * time.Second,
		ControlContext: func(_ context.Context, _, resolved string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return fmt.Errorf("read the address %q: %w", resolved, err)
			}
			return n.check(to.Addr(), named)
		},
	}
	return dialer.DialContext(ctx, network, address)
}
