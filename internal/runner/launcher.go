package runner

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Job names the run that a runner is to take.
type Job struct{ OrgID, RunID string }

// Launcher starts a runner for a run and does not wait for it. Starting two for
// the same run is harmless: the lease lets one in.
type Launcher interface {
	Launch(ctx context.Context, j Job) error
}

// Local starts runners as processes of this machine, each in a session of its
// own so that it outlives its parent.
type Local struct {
	// Command is the program with its first arguments; "--org ORG --run ID" is
	// added. Default: this program with "runner".
	Command []string
	// Settings are written to the runner's descriptor 3.
	Settings Settings
}

var _ Launcher = Local{}

// settingsFD is the descriptor from which a runner reads its settings.
const settingsFD = 3

// Launch starts the process. Its output goes to runners.log in the folder.
func (l Local) Launch(_ context.Context, j Job) error {
	settings, err := l.Settings.Encode()
	if err != nil {
		return err
	}
	command := l.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find this program: %w", err)
		}
		command = []string{self, "runner"}
	}
	if err := os.MkdirAll(l.Settings.Folder, 0o700); err != nil {
		return fmt.Errorf("make the runners' folder: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(l.Settings.Folder, "runners.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the runners' log: %w", err)
	}
	defer func() { _ = log.Close() }()
	in, out, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make a pipe for the runner's settings: %w", err)
	}
	defer func() { _ = in.Close() }()
	defer func() { _ = out.Close() }()
	cmd := exec.Command(command[0], append(slices.Clone(command[1:]), "--org", j.OrgID, "--run", j.RunID)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = l.Settings.Folder, log, log
	cmd.Env = environment(os.Environ(), l.Settings.PassEnvironment)
	cmd.ExtraFiles = []*os.File{in} // becomes descriptor 3
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a runner: %w", err)
	}
	go func() { _ = cmd.Wait() }() // how it ended is in the database
	if _, err := out.Write(settings); err != nil {
		return fmt.Errorf("hand the runner its settings: %w", err)
	}
	return nil
}

// standardEnvironment is what programs need to find their way; nothing in it is Slipway's.
var standardEnvironment = []string{
	"PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
}

// environment keeps the variables on the list, and those that are passed by name.
// Slipway's own never pass.
func environment(all, pass []string) []string {
	kept := []string{}
	for _, entry := range all {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "SLIPWAY_") {
			continue
		}
		if slices.Contains(standardEnvironment, name) || slices.Contains(pass, name) {
			kept = append(kept, entry)
		}
	}
	return kept
}
