package testenv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// KubeconfigVariable names an environment variable with the path of a kubeconfig of a cluster that all test binaries share. Its
// user must be allowed everything; the tests make namespaces of their own.
const KubeconfigVariable = "SLIPWAY_TEST_KUBECONFIG"

// kubernetesReady is generous: the machine may be compiling other packages meanwhile.
const kubernetesReady = 2 * time.Minute

var kubeconfig = sync.OnceValues(startKubernetes)

// Kubernetes returns the path of the administrator's kubeconfig of a control plane with two simulated nodes, for the tests of this
// binary. It skips with -short. The control plane is built on first use if `make tools` has not done so, which takes minutes.
func Kubernetes(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Kubernetes control plane: not run with -short")
	}
	path, err := kubeconfig()
	if err != nil {
		t.Fatalf("no Kubernetes control plane for the tests: %v", err)
	}
	return path
}

func startKubernetes() (string, error) {
	if path := os.Getenv(KubeconfigVariable); path != "" {
		_, err := os.Stat(path)
		return path, err
	}
	program, err := devenv.BuildKubernetes(context.Background(), devenv.BuildOptions{
		SourceDir: repositoryRoot(),
		Log:       func(line string) { fmt.Fprintln(os.Stderr, "testenv: "+line) },
	})
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "slipway-kubernetes-")
	if err != nil {
		return "", err
	}
	home := filepath.Join(dir, "home")
	p, err := startProcess(exec.Command(program, "--home", home, "--port", "0", "--nodes", "2"), dir)
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	if err := p.waitFor(kubernetesReady, func() error { return saysReady(p.logPath) }); err != nil {
		p.stop()
		return "", err
	}
	atExit(p.stop)
	return filepath.Join(home, "kubeconfig"), nil
}

// saysReady looks for the line that the control plane prints when everything answers.
func saysReady(logPath string) error {
	content, err := os.ReadFile(logPath)
	if err != nil {
		return err
	}
	if !bytes.Contains(content, []byte("ready server=")) {
		return errors.New("no ready line yet")
	}
	return nil
}
