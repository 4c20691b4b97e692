package orchestrator

import (
	"context"
	"slices"
	"time"
)

// ContainerLogs reads what the containers of an environment write, where its
// cluster can tell.
type ContainerLogs interface {
	// ReadLogs reads lines of all containers that the query names, newest first,
	// or oldest first when the query says so.
	ReadLogs(ctx context.Context, t Target, q ContainerLogQuery) ([]ContainerLogLine, error)
}

// ContainerLogQuery narrows what is read.
type ContainerLogQuery struct {
	Workload  string    // "" = all
	Container string    // "" = all
	From      time.Time // zero = the beginning
	To        time.Time // zero = now; exclusive
	Limit     int       // lines in all
	Ascending bool      // the oldest lines, oldest first
	Pod       string    // "" = all
	Previous  bool      // the run before the current one
	Contains  string    // only lines with this text, after secrets were hidden; "" = all
	Hidden    []string  // secrets that must not be shown
}

// ContainerLogLine is one line of a container.
type ContainerLogLine struct {
	Workload  string
	Container string
	Pod       string
	Level     string // as the line itself says; info when it does not
	Text      string
	At        time.Time
}

// ContainerLogFilter is what a caller asks for.
type ContainerLogFilter struct {
	Workload     string
	Container    string
	DeploymentID string // lines from its start to the start of the next one
	Pod          string
	Previous     bool   // of the run before the current one
	Contains     string // only lines with this text
	From, To     time.Time
	Limit        int // 0 = defaultLogLines
	Ascending    bool
	Invert       bool // reverse the answer
}

// Bounds of an answer.
const (
	defaultLogLines = 100
	maxLogLines     = 1000
)

// ReadContainerLogs lists what the containers of an environment wrote, newest
// first unless the filter says otherwise. It is empty before the first
// deployment, and where Slipway cannot look: an environment that is delivered
// to a Git repository and has no resource k8s-cluster-runtime.
func (s *Service) ReadContainerLogs(ctx context.Context, ref EnvRef, f ContainerLogFilter) ([]ContainerLogLine, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	if f.Limit == 0 {
		f.Limit = defaultLogLines
	}
	if f.Limit < 0 || f.Limit > maxLogLines {
		return nil, Invalidf("limit: expected 1 to %d, got %d", maxLogLines, f.Limit)
	}
	q := ContainerLogQuery{
		Workload: f.Workload, Container: f.Container, From: f.From, To: f.To, Limit: f.Limit, Ascending: f.Ascending,
		Pod: f.Pod, Previous: f.Previous, Contains: f.Contains,
	}
	if f.DeploymentID != "" {
		if err := s.duringDeployment(ctx, ref, f.DeploymentID, &q); err != nil {
			return nil, err
		}
	}
	at, _, err := RuntimeClusterOf(ctx, s.store, s.keeper, ref)
	if err != nil || at == nil || s.logs[at.Target.Type] == nil {
		return []ContainerLogLine{}, err
	}
	if q.Hidden, err = s.hiddenValues(ctx, ref, at.Hidden); err != nil {
		return nil, err
	}
	lines, err := s.logs[at.Target.Type].ReadLogs(ctx, at.Target, q)
	if err != nil {
		return nil, err
	}
	if f.Invert {
		slices.Reverse(lines)
	}
	return lines, nil
}

// duringDeployment narrows the query to the time in which a deployment was the
// newest that had begun.
func (s *Service) duringDeployment(ctx context.Context, ref EnvRef, id string, q *ContainerLogQuery) error {
	d, err := s.store.GetDeployment(ctx, ref, id)
	if err != nil {
		return asInvalid(err, "deployment_id")
	}
	from, to := d.CreatedAt, time.Time{}
	if d.StartedAt != nil {
		from = *d.StartedAt
	}
	err = eachDeployment(ctx, s.store, ref, func(next *Deployment) (bool, error) {
		if next.ID > id && next.StartedAt != nil && (to.IsZero() || next.StartedAt.Before(to)) {
			to = *next.StartedAt
		}
		return next.ID > id, nil
	})
	if err != nil {
		return err
	}
	if q.From.Before(from) {
		q.From = from
	}
	if q.To.IsZero() || !to.IsZero() && to.Before(q.To) {
		q.To = to
	}
	return nil
}

// hiddenValues adds the secret Shared Values that the environment sees.
func (s *Service) hiddenValues(ctx context.Context, ref EnvRef, hidden []string) ([]string, error) {
	for _, level := range []string{"", ref.EnvID} {
		values, err := s.store.ListValues(ctx, ref.OrgID, ref.AppID, level)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if !v.IsSecret {
				continue
			}
			// One that cannot be opened was not given to a workload either.
			if text, err := s.secrets.reveal(ctx, ref.OrgID, v.SecretStore, v.SecretKey, v.SecretVer); err == nil {
				hidden = append(hidden, text)
			}
		}
	}
	return hidden, nil
}
