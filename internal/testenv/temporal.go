package testenv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// TemporalAddressVariable names an environment variable with the address (host:port) of a Temporal server that all test
// binaries share. Tests that need to be alone use Namespace.
const TemporalAddressVariable = "SLIPWAY_TEST_TEMPORAL_ADDRESS"

// temporalReady is generous: the machine may be compiling other packages meanwhile.
const temporalReady = 60 * time.Second

var (
	temporalAddress = sync.OnceValues(startTemporal)
	namespace       = sync.OnceValues(registerNamespace)
)

// Temporal returns the address (host:port) of a Temporal server for the tests of this binary. It skips with -short. The
// server is built on first use if `make tools` has not done so, which takes minutes.
func Temporal(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Temporal server: not run with -short")
	}
	address, err := temporalAddress()
	if err != nil {
		t.Fatalf("no Temporal server for the tests: %v", err)
	}
	return address
}

// Namespace returns a namespace of that server that only this test binary uses.
func Namespace(t testing.TB) string {
	t.Helper()
	Temporal(t)
	name, err := namespace()
	if err != nil {
		t.Fatalf("no namespace for the tests: %v", err)
	}
	return name
}

func startTemporal() (string, error) {
	if address := os.Getenv(TemporalAddressVariable); address != "" {
		ctx, cancel := context.WithTimeout(context.Background(), temporalReady)
		defer cancel()
		return address, devenv.WaitReady(ctx, address)
	}
	program, err := devenv.BuildTemporal(context.Background(), devenv.BuildOptions{
		SourceDir: repositoryRoot(),
		Log:       func(line string) { fmt.Fprintln(os.Stderr, "testenv: "+line) },
	})
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "slipway-temporal-")
	if err != nil {
		return "", err
	}
	p, err := startProcess(exec.Command(program, "--db", filepath.Join(dir, "temporal.db"), "--port", "0", "--headless"), dir)
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	var address string
	err = p.waitFor(temporalReady, func() error {
		address, err = readyAddress(p.logPath)
		return err
	})
	if err != nil {
		p.stop()
		return "", err
	}
	atExit(p.stop)
	return address, nil
}

// readyAddress finds the frontend's address in the line that the dev server prints when it is ready.
func readyAddress(logPath string) (string, error) {
	content, err := os.ReadFile(logPath)
	if err != nil {
		return "", err
	}
	for line := range bytes.Lines(content) {
		rest, ok := strings.CutPrefix(string(line), "ready frontend=")
		if address, _, complete := strings.Cut(rest, " "); ok && complete {
			return address, nil
		}
	}
	return "", errors.New("no ready line yet")
}

func registerNamespace() (string, error) {
	address, err := temporalAddress()
	if err != nil {
		return "", err
	}
	c, err := client.NewNamespaceClient(client.Options{
		HostPort: address,
		Logger:   sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return "", err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	name := "test-" + uuid.NewString()
	err = c.Register(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace:                        name,
		WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	if err != nil {
		return "", fmt.Errorf("register namespace %s: %w", name, err)
	}
	return name, awaitNamespace(ctx, c, name)
}

// awaitNamespace waits until the server's services have seen the new namespace, which they learn of by polling.
func awaitNamespace(ctx context.Context, c client.NamespaceClient, name string) error {
	for {
		_, err := c.Describe(ctx, name)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("namespace %s was registered but is not served: %w", name, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// repositoryRoot is two folders above this file; tests are built and run in the same checkout.
func repositoryRoot() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
