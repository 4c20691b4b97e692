package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"
)

// kubernetesRecord is what a home remembers of the control plane that it started, in kubernetes.json.
type kubernetesRecord struct {
	PID     int    `json:"pid"`
	Started string `json:"started"` // see processStart
	Port    int    `json:"port"`
	Folder  string `json:"folder"`
}

func writeKubernetesRecord(opts KubernetesOptions, process *supervised) error {
	content, err := json.Marshal(kubernetesRecord{PID: process.pid, Started: process.started, Port: opts.Port, Folder: opts.folder()})
	if err != nil {
		return fmt.Errorf("record the Kubernetes that was started: %w", err)
	}
	draft := opts.recordFile() + ".new"
	if err := os.WriteFile(draft, append(content, '\n'), 0o644); err != nil {
		return fmt.Errorf("record the Kubernetes that was started: %w", err)
	}
	if err := os.Rename(draft, opts.recordFile()); err != nil {
		return fmt.Errorf("record the Kubernetes that was started: %w", err)
	}
	return nil
}

// adoptKubernetes looks for the control plane that an earlier run of this home has left behind. One that becomes ready on the port
// asked for is taken over; another one is stopped. It returns nil, nil when a new one is to be started.
func adoptKubernetes(ctx context.Context, opts KubernetesOptions) (*Kubernetes, error) {
	path := opts.recordFile()
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the record of an earlier Kubernetes: %w", err)
	}
	var r kubernetesRecord
	if err := json.Unmarshal(content, &r); err != nil || r.PID <= 1 || r.Folder != opts.folder() || !r.runs() {
		// Gone, or the process id is somebody else's by now, or the home was copied: not ours to touch.
		return nil, removeRecord(path)
	}
	process := adoptSupervised(r.PID, r.Started, opts.logFile())
	if r.Port == opts.Port && listens(ctx, opts.address()) {
		logFunc(opts.Log).say(fmt.Sprintf("using the Kubernetes that was left running (pid %d)", r.PID))
		k := newKubernetes(opts, SourceAdopted, process)
		go k.watch()
		return k, nil
	}
	logFunc(opts.Log).say(fmt.Sprintf("stopping the Kubernetes that was left running (pid %d): it does not serve port %d", r.PID, opts.Port))
	if err := process.stop(ctx); err != nil {
		return nil, fmt.Errorf("stop the Kubernetes that was left running: %w", err)
	}
	return nil, removeRecord(path)
}

// runs proves that the recorded process is still the one that was started.
func (r kubernetesRecord) runs() bool {
	started, ok := processStart(r.PID)
	return ok && started == r.Started && slices.Contains(processArgs(r.PID), r.Folder)
}

func listens(ctx context.Context, address string) bool {
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
