package runner

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// Store is what both sides keep. Methods that take a *record.Run are fenced:
// they change nothing and answer CodePrecondition once another runner has the
// resource.
type Store interface {
	CreateRun(ctx context.Context, r *record.Run) error
	GetRun(ctx context.Context, org, id string) (*record.Run, error)
	ListRuns(ctx context.Context, org, guresid string, limit int) ([]record.Run, error)
	StoppedRuns(ctx context.Context, org string) ([]record.Run, error)
	ClaimLaunch(ctx context.Context, org, id string, since, at time.Time) (bool, error)
	FailPending(ctx context.Context, r *record.Run, at time.Time) (bool, error)
	RequestCancel(ctx context.Context, org, id string, at time.Time) error
	MarkReported(ctx context.Context, org, id string) error
	GetLease(ctx context.Context, org, guresid string) (*record.Lease, error)
	AcquireRun(ctx context.Context, r *record.Run, owner string, now, free, expires time.Time) (bool, error)
	RenewLease(ctx context.Context, r *record.Run, now, expires time.Time) (cancel bool, err error)
	LoseRun(ctx context.Context, r *record.Run, free, at time.Time) (bool, error)
	SetPhase(ctx context.Context, r *record.Run, phase string) error
	FinishRun(ctx context.Context, r *record.Run) error
	PruneRuns(ctx context.Context, r *record.Run, keep int) error
	PruneLike(ctx context.Context, r *record.Run, keep int) error

	GetState(ctx context.Context, org, guresid string) (*record.State, error)
	PutState(ctx context.Context, r *record.Run, st *record.State) (bool, error)
	Journal(ctx context.Context, org, guresid string) ([]record.Entry, error)
	// JournalsOf lists the open entries of several resources, by address.
	JournalsOf(ctx context.Context, org string, guresids []string) ([]record.Entry, error)
	PutJournal(ctx context.Context, r *record.Run, entries []record.Entry) error
	StepEntry(ctx context.Context, r *record.Run, address, step, objectID string, at time.Time) error
	ResolveEntry(ctx context.Context, org, runID, address, answer, objectID string, at time.Time) (bool, error)
	AppendRunEvents(ctx context.Context, r *record.Run, events []record.Event) error

	PutPlan(ctx context.Context, r *record.Run, p *record.Plan, keep int, since time.Time) error
	GetPlan(ctx context.Context, org, id string) (*record.Plan, error)
	StepPlan(ctx context.Context, r *record.Run, id, status string) error

	PutChanges(ctx context.Context, r *record.Run, c *record.Changes) error

	GetLockFile(ctx context.Context, org, id string) (string, error)
	PutLockFile(ctx context.Context, org, id, content string, at time.Time) error
}

// Keeper encrypts what is stored.
type Keeper interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
	MAC(purpose string, data []byte) []byte
}
