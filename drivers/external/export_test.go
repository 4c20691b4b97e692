package external

import "net/netip"

// Check decides about an address that a host resolved to.
func Check(n Networks, addr netip.Addr, host string) error { return n.check(addr, n.allowsHost(host)) }
