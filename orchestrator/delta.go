package orchestrator

import (
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// Delta is a stored Deployment Delta of an application.
type Delta struct {
	OrgID          string
	AppID          string
	ID             string // 40 lower-case hex digits
	EnvID          string // may be empty
	Name           string
	Shared         bool
	Archived       bool
	Contributors   []string
	Content        deployset.Delta
	CreatedAt      time.Time
	CreatedBy      string
	LastModifiedAt time.Time
	Version        int64
}
