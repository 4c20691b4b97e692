package orchestrator

import "time"

// PromotionPath is the order of environments in which an application is promoted.
type PromotionPath struct {
	OrgID     string
	AppID     string
	Steps     []PromotionStep
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// PromotionStep is one station: one environment, or all of a type.
type PromotionStep struct {
	Env  string `json:"env,omitempty"`
	Type string `json:"type,omitempty"`
}
