package main

import (
	"context"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/conformance"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/external"
)

func open(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = root.Close() })
	return root
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, seconds := range map[string]float64{"at once": 0, "in the background": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := httptest.NewServer(handler(open(t, dir)))
			t.Cleanup(s.Close)
			inputs := func(greeting string) conformance.Inputs {
				return conformance.Inputs{Values: map[string]any{"greeting": greeting, "seconds": seconds}}
			}
			update, bad := inputs("good day"), conformance.Inputs{}
			report := conformance.Run(context.Background(), conformance.Options{
				URL: s.URL, Wait: 50 * time.Millisecond, Inputs: inputs("hello"), Update: &update, Bad: &bad,
			})
			for _, c := range report.Checks {
				require.Equal(t, conformance.Pass, c.Status, "%+v", c)
			}
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// The same through what Slipway calls drivers with.
func TestAsADriver(t *testing.T) {
	t.Parallel()
	local, err := external.ParseNetworks([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	client, err := external.New(external.Options{Networks: local})
	require.NoError(t, err)
	drivertest.Run(t, func() drivers.Driver {
		s := httptest.NewServer(handler(open(t, t.TempDir())))
		t.Cleanup(s.Close)
		return client.Driver(s.URL)
	},
		drivertest.Case{Name: "greeting", Random: true, Request: drivers.Request{GUResID: "a1b2", Type: "s3", Values: map[string]any{"greeting": "hello"}}},
		drivertest.Case{Name: "no greeting", Fails: true, Request: drivers.Request{GUResID: "a1b2", Type: "s3"}},
		drivertest.Case{Name: "no type", Fails: true, Request: drivers.Request{GUResID: "a1b2", Values: map[string]any{"greeting": "hello"}}},
	)
}
