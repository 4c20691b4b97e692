// Package testenv gives tests the real services they run against: a Temporal dev server and PostgreSQL clusters, private to
// the test binary, on free ports, in temporary folders.
//
// Each is started when a test first asks for it and ends with the test binary, however that ends. A test package that uses
// it should stop them in order:
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
//
// It never uses a service that it did not start, unless an environment variable names one: see TemporalAddressVariable and
// PostgresDSNVariable. It is imported by tests only.
package testenv

import (
	"os"
	"sync"
	"testing"
)

var (
	stopsMu sync.Mutex
	stops   []func()
)

// atExit has Main call stop after the tests, the newest first.
func atExit(stop func()) {
	stopsMu.Lock()
	defer stopsMu.Unlock()
	stops = append(stops, stop)
}

// Main runs the tests of a package, stops what testenv has started for them, and exits.
func Main(m *testing.M) {
	code := m.Run()
	stopAll()
	os.Exit(code)
}

func stopAll() {
	stopsMu.Lock()
	defer stopsMu.Unlock()
	for i := len(stops) - 1; i >= 0; i-- {
		stops[i]()
	}
	stops = nil
}
