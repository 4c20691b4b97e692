// Package ondemand gets a Terraform engine when a resource first needs one that
// this machine does not have. `slipway dev` uses it; servers and workers run
// with what is installed and never build anything.
package ondemand

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
)

// sayEvery is the time between two lines of progress in a deployment's log.
const sayEvery = 30 * time.Second

// Options say what can be had, and how.
type Options struct {
	// Settings are those of the runners, without a Fallback.
	Settings runner.Settings
	// Name is the engine that Provide gives, "terraform" or "opentofu", and Release its version.
	Name, Release string
	// Provide returns the path of the engine, which it makes first when it has
	// to. It may take minutes and is not called twice at a time; it ends with the
	// process, not with the deployment that asked first. say takes lines of progress.
	Provide func(say func(line string)) (string, error)
}

// Engine is an engine that may not exist yet. It holds runs back until they can
// have what they need. It is safe for concurrent use.
type Engine struct {
	o Options

	mu   sync.Mutex
	path string   // once it is there
	work *attempt // under way
}

// attempt is one call of Provide.
type attempt struct {
	done chan struct{} // closed at the end; path and err are set before
	path string
	err  error

	mu   sync.Mutex
	line string
}

// New returns an engine; nothing is made yet.
func New(o Options) *Engine { return &Engine{o: o} }

// Path is where the engine is, "" as long as it does not exist.
func (e *Engine) Path() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.path
}

// Wrap returns runs that wait for the engine where nothing else on this machine
// is what the spec asks for.
func (e *Engine) Wrap(runs terraform.Runs) terraform.Runs { return &waiting{runs, e} }

type waiting struct {
	terraform.Runs
	engine *Engine
}

// Run does what terraform.Runs asks for.
func (w *waiting) Run(ctx context.Context, s terraform.Spec, say func(string)) (terraform.Outcome, error) {
	if err := w.engine.ready(ctx, s, say); err != nil {
		return terraform.Outcome{}, err
	}
	return w.Runs.Run(ctx, s, say)
}

// ready returns when the spec can be run, or when trying would be of no use: the
// run then says itself what is missing.
func (e *Engine) ready(ctx context.Context, s terraform.Spec, say func(string)) error {
	if runner.CheckEngine(ctx, e.o.Settings, s) == nil || !runner.Suits(s, e.o.Name, e.o.Release) {
		return nil
	}
	a := e.begin()
	if a == nil {
		return nil
	}
	tick := time.NewTicker(sayEvery)
	defer tick.Stop()
	first := time.After(time.Second) // one that was built before is there at once
	for {
		select {
		case <-a.done:
			return e.failure(a.err)
		case <-ctx.Done():
			return drivers.Interrupted("waiting for "+e.title(), ctx.Err())
		case <-first:
			say("waiting for " + e.title() + ", which is being built: no engine on this machine is what the definition needs")
		case <-tick.C:
			if line := a.last(); line != "" {
				say(line)
			}
		}
	}
}

func (e *Engine) title() string { return e.o.Name + " " + e.o.Release }

func (e *Engine) failure(err error) error {
	if err == nil {
		return nil
	}
	return &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true, Err: err, Message: fmt.Sprintf(
		"no engine on this machine is what the definition needs, and %s could not be built (%v); install terraform or tofu, or name one with --terraform", e.title(), err)}
}

// begin returns the attempt that is under way, or begins one; nil when the
// engine is there. After a failure the next one who needs it tries again.
func (e *Engine) begin() *attempt {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.path != "" {
		return nil
	}
	if e.work == nil {
		e.work = &attempt{done: make(chan struct{})}
		go e.provide(e.work)
	}
	return e.work
}

func (e *Engine) provide(a *attempt) {
	a.path, a.err = e.o.Provide(a.say)
	e.mu.Lock()
	e.path, e.work = a.path, nil
	e.mu.Unlock()
	close(a.done)
}

func (a *attempt) say(line string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.line = line
}

func (a *attempt) last() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.line
}
