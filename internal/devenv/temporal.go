package devenv

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Sources of a Temporal: what Temporal.Source holds.
const (
	SourceAddress  = "address"  // TemporalOptions.Address
	SourceAdopted  = "adopted"  // left behind by an earlier run of the same home
	SourcePath     = "path"     // the temporal CLI found on PATH
	SourceDownload = "download" // the pinned release of the temporal CLI
	SourceBuild    = "build"    // dev/temporal, built from the repository
)

const (
	defaultPort      = 7233
	defaultUIPort    = 8233
	defaultNamespace = "default"

	// startTimeout is generous: a laptop may be busy with a first build.
	startTimeout = 60 * time.Second
	reachTimeout = 5 * time.Second
)

// TemporalOptions says which Temporal StartTemporal is to provide.
type TemporalOptions struct {
	// Address (host:port) of a Temporal that runs already: it is used as it is, everything else here is ignored.
	Address string
	// Home is the folder of this `slipway dev`: database, log, pid record and programs live in it. It is created.
	Home string
	// Port of the frontend, default 7233; UIPort of the Web UI, default 8233. Both listen on 127.0.0.1.
	Port, UIPort int
	// Namespace that the server is to have, default "default".
	Namespace string
	// UICodecEndpoint is the URL at which the Web UI has payloads decoded; empty for none.
	UICodecEndpoint string
	// SourceDir is the root of a checkout of Slipway, to build dev/temporal from; empty when there is none.
	SourceDir string
	// AllowDownload permits fetching the pinned release of the temporal CLI.
	AllowDownload bool
	// Offline forbids all use of the network: no download, and no modules fetched during a build.
	Offline bool
	// ReleaseURL replaces the place the release is fetched from, for a mirror; the checksum stays the pinned one.
	ReleaseURL string
	// CacheDir replaces CacheDir(), the folder of programs that all homes share.
	CacheDir string
	// Log takes lines of progress for the person who waits; nil discards them.
	Log func(line string)
}

// Temporal is a Temporal that can be used.
type Temporal struct {
	Address   string // host:port of the frontend
	Namespace string
	UIURL     string // of the Web UI; empty when it is not known
	Source    string // one of the Source constants

	process *supervised // nil when it is not ours
	record  string      // path of the pid record
	done    chan error
}

// StartTemporal returns a Temporal that answers: the one at Address; the one that an earlier run of this home left
// behind; or a new one, from the first of these that is there: `temporal` on PATH, a program fetched or built before, the pinned
// release, a build of dev/temporal.
//
// An error begins with one line that says what to do; the last lines of the log may follow. A new Temporal runs in its own process group and outlives a killed caller, so that
// the next one can adopt it; Stop ends it.
func StartTemporal(ctx context.Context, opts TemporalOptions) (*Temporal, error) {
	opts = opts.withDefaults()
	if opts.Address != "" {
		return reach(ctx, opts)
	}
	if opts.Home == "" {
		return nil, errors.New("start Temporal: no home folder was given")
	}
	for _, dir := range []string{opts.Home, filepath.Join(opts.Home, "bin"), filepath.Join(opts.Home, "logs")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("make the home folder: %w", err)
		}
	}
	if t, err := adopt(ctx, opts); t != nil || err != nil {
		return t, err
	}
	if err := checkPorts(opts); err != nil {
		return nil, err
	}
	program, err := findProgram(ctx, opts)
	if err != nil {
		return nil, err
	}
	return launch(ctx, opts, program)
}

func (o TemporalOptions) withDefaults() TemporalOptions {
	if o.Port == 0 {
		o.Port = defaultPort
	}
	if o.UIPort == 0 {
		o.UIPort = defaultUIPort
	}
	if o.Namespace == "" {
		o.Namespace = defaultNamespace
	}
	if home, err := filepath.Abs(o.Home); err == nil && o.Home != "" {
		o.Home = home
	}
	return o
}

func (o TemporalOptions) address() string  { return net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)) }
func (o TemporalOptions) database() string { return filepath.Join(o.Home, "temporal.db") }
func (o TemporalOptions) logFile() string  { return filepath.Join(o.Home, "logs", "temporal.log") }
func (o TemporalOptions) uiURL() string    { return fmt.Sprintf("http://127.0.0.1:%d", o.UIPort) }

// reach uses the Temporal at opts.Address. It only opens a connection: whether TLS or a key is needed is the client's concern.
func reach(ctx context.Context, opts TemporalOptions) (*Temporal, error) {
	dialer := net.Dialer{Timeout: reachTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", opts.Address)
	if err != nil {
		return nil, fmt.Errorf("the Temporal at %s (TEMPORAL_ADDRESS) cannot be reached: %w; start it, or unset TEMPORAL_ADDRESS to have one started here",
			opts.Address, err)
	}
	_ = conn.Close()
	return &Temporal{Address: opts.Address, Namespace: opts.Namespace, Source: SourceAddress, done: make(chan error, 1)}, nil
}

// checkPorts refuses ports that somebody else holds.
func checkPorts(opts TemporalOptions) error {
	for _, port := range []struct {
		number int
		flag   string
	}{{opts.Port, PortFlag}, {opts.UIPort, UIPortFlag}} {
		err := CheckPort(net.JoinHostPort("127.0.0.1", strconv.Itoa(port.number)))
		if err != nil {
			return fmt.Errorf("Temporal cannot start: %w: stop it, or choose another port with %s", err, port.flag)
		}
	}
	return nil
}

// launch starts program and waits until it answers.
func launch(ctx context.Context, opts TemporalOptions, program program) (*Temporal, error) {
	process, err := startSupervised(program.path, program.args(opts), opts.logFile())
	if err != nil {
		return nil, fmt.Errorf("start Temporal: %w", err)
	}
	t := newTemporal(opts, program.source, process)
	// Before it answers: a caller killed in between must leave a trace of what it started.
	if err := writeRecord(t.record, recordOf(opts, process, program.path)); err != nil {
		return nil, errors.Join(err, t.Stop(context.WithoutCancel(ctx)))
	}
	readyCtx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	go func() {
		select {
		case <-process.exited:
			cancel() // no use in waiting on
		case <-readyCtx.Done():
		}
	}()
	if err = WaitReady(readyCtx, t.Address); err == nil {
		err = waitListening(readyCtx, net.JoinHostPort("127.0.0.1", strconv.Itoa(opts.UIPort)))
	}
	if !process.alive() {
		_ = os.Remove(t.record)
		return nil, fmt.Errorf("start Temporal (%s): it ended at once; its last lines in %s:\n%s", program.path, opts.logFile(), process.lastLog())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start Temporal (%s): %w; its log is %s", program.path, err, opts.logFile()),
			t.Stop(context.WithoutCancel(ctx)))
	}
	go t.watch()
	return t, nil
}

func newTemporal(opts TemporalOptions, source string, process *supervised) *Temporal {
	return &Temporal{
		Address:   opts.address(),
		Namespace: opts.Namespace,
		UIURL:     opts.uiURL(),
		Source:    source,
		process:   process,
		record:    recordFile(opts.Home),
		done:      make(chan error, 1),
	}
}

// watch reports an end that nobody asked for.
func (t *Temporal) watch() {
	<-t.process.exited
	if !t.process.stopping() {
		_ = os.Remove(t.record)
		t.done <- fmt.Errorf("Temporal (pid %d) ended unexpectedly; its last lines in %s:\n%s", t.process.pid, t.process.logFile, t.process.lastLog())
	}
	close(t.done)
}

// Done yields one error when a Temporal that we supervise ends without being asked to, and is closed when it has ended. It stays
// silent for one that was given by its address.
func (t *Temporal) Done() <-chan error { return t.done }

// Stop ends a Temporal that we supervise: SIGTERM to its process group, SIGKILL when ctx ends or after 15 s. One that was given by
// its address keeps running. Stop may be called more than once.
func (t *Temporal) Stop(ctx context.Context) error {
	if t.process == nil {
		return nil
	}
	if err := t.process.stop(ctx); err != nil {
		return fmt.Errorf("stop Temporal: %w", err)
	}
	if err := os.Remove(t.record); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("stop Temporal: %w", err)
	}
	return nil
}
