package external_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/external"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		allow []string
		host  string // allowed by name when in the list
		addr  string
		ok    bool
	}{
		"public":                    {nil, "", "93.184.216.34", true},
		"public v6":                 {nil, "", "2606:2800:220:1::1", true},
		"loopback":                  {nil, "", "127.0.0.1", false},
		"loopback v6":               {nil, "", "::1", false},
		"mapped loopback":           {nil, "", "::ffff:127.0.0.1", false},
		"compatible loopback":       {nil, "", "::127.0.0.1", false},
		"private 10":                {nil, "", "10.1.2.3", false},
		"private 172":               {nil, "", "172.31.255.255", false},
		"beside private 172":        {nil, "", "172.32.0.1", true},
		"private 192":               {nil, "", "192.168.0.1", false},
		"carrier":                   {nil, "", "100.64.0.1", false},
		"unique local":              {nil, "", "fd12::1", false},
		"link local":                {nil, "", "169.254.169.254", false},
		"link local v6":             {nil, "", "fe80::1", false},
		"with a zone":               {[]string{"fe80::/10"}, "", "fe80::1%eth0", true},
		"unspecified":               {nil, "", "0.0.0.0", false},
		"unspecified v6":            {nil, "", "::", false},
		"multicast":                 {nil, "", "224.0.0.1", false},
		"multicast v6":              {nil, "", "ff02::1", false},
		"broadcast":                 {nil, "", "255.255.255.255", false},
		"translated metadata":       {nil, "", "64:ff9b::a9fe:a9fe", false},
		"translated public":         {nil, "", "64:ff9b::5db8:d822", true},
		"6to4 private":              {nil, "", "2002:0a01:0203::1", false},
		"allowed CIDR":              {[]string{"10.1.0.0/16"}, "", "10.1.2.3", true},
		"outside the allowed CIDR":  {[]string{"10.1.0.0/16"}, "", "10.2.2.3", false},
		"allowed address":           {[]string{"10.1.2.3"}, "", "10.1.2.3", true},
		"allowed, mapped":           {[]string{"10.1.2.3"}, "", "::ffff:10.1.2.3", true},
		"allowed metadata by CIDR":  {[]string{"169.254.169.254/32"}, "", "169.254.169.254", true},
		"allowed host":              {[]string{"driver.internal"}, "Driver.Internal.", "10.1.2.3", true},
		"allowed host, loopback":    {[]string{"driver.internal"}, "driver.internal", "127.0.0.1", true},
		"allowed host, metadata":    {[]string{"driver.internal"}, "driver.internal", "169.254.169.254", false},
		"allowed host, metadata v6": {[]string{"driver.internal"}, "driver.internal", "fd00:ec2::254", false},
		"another host":              {[]string{"driver.internal"}, "other.internal", "10.1.2.3", false},
		"below a wildcard":          {[]string{"*.svc.cluster.local"}, "a.b.svc.cluster.local", "10.1.2.3", true},
		"the wildcard itself":       {[]string{"*.svc.cluster.local"}, "svc.cluster.local", "10.1.2.3", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := external.ParseNetworks(c.allow)
			require.NoError(t, err)
			err = external.Check(n, netip.MustParseAddr(c.addr), c.host)
			require.Equal(t, c.ok, err == nil, "%v", err)
		})
	}
}

func TestParseNetworksRefuses(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{"", "10.0.0.0/33", "300.1.1.1", "http://x", "a b", "*", "x:80", strings.Repeat("a", 300)} {
		_, err := external.ParseNetworks([]string{entry})
		require.Error(t, err, entry)
	}
}

// What a name resolves to counts, and an address of the machine itself is refused before anything is sent.
func TestInsideIsNotCalled(t *testing.T) {
	called := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	t.Setenv("HTTP_PROXY", s.URL)
	t.Setenv("http_proxy", s.URL)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.255.255.1"} {
		o := quick(t)
		o.Networks = external.Networks{}
		_, err := driver(t, o, "http://"+host+":"+port).Provision(context.Background(), request())
		require.ErrorContains(t, err, "--driver-networks", host)
		require.True(t, drivers.IsPermanent(err))
	}
	require.False(t, called)

	o := quick(t)
	o.Networks, err = external.ParseNetworks([]string{"localhost"})
	require.NoError(t, err)
	_, err = driver(t, o, "http://localhost:"+port).Provision(context.Background(), request())
	require.ErrorContains(t, err, "without a body")
	require.True(t, called)
}
