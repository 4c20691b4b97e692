package devenv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

var kubernetesPlane = buildable{folder: "dev/kubernetes", prefix: "kubernetes-dev-", title: "the Kubernetes control plane"}

const (
	defaultKubernetesPort  = 6443
	defaultKubernetesNodes = 2
	kubernetesTimeout      = 3 * time.Minute
)

// KubernetesOptions says which control plane StartKubernetes is to provide.
type KubernetesOptions struct {
	// Home is the folder of this `slipway dev`; the control plane has the folder kubernetes in it. It is created.
	Home string
	// Port of the API server on 127.0.0.1, default 6443.
	Port int
	// Nodes is the number of simulated nodes, default 2.
	Nodes int
	// SourceDir is the root of a checkout of Slipway, to build dev/kubernetes from.
	SourceDir string
	// Offline keeps the build from the network.
	Offline bool
	// CacheDir replaces CacheDir(), the folder of programs that all homes share.
	CacheDir string
	// Log takes lines of progress for the person who waits; nil discards them.
	Log func(line string)
}

// Kubernetes is a control plane with simulated nodes that can be used.
type Kubernetes struct {
	Kubeconfig string // path of the administrator's kubeconfig, readable by its owner only
	Server     string // URL of the API server
	Source     string // SourceAdopted or SourceBuild

	process *supervised
	record  string
	done    chan error
}

// BuildKubernetes returns the path of a control plane built from SourceDir/dev/kubernetes, as BuildTemporal does for Temporal.
func BuildKubernetes(ctx context.Context, opts BuildOptions) (string, error) {
	return kubernetesPlane.build(ctx, opts)
}

// StartKubernetes returns a control plane that answers: the one that an earlier run of this home left behind, or a new one. A new
// one runs in its own process group and outlives a killed caller, so that the next one can adopt it; Stop ends it.
func StartKubernetes(ctx context.Context, opts KubernetesOptions) (*Kubernetes, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(opts.folder(), 0o700); err != nil {
		return nil, fmt.Errorf("make the home folder: %w", err)
	}
	if k, err := adoptKubernetes(ctx, opts); k != nil || err != nil {
		return k, err
	}
	if err := CheckPort(opts.address()); err != nil {
		return nil, fmt.Errorf("start Kubernetes: %w", err)
	}
	program, err := opts.program(ctx)
	if err != nil {
		return nil, err
	}
	return launchKubernetes(ctx, opts, program)
}

func (o KubernetesOptions) withDefaults() (KubernetesOptions, error) {
	if o.Home == "" {
		return o, errors.New("start Kubernetes: no home folder was given")
	}
	home, err := filepath.Abs(o.Home)
	if err != nil {
		return o, fmt.Errorf("start Kubernetes: %w", err)
	}
	o.Home = home
	if o.Port == 0 {
		o.Port = defaultKubernetesPort
	}
	if o.Nodes == 0 {
		o.Nodes = defaultKubernetesNodes
	}
	return o, nil
}

func (o KubernetesOptions) folder() string     { return filepath.Join(o.Home, "kubernetes") }
func (o KubernetesOptions) kubeconfig() string { return filepath.Join(o.folder(), "kubeconfig") }
func (o KubernetesOptions) recordFile() string { return filepath.Join(o.Home, "kubernetes.json") }
func (o KubernetesOptions) logFile() string    { return filepath.Join(o.Home, "logs", "kubernetes.log") }
func (o KubernetesOptions) address() string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port))
}

// program builds into the cache that all homes share, or, when that cannot be written, into the home.
func (o KubernetesOptions) program(ctx context.Context) (string, error) {
	var err error
	for _, dir := range programDirs(TemporalOptions{CacheDir: o.CacheDir, Home: o.Home}) {
		var path string
		path, err = BuildKubernetes(ctx, BuildOptions{SourceDir: o.SourceDir, Dir: dir, Offline: o.Offline, Log: o.Log})
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, errNotWritable) {
			break
		}
	}
	return "", fmt.Errorf("no Kubernetes to start: name a cluster with --kubeconfig FILE, or run from a checkout of Slipway: %w", err)
}

func launchKubernetes(ctx context.Context, opts KubernetesOptions, program string) (*Kubernetes, error) {
	process, err := startSupervised(program, []string{
		"--home", opts.folder(), "--port", strconv.Itoa(opts.Port), "--nodes", strconv.Itoa(opts.Nodes),
	}, opts.logFile())
	if err != nil {
		return nil, fmt.Errorf("start Kubernetes (%s): %w", program, err)
	}
	k := newKubernetes(opts, SourceBuild, process)
	// Before it is ready: a caller that is killed in between must leave a trace of what it started.
	if err := writeKubernetesRecord(opts, process); err != nil {
		return nil, errors.Join(err, k.Stop(context.WithoutCancel(ctx)))
	}
	if err := k.waitReady(ctx); err != nil {
		return nil, errors.Join(err, k.Stop(context.WithoutCancel(ctx)))
	}
	go k.watch()
	return k, nil
}

func newKubernetes(opts KubernetesOptions, source string, process *supervised) *Kubernetes {
	return &Kubernetes{
		Kubeconfig: opts.kubeconfig(), Server: "https://" + opts.address(), Source: source,
		process: process, record: opts.recordFile(), done: make(chan error, 1),
	}
}

// waitReady waits for the line that the control plane prints when everything answers.
func (k *Kubernetes) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, kubernetesTimeout)
	defer cancel()
	for {
		if k.saysReady() {
			return nil
		}
		select {
		case <-k.process.exited:
			return fmt.Errorf("start Kubernetes: it ended at once; its last lines in %s:\n%s", k.process.logFile, k.process.lastLog())
		case <-ctx.Done():
			return fmt.Errorf("start Kubernetes: not ready in time: %w; its log is %s", ctx.Err(), k.process.logFile)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (k *Kubernetes) saysReady() bool {
	content, err := os.ReadFile(k.process.logFile)
	if err != nil || int64(len(content)) < k.process.logFrom {
		return false
	}
	return bytes.Contains(content[k.process.logFrom:], []byte("ready server="))
}

// watch reports an end that nobody asked for.
func (k *Kubernetes) watch() {
	<-k.process.exited
	if !k.process.stopping() {
		_ = os.Remove(k.record)
		k.done <- fmt.Errorf("Kubernetes (pid %d) ended unexpectedly; its last lines in %s:\n%s", k.process.pid, k.process.logFile, k.process.lastLog())
	}
	close(k.done)
}

// Done yields one error when the control plane ends without being asked to, and is closed when it has ended.
func (k *Kubernetes) Done() <-chan error { return k.done }

// Stop ends the control plane: SIGTERM, SIGKILL when ctx ends or after 15 s; its parts end with it. Its state stays in the home.
// Stop may be called more than once.
func (k *Kubernetes) Stop(ctx context.Context) error {
	if err := k.process.stop(ctx); err != nil {
		return fmt.Errorf("stop Kubernetes: %w", err)
	}
	if err := os.Remove(k.record); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("stop Kubernetes: %w", err)
	}
	return nil
}
