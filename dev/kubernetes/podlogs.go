package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Logs of the simulated containers: of one that runs, and of one that has ended with an error. They are the same for all, and say
// that they are simulated. The token is there for whoever wants to see that it is hidden. Lines come as long as the control plane
// runs, for whoever follows.
var (
	currentLog  = []string{"simulated: nothing runs in this container"}
	previousLog = []string{
		"simulated: the program starts", "simulated: settings token=example-token-in-a-log", "simulated: the program ends with exit code 3",
	}
)

// simulatedLogs tells kwok which file holds the logs of every container.
const simulatedLogs = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterLogs
metadata:
  name: all
spec:
  logs:
  - {logsFile: %q, previousLogsFile: %q, follow: true}
`

// writePodLogs writes the logs in the form of a container runtime and returns what makes kwok serve them.
func (o *options) writePodLogs() (string, error) {
	files := map[string][]string{o.path("container.log"): currentLog, o.path("container-previous.log"): previousLog}
	for path, lines := range files {
		var text strings.Builder
		for _, line := range lines {
			_, _ = fmt.Fprintf(&text, "%s stdout F %s\n", time.Now().UTC().Format(time.RFC3339Nano), line)
		}
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			return "", fmt.Errorf("write the logs of the simulated containers: %w", err)
		}
	}
	return fmt.Sprintf(simulatedLogs, o.path("container.log"), o.path("container-previous.log")), nil
}

// logPause is the time between two lines of the containers that run: 3 MB a day, until the next start.
const logPause = 2 * time.Second

// tick has the containers write lines until ctx ends.
func (o *options) tick(ctx context.Context) {
	ticker := time.NewTicker(logPause)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			logFailure("write the logs of the simulated containers", o.addLogLine(now, n))
		}
	}
}

func (o *options) addLogLine(now time.Time, n int) error {
	file, err := os.OpenFile(o.path("container.log"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%s stdout F simulated: nothing runs in this container, line %d\n", now.UTC().Format(time.RFC3339Nano), n)
	return errors.Join(err, file.Close())
}
