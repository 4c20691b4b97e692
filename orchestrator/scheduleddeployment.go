package orchestrator

import (
	"context"
	"time"
)

// ScheduledDeployment is an order to deploy to an environment at a time, or
// again and again. It is carried out with the roles that whoever gave it has then.
type ScheduledDeployment struct {
	OrgID        string
	AppID        string
	EnvID        string
	ID           string // 16 hex digits
	SetID        string // this, DeltaID or FromEnvID; none = the environment's base again
	DeltaID      string
	FromEnvID    string // the set of the newest deployment of this environment that succeeded, as it is then
	Comment      string
	At           *time.Time // once
	Cron         string     // or again and again: five fields, in TimeZone
	TimeZone     string
	Status       string
	Message      string // how it went last
	LastAt       *time.Time
	LastDeployID string
	CreatedAt    time.Time
	CreatedBy    string
	Version      int64
}

// The statuses of a scheduled deployment.
const (
	OrderActive = "active"
	OrderDone   = "done"   // once, and it was accepted
	OrderFailed = "failed" // once, and it was refused
	OrderMissed = "missed" // once, and nobody was there for too long
)

// Ref names the environment.
func (o *ScheduledDeployment) Ref() EnvRef {
	return EnvRef{OrgID: o.OrgID, AppID: o.AppID, EnvID: o.EnvID}
}

// ScheduledDeploymentStore keeps scheduled deployments.
type ScheduledDeploymentStore interface {
	CreateScheduledDeployment(ctx context.Context, o *ScheduledDeployment) error
	GetScheduledDeployment(ctx context.Context, ref EnvRef, id string) (*ScheduledDeployment, error)
	// ListScheduledDeployments lists newest first: those of an environment, or, with
	// empty parts, of an application or organization.
	ListScheduledDeployments(ctx context.Context, ref EnvRef) ([]ScheduledDeployment, error)
	UpdateScheduledDeployment(ctx context.Context, o *ScheduledDeployment) error
	DeleteScheduledDeployment(ctx context.Context, ref EnvRef, id string) error
	// OverdueDeployments lists active ones of all organizations that were to happen
	// once before a time, longest due first, at most limit; only for the system itself.
	OverdueDeployments(ctx context.Context, before time.Time, limit int) ([]ScheduledDeployment, error)
}

func scheduledDeploymentID(o *ScheduledDeployment) string {
	return ScheduleID(ScheduleDeployment, o.AppID, o.EnvID, o.ID)
}

// schedule is nil when there is nothing more to come.
func (o *ScheduledDeployment) schedule() *Schedule {
	if o.Status != OrderActive {
		return nil
	}
	return &Schedule{
		OrgID: o.OrgID, ID: scheduledDeploymentID(o), Kind: ScheduleDeployment, AppID: o.AppID, EnvID: o.EnvID, OrderID: o.ID,
		Cron: o.Cron, TimeZone: o.TimeZone, At: o.At, Buffer: true, CatchUp: ScheduleCatchUp, What: "deploy " + o.what() + " to " + o.Ref().String(),
	}
}

func (o *ScheduledDeployment) what() string {
	switch {
	case o.DeltaID != "":
		return "delta " + o.DeltaID
	case o.SetID != "":
		return "set " + o.SetID
	case o.FromEnvID != "":
		return "what environment " + o.FromEnvID + " runs"
	}
	return "again"
}

// check validates an order and completes it.
func (o *ScheduledDeployment) check(now time.Time) error {
	given := 0
	for _, v := range []string{o.SetID, o.DeltaID, o.FromEnvID} {
		if v != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return Invalidf("set_id, delta_id and from_env: at most one can be given")
	case (o.At == nil) == (o.Cron == ""):
		return Invalidf("at and cron: exactly one is needed")
	case len(o.Comment) > maxText:
		return Invalidf("comment: at most %d bytes", maxText)
	case o.FromEnvID == o.EnvID:
		return Invalidf("from_env: it is the environment itself; leave it out to deploy its base again")
	}
	if o.At != nil {
		if o.At.Before(now) || o.At.Sub(now) > maxSpan {
			return Invalidf("at: expected a time from now to in 10 years, got %s", o.At.Format(time.RFC3339))
		}
		at := o.At.UTC().Truncate(time.Second)
		o.At, o.TimeZone = &at, ""
		return nil
	}
	if o.TimeZone == "" {
		o.TimeZone = utcZone
	}
	plan, zone, err := (FreezeWindow{Cron: o.Cron, TimeZone: o.TimeZone}).schedule()
	if err == nil && plan.Next(now.In(zone)).IsZero() {
		err = Invalidf("cron: %q never comes", o.Cron)
	}
	return err
}
