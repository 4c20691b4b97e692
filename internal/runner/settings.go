package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
)

// Settings is what a runner process needs. They reach it through a pipe, never
// through its environment or command line, which Terraform could see.
type Settings struct {
	DatabaseURL string `json:"database_url"`
	// KeysetFile is the path of the keyset, KeysetJSON its content; one of both.
	KeysetFile string `json:"keyset_file,omitempty"`
	KeysetJSON string `json:"keyset_json,omitempty"`
	// Folder holds work directories, the plugin cache and the source cache. Absolute.
	Folder string `json:"folder"`
	// Terraform is the binary to use; "" looks for terraform, then tofu, on PATH.
	Terraform string `json:"terraform,omitempty"`
	// Fallback is a binary that is used when neither Terraform nor what is on PATH will do; "" is none.
	Fallback string `json:"fallback,omitempty"`
	// Mirror is a filesystem mirror of providers; "" uses the registries.
	Mirror string `json:"mirror,omitempty"`
	// PassEnvironment names variables that Terraform may see beside the standard ones.
	PassEnvironment []string `json:"pass_environment,omitempty"`
	// LocalSources allows definitions to name repositories on this machine by their path.
	LocalSources bool `json:"local_sources,omitempty"`
	// KnownHosts are lines of ssh-keyscan for Git over ssh; "" refuses ssh.
	KnownHosts string `json:"known_hosts,omitempty"`

	// Host is the name of the machine under which evidence of a dead runner is looked for; "" asks the machine. A
	// pod has one of its own, for its folder goes with it.
	Host string `json:"host,omitempty"`

	Timing Timing `json:"timing"`
}

// Timing says how long a lease lasts and how death is told from slowness. A
// zero field takes the default.
type Timing struct {
	// Lease is how long a lease is good without renewal. Default 30 s.
	Lease time.Duration `json:"lease"`
	// Renew is how often it is renewed, and a cancel noticed. Default 2 s.
	Renew time.Duration `json:"renew"`
	// Grace is what is added to an expired lease before anybody else may start. It
	// covers the difference of clocks. Default 10 s.
	Grace time.Duration `json:"grace"`
	// Stray is how long the Terraform of a dead runner on this machine may take
	// to stop by itself before it is killed. Default 2 min.
	Stray time.Duration `json:"stray"`
	// Launch is after how long a runner that did not show up is started again. Default 15 s.
	Launch time.Duration `json:"launch"`
}

// LeaseOf is the Timing for a lease of d: a third of it is Grace, and it is renewed at least six times while it lasts.
func LeaseOf(d time.Duration) Timing {
	return Timing{Lease: d, Grace: d / 3, Renew: min(d/6, 2*time.Second)}
}

func (t Timing) complete() Timing {
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{{&t.Lease, 30 * time.Second}, {&t.Renew, 2 * time.Second}, {&t.Grace, 10 * time.Second}, {&t.Stray, 2 * time.Minute}, {&t.Launch, 15 * time.Second}} {
		if *d.field <= 0 {
			*d.field = d.fallback
		}
	}
	return t
}

// maxSettings bounds what is read from the pipe.
const maxSettings = 1 << 20

// handover is what a runner process is told.
type handover struct {
	Settings Settings `json:"settings"`
	Job      Job      `json:"job"`
}

func (h handover) encode() ([]byte, error) {
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode the runner's settings: %w", err)
	}
	if len(raw) > maxSettings {
		return nil, fmt.Errorf("the runner's settings take %d bytes, at most %d can be handed over", len(raw), maxSettings)
	}
	return raw, nil
}

// readHandover reads up to the end of the stream. false: it ended without a
// word, for the process that started this one has nothing to do for it any more.
func readHandover(r io.Reader) (h handover, told bool, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxSettings+1))
	if err != nil {
		return h, false, fmt.Errorf("read the runner's settings: %w", err)
	}
	if len(raw) == 0 {
		return h, false, nil
	}
	if json.Unmarshal(raw, &h) != nil {
		return h, false, errors.New("read the runner's settings: they are incomplete; `slipway runner` is started by a worker, not by hand")
	}
	if h.Settings.DatabaseURL == "" || !filepath.IsAbs(h.Settings.Folder) || h.Job.RunID == "" {
		return h, false, errors.New("read the runner's settings: a database, an absolute folder and a run are needed")
	}
	return h, true, nil
}

func (s Settings) open(ctx context.Context, log *slog.Logger) (*store.Store, *secrets.Keeper, error) {
	keeper, err := s.keeper()
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, store.Options{DSN: s.DatabaseURL, Log: log, MaxOpen: 3})
	return st, keeper, err
}

func (s Settings) keeper() (*secrets.Keeper, error) {
	if strings.TrimSpace(s.KeysetJSON) != "" {
		return secrets.FromJSON([]byte(s.KeysetJSON))
	}
	return secrets.Open(s.KeysetFile)
}
