package cli

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/spf13/pflag"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// containerLogFlags say which lines of containers are shown.
type containerLogFlags struct {
	follow, previous, timestamps bool
	since                        string
	tail                         int
	grep, container, pod         string
}

// containerFlags fit logs of containers only.
var containerFlags = []string{"previous", "since", "tail", "grep", "container", "pod", "timestamps"}

func (f *containerLogFlags) bind(flags *pflag.FlagSet) {
	flags.BoolVarP(&f.follow, "follow", "f", false, "go on with what is written, also by pods that come later; of a deployment: until it is over")
	flags.BoolVarP(&f.previous, "previous", "p", false, "what containers wrote before they were started again")
	flags.StringVar(&f.since, "since", "", "not before this: a duration such as 10m, or a time such as 2026-01-31T08:00:00Z")
	flags.IntVar(&f.tail, "tail", 100, "how many lines that are there already: 1 to 1000, of each container with --follow, else of all")
	flags.StringVar(&f.grep, "grep", "", "only lines with this text")
	flags.StringVar(&f.container, "container", "", "only containers of this name")
	flags.StringVar(&f.pod, "pod", "", "only this pod")
	flags.BoolVar(&f.timestamps, "timestamps", false, "whole timestamps instead of the time of day")
}

func (f *containerLogFlags) narrows(flags *pflag.FlagSet) bool {
	for _, name := range containerFlags {
		if flags.Changed(name) {
			return true
		}
	}
	return false
}

func (f *containerLogFlags) query(workload string) (client.ContainerLogQuery, error) {
	q := client.ContainerLogQuery{Workload: workload, Container: f.container, Pod: f.pod, Contains: f.grep, Previous: f.previous, Limit: f.tail}
	if f.tail < 1 || f.tail > 1000 {
		return q, usagef("--tail is 1 to 1000, got %d", f.tail)
	}
	if f.since == "" {
		return q, nil
	}
	if d, err := time.ParseDuration(f.since); err == nil && d > 0 {
		q.From = time.Now().Add(-d)
		return q, nil
	}
	at, err := time.Parse(time.RFC3339, f.since)
	if err != nil {
		return q, usagef("--since is a duration such as 10m or a time such as 2026-01-31T08:00:00Z, got %q", f.since)
	}
	q.From = at
	return q, nil
}

// containerLogs prints what the containers of a workload, or of all, wrote.
func (a *app) containerLogs(q query, f containerLogFlags) error {
	wanted, err := f.query(q.idOr(""))
	if err != nil {
		return err
	}
	if wanted.Workload != "" {
		if err := knownWorkload(q, wanted.Workload); err != nil {
			return err
		}
	}
	if f.follow {
		if a.structured() {
			return usagef("--follow prints lines; leave out --output, or leave out --follow")
		}
		if f.previous {
			return usagef("--previous is over and cannot be followed; leave out one of them")
		}
		return q.c.FollowContainerLogs(q.ctx, q.Scope, wanted, func(l api.ContainerLogEntry) error { return a.printContainerLine(l, f.timestamps) })
	}
	raw, err := q.c.ContainerLogs(q.ctx, q.Scope, wanted)
	if err != nil {
		return err
	}
	return a.show(raw, func() error {
		var lines []api.ContainerLogEntry
		if err := json.Unmarshal(raw, &lines); err != nil {
			return fmt.Errorf("the answer is not what the API documents: %w", err)
		}
		for _, l := range lines {
			if err := a.printContainerLine(l, f.timestamps); err != nil {
				return err
			}
		}
		if len(lines) == 0 {
			fmt.Fprintln(a.err, "No lines. What runs, and why not: slipway status")
		}
		return nil
	})
}

// knownWorkload refuses a name that nothing has: its logs would be empty for ever. When it cannot be found out it is let pass.
func knownWorkload(q query, workload string) error {
	raw, err := q.c.Runtime(q.ctx, q.Scope)
	if err != nil {
		return nil //nolint:nilerr // the logs themselves say what is wrong
	}
	r, err := runtimeIn(raw)
	if err != nil || len(r.Modules) == 0 {
		return nil //nolint:nilerr // as above
	}
	if _, ok := r.Modules[workload]; !ok {
		return noWorkload(workload, r)
	}
	return nil
}

// nameColours tell containers apart; none of them means a state.
var nameColours = []string{"36", "35", "34", "33", "96", "95", "94", "93"}

func (a *app) printContainerLine(l api.ContainerLogEntry, whole bool) error {
	stamp := l.Timestamp
	if at, err := time.Parse(time.RFC3339Nano, l.Timestamp); err == nil && !whole {
		stamp = clock(at)
	}
	name := l.PodID + "/" + l.ContainerID
	if l.PodID == "" {
		name = l.WorkloadID + "/" + l.ContainerID
	}
	name = oneLine(name)
	if a.colours() {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(name))
		name = "\x1b[" + nameColours[hash.Sum32()%uint32(len(nameColours))] + "m" + name + "\x1b[0m"
	}
	_, err := fmt.Fprintf(a.out, "%s  %s | %s\n", oneLine(stamp), name, printable(l.Payload))
	return err
}
