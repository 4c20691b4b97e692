package runner

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

const planName = "plan.bin"

var backendBlock = regexp.MustCompile(`(?m)^\s*(backend\s+"|cloud\s*\{)`)

// mayHaveBackend reports whether the code may bring its own backend, in which
// case an empty record of ours says nothing.
func (w *work) mayHaveBackend() bool {
	if w.spec.Source != nil || backendBlock.MatchString(w.spec.Script) {
		return true
	}
	for _, content := range w.spec.Files {
		if backendBlock.MatchString(content) {
			return true
		}
	}
	return false
}

// init runs `terraform init`, one at a time per plugin cache: the cache is no
// safe place for two writers.
func (w *work) init(ctx context.Context) error {
	if err := w.phase("init"); err != nil {
		return err
	}
	release, err := w.takeCache(ctx)
	if err != nil {
		return err
	}
	defer release()
	var said []string
	code, err := w.terraform(ctx, "init.log", func(text string) { said = append(said, text) },
		"init", "-input=false", "-no-color")
	if err != nil {
		return err
	}
	if code != 0 {
		if err := w.interrupted(ctx); err != nil {
			return err
		}
		for _, text := range said {
			w.events.say("error", text)
		}
		return failed("%s init failed: %s", w.engine.name, plainErrors(said))
	}
	for _, text := range said {
		w.events.add(record.Event{Level: "info", Type: "init", Message: text})
	}
	w.keepLockFile(ctx)
	_, err = os.Stat(filepath.Join(w.dir, ".terraform", stateName))
	w.ownBackend = err == nil
	return nil
}

// takeCache waits for the plugin cache, and stops waiting when the run shall stop.
func (w *work) takeCache(ctx context.Context) (func(), error) {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-w.lease.cancel:
			stop()
		case <-waiting.Done():
		}
	}()
	release, err := filelock.Acquire(waiting, w.cacheFolder()+".lock")
	if err != nil {
		if early := w.interrupted(ctx); early != nil {
			return nil, early
		}
	}
	return release, err
}

// plan runs `terraform plan` and reports whether it holds changes.
func (w *work) plan(ctx context.Context) (bool, error) {
	if err := w.phase("plan"); err != nil {
		return false, err
	}
	args := []string{"plan", "-json", "-input=false", "-detailed-exitcode", "-out=" + filepath.Join(w.run.WorkDir, planName)}
	if w.spec.Action == terraform.Destroy {
		args = append(args, "-destroy")
	}
	w.planned, w.problems = nil, nil
	code, err := w.terraform(ctx, "plan.jsonl", w.heard, args...)
	if err != nil {
		return false, err
	}
	switch code {
	case 0:
		w.summary = "no changes"
		return false, nil
	case 2:
		return true, nil
	}
	if err := w.interrupted(ctx); err != nil {
		return false, err
	}
	return false, failed("%s plan failed: %s", w.engine.name, w.problem())
}

// heard takes one line of the stream of plan.
func (w *work) heard(text string) {
	l, ok := parseLine(text)
	if !ok {
		w.events.say("info", text)
		return
	}
	switch l.Type {
	case "version":
		w.version = l.Terraform + l.Tofu // one of them is said
		return
	case "refresh_start", "refresh_complete", "outputs":
		return // one pair for every object would bury the rest
	case "planned_change":
		w.planned = append(w.planned, plannedChange{l.Change.Resource.Address, l.Change.Action, l.Message, l.Change.Resource.Kind})
	case "change_summary":
		w.summary = l.Message
	case "diagnostic":
		if l.Diagnostic.Severity == "error" {
			w.problems = append(w.problems, l.text())
		}
	}
	w.events.add(record.Event{At: l.At, Level: l.level(), Type: l.Type, Address: l.address(), Message: l.text()})
}

func (w *work) problem() string {
	if len(w.problems) == 0 {
		return "it gave no reason; see the log"
	}
	return strings.Join(w.problems, "\n")
}

// outputs reads the outputs of the root module.
func (w *work) outputs(ctx context.Context) (terraform.Outcome, error) {
	if !w.ownBackend {
		return terraform.Outcome{Outputs: w.states.current().outputs(), Summary: w.summary}, nil
	}
	var text strings.Builder
	code, err := w.terraform(ctx, "output.json", func(line string) { text.WriteString(line + "\n") }, "output", "-json", "-no-color")
	if err != nil {
		return terraform.Outcome{}, err
	}
	out := terraform.Outcome{Summary: w.summary}
	if code != 0 || json.Unmarshal([]byte(text.String()), &out.Outputs) != nil {
		return out, failed("%s output failed: the outputs cannot be read from the definition's own backend", w.engine.name)
	}
	return out, nil
}

// plainErrors takes what matters out of Terraform's text for people.
func plainErrors(lines []string) string {
	var kept []string
	inside := false
	for _, text := range lines {
		text = strings.TrimSpace(strings.TrimLeft(text, "│╷╵ "))
		inside = inside || strings.HasPrefix(text, "Error:")
		if inside && text != "" {
			kept = append(kept, text)
		}
	}
	if len(kept) == 0 {
		kept = lines[max(0, len(lines)-5):]
	}
	return strings.Join(kept, " ")
}

// known reads what is in the state now, wherever that is kept.
func (w *work) known(ctx context.Context) (*stateFile, error) {
	if !w.ownBackend {
		return w.states.current(), nil
	}
	var text strings.Builder
	code, err := w.terraform(ctx, "pull.json", func(line string) { text.WriteString(line + "\n") }, "state", "pull")
	if err != nil {
		return nil, err
	}
	if code != 0 {
		return nil, failed("%s state pull failed: the definition's own backend cannot be read", w.engine.name)
	}
	if strings.TrimSpace(text.String()) == "" {
		return nil, nil
	}
	s, err := parseState([]byte(text.String()))
	if errors.Is(err, errNoLineage) {
		return nil, nil // what is pulled from a backend that has none yet
	}
	if err != nil {
		return nil, errors.Join(failed("the definition's own backend gives no usable state"), err)
	}
	return s, nil
}
