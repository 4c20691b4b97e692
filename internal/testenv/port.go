package testenv

import "testing"

// FreePort returns a port of 127.0.0.1 that the kernel gives to nobody else for the next minute: only whoever names it gets it.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}
