package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// adoptTimeout is how long a Temporal that was left behind may take to answer.
const adoptTimeout = 5 * time.Second

// record is what a home remembers of the Temporal that it started, in temporal.json.
type record struct {
	PID      int    `json:"pid"`
	Started  string `json:"started"` // see processStart: tells a process from a later one with the same id
	Port     int    `json:"port"`
	UIPort   int    `json:"ui_port"`
	Database string `json:"database"`
	Program  string `json:"program"`
}

func recordFile(home string) string { return filepath.Join(home, "temporal.json") }

func recordOf(opts TemporalOptions, process *supervised, program string) record {
	return record{PID: process.pid, Started: process.started, Port: opts.Port, UIPort: opts.UIPort, Database: opts.database(), Program: program}
}

func writeRecord(path string, r record) error {
	content, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("record the Temporal that was started: %w", err)
	}
	draft := path + ".new"
	if err := os.WriteFile(draft, append(content, '\n'), 0o644); err != nil {
		return fmt.Errorf("record the Temporal that was started: %w", err)
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("record the Temporal that was started: %w", err)
	}
	return nil
}

// adopt looks for the Temporal that an earlier run of this home has left behind. One that answers on the ports asked for is
// taken over; another one is stopped. It returns nil, nil when a new one is to be started.
func adopt(ctx context.Context, opts TemporalOptions) (*Temporal, error) {
	path := recordFile(opts.Home)
	r, ok, err := readRecord(path)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, nil
	}
	if !r.runs() || r.Database != opts.database() {
		// Gone, or the process id is somebody else's by now, or the home was copied: not ours to touch.
		return nil, removeRecord(path)
	}
	process := adoptSupervised(r.PID, r.Started, opts.logFile())
	if r.Port == opts.Port && r.UIPort == opts.UIPort && r.decodes(opts) && answers(ctx, r.Port) {
		logFunc(opts.Log).say(fmt.Sprintf("using the Temporal that was left running (pid %d)", r.PID))
		t := newTemporal(opts, SourceAdopted, process)
		go t.watch()
		return t, nil
	}
	logFunc(opts.Log).say(fmt.Sprintf("stopping the Temporal that was left running (pid %d): it does not serve port %d, or its Web UI decodes payloads elsewhere", r.PID, opts.Port))
	if err := process.stop(ctx); err != nil {
		return nil, fmt.Errorf("stop the Temporal that was left running: %w", err)
	}
	return nil, removeRecord(path)
}

// readRecord reports false when there is no record. A record that cannot be read as one is dropped: it names no process.
func readRecord(path string) (record, bool, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return record{}, false, nil
	}
	if err != nil {
		return record{}, false, fmt.Errorf("read the record of an earlier Temporal: %w", err)
	}
	var r record
	if err := json.Unmarshal(content, &r); err != nil || r.PID <= 1 {
		return record{}, false, removeRecord(path)
	}
	return r, true, nil
}

func removeRecord(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the record of an earlier Temporal: %w", err)
	}
	return nil
}

// runs proves that the recorded process is still the one that was started, by its start time and by the database on its
// command line.
func (r record) runs() bool {
	started, ok := processStart(r.PID)
	return ok && started == r.Started && slices.Contains(processArgs(r.PID), r.Database)
}

// decodes tells whether its Web UI has payloads decoded where it should.
func (r record) decodes(opts TemporalOptions) bool {
	return opts.UICodecEndpoint == "" || slices.Contains(processArgs(r.PID), opts.UICodecEndpoint)
}

func answers(ctx context.Context, port int) bool {
	ctx, cancel := context.WithTimeout(ctx, adoptTimeout)
	defer cancel()
	return WaitReady(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(port))) == nil
}
