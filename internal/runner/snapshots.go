package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// watchEvery is how often the state file is looked at while Terraform writes it.
const watchEvery = 50 * time.Millisecond

// snapshots carries the state of one resource between the work directory and
// the database, where the truth is.
type snapshots struct {
	job *job

	mu     sync.Mutex
	raw    []byte     // the newest accepted one
	parsed *stateFile // nil = there is none yet
	from   string     // the run that had stored it when this one began
}

// load reads the newest snapshot from the database.
func (s *snapshots) load() error {
	st, err := read(s.job, "the state", func(ctx context.Context) (*record.State, error) {
		return s.job.store.GetState(ctx, s.job.run.OrgID, s.job.run.GUResID)
	})
	if orchestrator.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	raw, parsed, err := s.open(st)
	if err != nil {
		return err
	}
	s.raw, s.parsed, s.from = raw, parsed, st.RunID
	return nil
}

// open decrypts a stored state.
func (s *snapshots) open(st *record.State) ([]byte, *stateFile, error) {
	raw, err := s.job.keeper.Decrypt(st.Sealed, []byte(stateAD(st.OrgID, st.GUResID)))
	if err != nil {
		return nil, nil, fmt.Errorf("open the stored state: %w", err)
	}
	parsed, err := parseState(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("the stored state is damaged: %w", err)
	}
	return raw, parsed, nil
}

// current is the newest accepted state, nil when there is none.
func (s *snapshots) current() *stateFile {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.parsed
}

var errNotNewer = errors.New("it is not newer than the stored one")

// offer takes the content of a state file as the next snapshot: when it
// parses, its lineage is the known one and its serial grew. errNotNewer says
// that it is the known one or older.
func (s *snapshots) offer(ctx context.Context, raw []byte) error {
	next, err := parseState(raw)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parsed != nil && next.Lineage != s.parsed.Lineage {
		return fmt.Errorf("its lineage %q is not that of the stored state, %q", next.Lineage, s.parsed.Lineage)
	}
	if s.parsed != nil && next.Serial <= s.parsed.Serial {
		return errNotNewer
	}
	r := s.job.run
	sealed, err := s.job.keeper.Encrypt(raw, []byte(stateAD(r.OrgID, r.GUResID)))
	if err != nil {
		return err
	}
	stored, err := s.job.store.PutState(ctx, r, &record.State{
		OrgID: r.OrgID, GUResID: r.GUResID, Lineage: next.Lineage, Serial: next.Serial, Sealed: sealed, UpdatedAt: time.Now(),
	})
	if err != nil {
		return err
	}
	if !stored {
		return s.catchUp(ctx, next)
	}
	s.raw, s.parsed = raw, next
	return nil
}

// catchUp takes what the database has, when that is newer than what is known here: an offer whose answer was lost, because its context
// ended or the connection broke while it was committed, is stored all the same. The caller holds s.mu.
func (s *snapshots) catchUp(ctx context.Context, next *stateFile) error {
	st, err := s.job.store.GetState(ctx, s.job.run.OrgID, s.job.run.GUResID)
	if err != nil {
		return err
	}
	raw, stored, err := s.open(st)
	if err != nil {
		return err
	}
	if stored.Lineage != next.Lineage || s.parsed != nil && stored.Serial <= s.parsed.Serial {
		return errNotNewer
	}
	s.raw, s.parsed = raw, stored
	if stored.Serial > next.Serial {
		return errNotNewer
	}
	return nil
}

// write puts the newest snapshot where Terraform reads it.
func (s *snapshots) write(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, old := range []string{path, path + ".backup"} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear the work directory of states: %w", err)
		}
	}
	if s.raw == nil {
		return nil
	}
	if err := os.WriteFile(path, s.raw, 0o600); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// watch offers the file whenever it changes, until ctx ends.
func (s *snapshots) watch(ctx context.Context, path string) {
	var last os.FileInfo
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		info, err := os.Stat(path)
		if err != nil || last != nil && info.ModTime().Equal(last.ModTime()) && info.Size() == last.Size() {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil || s.offer(ctx, raw) != nil {
			continue // half written, or nothing new: the next look decides
		}
		last = info
	}
}

// settle stores the state that Terraform left when it ended. An absent file is
// right only where there was no state before.
func (s *snapshots) settle(path string) error {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && s.current() == nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the state that Terraform left: %w", err)
	}
	return s.job.persist("the state", func(ctx context.Context) error {
		err := s.offer(ctx, raw)
		if errors.Is(err, errNotNewer) {
			return nil
		}
		return err
	})
}
