package charts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Command is the argument with which a program of this package's own process
// calls Main.
const Command = "chart-render"

// Limits of an archive and of what comes out.
const (
	MaxArchive = 4 << 20  // bytes, compressed
	maxContent = 16 << 20 // bytes, decompressed
	maxFile    = 2 << 20  // bytes of one file
	maxFiles   = 1000
	maxOutput  = 16 << 20
	maxMemory  = 512 << 20
	maxMessage = 2000 // characters of an error of a template
)

// Renderer implements orchestrator.ChartRenderer.
type Renderer struct {
	program []string
	timeout time.Duration
	slots   chan struct{} // bounds how many run at once
}

// Options say how charts are rendered; the zero value of each means its default.
type Options struct {
	// Program is what calls Main; default this executable with Command.
	Program []string
	// Timeout bounds one chart; default 15 seconds.
	Timeout time.Duration
	// Parallel bounds how many are rendered at once; default 4.
	Parallel int
}

// New makes a renderer.
func New(o Options) (*Renderer, error) {
	if len(o.Program) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program, which renders charts: %w", err)
		}
		o.Program = []string{self, Command}
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	return &Renderer{program: o.Program, timeout: o.Timeout, slots: make(chan struct{}, o.Parallel)}, nil
}

// order is what the process is asked.
type order struct {
	Archive   []byte         `json:"archive"`
	Render    bool           `json:"render"`
	Values    map[string]any `json:"values,omitempty"`
	Release   string         `json:"release,omitempty"`
	Namespace string         `json:"namespace,omitempty"`
}

// outcome is what it answers: Fault when the chart is to blame.
type outcome struct {
	Name    string            `json:"name,omitempty"`
	Version string            `json:"version,omitempty"`
	Files   map[string]string `json:"files,omitempty"`
	Fault   string            `json:"fault,omitempty"`
}

// Inspect reads name and version of a chart, and refuses one that cannot be used.
func (r *Renderer) Inspect(ctx context.Context, archive []byte) (name, version string, err error) {
	out, err := r.run(ctx, order{Archive: archive})
	return out.Name, out.Version, err
}

// Render gives the texts of a chart's templates by their path.
func (r *Renderer) Render(ctx context.Context, in orchestrator.ChartRelease) (map[string]string, error) {
	out, err := r.run(ctx, order{Archive: in.Archive, Render: true, Values: in.Values, Release: in.Name, Namespace: in.Namespace})
	return out.Files, err
}

func (r *Renderer) run(ctx context.Context, in order) (outcome, error) {
	var out outcome
	if len(in.Archive) > MaxArchive {
		return out, orchestrator.Errorf(orchestrator.CodeTooLarge, "the chart has %d bytes; at most %d are possible", len(in.Archive), MaxArchive)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("encoding the values of a chart: %w", err)
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	within, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, message, err := r.process(within, raw)
	switch {
	case ctx.Err() != nil:
		return out, ctx.Err()
	case within.Err() != nil:
		return out, orchestrator.Invalidf("the chart took longer than %s", r.timeout)
	case errors.Is(err, errOutput):
		return out, orchestrator.Invalidf("the chart gives more than %d MiB", maxOutput>>20)
	case err != nil && strings.Contains(message, "out of memory"):
		return out, orchestrator.Invalidf("the chart needs more than %d MiB of memory", maxMemory>>20)
	case err != nil:
		var ended *exec.ExitError
		if errors.As(err, &ended) { // by a limit, or by a fault of the template engine
			return out, orchestrator.Invalidf("the chart used too much processor time or memory, or broke the template engine (%s)", ended.ProcessState)
		}
		return out, orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "the process that renders charts could not be started")
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, orchestrator.Wrapf(orchestrator.CodeInternal, err, "the process that renders charts answered what cannot be read")
	}
	if out.Fault != "" {
		return out, orchestrator.Invalidf("%s", shorten(out.Fault))
	}
	return out, nil
}

func shorten(s string) string {
	if runes := []rune(s); len(runes) > maxMessage {
		return string(runes[:maxMessage]) + "..."
	}
	return s
}

var errOutput = errors.New("too much output")

// process runs the program on an order. Its environment is empty: keys and
// addresses of this process are none of a chart's business.
func (r *Renderer) process(ctx context.Context, in []byte) (answer []byte, message string, err error) {
	cmd := exec.CommandContext(ctx, r.program[0], r.program[1:]...)
	cmd.Env = []string{"HOME=/nonexistent", "GOTRACEBACK=none", "GOMAXPROCS=1", "GOGC=50"}
	cmd.Dir = os.TempDir()
	cmd.Stdin = bytes.NewReader(in)
	cmd.WaitDelay = 2 * time.Second
	stdout, stderr := &bounded{limit: maxOutput}, &bounded{limit: 64 << 10, quiet: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err = cmd.Run()
	if stdout.over {
		err = errOutput
	}
	return stdout.buffer.Bytes(), stderr.buffer.String(), err
}

// bounded keeps what is written up to a limit; beyond it writing fails, or is
// ignored when quiet.
type bounded struct {
	buffer bytes.Buffer
	limit  int
	quiet  bool
	over   bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) <= b.limit {
		return b.buffer.Write(p)
	}
	if b.quiet {
		return len(p), nil
	}
	b.over = true
	return 0, io.ErrShortWrite
}
