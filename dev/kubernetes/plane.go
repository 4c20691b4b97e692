package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	readyTimeout = 2 * time.Minute
	stopGrace    = 8 * time.Second
)

// plane is the control plane: its parts in the order in which they were started.
type plane struct {
	opts   *options
	lock   *os.File
	leash  *os.File // reading end, inherited by the parts
	held   *os.File // writing end: closed by the kernel when this process ends
	parts  []*part
	failed chan error // the first part that ended without being asked
}

// part is one running part.
type part struct {
	name   string
	cmd    *exec.Cmd
	exited chan struct{}
}

func newPlane(opts *options, lock *os.File) (*plane, error) {
	for _, prepare := range []func() error{opts.preparePKI, opts.writeKubeconfig, opts.writeStages} {
		if err := prepare(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(opts.path("logs"), 0o700); err != nil {
		return nil, fmt.Errorf("make the log folder: %w", err)
	}
	leash, held, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make the leash: %w", err)
	}
	return &plane{opts: opts, lock: lock, leash: leash, held: held, failed: make(chan error, 8)}, nil
}

// start returns when the API server answers, the controllers work and every node is ready.
func (p *plane) start(life context.Context) error {
	ctx, cancel := context.WithTimeout(life, readyTimeout)
	defer cancel()
	if err := p.launch(partEtcd, p.opts.etcdArgs()); err != nil {
		return err
	}
	if err := p.launch(partAPIServer, p.opts.apiServerArgs()); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", p.opts.kubeconfig())
	if err != nil {
		return fmt.Errorf("read the kubeconfig: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("set up a client: %w", err)
	}
	if err := p.await(ctx, "the API server", func() error {
		_, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err
	}); err != nil {
		return err
	}
	for name, args := range map[string][]string{
		partControllerManager: p.opts.controllerManagerArgs(), partScheduler: p.opts.schedulerArgs(), partNodes: p.opts.nodesArgs(),
	} {
		if err := p.launch(name, args); err != nil {
			return err
		}
	}
	if err := ensureNodes(ctx, client, p.opts.nodes, p.opts.nodePort); err != nil {
		return err
	}
	if err := ensureSimulatedStorage(ctx, client); err != nil {
		return err
	}
	if err := simulateStorage(life, client); err != nil {
		return err
	}
	go p.opts.tick(life)
	return p.await(ctx, "the control plane", func() error { return p.check(ctx, client) })
}

// check asks for what shows that the controllers and the nodes work.
func (p *plane) check(ctx context.Context, client kubernetes.Interface) error {
	if _, err := client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{}); err != nil {
		return err
	}
	ready, err := readyNodes(ctx, client)
	if err != nil {
		return err
	}
	if ready < p.opts.nodes {
		return fmt.Errorf("%d of %d nodes are ready", ready, p.opts.nodes)
	}
	// After a restart the nodes are ready since the last time; whoever plays them has to be there as well.
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.opts.nodePort)))
	if err != nil {
		return err
	}
	return conn.Close()
}

// await calls check until it returns nil, a part ends, or the time is over.
func (p *plane) await(ctx context.Context, what string, check func() error) error {
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case failed := <-p.failed:
			return failed
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w; the logs are in %s", what, err, p.opts.path("logs"))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// launch starts one part in a process group of its own, so that Ctrl-C and a signal to our group leave the order of the stop to us.
func (p *plane) launch(name string, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	log, err := openLog(p.opts.logFile(name))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(self, append([]string{partCommand, name}, args...)...)
	cmd.Dir = p.opts.home
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{p.leash, p.lock} // see leash.go
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	one := &part{name: name, cmd: cmd, exited: make(chan struct{})}
	p.parts = append(p.parts, one)
	go func() {
		err := cmd.Wait()
		p.failed <- fmt.Errorf("%s ended unexpectedly (%w); its last lines in %s:\n%s", name, orExit(err), p.opts.logFile(name), lastLines(p.opts.logFile(name)))
		close(one.exited)
	}()
	return nil
}

func orExit(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// stop ends the parts, the newest first, so that etcd outlives those who write to it.
func (p *plane) stop() {
	for i := len(p.parts) - 1; i >= 0; i-- {
		one := p.parts[i]
		_ = one.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-one.exited:
		case <-time.After(stopGrace):
			_ = one.cmd.Process.Kill()
			<-one.exited
		}
	}
	_ = p.held.Close()
	_ = p.leash.Close()
}
