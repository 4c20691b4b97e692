package api

// NodeChanges is what the driver of one resource was about to change when it carried a deployment out.
type NodeChanges struct {
	Node    string          `json:"node" doc:"Resource key type.class#id"`
	RunID   string          `json:"run_id" doc:"Run of the driver; one that begins anew plans anew"`
	At      Time            `json:"at" doc:"When it was planned"`
	Summary string          `json:"summary,omitempty" doc:"One line of the driver"`
	Counts  map[string]int  `json:"counts" doc:"Changes by action; empty when nothing was to be changed"`
	Changes []PlannedChange `json:"changes" doc:"The first 200 changes"`
}
